// SPDX-License-Identifier: Apache-2.0
import Stories
import Support
import Testing

@Suite("A live page as text")
struct PageTextImporterTests {
    @Test("A whole page is read into its parts, without a warning")
    func wholePage() throws {
        var expected = PageTextImporter(title: "Storm closes the harbour")
        expected.section = ["Home", "Coast"]
        expected.byline = "Tidewatch"
        expected.summary = "Follow the latest from the Orrin coast."
        expected.sourceName = "Skerry Lantern"
        expected.sourceDateMilliseconds = 1_771_094_527_000
        expected.keyPoints = ["The harbour is closed.", "The ferry waits."]
        expected.updates = ["The ferry is in.\n\nNobody was hurt.", "The ferry waits."]
        expected.reactions = [.veryGood: 6]
        expected.related = ["A goose"]
        #expect(try PageTextImporterFixture().parse() == expected)
    }

    @Test("Lines end in LF, CRLF or CR; the last may be unterminated", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(lineEnd: String) throws {
        let lines = PageTextImporterFixture().lines
        let page = try PageTextImporterFixture().parse()
        #expect(try PageTextImporter.parse(lines.joined(separator: lineEnd)) == page)
        #expect(try PageTextImporter.parse(lines.map { $0 + lineEnd }.joined()) == page)
    }

    @Test("Mixed line endings are each counted once")
    func mixedLineEnds() throws {
        let page = try PageTextImporter.parse(
            "Current:HomeStorm -Site\r\nStorm\rDate:never\n\r\nWarm.\r\r\n- a")
        #expect(page.title == "Storm")
        #expect(page.warnedLines == [3])
        #expect(page.summary == "Warm.\n\n- a")
    }

    @Test("A byte order mark, blank lines and surrounding white space are ignored")
    func whiteSpace() throws {
        let lines = PageTextImporterFixture().lines.flatMap { ["", "\t" + $0 + " \u{A0}", "  "] }
        #expect(
            try PageTextImporter.parse("\u{FEFF}" + lines.joined(separator: "\n"))
                == PageTextImporterFixture().parse())
    }

    @Test("Curly and straight quotes are kept")
    func quotes() throws {
        let text = "“It’s 'new'” he said, \"at $1 million\"."
        let page = try PageTextImporterFixture(
            standfirst: [text], keyPoints: ["KEY POINTS", "— " + text], updates: [[text]],
            tail: ["veryGood! (6)", "Ranking", "- " + text]
        ).parse()
        #expect([page.summary] + page.keyPoints + page.updates + page.ranking == [text, text, text, text])
    }

    @Test("A page may consist of only a title")
    func titleOnly() throws {
        let page = try PageTextImporterFixture.head(breadcrumb: "Current:HomeStorm -Site", title: "Storm")
            .parse()
        var expected = PageTextImporter(title: "Storm")
        expected.section = ["Home"]
        expected.sourceName = "Site"
        #expect(page == expected)
    }

    @Test("White space alone is not a page", arguments: ["", "\n", " \r\n\t\u{A0}\n", "\u{FEFF}"])
    func empty(text: String) {
        #expect(throws: PageTextImporter.ParseError.empty) { try PageTextImporter.parse(text) }
    }

    @Test(
        "A page without a title is rejected, naming the line",
        arguments: [
            "Current:", "Current: > ", "___", "Date:2026-02-14 18:42:07", "View", "KEY POINTS",
            "Related",
        ])
    func noTitle(line: String) {
        #expect(throws: PageTextImporter.ParseError.noTitle(line: 2)) {
            try PageTextImporter.parse("\n\(line)\n___\nText.")
        }
        #expect(PageTextImporter.ParseError.noTitle(line: 2).description.contains("line 2"))
    }

    @Test(
        "Many lines of one kind, and one long line of it, are read in linear time",
        arguments: hostileLines)
    func hostilePages(line: String) throws {
        let size = 1 << 15  // a quadratic step would take minutes
        let lines = String(repeating: line + "\n", count: size / (line.utf8.count + 1))
        let run = String(repeating: line, count: size / line.utf8.count)
        let time = try processorTime {
            _ = try PageTextImporter.parse("Current:HomeStorm -Site\nStorm\n___\n" + lines)
            _ = try PageTextImporter.parse("Current:HomeStorm -Site\nStorm\n___\nx" + run)
            _ = try PageTextImporter.parse("Current:" + run + "\n" + run + "x\nDate:" + run)
            _ = try PageTextImporter.parse("Current:HomeStorm\nx" + run + "\n" + lines)
        }
        #expect(time < 20_000_000_000)
    }

    private static let hostileLines = [
        "a", "- a", "veryGood! (6)", "Related", "Related\n- a", "___", "WHAT TO KNOW", "Date:", "*a", "_a_",
        "`", "[](",
        "<", "<a", "&a", "\\", "> ", " ×", " -", "-", "aab", "(", "\r", "“’é👩‍👧",
    ]
}
