// SPDX-License-Identifier: Apache-2.0
import Stories
import Support
import Testing

@Suite("Tags")
struct TagTests {
    @Test(
        "are stored composed, with single spaces",
        arguments: [
            ("storm", "storm"), (" lead", "lead"), ("High  tide\u{A0}", "High tide"),
            ("a\u{2028}b\u{3000}", "a b"), ("a\tb", "a\tb"),
            ("cafe\u{301}", "caf\u{E9}"), ("\u{1100}\u{1161}", "\u{AC00}"), ("\u{212B}", "\u{C5}"), (" ", ""),
        ])
    func normalized(text: String, tag: String) {
        #expect(Array(Tag.normalized(text).utf8) == Array(tag.utf8))
    }

    @Test(
        "are compared ignoring case, composition, white space and invisible characters",
        arguments: [
            ["Storm", "storm", "STORM", " Storm ", "sto\u{AD}rm", "\u{FEFF}storm"],
            ["Straße", "STRASSE", "strasse", "STRAẞE"], ["caf\u{E9}", "CAFE\u{301}", "Caf\u{E9}"],
            ["ΟΔΟΣ", "οδος", "οδοσ"], ["ПОГОДА", "погода"], ["High tide", "high  TIDE", "high\u{2003}tide"],
            ["\u{FB01}sh", "FISH", "fish"], ["İzmir", "i\u{307}zmir"], ["ILIK", "ilik"], ["طقس"], ["天气"],
            ["ﬆ", "st"],
        ])
    func alike(tags: [String]) {
        #expect(Set(tags.map { Array(Tag.key($0).utf8) }).count == 1)
        #expect(Tag.distinct(tags) == [tags[0]])
    }

    @Test(
        "that only look alike differ",
        arguments: [("cafe", "café"), ("a b", "ab"), ("ılık", "ilik"), ("a", "а"), ("ss", "s"), ("o", "0")])
    func different(left: String, right: String) {
        #expect(Array(Tag.key(left).utf8) != Array(Tag.key(right).utf8))
    }

    @Test("have an idempotent key")
    func idempotent() throws {
        let scalars = (0...0x10FFFF as ClosedRange<UInt32>).compactMap(Unicode.Scalar.init)
        for scalar in scalars {
            let key = Tag.key("a\(scalar)b")
            let again = Tag.key(key)
            guard !key.utf8.elementsEqual(again.utf8) else { continue }
            Issue.record("\(String(scalar.value, radix: 16)): \(key) \(again)")
        }
    }

    @Test("of a patch are normalized and deduplicated")
    func patch() throws {
        var content = StoryContent(title: "x")
        try StoryPatch.changing { $0.tags = .set([" Lead", "lead", "Storm", "STORM ", "cafe\u{301}"]) }
            .apply(to: &content)
        #expect(content.tags.map { Array($0.utf8) } == ["Lead", "Storm", "caf\u{E9}"].map { Array($0.utf8) })
        var update = UpdateContent(body: "x")
        UpdatePatch.changing { $0.tags = .set([" Lead", "lead"]) }.apply(to: &update)
        #expect(update.tags == ["Lead"])
    }
}
