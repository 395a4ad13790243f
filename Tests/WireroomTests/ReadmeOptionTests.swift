// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Wireroom

/// README's table of options equals the list of `wireroom serve --help`.
@Suite("Options in README")
struct ReadmeOptionTests {
    /// A row without its explanation.
    private struct Row: Equatable {
        let form: String
        let variable: String
        let defaultValue: String

        init(_ option: Option) {
            form = option.form
            variable = option.variable ?? "–"
            defaultValue = option.defaultValue ?? "–"
        }

        /// Parses a line of the table.
        init?(_ line: String) {
            let cells = line.replacingOccurrences(of: "`", with: "").components(separatedBy: "|")
                .map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 6 else { return nil }
            (form, variable, defaultValue) = (cells[1], cells[2], cells[3])
        }
    }

    private static func table() throws -> [Row] {
        let lines = try ProjectFile.lines("README.md")
        let start = try #require(lines.firstIndex { $0.hasPrefix("| option of `serve` |") })
        return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.compactMap { Row($0) }
    }

    @Test("README lists the options of serve with their variables and defaults, in the order of the help")
    func options() throws {
        let rows = try Self.table().filter { $0.form != "–" }
        #expect(rows.map(\.form) == ServeCommand.options.map(\.form))
        for (row, option) in zip(rows, ServeCommand.options) { #expect(row == Row(option)) }
    }

    @Test("The only variable without an option is explained in the help")
    func variables() throws {
        let rows = try Self.table().filter { $0.form == "–" }
        #expect(rows.map(\.variable) == ["WIREROOM_ADMIN_KEY"])
        #expect(ServeCommand.details.contains("WIREROOM_ADMIN_KEY"))
    }

    @Test("README lists the commands of the program")
    func commands() throws {
        let rows = try ProjectFile.lines("README.md").filter { $0.hasPrefix("| `wireroom ") }
        let names = rows.compactMap {
            $0.components(separatedBy: CharacterSet(charactersIn: " `")).dropFirst(3).first
        }
        #expect(names == Wireroom.commands.map { $0.name })
    }

    @Test("The help shows each option with its default and variable")
    func help() {
        for option in ServeCommand.options {
            #expect(ServeCommand.help.contains("  \(option.form)\n"))
            #expect(option.variable.map { ServeCommand.help.contains("[env: \($0)]") } != false)
            #expect(option.defaultValue.map { ServeCommand.help.contains("[default: \($0)]") } != false)
        }
    }

    @Test("Literal defaults are accepted as values")
    func defaults() throws {
        // Three require another option.
        let beside = [
            "--trusted-proxies=10.0.0.1", "--purge-url=http://127.0.0.1",
            "--push-contact=mailto:ops@news.example",
        ]
        let values = ServeCommand.options.compactMap { option in
            option.defaultValue.flatMap { $0.contains(" ") ? nil : "--\(option.name)=\($0)" }
        }
        #expect(values.count > 15)
        _ = try ServeCommand(
            Arguments(beside + values, for: ServeCommand.self, Environment { _ in nil }))
    }
}
