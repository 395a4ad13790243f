// SPDX-License-Identifier: Apache-2.0
import Stories
import Support
import Testing

@testable import Cards

@Suite("What the head of a page says")
struct HTMLHeadTests {
    private static func head(_ page: String) -> HTMLHead { HTMLHead(Array(page.utf8)) }

    @Test(
        "The title is found however it is written",
        arguments: [
            "<title>Storm &amp; tide</title>", "<TITLE lang=de>Storm & tide</TITLE >",
            "<title\n>Storm &#38; tide",
            "<!-- <title>No</title> --><title>Storm &#x26; tide</title><title>Other</title>",
            "<script>'<title>No</title>'</script><title>Storm &amp; tide</title>",
            "<title>Storm <b>&amp;</b> tide</title>",
        ])
    func titles(page: String) { #expect(Self.head(page).title == "Storm & tide") }

    @Test(
        "A property is found however it is written",
        arguments: [
            #"<meta property="og:title" content="A > b">"#, #"<meta content='A > b' property='og:title' />"#,
            #"<META PROPERTY=og:title CONTENT="A &gt; b">"#,
            #"<meta name="og:title" content="A &#62; b"><meta property=og:title content=No>"#,
            #"<html><head prefix="og: http://ogp.me/ns#"><meta charset=utf-8><meta property="og:title"content="A > b">"#,
        ])
    func properties(page: String) { #expect(Self.head(page).properties["og:title"] == "A > b") }

    @Test("What is in the body, in scripts and in comments is not part of it")
    func body() {
        let page = """
            <head><style>p{content:"<meta property=og:title content=1>"}</style><noscript><meta name=description content=2></noscript>
            <!--<meta property=og:title content=3>--></head><body><meta property="og:title" content="4"><title>5</title>
            """
        #expect(Self.head(page).properties.isEmpty)
        #expect(Self.head(page).title == nil)
    }

    @Test("Text of others is one line, without what could turn the text around it, and not too long")
    func lines() {
        #expect(CardText.line(" a \n\t b\u{0}\u{7F}c\u{202E}d ", atMost: 100) == "a b cd")
        #expect(CardText.line("\u{202E} \u{200B}", atMost: 100) == nil)
        #expect(CardText.line("abcdef", atMost: 4) == "abc\u{2026}")
        #expect(CardText.line("abcd ", atMost: 4) == "abcd")
        #expect(CardText.line("abc def", atMost: 5) == "abc \u{2026}")
        #expect(CardText.line(nil, atMost: 4) == nil)
        #expect(HTMLText.text(of: "<p>a<br>b</p><script>x</script>&unknown;&amp") == "a b x&unknown;&amp")
    }

    @Test(
        "Any bytes are read in linear time without a crash, and give only what is allowed; the seed is printed"
    )
    func mutants() {
        var random = SeededGenerator()
        print("mutants of heads: WIREROOM_TEST_SEED=\(random.seed)")
        let page = Array(
            #"<!DOCTYPE html><html><head><meta charset="utf-8"><title>T &amp; &#x1F600; t</title><meta property='og:title' content="a<b">"#
                .utf8)
        let pieces = [
            "<meta ", "<title", "</title", "<!--", "-->", "=", "\"", "'", ">", "&#", ";", "content",
            "<script",
        ]
        for _ in 0..<20_000 {
            var mutant = page
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0...mutant.count, using: &random)
                if random.once(in: 2), place < mutant.count {
                    mutant[place] = .random(in: 0...255, using: &random)
                } else {
                    mutant.insert(
                        contentsOf: Array((pieces.randomElement(using: &random) ?? "").utf8), at: place)
                }
            }
            let head = HTMLHead(mutant)
            let line = CardText.line(head.properties["og:title"] ?? head.title, atMost: 20)
            #expect((line?.unicodeScalars.count ?? 1) <= 20)
        }
    }

    @Test("Half a megabyte of beginnings is read at once")
    func hostile() {
        for piece in [
            "<", "<!--", "<title>", "<meta ", "<meta content=\"", "&", "<script>", "<a a=", "</", "= = ",
        ] {
            let page = Array(String(repeating: piece, count: CardFetcher.bodyBytes / piece.utf8.count).utf8)
            #expect(processorTime { _ = HTMLHead(page) } < 5_000_000_000, "\(piece)")
        }
    }
}
