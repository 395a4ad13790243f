// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

@testable import Stories

/// Parsing and comparing text takes time linear in its length, also where no request limit applies.
@Suite("The cost of hostile text in the domain")
struct HostileTextTests {
    struct Reader: CustomTestStringConvertible, Sendable {
        let name: String
        let read: @Sendable (String) -> Void

        var testDescription: String { name }
    }

    static let readers: [Reader] = [
        Reader(name: "a cursor") { _ = Version($0) },
        Reader(name: "the bytes of a cursor") { _ = Version(bytes: $0.utf8) },
        Reader(name: "a position among updates") { _ = UpdatePosition($0) },
        Reader(name: "a position among stories") { _ = StoryPosition($0) },
        Reader(name: "a time") { _ = Timestamp($0) },
        Reader(name: "an id") { _ = Identifier($0) },
        Reader(name: "a slug") { _ = Slug($0) },
        Reader(name: "a title as a slug") { _ = Slug(title: $0) },
        Reader(name: "a story reference") { _ = StoryReference($0) },
        Reader(name: "a kind of reaction") { _ = ReactionKind($0) },
        Reader(name: "a visitor") { _ = Visitor($0) },
        Reader(name: "a value of a closed set") { _ = StoryStatus(exactly: $0) },
        Reader(name: "an update before and after") { text in
            let (before, after) = (UpdateContent(body: text), UpdateContent(body: text + "."))
            _ = before.readsDifferently(from: after)
        },
        Reader(name: "a tag among others") { text in
            var content = UpdateContent(body: "a")
            content.tags = [text, text + "."]
            _ = UpdateFilter(tag: text + "!").matches(content)
            _ = UpdateFilter(tag: text).hashValue
            _ = UpdateFilter(tag: text) == UpdateFilter(tag: text + ".")
        },
        Reader(name: "validation errors") { text in
            // Each separately: whether a set compares elements depends on its hash seed.
            _ = ValidationError(text, text).hashValue
            _ = ValidationError(text, text) == ValidationError(text, text + ".")
        },
        Reader(name: "an address") { text in
            _ = Link.errors(in: [Link(title: text, url: "https://example.org/" + text)])
        },
    ]

    @Test("Reading takes linear time", arguments: readers, HostileText.allCases)
    func reading(reader: Reader, text: HostileText) {
        let growth = Growth(from: 2_000, prepare: { text.text(bytes: $0) }, work: reader.read)
        #expect(growth.isLinear, "\(growth)")
    }

    @Test("Values of closed sets are matched byte for byte")
    func closedSets() {
        #expect(StoryStatus(exactly: "live") == .live)
        for other in ["live\u{301}", "LIVE", "", " live"] { #expect(StoryStatus(exactly: other) == nil) }
    }

    @Test("Errors that differ only in Unicode normalization are distinct")
    func errors() {
        #expect(ValidationError("/\u{E9}", "is unknown") != ValidationError("/e\u{301}", "is unknown"))
        #expect(Set([ValidationError("/a", "b"), ValidationError("/a", "b")]).count == 1)
    }
}
