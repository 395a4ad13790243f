// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// References from the project's documents are valid.
@Suite("Documents")
struct DocumentTests {
    private static let documents =
        ["README.md", "ARCHITECTURE.md", "SECURITY.md", "CONTRIBUTING.md"]
        + ["docs/operations-postgres.md", "docs/accessibility.md", "docs/decisions/README.md"]
        + ((try? ProjectFile.names(in: "docs/decisions")) ?? []).filter { $0.first?.isNumber == true }.map {
            "docs/decisions/\($0)"
        }

    /// The first capture group of all matches in the lines.
    private static func matches(of pattern: String, in lines: [String]) throws -> [String] {
        let expression = try NSRegularExpression(pattern: pattern)
        return lines.flatMap { line in
            expression.matches(in: line, range: NSRange(line.startIndex..., in: line)).compactMap { match in
                Range(match.range(at: 1), in: line).map { String(line[$0]) }
            }
        }
    }

    @Test("Links point to existing files", arguments: documents)
    func links(document: String) throws {
        let folder = (document as NSString).deletingLastPathComponent
        let links = try Self.matches(of: #"\]\(([^)#:]+)[^):]*\)"#, in: ProjectFile.lines(document))
        for link in links {
            #expect(
                ProjectFile.exists((folder as NSString).appendingPathComponent(link)), "\(document): \(link)")
        }
    }

    @Test("Source paths that are mentioned exist", arguments: documents)
    func paths(document: String) throws {
        let pattern = #"`((?:Sources|Tests|deploy|scripts|Fuzzing|Benchmarks)/[A-Za-z0-9_./+-]+)`"#
        for path in try Self.matches(of: pattern, in: ProjectFile.lines(document)) {
            #expect(ProjectFile.exists(path), "\(document): \(path)")
        }
    }

    @Test("The index lists every decision once, and each has all its sections")
    func decisions() throws {
        let index = try ProjectFile.lines("docs/decisions/README.md")
        let listed = try Self.matches(of: #"\((\d{4}-[a-z-]+\.md)\)"#, in: index)
        let files = try ProjectFile.names(in: "docs/decisions").filter { $0 != "README.md" }.sorted()
        #expect(listed == files)
        for file in files {
            let lines = try ProjectFile.lines("docs/decisions/\(file)")
            for part in ["Context", "Decision", "Consequences", "Alternatives"] {
                #expect(lines.contains("## \(part)"), "\(file): \(part)")
            }
        }
    }

    @Test(
        "Every end-to-end check is run by scripts/test and scripts/check-clients, and named in CONTRIBUTING.md"
    )
    func checks() throws {
        let names = try ProjectFile.names(in: "Tests/EndToEnd").filter {
            $0.hasPrefix("check_") && $0.hasSuffix(".py")
        }.map { String($0.dropFirst("check_".count).dropLast(".py".count)) }
        #expect(names.count > 15)
        for path in ["scripts/test", "scripts/check-clients", "CONTRIBUTING.md"] {
            // Comments do not run anything.
            let lines = try ProjectFile.lines(path).filter { !$0.hasPrefix("#") }
            let words = Set(lines.flatMap { $0.components(separatedBy: .alphanumerics.inverted) })
            for name in names { #expect(words.contains(name), "\(path): \(name)") }
        }
    }

    @Test("ARCHITECTURE.md is short, and its glossary is in alphabetical order")
    func architecture() throws {
        let lines = try ProjectFile.lines("ARCHITECTURE.md")
        #expect(lines.count <= 280)
        let start = try #require(lines.firstIndex(of: "| term | here |"))
        let terms = lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map {
            $0.components(separatedBy: "|")[1].trimmingCharacters(in: .whitespaces).lowercased()
        }
        #expect(terms.count >= 30)
        #expect(terms == terms.sorted())
    }
}
