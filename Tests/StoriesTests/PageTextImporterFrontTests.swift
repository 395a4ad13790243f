// SPDX-License-Identifier: Apache-2.0
import Stories
import Testing

@Suite("The front of a live page")
struct PageTextImporterFrontTests {
    private static let moment: Int64 = 1_771_094_527_000

    @Test(
        "Byline and date may be on two lines or on one",
        arguments: [
            "Tidewatch View\nDate:2026-02-14 18:42:07", "Tidewatch View\nDate: 2026-02-14 18:42:07",
            "Tidewatch View Date:2026-02-14 18:42:07", "Tidewatch View Date: 2026-02-14 18:42:07",
            "Tidewatch ViewDate:2026-02-14 18:42:07", "Tidewatch  View\n\nDate:2026-02-14 18:42:07",
        ])
    func bylineAndDate(lines: String) throws {
        let page = try PageTextImporterFixture(byline: lines, date: nil).parse()
        #expect(page.byline == "Tidewatch")
        #expect(page.sourceDateMilliseconds == Self.moment)
        #expect(page.warnings.isEmpty)
    }

    @Test("The byline, or only its name, may be missing", arguments: [nil, "View"])
    func noByline(byline: String?) throws {
        let apart = try PageTextImporterFixture(byline: byline).parse()
        #expect(apart.byline == nil)
        #expect(apart.sourceDateMilliseconds == Self.moment)
        #expect(apart.warnings.isEmpty)
        let together = try PageTextImporterFixture(
            byline: nil, date: (byline ?? "") + "Date:2026-02-14 18:42:07"
        )
        .parse()
        #expect(together == apart)
    }

    @Test("A byline is all that precedes the label, even the word View")
    func bylineOfManyWords() throws {
        #expect(try PageTextImporterFixture(byline: "The Bay View View").parse().byline == "The Bay View")
        #expect(
            try PageTextImporterFixture(byline: "Interview").parse().summary?.hasPrefix("Interview\n\n")
                == true)
    }

    @Test("After the date, lines that look like a byline or a date are prose")
    func proseLikeDateline() throws {
        let prose = ["The ferry is at Bay View", "New Date: to be named", "Seen from Bay View Date: unknown"]
        let page = try PageTextImporterFixture(standfirst: prose).parse()
        #expect(page.summary == prose.joined(separator: "\n\n"))
        #expect(page.byline == "Tidewatch")
        #expect(page.warnings.isEmpty)
    }

    @Test(
        "Dates are Gregorian, in UTC",
        arguments: [
            ("1970-01-01 00:00:00", 0), ("1969-12-31 23:59:59", -1000),
            ("2000-02-29 12:00:00", 951_825_600_000),
            ("2024-12-31 23:59:59", 1_735_689_599_000), ("0001-01-01 00:00:00", -62_135_596_800_000),
            ("9999-12-31 23:59:59", 253_402_300_799_000),
        ] as [(String, Int64)])
    func date(text: String, milliseconds: Int64) throws {
        #expect(
            try PageTextImporterFixture(date: "Date:" + text).parse().sourceDateMilliseconds == milliseconds)
    }

    @Test(
        "An invalid date is left out with a warning",
        arguments: [
            "2026-02-29 10:00:00", "2100-02-29 10:00:00", "2026-13-01 10:00:00", "2026-00-01 10:00:00",
            "2026-04-31 10:00:00", "2026-04-00 10:00:00", "2026-04-01 24:00:00", "2026-04-01 10:60:00",
            "2026-04-01 10:00:60", "0000-01-01 00:00:00", "2026-04-01", "2026-4-1 10:00:00", "01.04.2026",
            "soon",
            "2026-04-01 10:00:00 EST", "２０26-04-01 10:00:00", "",
        ])
    func impossibleDate(text: String) throws {
        let apart = try PageTextImporterFixture(date: "Date:" + text).parse()
        #expect(apart.sourceDateMilliseconds == nil)
        #expect(apart.warnedLines == [4])
        #expect(apart.warnings.first?.detail.contains(text) == true)
        let together = try PageTextImporterFixture(byline: "Tidewatch View Date:" + text, date: nil).parse()
        #expect(together.byline == "Tidewatch")
        #expect(together.sourceDateMilliseconds == nil)
        #expect(together.warnedLines == [3])
    }

    @Test("A second date is dropped with a warning")
    func secondDate() throws {
        let page = try PageTextImporterFixture(standfirst: ["Date:2027-01-01 00:00:00"]).parse()
        #expect(page.sourceDateMilliseconds == Self.moment)
        #expect(page.warnedLines == [5])
    }

    @Test("The standfirst is plain text: paragraphs joined by a blank line, nothing escaped")
    func standfirst() throws {
        let page = try PageTextImporterFixture(standfirst: ["# It *blows*", "- hard", "1. very"]).parse()
        #expect(page.summary == "# It *blows*\n\n- hard\n\n1. very")
    }

    @Test("The standfirst ends at the key points or the first separator, and may be missing")
    func standfirstEnds() throws {
        #expect(try PageTextImporterFixture(standfirst: []).parse().summary == nil)
        let page = try PageTextImporterFixture(standfirst: ["One.", "Two."], keyPoints: []).parse()
        #expect(page.summary == "One.\n\nTwo.")
        #expect(page.keyPoints == [])
        #expect(page.updates.count == 2)
    }

    @Test(
        "Key points may have any of the headings",
        arguments: [
            "WHAT TO KNOW:", "WHAT TO KNOW", "What to know", "KEY DEVELOPMENTS", "Key developments :",
            "KEY POINTS:",
            "  key points\t",
        ])
    func keyPointsHeading(heading: String) throws {
        let page = try PageTextImporterFixture(keyPoints: [heading, "— One.", "— Two."]).parse()
        #expect(page.keyPoints == ["One.", "Two."])
        #expect(page.summary == "Follow the latest from the Orrin coast.")
        #expect(page.warnings.isEmpty)
    }

    @Test(
        "A key point begins with a dash or bullet, and keeps dashes in its text",
        arguments: ["—", "–", "-", "•"])
    func dashes(dash: String) throws {
        let page = try PageTextImporterFixture(keyPoints: ["KEY POINTS", dash + " One — or - two."]).parse()
        #expect(page.keyPoints == ["One — or - two."])
        #expect(page.warnings.isEmpty)
    }

    @Test("A line without a dash is a separate key point, with a warning")
    func noDash() throws {
        let page = try PageTextImporterFixture(keyPoints: [
            "KEY POINTS", "— One.", "Two.", "-5 degrees", "— Three.",
        ])
        .parse()
        #expect(page.keyPoints == ["One.", "Two.", "-5 degrees", "Three."])
        #expect(page.warnedLines == [8, 9])
    }

    @Test("An empty key point is dropped with a warning")
    func emptyKeyPoint() throws {
        let page = try PageTextImporterFixture(keyPoints: ["KEY POINTS", "—", "— One."]).parse()
        #expect(page.keyPoints == ["One."])
        #expect(page.warnedLines == [7])
    }

    @Test("A second list of key points is appended to the first, with a warning")
    func secondKeyPoints() throws {
        let page = try PageTextImporterFixture(keyPoints: ["KEY POINTS", "— One.", "What to know", "— Two."])
            .parse()
        #expect(page.keyPoints == ["One.", "Two."])
        #expect(page.warnedLines == [8])
    }
}
