// SPDX-License-Identifier: Apache-2.0
import Stories
import Testing

@Suite("Slugs")
struct SlugTests {
    @Test(
        "are groups of lower-case letters and digits",
        arguments: ["a", "0", "a-b", "storm-2026", "1-2-3", String(repeating: "a", count: 100)])
    func accepts(text: String) {
        #expect(Slug(text)?.text == text)
        #expect(Slug(text)?.description == text)
    }

    @Test(
        "are rejected in any other form",
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
            ("50% of 3,000 — 9.5/10", "50-of-3-000-9-5-10"), ("Живой блог live", "zhivoy-blog-live"),
            ("AT&T Inc.", "at-t-inc"),
            ("A\u{0}B", "a-b"), ("İstanbul", "istanbul"),
        ])
    func derives(title: String, slug: String) {
        #expect(Slug(title: title)?.text == slug)
    }

    @Test(
        "keep every letter of a title",
        arguments: [
            ("Straße", "strasse"), ("STRAẞE", "strasse"), ("Œuvre", "oeuvre"), ("Ærø", "aero"), ("Ǽ", "ae"),
            ("Þór", "thor"), ("Ðað", "dad"), ("Iğdır", "igdir"), ("đ ħ ł ŋ", "d-h-l-ng"), ("\u{149}a", "na"),
            ("\u{FB01}nal o\u{FB03}ce \u{FB06}", "final-office-st"), ("ĳ ǆ", "ij-dz"), ("ſ", "s"),
            ("ＦＵＬＬ ｗｉｄｔｈ １２", "full-width-12"), ("𝗕𝗼𝗹𝗱 ℂ", "bold-c"), ("CO₂ m² ①", "co2-m2-1"),
            ("٢٠٢٦ live", "2026-live"), ("1º 2ª", "1o-2a"), ("hʰ", "hh"),
            ("Nach\u{AD}rich\u{200B}ten\u{2060}\u{FEFF}\u{200D}", "nachrichten"),
            (
                "Hawai\u{2BB}i Hawai\u{2018}i Hawai`i Qur\u{2BE}an d\u{FF07}or",
                "hawaii-hawaii-hawaii-quran-dor"
            ),
            ("Αθήνα: Μουσείο, ταΰ", "athina-mouseio-tay"), ("Ευρώπη Ψ", "europi-ps"),
            ("Щука подъезд Ёж Київ є", "shchuka-podezd-yozh-kiyiv-ye"), ("Қазақ Ђоко", "kazak-doko"),
            ("q\u{332}\u{20DD}x", "qx"), ("Beirut بيروت blast", "beirut-blast"),
        ])
    func keepsLetters(title: String, slug: String) {
        #expect(Slug(title: title)?.text == slug)
    }

    @Test("cut a first word that is too long, and drop a later one")
    func cutsWord() {
        let word = String(repeating: "ß", count: 60)
        #expect(Slug(title: word)?.text == String(repeating: "s", count: 80))
        #expect(Slug(title: "a " + word)?.text == "a")
    }

    @Test(
        "cannot be made from titles without transliterable letters, or in the form of an id",
        arguments: ["", "—", "مباشر", "生中継", "라이브", "!!!", "01900000-0000-7000-8000-000000000000"])
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
        "take a numeric suffix within the limit",
        arguments: [
            ("storm", 2, "storm-2"),
            (String(repeating: "a", count: 100), 12, String(repeating: "a", count: 97) + "-12"),
            (String(repeating: "a", count: 97) + "-bc", 2, String(repeating: "a", count: 97) + "-2"),
        ])
    func numbers(slug: String, number: Int, numbered: String) throws {
        #expect(try #require(Slug(slug)).numbered(number)?.text == numbered)
    }

    @Test("and ids are distinguished in paths")
    func references() throws {
        let id = "01900000-0000-7000-8000-00000000000A"
        #expect(StoryReference(id) == .id(try #require(Identifier(id))))
        #expect(StoryReference(id)?.description == id.lowercased())
        #expect(StoryReference("storm") == .slug(try #require(Slug("storm"))))
        #expect(StoryReference("storm")?.description == "storm")
        #expect(StoryReference("No slug") == nil)
    }
}
