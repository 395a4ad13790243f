// SPDX-License-Identifier: Apache-2.0
import Stories
import Testing

@Suite("A live page's updates and tail")
struct PageTextImporterUpdatesTests {
    @Test("Three or more underscores begin an update, with or without white space around them")
    func separators() throws {
        let page = try PageTextImporter.parse(
            "Current:HomeStorm\nStorm\n___\nOne.\n __________\t\nTwo.\n____\nThree.")
        #expect(page.updates == ["One.", "Two.", "Three."])
        #expect(page.warnings.isEmpty)
    }

    @Test("Two underscores, or underscores followed by text, are text")
    func notSeparators() throws {
        let page = try PageTextImporterFixture.update("__", "___ a").parse()
        #expect(page.updates == ["__\n\n___ a"])
    }

    @Test("An empty update is dropped, with a warning for its separator")
    func emptyUpdate() throws {
        let page = try PageTextImporter.parse(
            "Current:HomeStorm\nStorm\n___\n\n___\nOne.\n___\nveryGood! (6)")
        #expect(page.updates == ["One."])
        #expect(page.warnedLines == [3, 7])
    }

    @Test("Sub-headings inside an update are paragraphs, even key points' headings")
    func subheadings() throws {
        let page = try PageTextImporterFixture.update("One.", "WHAT TO KNOW:", "What the tugs can do", "Two.")
            .parse()
        #expect(page.updates == ["One.\n\nWHAT TO KNOW:\n\nWhat the tugs can do\n\nTwo."])
        #expect(page.warnings.isEmpty)
    }

    @Test("A page may have a tail but no updates")
    func noUpdates() throws {
        let page = try PageTextImporterFixture(updates: []).parse()
        #expect(page.updates == [])
        #expect(page.keyPoints.count == 2)
        #expect(page.counts == ["veryGood": 6])
        #expect(page.warnings.isEmpty)
    }

    // MARK: Reactions

    @Test(
        "A reaction is a kind made of letters, and a count",
        arguments: [
            ("veryGood! (6)", "veryGood", 6), ("veryGood!(6)", "veryGood", 6), (" sad !  ( 12 ) ", "sad", 12),
            ("sad! (0)", "sad", 0), ("veryGood! (1,208)", "veryGood", 1208),
            ("veryGood! (1.234.567)", "veryGood", 1_234_567),
            ("veryGood! (1 208)", "veryGood", 1208), ("veryGood! (1\u{202F}208)", "veryGood", 1208),
            ("veryGood! (9223372036854775807)", "veryGood", .max),
        ] as [(String, String, Int)])
    func reaction(line: String, kind: String, count: Int) throws {
        let page = try PageTextImporterFixture(tail: [line]).parse()
        #expect(page.counts == [kind: count])
        #expect(page.updates.count == 2)
        #expect(page.warnings.isEmpty)
    }

    @Test(
        "Lines that only resemble a reaction are text",
        arguments: [
            "Very good! (6)", "veryGood (6)", "veryGood! 6", "veryGood! (six)", "veryGood! (1.5)", "! (6)",
            "veryGood! ()",
            "veryGood! (-6)", "veryGood! (1,,208)", "veryGood! (1234,567)",
        ])
    func notReaction(line: String) throws {
        let page = try PageTextImporterFixture.update(line, tail: []).parse()
        #expect(page.counts == [:])
        #expect(page.updates == [line])
    }

    @Test(
        "An invalid kind of reaction is dropped with a warning",
        arguments: ["très", "veryGood\u{345}", String(repeating: "a", count: 33)])
    func unknownKind(kind: String) throws {
        let page = try PageTextImporterFixture(tail: ["\(kind)! (1)", "sad! (2)"]).parse()
        #expect(page.counts == ["sad": 2])
        #expect(page.warnings.map(\.detail).allSatisfy { $0.contains("a kind of reaction is") })
        #expect(page.warnedLines.count == 1)
    }

    @Test("A count that overflows is dropped with a warning")
    func hugeCount() throws {
        let page = try PageTextImporterFixture(tail: ["veryGood! (9,223,372,036,854,775,808)", "sad! (2)"])
            .parse()
        #expect(page.counts == ["sad": 2])
        #expect(page.warnedLines.count == 1)
    }

    @Test("Several kinds may follow one another; a repeated kind is dropped with a warning")
    func severalReactions() throws {
        let page = try PageTextImporterFixture(tail: ["veryGood! (6)", "sad! (2)", "veryGood! (7)"]).parse()
        #expect(page.counts == ["veryGood": 6, "sad": 2])
        #expect(page.warnings.map(\.detail) == ["left out “veryGood! (7)”: the kind has its count already"])
    }

    @Test("A line like a reaction within an update stays text, with a warning")
    func reactionWithinUpdate() throws {
        let page = try PageTextImporterFixture(updates: [
            ["Goal! (2)", "Orrin leads."], ["Off!", "Goal! (1)", "One up."],
        ]).parse()
        #expect(page.updates == ["Goal! (2)\n\nOrrin leads.", "Off!\n\nGoal! (1)\n\nOne up."])
        #expect(page.counts == ["veryGood": 6])
        #expect(page.warnedLines == [10, 14])
    }

    // MARK: Lists

    @Test("Lists come in any order, bulleted or not; headings in any case, with or without colon")
    func lists() throws {
        let tail = [
            "veryGood! (6)", "RECOMMENDATION:", "A", "– B", "ranking", "- C", "Related :", "• D", "E - F",
        ]
        let page = try PageTextImporterFixture(tail: tail).parse()
        #expect(page.recommendation == ["A", "B"])
        #expect(page.ranking == ["C"])
        #expect(page.related == ["D", "E - F"])
        #expect(page.warnings.isEmpty)
    }

