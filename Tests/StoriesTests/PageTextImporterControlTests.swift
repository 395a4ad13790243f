// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Stories

/// Invisible and control characters, and files that are not plain text.
@Suite("Invisible characters in live pages")
struct PageTextImporterControlTests {
    private func read(_ text: String) throws -> (document: StoryDocument, report: ImportReport) {
        let (page, sourceMap) = try PageTextImporter.read(text)
        let read = StoryDocument.reading(page, sourceMap)
        #expect(read.document.errors().isEmpty)
        return read
    }

    @Test(
        "A line of invisible characters is blank anywhere in the page",
        arguments: [
            "\u{200B}", "\u{AD}", "\u{FEFF}", "\u{2060} \u{A0}", "\u{3164}", "\u{E0020}", "\u{B}",
            "\u{0}\u{9F}",
        ])
    func blankLines(blank: String) throws {
        let text =
            "Current:Home > XT -S\n\(blank)\nT\n\(blank)\nLead.\n\(blank)\nKEY POINTS\n— \(blank)\n— A.\n___\nOne.\n___\n"
            + "\(blank)\n___\nTwo.\n\(blank)\nveryGood! (1)\n\(blank)\nRelated\n- \(blank)\n- B."
        let (document, report) = try read(text)
        #expect(document.updates.map(\.content.body) == ["One.", "Two."])
        #expect(document.content.title == "T" && document.content.summary == "Lead.")
        #expect(document.content.keyPoints == ["A."] && document.links[.related].map(\.title) == ["B."])
        #expect(report.warnings.contains { $0.line == 8 } && report.warnings.contains { $0.line == 12 })
        #expect(report.warnings.contains { $0.line == 20 })
    }

    @Test(
        "A control character becomes a space, with a warning for its line",
        arguments: ["\u{0}", "\u{1}", "\u{8}", "\u{B}", "\u{C}", "\u{1B}", "\u{7F}", "\u{85}", "\u{9F}"])
    func controls(control: String) throws {
        let parts = [
            "Current:Home > Se*aSto*rm -Si*te", "Sto*rm", "An*a View", "Le*ad.", "WHAT TO KNOW:", "— Po*int.",
            "___",
            "One*two.", "veryGood! (6)", "Related", "- A* goose",
        ]
        for index in parts.indices where parts[index].contains("*") {
            var lines = parts.map { $0.replacing("*", with: " ") }
            lines[index] = parts[index].replacing("*", with: control)
            let (document, report) = try read(lines.joined(separator: "\n"))
            let (clean, cleanReport) = try read(
                parts.map { $0.replacing("*", with: " ") }.joined(separator: "\n"))
            #expect(document == clean, "line \(index + 1)")
            let value = try #require(control.unicodeScalars.first)
            let warning = ImportReport.Warning(line: index + 1, "a space stands for each \(value.codePoint)")
            #expect(Set(report.warnings) == Set(cleanReport.warnings + [warning]))
        }
    }

    @Test("Form feeds between pages and stray controls at line ends are harmless")
    func formFeeds() throws {
        let (document, report) = try read(
            "Current:XT -S\r\nT\r\n___\u{C}\r\n\u{C}One.\u{B}\r\n___\r\nTwo.\u{0}")
        #expect(document.updates.map(\.content.body) == ["One.", "Two."])
        #expect(report.warnings.map(\.line) == [3, 4, 6])
    }

