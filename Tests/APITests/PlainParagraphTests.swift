// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

@testable import Markdown

/// The fast path of the renderer returns the same HTML as the parser, or nil.
@Suite("Plain paragraphs")
struct PlainParagraphTests {
    /// Pieces with and without a meaning in Markdown.
    private static let pieces = [
        "a", "word", "The harbour", "é", "—", "“quoted”", "\u{A0}", "\u{FEFF}", "\u{2028}", "\u{3000}", "😀",
        "東京",
        " ", " ", " ", "  ", "\n", "\n", "\n\n", "\n \n", "\r\n", "\t", "*", "**", "*", "**", "***", "_", "~",
        "~~",
        ".", ",", ":", "://", "http", "https", "www", "www.a.b", "w", "ww", "W", "@", "a.b@c.org", "1", "12",
        "1.", "2)",
        "-", "--", "=", "==", "#", "+", ">", "<", "&", "&amp;", "\\", "`", "|", "[", "]", "![", "(", ")", "!",
        "?", "\"",
        "'", ";", "/", "$", "%", "^", "{", "}", "\u{7F}", "\u{1}", "\0",
    ]

    @Test("For random texts the fast path returns the parser's HTML or nothing")
    func sameAsParsed() {
        var random = SeededGenerator()
        var (taken, tried) = (0, 0)
        // Loops until enough texts are taken, since their share is random.
        while taken <= 2_000, tried < 200_000 {
            tried += 1
            // Few kinds of pieces per text: with many, nearly every text is left to the parser.
            let few = (0..<4).map { _ in Self.pieces.randomElement(using: &random) ?? "" } + ["word", " "]
            let text = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                few.randomElement(using: &random) ?? ""
            }.joined()
            guard let html = PlainParagraphs.html(of: text) else { continue }
            taken += 1
            let parsed = Markdown.parsed(text, origin: "")
            #expect(html.utf8.elementsEqual(parsed.utf8), "\(text.debugDescription), seed \(random.seed)")
        }
        #expect(taken > 2_000)
    }

    @Test(
        "The fast path takes ordinary prose",
        arguments: [
            "", "\n\n", "The crane fell at noon.", "One line\nand another (the second); \"all\" of it.",
            "One paragraph: **closed**, he said.\n\n*Another* one — 12 o'clock!\n",
            "**Strong at the beginning\nand over a line end**\n\n\nÜber alles",
        ])
    func isTaken(text: String) throws {
        let html = try #require(PlainParagraphs.html(of: text))
        #expect(html.utf8.elementsEqual(Markdown.parsed(text, origin: "").utf8))
    }

    @Test(
        "Possible markup is left to the parser",
        arguments: [
            "a *b", "a*b*", "* a", "*a **b***", "a  \nb", "a ", " a", "- a", "1. a", "# a", "a\n===",
            "a\n\n    b", "a_b_",
            "a & b", "a < b", "see www.a.org", "see http://a.org", "a@b.org", "a ~b~", "`a`", "[a]", "a|b",
            "\u{FEFF}a",
            "a\\*", "a\tb", "a\r\nb", "a\0",
        ])
    func isLeft(text: String) {
        #expect(PlainParagraphs.html(of: text) == nil)
    }
}
