// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite("The seed corpus and past findings")
struct FuzzTests {
    /// An input from a property's corpus.
    struct Input: CustomTestStringConvertible {
        let property: Property
        let file: URL

        var testDescription: String { "\(property.name)/\(file.lastPathComponent)" }
    }

    private static let corpus = URL(filePath: #filePath).appending(path: "../../../Fuzzing/Corpus")
        .standardized

    private static let inputs = Property.all.flatMap { property in
        let folder = corpus.appending(path: property.name)
        let files =
            (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.sorted { $0.path < $1.path }.map { Input(property: property, file: $0) }
    }

    @Test("satisfies its property", arguments: inputs)
    func holds(_ input: Input) throws {
        let bytes = [UInt8](try Data(contentsOf: input.file))
        let violation = input.property.violation(bytes)
        #expect(violation == nil)
        // Truncated, it is a different input, usually a malformed one.
        for end in bytes.indices.dropFirst(max(0, bytes.count - 100)) {
            let violation = input.property.violation(Array(bytes[..<end]))
            #expect(violation == nil, "its first \(end) bytes")
        }
    }

    @Test("exists for every property and nothing else")
    func isComplete() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.corpus.path)
        #expect(Set(folders) == Set(Property.all.map(\.name)))
        for property in Property.all {
            #expect(Self.inputs.contains { $0.property.name == property.name }, "\(property.name)")
        }
    }

    @Test(
        "The HTML checker finds violations",
        arguments: [
            "<script>x</script>", "<p onclick=\"x\">a</p>", "<a href=\"javascript:x\">a</a>",
            "<a href=\" JAVA\tSCRIPT:x\">a</a>", "<a href=\"data:text/html,x\">a</a>",
            "<img src=\"file:///x\" alt=\"\" />",
            "<p>a", "a</p>", "<p><em>a</p></em>", "a & b", "a > b", "<p title=\"x\">a</p>",
            "<a href='x'>a</a>",
            "<a href=\"a<b\">a</a>", "<!-- another -->", "<svg></svg>", "<p", "<a href=\"x", "<P>a</P>",
        ])
    func findsViolations(html: String) {
        var reader = HTMLReader(html)
        #expect(reader.violation() != nil)
    }
}
