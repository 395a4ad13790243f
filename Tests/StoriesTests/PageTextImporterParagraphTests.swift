// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

@testable import Stories

@Suite("Plain text as a paragraph of CommonMark")
struct PageTextImporterParagraphTests {
    @Test(
        "Prose is unchanged, byte for byte",
        arguments: [
            "The U.S. said so.", "the 1950-53 war", "it’s $1 million", "'tis \"so\" & so",
            "AT&T, R&D; and Q&A;",
            "5 * 3 = 15 * 1", "snake_case_name and __", "*A footnote", "f*** and s***", "a_ _b", "2 < 3 > 1",
            "#storm on the coast", "####### seven", "-5 degrees", "— a dash", "– another", "+1",
            "1.5 metres",
            "1234567890. ten digits", "2024: a year", "(1) first", "a) first", "~ about ~~ 3", "===",
            "= = =", "--",
            "[sic] he said", "he [the mayor] (62) said", "wow! [laughs]", "a `tick", "``quoted''",
            "C:\\new\\d", "\\",
            "a|b|c", "3 > 2", "x <y and z", "100% ^ @home {a} ~", "été 日本語 👩‍👧", "a ]( b",
            "& &; &# &#; &ampersand",
        ])
    func prose(text: String) {
        #expect(PageTextImporter.Paragraph(text[...]).commonMark == text)
    }

    @Test(
        "Only what CommonMark would take as markup is escaped",
        arguments: [
            ("# Heading", "\\# Heading"), ("#", "\\#"), ("###### six", "\\###### six"),
            ("> said", "\\> said"),
            (">said", "\\>said"), ("- item", "\\- item"), ("-", "\\-"), ("+\titem", "\\+\titem"),
            ("* item", "\\* item"),
            ("1. item", "1\\. item"), ("2024) item", "2024\\) item"), ("1.", "1\\."), ("---", "\\---"),
            ("***", "\\***"),
            ("_ _ _", "\\_ _ _"), ("- - -", "\\- - -"), ("~~~", "\\~~~"), ("```", "\\`\\`\\`"),
            ("*now*", "\\*now\\*"), ("a **b** c", "a \\*\\*b\\*\\* c"), ("2*3*4", "2\\*3\\*4"),
            ("_now_", "\\_now\\_"),
            ("(_so_)", "(\\_so\\_)"), ("$_a_", "$\\_a\\_"), ("a `b` c", "a \\`b\\` c"),
            ("`a ``b``", "\\`a \\`\\`b\\`\\`"),
            ("[a](b)", "[a\\](b)"), ("![a](b)", "![a\\](b)"), ("[a]: b", "\\[a]: b"),
            ("a <b>c</b>", "a \\<b>c\\</b>"),
            ("<div", "\\<div"), ("<!-- a -->", "\\<!-- a -->"), ("<http://a.b>", "\\<http://a.b>"),
            ("<1@a.b>", "\\<1@a.b>"), ("&amp; &#38; &#x26;", "\\&amp; \\&#38; \\&#x26;"),
            ("a\\*b", "a\\\\*b"),
            ("\\\\", "\\\\\\"),
        ])
    func markup(text: String, commonMark: String) {
        #expect(PageTextImporter.Paragraph(text[...]).commonMark == commonMark)
    }

    @Test("Removing the backslashes restores the text")
    func roundTrip() {
        var random = SeededGenerator()
        let alphabet = Array("aZ09 \t*_`#>+-.)(![]<>&;:\\/~=\"'é—$\u{A0}")
        for _ in 0..<5_000 {
            let length = Int.random(in: 0...16, using: &random)
            let text = String((0..<length).compactMap { _ in alphabet.randomElement(using: &random) })
            let trimmed = PageTextImporter.Line(number: 1, text: text[...]).text
            let source = PageTextImporter.Paragraph(trimmed).commonMark
            #expect(PageTextImporterProperty.plainText(source) == trimmed, "seed \(random.seed)")
        }
    }
}