    @Test("Each list may be missing or empty", arguments: ["Related", "Ranking", "Recommendation"])
    func oneList(heading: String) throws {
        let page = try PageTextImporterFixture(tail: ["veryGood! (6)", heading, "- A"]).parse()
        #expect(page.related + page.ranking + page.recommendation == ["A"])
        let empty = try PageTextImporterFixture(tail: ["veryGood! (6)", heading]).parse()
        #expect(empty.related + empty.ranking + empty.recommendation == [])
        #expect(empty.warnings.isEmpty)
    }

    @Test("A repeated list is appended to the first, with a warning")
    func listTwice() throws {
        let fixture = PageTextImporterFixture(tail: [
            "veryGood! (6)", "Related", "- A", "Ranking", "- B", "related:", "- C",
        ])
        let page = try fixture.parse()
        #expect(page.related == ["A", "C"])
        #expect(page.ranking == ["B"])
        #expect(page.warnedLines == [fixture.number(of: "related:")])
    }

    @Test("An exact repeat within a list is dropped, with a warning that names the first line")
    func repeats() throws {
        let tail = [
            "veryGood! (6)", "Related", "- A goose", "- a goose", "- A goose", "Ranking", "- A goose",
        ]
        let page = try PageTextImporterFixture(tail: tail).parse()
        #expect(page.related == ["A goose", "a goose"])
        #expect(page.ranking == ["A goose"])
        #expect(
            page.warnings == [
                PageTextImporter.Warning(line: 18, detail: "left out “- A goose”: it repeats line 16")
            ])
    }

    @Test("Empty items and text outside of lists are dropped with warnings")
    func droppedTail() throws {
        let fixture = PageTextImporterFixture(tail: ["veryGood! (6)", "Share this", "Related", "-", "- A"])
        let page = try fixture.parse()
        #expect(page.updates.count == 2)
        #expect(page.related == ["A"])
        #expect(page.warnedLines == ["Share this", "-"].map { fixture.number(of: $0) ?? 0 })
    }

    // MARK: Where the tail begins

    @Test("A paragraph that reads Related does not end the updates")
    func relatedWithinUpdate() throws {
        let fixture = PageTextImporterFixture(updates: [
            ["One.", "Related", "- Two."], ["Three.", "Ranking", "Four."],
        ])
        let page = try fixture.parse()
        #expect(page.updates == ["One.\n\nRelated\n\n\\- Two.", "Three.\n\nRanking\n\nFour."])
        #expect(page.related == ["A goose"])
        #expect(page.warnedLines == ["Related", "Ranking"].map { fixture.number(of: $0) ?? 0 })
    }

    @Test("Without a reaction the tail begins at the first heading over bullets after the last separator")
    func listsWithoutReaction() throws {
        let fixture = PageTextImporterFixture(
            updates: [["One.", "Related", "- Two."], ["Ranking", "Three."]],
            tail: ["Related", "- A", "Recommendation", "B"])
        let page = try fixture.parse()
        #expect(page.updates == ["One.\n\nRelated\n\n\\- Two.", "Ranking\n\nThree."])
        #expect(page.related == ["A"])
        #expect(page.recommendation == ["B"])
    }

    @Test("Without reaction and bullets a list is ambiguous and stays text, with a warning")
    func undecidableList() throws {
        let fixture = PageTextImporterFixture(updates: [["One."]], tail: ["Recommendation", "A"])
        let page = try fixture.parse()
        #expect(page.updates == ["One.\n\nRecommendation\n\nA"])
        #expect(page.warnedLines == [fixture.number(of: "Recommendation")])
    }

    @Test("Of two reactions before a list's heading the last one begins the tail")
    func lastReactionBeforeList() throws {
        let fixture = PageTextImporterFixture(updates: [
            ["One.", "Goal! (2)", "Ranking", "Two."], ["Three."],
        ])
        let page = try fixture.parse()
        #expect(page.updates == ["One.\n\nGoal! (2)\n\nRanking\n\nTwo.", "Three."])
        #expect(page.counts == ["veryGood": 6])
        #expect(page.warnedLines == ["Goal! (2)", "Ranking"].map { fixture.number(of: $0) ?? 0 })
    }

    @Test("An update after a reaction and a list is kept")
    func updateAfterList() throws {
        let page = try PageTextImporterFixture(tail: ["Goal! (2)", "Ranking", "- A", "___", "Three."]).parse()
        #expect(page.updates.count == 3)
        #expect(page.updates.last == "Three.")
        #expect(page.counts == [:])
        #expect(page.ranking == [])
    }

    @Test("A reaction begins the tail even if text outside any list follows")
    func reactionBeforeText() throws {
        let page = try PageTextImporterFixture(tail: ["veryGood! (6)", "Share this", "Related", "A"]).parse()
        #expect(page.updates.count == 2)
        #expect(page.counts == ["veryGood": 6])
        #expect(page.related == ["A"])
        #expect(page.warnings.count == 1)
    }

    @Test("A reaction before lists begins the tail despite separators between and after")
    func separatorInTail() throws {
        let page = try PageTextImporterFixture(tail: ["veryGood! (6)", "___", "Related", "- A", "___"])
            .parse()
        #expect(page.updates.count == 2)
        #expect(page.counts == ["veryGood": 6])
        #expect(page.related == ["A"])
        #expect(page.warnings.count == 2)
    }
}
