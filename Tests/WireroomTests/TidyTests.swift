// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Conventions of the project's sources, as far as they can be checked by pattern. The formatter checks the format, and the build
/// the dependencies between targets.
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

    @Test("No Swift file is over 400 lines", arguments: ["Sources", "Tests", "Fuzzing"])
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

    @Test("Every Swift file names its licence", arguments: ["Sources", "Tests", "Fuzzing"])
    func licence(folder: String) throws {
        for source in try Self.sources(in: folder) {
            // A manifest begins with its tools version.
            let line = source.lines.first { !$0.hasPrefix("// swift-tools-version") }
            #expect(line == "// SPDX-License-Identifier: Apache-2.0", "\(source.path)")
        }
    }

    @Test("The program does not import Foundation")
    func noFoundation() throws {
        for source in try Self.sources(in: "Sources") {
            #expect(!source.lines.contains { $0.hasSuffix("import Foundation") }, "\(source.path)")
            #expect(!source.lines.contains { $0.hasSuffix("import FoundationEssentials") }, "\(source.path)")
        }
    }

    @Test("The domain and the HTTP layer import no other target, and Live neither JSON nor SQL")
    func independence() throws {
        let allowed = [
            "Stories": ["Swift"], "HTTP": ["CEpoll", "Dispatch", "Glibc", "Synchronization", "Threads"],
            "Live": ["Dispatch", "Glibc", "Gzip", "HTTP", "Stories", "Synchronization"],
        ]
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

    /// SQL that only SQLite accepts, or that other engines interpret differently.
    private static let engineSQL = [
        #"\bPRAGMA\b"#, #"\bINSERT OR\b"#, #"\b(ifnull|iif|hex|instr|json_each|unixepoch|tag_key)\("#,
        #"\bsqlite_"#,
        #"\bx'"#, #"ON CONFLICT DO UPDATE"#, #"\browid\b"#, #"\bSTRICT\b"#,
    ].map(Pattern.init)

    @Test(
        "The store's statements are portable, except for what a dialect provides",
        arguments: ["StoryTables", "Database"])
    func engineNeutral(target: String) throws {
        for source in try Self.sources(in: "Sources/\(target)") {
            for (number, line) in source.lines.enumerated() {
                #expect(
                    !Self.engineSQL.contains { $0.isFound(in: line) }, "\(source.path):\(number + 1):\(line)")
            }
        }
    }

    @Test(
        "SQLite-only SQL is detected",
        arguments: ["ifnull(a, 0)", "INSERT OR REPLACE INTO a", "x''"])
    func engineSQLIsFound(sql: String) {
        #expect(Self.engineSQL.contains { $0.isFound(in: sql) })
    }

    /// String operations by characters and canonical equivalence. On client text they may take quadratic time, and compare different
    /// texts as equal.
    private static let textual: [Pattern] = [
        #"split\((maxSplits: \d+, )?separator: ""#, #"has(Pre|Suf)fix\("#, #"(lower|upper)cased\(\)"#,
        #"contains\(""#, #"(first|last)(Index|Range)\((of|where: \{ \$0 ==): ?""#, #"[=!]= ""#, #"" [=!]= "#,
        #": Set = "#, #"Set<(String|Substring|Character)>"#, #"\[(String|Substring|Character): "#,
        #"\bCharacter[(>.]"#, #"\(rawValue: "#, #"\.init\(rawValue"#,
    ].map(Pattern.init)

    private struct Pattern {
        let text: String

        func isFound(in line: String) -> Bool {
            line.range(of: text, options: .regularExpression) != nil
        }
    }

    /// Whether a line treats text as characters. A justified exception has a comment at its end: `// ascii: …` if other text cannot
    /// get there, `// scalars: …` if single scalars are compared, as in every line that names them.
    ///
    /// - Parameter subject: the line of the `switch` that it may be a case of.
    private static func isTextual(_ line: String, in subject: String = "") -> Bool {
        let isExempt = Pattern(text: #"// (ascii|scalars): \w"#).isFound(in: line)
        let isComment = line.drop { $0 == " " }.hasPrefix("//")
        guard !isExempt, !isComment, !line.contains("calar") else { return false }
        let isCase = Pattern(text: #"^ *case ""#).isFound(in: line) && !subject.contains("calar")
        return isCase || textual.contains { $0.isFound(in: line) }
    }

    @Test(
        "Client input is treated as bytes",
        arguments: ["HTTP", "JSON", "Stories", "StoriesJSON", "Live", "API", "Outbound"])
    func bytes(target: String) throws {
        for source in try Self.sources(in: "Sources/\(target)") {
            var subject = ""
            for (number, line) in source.lines.enumerated() {
                if line.contains("switch ") { subject = line }
                guard Self.isTextual(line, in: subject) else { continue }
                Issue.record("\(source.path):\(number + 1) treats text as characters:\(line)")
            }
        }
    }

    @Test(
        "Treating text as characters is detected",
        arguments: [
            #"let parts = text.split(separator: "-", omittingEmptySubsequences: false)"#,
            #"guard head.hasSuffix("View") else { return nil }"#, #"case list(Set<String>)"#,
            #"parts[0].lowercased() == "bearer""#, #"if path.contains("?") { return }"#,
            #"guard let choice = Choice(rawValue: text) else { return nil }"#,
            #"method.map(Method.init(rawValue:))"#, #"public var reactions: [String: Int] = [:]"#,
            #"let tag = quoted.prefix { $0 != "\"" }"#, #"let end = hop.firstIndex(of: "]")"#,
            #"    case "related": .related"#,
        ])
    func isFound(line: String) {
        #expect(Self.isTextual(line))
        #expect(!Self.isTextual(line + "  // ascii: a name of ours"))
        #expect(Self.isTextual(line + "  // ascii: "))
    }
}