    @Test(
        "Replacing a tab or a Unicode line separator in a single-line member is reported",
        arguments: ["\t", "\u{2028}"])
    func layout(mark: String) throws {
        let text =
            "Current:Ho*me > BaySt*orm -Si*te\nSt*orm\nA*na View\nLe*ad.\nKEY POINTS\n— A*b\n___\nOne*two.\nRanking\n- C*d"
        let (document, report) = try read(text.replacing("*", with: mark))
        let content = document.content
        #expect(
            content.title == "St orm" && content.section == ["Ho me", "Bay"]
                && content.source?.name == "Si te")
        #expect(content.byline == "A na" && content.keyPoints == ["A b"])
        #expect(document.links[.ranking].map(\.title) == ["C d"])
        // Members of several lines keep them.
        #expect(content.summary == "Le\(mark)ad." && document.updates[0].content.body == "One\(mark)two.")
        #expect(Set(report.warnings.compactMap(\.line)).isSuperset(of: [1, 2, 3, 6, 10]))
    }

    @Test("Without a site the date goes with the byline, or is left out with a warning")
    func dates() throws {
        let date = "Date:2026-02-14 18:42:07"
        for first in ["Current:Home > CoastStorm\n", ""] {
            let offset = first.isEmpty ? 0 : 1
            let (signed, report) = try read("\(first)Storm\nTidewatch View\n\(date)\nLead.\n___\nOne.")
            #expect(signed.content.source?.name == "Tidewatch")
            #expect(signed.content.source?.date == Timestamp("2026-02-14T18:42:07Z"))
            #expect(report.warnings.contains { $0.line == 3 + offset && $0.detail.contains("no site") })
            let (bare, left) = try read("\(first)Storm\nView\n\(date)\nLead.\n___\nOne.")
            #expect(bare.content.source == nil)
            let warning = left.warnings.first { $0.line == 3 + offset }
            #expect(warning?.detail.hasPrefix("left out the date") == true)
        }
        let (sited, report) = try read("Current:HomeStorm -Site\nStorm\nView\n\(date)\n___\nOne.")
        #expect(sited.content.source?.date != nil && report.warnings.isEmpty)
    }

    @Test(
        "Titles match regardless of invisible characters and Unicode composition",
        arguments: [
            ("Nach\u{AD}richten", "Nachrichten"), ("Nachrichten", "Nach\u{AD}rich\u{AD}ten"),
            ("Storm", "Storm\u{AD}"),
            ("Storm\u{AD}", "Storm"), ("\u{200B}Storm", "Storm"), ("Caf\u{E9}", "Cafe\u{301}"),
            ("Cafe\u{301}", "Caf\u{E9}"), ("Love \u{2764}\u{FE0F}", "Love \u{2764}"), ("a\u{2060}b", "ab"),
        ])
    func titles(inCrumb: String, alone: String) throws {
        let page = try PageTextImporter.parse("Current:Home > Coast\(inCrumb) -Site\n\(alone)\n___\nOne.")
        #expect(page.section == ["Home", "Coast"] && page.sourceName == "Site")
        #expect(page.warnings.isEmpty)
    }

    @Test("A title that differs by a combining mark does not match")
    func marks() throws {
        let page = try PageTextImporter.parse("Current:Home > CoastCaf\u{E9} -Site\nCafe\n___\nOne.")
        #expect(page.warnings.map(\.line) == [1])
    }

    @Test("A list that is too long is cut, with a warning for each entry left out")
    func cuts() throws {
        let points = (1...22).map { "— Point \($0)." }
        let titles = (1...51).map { "- Title \($0)" }
        let lines = ["Current:XT -S", "T", "KEY POINTS"] + points + ["___", "One.", "Related"] + titles
        let report = try read(lines.joined(separator: "\n")).report
        #expect(report.warnings.map(\.line) == [24, 25, 79])
    }

    @Test("Validation errors name the line in the page")
    func errors() throws {
        func errors(_ lines: [String]) throws -> [ValidationError] {
            let (page, sourceMap) = try PageTextImporter.read(lines.joined(separator: "\n"))
            return StoryDocument.reading(page, sourceMap).document.errors(in: sourceMap)
        }
        let long = String(repeating: "x", count: 1_001)
        let front = [
            "Current:Home > Coast\(long) -S\(long)", "", long, "\(long) View", "Date:2026-02-14 18:42:07",
        ]
        let body = [
            "Lead.", "KEY POINTS", "— A.", "— \(long)", "___", "One.", "___",
            String(repeating: "y ", count: 40_000),
        ]
        let found = try errors(
            front + body + ["veryGood! (6)", "sad! (1000000000001)", "Related", "- A", "- \(long)"])
        #expect(found.allSatisfy { $0.pointer.isEmpty })
        let lines = [
            (3, "the title"), (4, "the byline"), (9, "the key point"), (1, "the site's name"),
            (13, "the update"), (18, "the title in the list"), (15, "the count"),
        ]
        for (line, part) in lines {
            #expect(
                found.contains { $0.detail.hasPrefix("breaks a rule in line \(line): \(part) must be") },
                "\(part)")
        }
        #expect(found.count == lines.count)
    }

    @Test(
        "Other file formats are recognized and rejected",
        arguments: [
            ("<!DOCTYPE html><html>", .html), ("\u{FEFF}\n <html lang=en>", .html),
            ("<?xml version=\"1.0\"?>", .html),
            ("<!-- saved from url -->", .html), ("<DIV class=a>", .html), ("<p>Storm</p>", .html),
            ("{\\rtf1\\ansi", .richText), ("%PDF-1.7", .pdf), ("{\"story\": {}}", .json),
            ("{\n\"a\": 1}", .json),
            ("From: <Saved by Blink>", .webArchive), ("MIME-Version: 1.0", .webArchive),
        ] as [(String, PageTextImporter.OtherForm)])
    func otherForms(text: String, form: PageTextImporter.OtherForm) {
        #expect(throws: PageTextImporter.ParseError.notText(form)) {
            try PageTextImporter.parse(text + "\n___\nOne.")
        }
    }

    @Test(
        "A title may contain angle brackets, braces or brackets",
        arguments: [
            "<name withheld> resigns", "<3 Valentine", "[Live] Storm", "{Storm}", "<Ministry> says", "< p >",
        ])
    func bracketTitles(title: String) throws {
        #expect(try PageTextImporter.parse(title + "\n___\nOne.").title == title)
    }
}
