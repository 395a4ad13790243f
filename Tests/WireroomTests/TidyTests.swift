import Foundation
import Testing

/// What the project asks of its own sources, as far as a machine can see it. The format is the formatter's business, and
/// dependencies between targets are the build's.
@Suite("Tidiness")
struct TidyTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private struct Source {
        let path: String
        let lines: [String]
    }

    /// Swift files below a folder of the project.
    private static func sources(in folder: String) throws -> [Source] {
        let base = root.appendingPathComponent(folder)
        let paths = try #require(FileManager.default.enumerator(atPath: base.path)).compactMap {
            $0 as? String
        }
        return try paths.filter { $0.hasSuffix(".swift") }.map { path in
            let text = try String(contentsOf: base.appendingPathComponent(path), encoding: .utf8)
            return Source(path: "\(folder)/\(path)", lines: text.components(separatedBy: "\n"))
        }
    }

    @Test("No Swift file is over 400 lines", arguments: ["Sources", "Tests", "Migrations", "Fuzzing"])
    func fileLength(folder: String) throws {
        let sources = try Self.sources(in: folder)
        #expect(!sources.isEmpty)
        for source in sources { #expect(source.lines.count <= 400, "\(source.path)") }
    }

    @Test("No Swift function in the sources is over 70 lines")
    func functionLength() throws {
        for source in try Self.sources(in: "Sources") {
            var start: (line: Int, indent: Int)?
            for (number, line) in source.lines.enumerated() {
                let indent = line.prefix { $0 == " " }.count
                let isOpening = line.hasSuffix("{") && (line.contains("func ") || line.contains(" init"))
                if isOpening, start == nil { start = (number, indent) }
                guard let opened = start, line.trimmingCharacters(in: .whitespaces) == "}",
                    indent == opened.indent
                else { continue }
                #expect(number - opened.line <= 70, "\(source.path):\(opened.line + 1)")
                start = nil
            }
        }
    }

    @Test("The program does without Foundation")
    func noFoundation() throws {
        for source in try Self.sources(in: "Sources") {
            #expect(!source.lines.contains { $0.hasSuffix("import Foundation") }, "\(source.path)")
            #expect(!source.lines.contains { $0.hasSuffix("import FoundationEssentials") }, "\(source.path)")
        }
    }

    @Test("The domain and the HTTP layer import no other target")
    func independence() throws {
        let allowed = ["Stories": [], "HTTP": ["CEpoll", "Dispatch", "Glibc", "Synchronization"]]
        for (target, modules) in allowed {
            for source in try Self.sources(in: "Sources/\(target)") {
                for line in source.lines
                where line.contains("import ") && !line.hasPrefix(" ") && !line.hasPrefix("/") {
                    let module = line.components(separatedBy: " ").last ?? ""
                    #expect(modules.contains(module), "\(source.path) imports \(module)")
                }
            }
        }
    }
}
