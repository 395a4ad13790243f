// SPDX-License-Identifier: Apache-2.0
import Stories
import Support
import Testing

@testable import API

/// The same cases as in summary.test.js: an open page and a fresh one must show the same texts.
@Suite("Update summaries")
struct UpdateSummaryTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var title: String?
        var html = ""
        var media: [Media] = []
        let expected: String

        var testDescription: String { name }
    }

    private static func picture(alt: String? = nil, caption: String? = nil) -> Media {
        Media(type: .image, url: "https://example.org/x.jpg", alt: alt, caption: caption)
    }

    static let cases = [
        Case(name: "its own title", title: "Goal", expected: "Goal"),
        Case(name: "on one line", title: "Goal\n  for\tReds", expected: "Goal for Reds"),
        Case(name: "the beginning of the text", html: "<p>One.</p>\n<p>Two.</p>", expected: "One. Two."),
        Case(name: "a break is a space", html: "<p>a<br />\nb</p>", expected: "a b"),
        Case(
            name: "the picture of a body",
            html: #"<p><img src="https://example.org/b.jpg" alt="The bridge at dawn" /></p>"#,
            expected: "The bridge at dawn"),
        Case(
            name: "the alternative text of a medium",
            media: [picture(), picture(alt: "A map", caption: "x")],
            expected: "A map"),
        Case(name: "the caption of a medium", media: [picture(caption: "Our map")], expected: "Our map"),
        Case(name: "the time", html: "<hr />", expected: "Update of 2026-11-29 14:03 UTC"),
        Case(
            name: "cut at a word", title: String(repeating: "word ", count: 29) + "word",
            expected: String(repeating: "word ", count: 21) + "word…"),
        Case(
            name: "cut at the limit where no word is near it",
            title: "快讯 " + String(repeating: "中", count: 150),
            expected: "快讯 " + String(repeating: "中", count: 107) + "…"),
        Case(
            name: "never within a flag", title: String(repeating: "x", count: 109) + "🇩🇪🇫🇷",
            expected: String(repeating: "x", count: 109) + "…"),
        Case(
            name: "never before an accent", title: String(repeating: "x", count: 109) + "e\u{301}e\u{301}",
            expected: String(repeating: "x", count: 109) + "…"),
    ]

    private static func update(_ sample: Case, stricken: Strike? = nil) throws -> Update {
        var content = UpdateContent(body: "-")
        (content.title, content.media) = (sample.title, sample.media)
        let time = try #require(Timestamp("2026-11-29T14:03:21Z"))
        return Update(
            id: Identifier(high: 1, low: 2), seq: 1, content: content, bodyHtml: sample.html, edited: false,
            publishedAt: time, createdAt: time, modifiedAt: time, stricken: stricken)
    }

    @Test("The title falls back to the text, a medium and the time", arguments: cases)
    func titles(_ sample: Case) throws {
        let update = try Self.update(sample)
        #expect(Array(UpdateSummary(update, .english).title.utf8) == Array(sample.expected.utf8))
        let strike = Strike(reason: "It was wrong.", at: update.publishedAt)
        let retracted = UpdateSummary(try Self.update(sample, stricken: strike), .english)
        #expect(Array(retracted.headline.utf8) == Array(("Retracted: " + sample.expected).utf8))
    }

    @Test("A key event has the headline of its update", arguments: cases)
    func keyEvents(_ sample: Case) throws {
        let update = try Self.update(sample)
        let event = KeyEvent(
            id: update.id, seq: 1, title: sample.title, excerptHtml: sample.html, media: sample.media,
            publishedAt: update.publishedAt, isRetracted: true)
        #expect(
            Array(UpdateSummary(event, .english).headline.utf8)
                == Array(("Retracted: " + sample.expected).utf8))
    }

    @Test("A description begins with the retraction and its reason")
    func descriptions() throws {
        let sample = Case(name: "", html: "<p>The mayor\nhas died.</p>", expected: "")
        let at = try #require(Timestamp("2026-11-29T14:03:21Z"))
        #expect(try Self.update(sample).description(atMost: 300, .english) == "The mayor\nhas died.")
        let retracted = try Self.update(sample, stricken: Strike(reason: "The mayor is alive.", at: at))
        #expect(
            retracted.description(atMost: 300, .english)
                == "Retracted: The mayor is alive.\n\nThe mayor\nhas died.")
        #expect(
            try Self.update(Case(name: "", html: "<hr />", expected: "")).description(atMost: 300, .english)
                == nil)
    }

    @Test("In plain text a line break is one newline, the end of a paragraph two")
    func lineEnds() {
        #expect(plainText(html: "<p>a<br />\nb</p>\n<h4>c</h4>\n<p>d</p>\n") == "a\nb\n\nc\n\nd")
    }
}
