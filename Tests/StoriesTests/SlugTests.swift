import Stories
import Testing

@Suite("Slugs")
struct SlugTests {
    @Test(
        "are lower-case letters and digits in groups",
        arguments: ["a", "0", "a-b", "storm-2026", "1-2-3", String(repeating: "a", count: 100)])
    func accepts(text: String) {
        #expect(Slug(text)?.text == text)
        #expect(Slug(text)?.description == text)
    }

    @Test(
        "are refused in any other form",
        arguments: [
            "", "-", "-a", "a-", "a--b", "A", "a_b", "a b", "a.b", "a/b", "é", "a\u{301}", "a\u{0}",
            "01900000-0000-7000-8000-000000000000", String(repeating: "a", count: 101),
        ])
    func refuses(text: String) {
        #expect(Slug(text) == nil)
    }

    @Test(
        "are made from the words of a title",
        arguments: [
            ("Storm closes harbour", "storm-closes-harbour"), ("  A  - b — c!  ", "a-b-c"),
            ("It’s the skipper's day", "its-the-skippers-day"),
            ("Élan à Zürich: ñandú", "elan-a-zurich-nandu"),
            ("E\u{301}lan cafe\u{301}s", "elan-cafes"), ("Łódź and Ørsted", "lodz-and-orsted"),
            ("50% of 3,000 — 9.5/10", "50-of-3-000-9-5-10"), ("Живой блог live", "live"),
            ("AT&T Inc.", "at-t-inc"),
            ("A\u{0}B", "a-b"), ("İstanbul", "istanbul"),
        ])
    func derives(title: String, slug: String) {
        #expect(Slug(title: title)?.text == slug)
    }

    @Test(
        "cannot be made from a title without Latin letters and digits, or of the form of an id",
        arguments: ["", "—", "Живой блог", "生中継", "!!!", "01900000-0000-7000-8000-000000000000"])
    func derivesNothing(title: String) {
        #expect(Slug(title: title) == nil)
    }

    @Test("made from a long title end with a whole word, and leave room for a number")
    func derivesShort() throws {
        let slug = try #require(Slug(title: String(repeating: "word ", count: 60)))
        #expect(slug.text.utf8.count == 79)
        #expect(slug.text.hasSuffix("-word"))
        #expect(slug.numbered(1_000_000)?.text == slug.text + "-1000000")
    }

    @Test(
        "take a number behind them, and stay within the limit",
        arguments: [
            ("storm", 2, "storm-2"),
            (String(repeating: "a", count: 100), 12, String(repeating: "a", count: 97) + "-12"),
            (String(repeating: "a", count: 97) + "-bc", 2, String(repeating: "a", count: 97) + "-2"),
        ])
    func numbers(slug: String, number: Int, numbered: String) throws {
        #expect(try #require(Slug(slug)).numbered(number)?.text == numbered)
    }

    @Test("and ids are told apart in paths")
    func references() throws {
        let id = "01900000-0000-7000-8000-00000000000A"
        #expect(StoryReference(id) == .id(try #require(Identifier(id))))
        #expect(StoryReference(id)?.description == id.lowercased())
        #expect(StoryReference("storm") == .slug(try #require(Slug("storm"))))
        #expect(StoryReference("storm")?.description == "storm")
        #expect(StoryReference("No slug") == nil)
    }
}
