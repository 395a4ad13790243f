// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

@testable import Stories

@Suite("Limits of Markdown")
struct MarkdownBoundsTests {
    private static func errors(_ body: String) -> [ValidationError] { UpdatePatch.make(body: body).errors() }

    private static func times(_ count: Int, _ text: String) -> String {
        String(repeating: text, count: count)
    }

    @Test(
        "Quotes and lists nest up to the limit, with any marker",
        arguments: ["> ", ">", "- ", "* ", "1. ", "12) ", "-\t", "+    "])
    func depth(marker: String) {
        let limit = Limits.markdownDepth
        #expect(Self.errors(Self.times(limit, marker) + "x").isEmpty)
        #expect(
            Self.errors("first\n\r\n\n" + Self.times(limit + 1, marker) + "x") == [
                ValidationError("/body", "must nest quotes and lists at most 32 deep, unlike line 4")
            ])
    }

    @Test("A list that grows deeper line by line is counted as one list")
    func stepwise() {
        let steps = (0...Limits.markdownDepth).map { Self.times($0, "  ") + "- x" }
        #expect(Self.errors(steps.dropLast().joined(separator: "\n")).isEmpty)
        #expect(Self.errors(steps.joined(separator: "\n")).map(\.pointer) == ["/body"])
        #expect(Self.errors(steps.joined(separator: "\n\n")).map(\.pointer) == ["/body"])
    }

    @Test("Items kept open by a lazy continuation line still count")
    func lazyLines() {
        // "2." continues the paragraph of the innermost item, which stays open.
        let half = Self.times(20, "- ") + "a\n2. b\n" + Self.times(20, "  ")
        #expect(Self.errors(half + Self.times(12, "- ") + "x").isEmpty)
        #expect(Self.errors(half + Self.times(13, "- ") + "x").count == 1)
    }

    @Test("Too many images are rejected, naming the line of the first excess one")
    func images() {
        #expect(Self.errors(Self.times(1_000, "![a](b)\n")).isEmpty)
        #expect(
            Self.errors(Self.times(1_001, "![a](b)\n")).map(\.detail) == [
                "must hold at most 1000 images, and line 1001 has one more"
            ])
        // Unclosed brackets are not images.
        #expect(Self.errors(Self.times(2_000, "![") + "]").isEmpty)
    }

    @Test("A body that breaks several rules gets an error for each")
    func allAtOnce() {
        let body = Self.times(Limits.updateBodyBytes, ">") + "\u{7}"
        #expect(Self.errors(body).count == 3)
    }

    @Test(
        "Ordinary texts are accepted",
        arguments: [
            "A rule: " + times(40, "-") + "\n\n" + times(40, "* ") + "\n\n- a\n\n  " + times(40, " -"),
            (1...200).map { "\($0). point" }.joined(separator: "\n"),
            times(200, "- point\n    - a point of it\n        - and one of that\n"),
            times(100, times(10, "> ") + "quoted\n" + times(9, "> ") + "- a list in it\n"),
            "```yaml\n" + times(100, times(50, " ") + "- key: value\n") + "```",
            "- a\n\n" + times(100, times(90, " ") + "a line of a poem\n"),
            times(100, "2026. was a year\n1) it was\n\n"), times(60, "-1 - 2 * 3 > 4\n"),
        ])
    func honestTexts(text: String) {
        #expect(Self.errors(text).isEmpty)
    }
}
