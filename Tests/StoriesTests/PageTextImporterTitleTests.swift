// SPDX-License-Identifier: Apache-2.0
import Stories
import Testing

@Suite("A live page's first lines")
struct PageTextImporterTitleTests {
    /// Line 1, the title on line 2, and what line 1 holds besides it.
    struct Case: Sendable, CustomTestStringConvertible {
        var breadcrumb: String
        var title: String
        var section: [String]
        var site: String?
        var testDescription: String { breadcrumb }
    }

    @Test(
        "The title on line 2 separates crumbs and site on line 1",
        arguments: [
            Case(
                breadcrumb: "Current:Home > CoastStorm -Lantern", title: "Storm", section: ["Home", "Coast"],
                site: "Lantern"),
            Case(
                breadcrumb: "Current:HomeStorm -Lantern", title: "Storm", section: ["Home"], site: "Lantern"),
            Case(breadcrumb: "Current:Storm -Lantern", title: "Storm", section: [], site: "Lantern"),
            Case(
                breadcrumb: "current: home > sea > coastStorm -Lantern", title: "Storm",
                section: ["home", "sea", "coast"], site: "Lantern"),
            Case(
                breadcrumb: "Current:HomeStorm - The Skerry Lantern", title: "Storm", section: ["Home"],
                site: "The Skerry Lantern"),
            Case(
                breadcrumb: "Current:HomeStorm ×The Skerry Lantern", title: "Storm", section: ["Home"],
                site: "The Skerry Lantern"),
            Case(breadcrumb: "Current:HomeStorm×Lantern", title: "Storm", section: ["Home"], site: "Lantern"),
            Case(
                breadcrumb: "Current:HomeStorm × - × Lantern", title: "Storm", section: ["Home"],
                site: "Lantern"),
            Case(
                breadcrumb: "Current:HomeStorm -Skerry-Lantern", title: "Storm", section: ["Home"],
                site: "Skerry-Lantern"),
            Case(breadcrumb: "Current:HomeStorm", title: "Storm", section: ["Home"], site: nil),
            Case(breadcrumb: "Current:HomeStorm -", title: "Storm", section: ["Home"], site: nil),
            Case(
                breadcrumb: "Current:HomeStorm - day 2 -Lantern", title: "Storm - day 2", section: ["Home"],
                site: "Lantern"),
            Case(
                breadcrumb: "Current:HomeRun-up -Lantern", title: "Run-up", section: ["Home"], site: "Lantern"
            ),
            Case(
                breadcrumb: "Current:Home > CoastA > B -Lantern", title: "A > B", section: ["Home", "Coast"],
                site: "Lantern"),
            Case(breadcrumb: "Current:NewsNews -News", title: "News", section: ["News"], site: "News"),
            Case(breadcrumb: "Current:HaHaHa -Lantern", title: "HaHa", section: ["Ha"], site: "Lantern"),
            Case(
                breadcrumb: "Current:HomeA Room with a View -Lantern", title: "A Room with a View",
                section: ["Home"], site: "Lantern"),
            Case(
                breadcrumb: "Current:HomeRelated -Lantern", title: "Related", section: ["Home"],
                site: "Lantern"),
        ])
    func breadcrumb(example: Case) throws {
        let page = try PageTextImporterFixture(breadcrumb: example.breadcrumb, title: example.title).parse()
        #expect(page.title == example.title)
        #expect(page.section == example.section)
        #expect(page.sourceName == example.site)
        #expect(page.byline == "Tidewatch")
        #expect(page.warnings.isEmpty)
    }

    @Test("Line 1 may differ from line 2 in quotes and white space; line 2 is kept")
    func looseComparison() throws {
        let title = "It’s “over”: the storm\u{A0}ends"
        let page = try PageTextImporterFixture(
            breadcrumb: "Current:Home > CoastIt's \"over\":  the storm ends -Lantern", title: title
        ).parse()
        #expect(page.title == title)
        #expect(page.section == ["Home", "Coast"])
        #expect(page.sourceName == "Lantern")
        #expect(page.warnings.isEmpty)
    }

    @Test("Without a breadcrumb the first line is the title, with a warning")
    func noBreadcrumb() throws {
        let page = try PageTextImporterFixture(breadcrumb: nil).parse()
        #expect(page.title == "Storm closes the harbour")
        #expect(page.section == [])
        #expect(page.sourceName == nil)
        #expect(page.byline == "Tidewatch")
        #expect(page.warnedLines == [1])
    }

    @Test("If line 1 has another title, line 2 wins, with a warning that quotes what was left out")
    func otherTitle() throws {
        let page = try PageTextImporterFixture(breadcrumb: "Current:Home > CoastCalm - at last -Lantern")
            .parse()
        #expect(page.title == "Storm closes the harbour")
        #expect(page.section == ["Home"])
        #expect(page.sourceName == "Lantern")
        #expect(page.warnedLines == [1])
        #expect(page.warnings.first?.detail.contains("“CoastCalm - at last”") == true)
    }

    @Test("A title longer than that of line 2 does not match")
    func longerTitle() throws {
        let page = try PageTextImporterFixture(breadcrumb: "Current:HomeStorms -Lantern", title: "Storm")
            .parse()
        #expect(page.title == "Storm")
        #expect(page.section == [])
        #expect(page.warnedLines == [1])
    }

    @Test(
        "Without a title line, the title is taken from line 1, with its last crumb",
        arguments: [
            "Tidewatch View", "View", "Date:2026-02-14 18:42:07", "WHAT TO KNOW:", "___", "veryGood! (6)",
            "Related:",
        ])
    func noTitleLine(second: String) throws {
        let page = try PageTextImporter.parse("Current:Home > CoastStorm × The Lantern\n\(second)\n- Text.")
        #expect(page.title == "CoastStorm")
        #expect(page.section == ["Home"])
        #expect(page.sourceName == "The Lantern")
        #expect(page.warnedLines.first == 1)
    }

    @Test("The label View alone is not a title, though a title may end in it")
    func bareView() throws {
        let page = try PageTextImporter.parse(
            "Current:Home > CoastA Room with a View -Lantern\nView\nDate:2026-02-14 18:42:07")
        #expect(page.title == "CoastA Room with a View")
        #expect(page.sourceDateMilliseconds != nil)
    }

    @Test("A title repeated before the standfirst is dropped with a warning")
    func repeatedTitle() throws {
        var fixture = PageTextImporterFixture(byline: "Storm  closes the harbour")
        #expect(try fixture.parse().warnedLines == [3])
        #expect(try fixture.parse().byline == nil)
        fixture = PageTextImporterFixture(standfirst: ["Storm closes the harbour", "It blows."])
        #expect(try fixture.parse().warnedLines == [5])
        #expect(try fixture.parse().summary == "It blows.")
    }
}
