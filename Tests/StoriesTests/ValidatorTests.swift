// SPDX-License-Identifier: Apache-2.0
import Stories
import Support
import Testing

/// Each limit of the domain, at and just over its bound.
@Suite("Validation rules")
struct RulesTests {
    /// A part of an input, the pointer of its errors, and how to make it of a given size.
    struct Limit: Sendable, CustomTestStringConvertible {
        let pointer: String
        let limit: Int
        let errors: @Sendable (Int) -> [ValidationError]

        var testDescription: String { "\(pointer), at most \(limit)" }

        static func story(
            _ pointer: String, _ limit: Int, _ set: @escaping @Sendable (inout StoryPatch, Int) -> Void
        ) -> Limit {
            Limit(pointer: pointer, limit: limit) { size in StoryPatch.changing { set(&$0, size) }.errors() }
        }

        static func update(
            _ pointer: String, _ limit: Int, _ set: @escaping @Sendable (inout UpdatePatch, Int) -> Void
        ) -> Limit {
            Limit(pointer: pointer, limit: limit) { size in UpdatePatch.changing { set(&$0, size) }.errors() }
        }

        static func media(
            _ pointer: String, _ limit: Int, _ set: @escaping @Sendable (inout Media, Int) -> Void
        ) -> Limit {
            update("/media/0/" + pointer, limit) { patch, size in
                var medium = Media(type: .image, url: "https://example.org/a.jpg")
                set(&medium, size)
                patch.media = .set([medium])
            }
        }

        static func link(
            _ pointer: String, _ limit: Int, _ set: @escaping @Sendable (inout Link, Int) -> Void
        ) -> Limit {
            Limit(pointer: "/0/" + pointer, limit: limit) { size in
                var link = Link(title: "A link")
                set(&link, size)
                return Link.errors(in: [link])
            }
        }
    }

    /// A text of this many characters, each of more than one byte.
    private static func text(_ characters: Int) -> String { String(repeating: "é", count: characters) }
    private static func url(_ characters: Int) -> String {
        "https://example.org/" + String(repeating: "a", count: characters - 20)
    }
    private static func names(_ count: Int) -> [String] { (0..<count).map { "name \($0)" } }

    private static let stories: [Limit] = [
        .story("/title", 300) { $0.title = .set(text($1)) },
        .story("/summary", 5_000) { $0.summary = .set(text($1)) },
        .story("/section/0", 100) { $0.section = .set([text($1)]) },
        .story("/section", 10) { $0.section = .set(names($1)) },
        .story("/byline", 200) { $0.byline = .set(text($1)) },
        .story("/keyPoints/0", 1_000) { $0.keyPoints = .set([text($1)]) },
        .story("/keyPoints", 20) { $0.keyPoints = .set(names($1)) },
        .story("/tags/0", 50) { $0.tags = .set([text($1)]) },
        .story("/tags", 20) { $0.tags = .set(names($1)) },
        .story("/source/name", 200) { $0.source = .set(StorySource(name: text($1))) },
        .story("/source/url", 2_048) {
            $0.source = .set(StorySource(name: "n", url: url($1)))
        },
    ]

    private static let updates: [Limit] = [
        .update("/title", 300) { $0.title = .set(text($1)) },
        .update("/body", 65_536) { $0.body = .set(String(repeating: "a", count: $1)) },
        .update("/author", 200) { $0.author = .set(text($1)) },
        .update("/sources", 20) { $0.sources = .set(names($1).map { UpdateSource(name: $0) }) },
        .update("/sources/0/name", 200) { $0.sources = .set([UpdateSource(name: text($1))]) },
        .update("/sources/0/url", 2_048) { $0.sources = .set([UpdateSource(name: "n", url: url($1))]) },
        .update("/tags", 20) { $0.tags = .set(names($1)) },
        .update("/tags/0", 50) { $0.tags = .set([text($1)]) },
        .update("/media", 20) { patch, size in
            patch.media = .set(names(size).map { _ in Media(type: .link, url: "https://example.org") })
        },
        .media("url", 2_048) { $0.url = url($1) }, .media("alt", 1_000) { $0.alt = text($1) },
        .media("caption", 1_000) { $0.caption = text($1) }, .media("credit", 200) { $0.credit = text($1) },
        .media("width", 100_000) { $0.width = $1 }, .media("height", 100_000) { $0.height = $1 },
    ]

    private static let links: [Limit] = [
        .link("title", 300) { $0.title = text($1) }, .link("url", 2_048) { $0.url = url($1) },
        .link("image", 2_048) { $0.image = url($1) },
        Limit(pointer: "", limit: 50) { size in Link.errors(in: names(size).map { Link(title: $0) }) },
    ]

    @Test("accept each limit, reject one more, and point to the place", arguments: stories + updates + links)
    func limits(limit: Limit) {
        #expect(limit.errors(limit.limit).isEmpty)
        #expect(limit.errors(limit.limit + 1).map(\.pointer) == [limit.pointer])
    }

