// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Stories

@Suite("Languages of texts")
struct LanguageTests {
    @Test(
        "A language tag is stored in canonical case",
        arguments: [
            ("DE", "de"), ("pt-br", "pt-BR"), ("ZH-HANS-cn", "zh-Hans-CN"), ("es-419", "es-419"),
            ("iw", "he"),
            ("de-1996", "de-1996"), ("sl-rozaj-Biske", "sl-rozaj-biske"), ("zh-yue-HK", "zh-yue-HK"),
            ("en-a-bbb-X-aB", "en-a-bbb-x-ab"), ("ar-U-NU-latn", "ar-u-nu-latn"),
        ])
    func canonical(written: String, stored: String) { #expect(LanguageTag(written)?.text == stored) }

    @Test(
        "What is no language tag is refused",
        arguments: [
            "", "e", "english-", "-de", "de--AT", "de_AT", "deutschland", "de-AT-", "12", "x-klingon",
            "i-klingon",
            "de-a", "de-x", "de-AT-AT-AT-AT", "zh-Hans-Hant", "dé", "de-AT-1996-1901-rozaj-biske-abcde-fg",
        ])
    func malformed(tag: String) { #expect(LanguageTag(tag) == nil) }

    @Test(
        "A story's language and time zone are validated, each at its place",
        arguments: [
            ("language", "german!", "must be a language tag"),
            ("timeZone", "Berlin", "must be the name of a time zone"),
            ("timeZone", "europe/berlin", "must be the name"), ("timeZone", "", "must be the name"),
        ])
    func refused(member: String, text: String, words: String) {
        var patch = StoryPatch()
        if member == "language" { patch.language = .set(text) } else { patch.timeZone = .set(text) }
        let errors = patch.errors()
        #expect(errors.map(\.pointer) == ["/\(member)"] && errors[0].detail.hasPrefix(words))
    }

    @Test("A story keeps its language in canonical case, and its time zone")
    func kept() throws {
        var patch = StoryPatch()
        (patch.language, patch.timeZone) = (.set("PT-br"), .set("America/Sao_Paulo"))
        #expect(patch.errors().isEmpty)
        var content = StoryContent(title: "Chuva")
        try patch.apply(to: &content)
        #expect(content.language == "pt-BR" && content.timeZone == "America/Sao_Paulo")
    }

    @Test(
        "Only a script that leaves no doubt tells the language, and the direction",
        arguments: [
            ("たった今、速報", "ja", nil), ("カーリング", "ja", nil), ("속보입니다", "ko", nil), ("快讯", nil, nil),
            ("Breaking", nil, nil),
            ("Срочно", nil, nil), ("خبر عاجل", nil, .rtl), ("עדכון", nil, .rtl),
            ("BBC: خبر عاجل الآن", nil, .rtl),
            ("The word שלום means peace", nil, nil), ("", nil, nil), ("12 – 3", nil, nil),
            ("Tokyo (東京) の storm", nil, nil),
        ] as [(String, String?, TextDirection?)])
    func guesses(text: String, language: String?, direction: TextDirection?) {
        let letters = TextLetters(text)
        #expect(letters.language == language && letters.direction == direction)
    }

    @Test(
        "A text can be of a language if half of its letters are of a script of that",
        arguments: [
            ("Breaking", "en", true), ("Breaking", "ar", false), ("خبر عاجل", "en", false),
            ("خبر عاجل", "fa", true),
            ("快讯", "ja", true), ("快讯", "zh-Hant", true), ("快讯", "de", false), ("たった今", "zh", false),
            ("속보", "ko", true),
            ("Срочно", "uk", true), ("Срочно", "sr", true), ("Hitno", "sr", true),
            ("Hitno", "sr-Cyrl", false),
            ("12:30", "ar", true), ("Iowa שלום", "en", true), ("Nairobi", "zu", true),
        ])
    func fits(text: String, language: String, fits: Bool) { #expect(TextLetters(text).fit(language) == fits) }

    @Test(
        "A language goes from right to left by itself or by its script",
        arguments: [
            ("ar", .rtl), ("he-IL", .rtl), ("fa", .rtl), ("az-Arab", .rtl), ("ar-Latn", .ltr), ("en", .ltr),
            ("", .ltr),
        ] as [(String, TextDirection)])
    func directions(language: String, direction: TextDirection) {
        #expect(TextDirection(ofLanguage: language) == direction)
    }
}
