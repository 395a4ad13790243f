// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

@testable import Stories

@Suite("The bounds of Markdown")
struct MarkdownBoundsTests {
    private static func errors(_ body: String) -> [ValidationError] { UpdatePatch.make(body: body).errors() }

    private static func times(_ count: Int, _ text: String) -> String {
        String(repeating: text, count: count)
    }

    @Test(
        "Quotes and lists nest up to the limit, however they are begun",
        arguments: ["> ", ">", "- ", "* ", "1. ", "12) ", "-\t", "+    "])
    func depth(marker: String) {
        let limit = Limits.markdownDepth
        #expect(Self.errors(Self.times(limit, marker) + "x").isEmpty)
        #expect(
            Self.errors("first\n\r\n\n" + Self.times(limit + 1, marker) + "x") == [
                ValidationError("/body", "must nest quotes and lists at most 32 deep, unlike line 4")
            ])
    }

    @Test("A list that goes deeper by a line is counted as the one that it is")
    func stepwise() {
        let steps = (0...Limits.markdownDepth).map { Self.times($0, "  ") + "- x" }
        #expect(Self.errors(steps.dropLast().joined(separator: "\n")).isEmpty)
        #expect(Self.errors(steps.joined(separator: "\n")).map(\.pointer) == ["/body"])
        #expect(Self.errors(steps.joined(separator: "\n\n")).map(\.pointer) == ["/body"])
    }

    @Test("Items that a lazy line leaves open count on")
    func lazyLines() {
        // "2." goes on with the paragraph of the innermost item, which stays open.
        let half = Self.times(20, "- ") + "a\n2. b\n" + Self.times(20, "  ")
        #expect(Self.errors(half + Self.times(12, "- ") + "x").isEmpty)
        #expect(Self.errors(half + Self.times(13, "- ") + "x").count == 1)
    }

    @Test("More images than any update has are refused, with the line of the first that is too many")
    func images() {
        #expect(Self.errors(Self.times(1_000, "![a](b)\n")).isEmpty)
        #expect(
            Self.errors(Self.times(1_001, "![a](b)\n")).map(\.detail) == [
                "must hold at most 1000 images, and line 1001 has one more"
            ])
        // Brackets that are never closed are no images.
        #expect(Self.errors(Self.times(2_000, "![") + "]").isEmpty)
    }

    @Test("A body that breaks several rules hears of all of them")
    func allAtOnce() {
        let body = Self.times(Limits.updateBodyBytes, ">") + "\u{7}"
        #expect(Self.errors(body).count == 3)
    }

    @Test(
        "What people write is in order",
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