    @Test("count characters of texts, but bytes of bodies")
    func units() {
        #expect(UpdatePatch.make(body: Self.text(32_768)).errors().isEmpty)
        let errors = UpdatePatch.make(body: Self.text(32_769)).errors()
        #expect(errors == [ValidationError("/body", "must be at most 65536 bytes long, not 65538")])
        #expect(StoryPatch.make(title: String(repeating: "👩‍🚀", count: 100)).errors().isEmpty)
    }

    @Test(
        "reject a line that is blank or contains control characters",
        arguments: [
            "", " ", "\t", "\u{A0}\u{2003}", "a\u{0}b", "a\nb", "a\rb", "a\tb", "a\u{7F}", "a\u{85}b",
        ])
    func lines(text: String) {
        #expect(Set(StoryPatch.make(title: text).errors().map(\.pointer)) == ["/title"])
        #expect(Set(UpdatePatch.changing { $0.tags = .set([text]) }.errors().map(\.pointer)) == ["/tags/0"])
        #expect(Set(Link.errors(in: [Link(title: text)]).map(\.pointer)) == ["/0/title"])
    }

    @Test("allow tabs and line ends in a text, but no other control characters or blank texts")
    func texts() {
        #expect(UpdatePatch.make(body: "a\n\r\n\tb").errors().isEmpty)
        for body in ["", " \n\t", "a\u{0}", "a\u{8}", "a\u{1B}[0m", "a\u{9F}"] {
            #expect(
                UpdatePatch.make(body: body).errors().map(\.pointer) == ["/body"], "\(body.debugDescription)")
            let errors = StoryPatch.changing { $0.summary = .set(body) }.errors()
            #expect(errors.map(\.pointer) == ["/summary"], "\(body.debugDescription)")
        }
    }

    @Test(
        "name a control character by its code point, line and column",
        arguments: [
            ("One\u{B}two", "U+000B at line 1, column 4"),
            ("a\r\nb\rc\nd\u{85}", "U+0085 at line 4, column 2"),
            ("é👩‍🚀\u{0}", "U+0000 at line 1, column 5"), ("a\n\u{7F}\u{1}", "U+007F at line 2, column 1"),
        ])
    func placesOfControls(text: String, place: String) {
        let texts: [[ValidationError]] = [
            UpdatePatch.make(body: text).errors(), StoryPatch.changing { $0.summary = .set(text) }.errors(),
        ]
        for errors in texts {
            #expect(errors.map(\.pointer).count == 1)
            #expect(errors.first?.detail.hasSuffix("unlike \(place)") == true)
        }
    }

    @Test("name a control character in every single-line member, including line ends")
    func placesInLines() {
        let (text, place) = ("ab\u{C}c", "U+000C at line 1, column 3")
        var update = UpdatePatch()
        (update.title, update.author, update.tags) = (.set(text), .set(text), .set(["x\u{1}"]))
        update.sources = .set([UpdateSource(name: text, url: "https://example.org/\u{C}")])
        update.media = .set([
            Media(type: .image, url: "https://a.example/\u{C}", alt: text, caption: text, credit: text)
        ])
        let story = StoryPatch.changing {
            ($0.title, $0.byline, $0.section, $0.keyPoints) = (
                .set(text), .set(text), .set([text]), .set([text])
            )
            $0.source = .set(StorySource(name: text, url: "https://example.org/\u{C}"))
        }
        let errors =
            update.errors() + story.errors() + Strike.errors(in: text)
            + Link.errors(in: [Link(title: text, url: "https://example.org/\u{C}")])
        #expect(errors.count == 18)
        for fault in errors {
            #expect(fault.detail.contains(" at line 1, column "), "\(fault.pointer)")
            if !fault.pointer.hasSuffix("/url"), !fault.pointer.hasPrefix("/tags") {
                #expect(fault.detail.hasSuffix(place), "\(fault.pointer)")
            }
        }
        let lineEnd = StoryPatch.changing { $0.title = .set("a\nb\u{2028}") }.errors()
        #expect(
            lineEnd.map(\.detail) == [
                "must be one line without control characters, unlike U+000A at line 1, column 2"
            ])
    }

    @Test("reject images without pixels")
    func others() {
        let media = Media(type: .image, url: "https://example.org", width: 0, height: -1)
        let errors = UpdatePatch.changing { $0.media = .set([media]) }.errors()
        #expect(errors.map(\.pointer) == ["/media/0/width", "/media/0/height"])
    }

    @Test("report all errors at once, under the given pointer")
    func together() {
        let patch = StoryPatch.make(title: "") {
            $0.tags = .set(["ok", ""])
            $0.source = .set(StorySource(name: " ", url: "ftp://example.org"))
            $0.byline = .set(nil)
        }
        let expected = ["/story/title", "/story/tags/1", "/story/source/name", "/story/source/url"]
        #expect(patch.errors(at: "/story").map(\.pointer) == expected)
    }

    @Test("check only the members that a patch names")
    func unnamed() {
        #expect(StoryPatch().errors().isEmpty)
        #expect(UpdatePatch().errors().isEmpty)
    }
}
