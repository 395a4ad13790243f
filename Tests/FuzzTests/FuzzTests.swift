import Foundation
import Testing

@Suite("What fuzzers begin with, and what they have found")
struct FuzzTests {
    /// An input of a law.
    struct Input: CustomTestStringConvertible {
        let law: Law
        let file: URL

        var testDescription: String { "\(law.name)/\(file.lastPathComponent)" }
    }

    private static let corpus = URL(filePath: #filePath).appending(path: "../../../Fuzzing/Corpus")
        .standardized

    private static let inputs = Law.all.flatMap { law in
        let folder = corpus.appending(path: law.name)
        let files =
            (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.sorted { $0.path < $1.path }.map { Input(law: law, file: $0) }
    }

    @Test("keeps the law", arguments: inputs)
    func keepsTheLaw(_ input: Input) throws {
        let bytes = [UInt8](try Data(contentsOf: input.file))
        let breach = input.law.breach(bytes)
        #expect(breach == nil)
        // Cut short it is another input, and mostly a broken one.
        for end in bytes.indices.dropFirst(max(0, bytes.count - 100)) {
            let breach = input.law.breach(Array(bytes[..<end]))
            #expect(breach == nil, "its first \(end) bytes")
        }
    }

    @Test("is there for every law, and in no other folder")
    func isComplete() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.corpus.path)
        #expect(Set(folders) == Set(Law.all.map(\.name)))
        for law in Law.all { #expect(Self.inputs.contains { $0.law.name == law.name }, "\(law.name)") }
    }

    @Test(
        "The reader of HTML sees what must not be there",
        arguments: [
            "<script>x</script>", "<p onclick=\"x\">a</p>", "<a href=\"javascript:x\">a</a>",
            "<a href=\" JAVA\tSCRIPT:x\">a</a>", "<a href=\"data:text/html,x\">a</a>",
            "<img src=\"file:///x\" alt=\"\" />",
            "<p>a", "a</p>", "<p><em>a</p></em>", "a & b", "a > b", "<p title=\"x\">a</p>",
            "<a href='x'>a</a>",
            "<a href=\"a<b\">a</a>", "<!-- another -->", "<svg></svg>", "<p", "<a href=\"x", "<P>a</P>",
        ])
    func seesBreaches(html: String) {
        var reader = HTMLReader(html)
        #expect(reader.breach() != nil)
    }
}
