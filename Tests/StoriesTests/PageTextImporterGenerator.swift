// SPDX-License-Identifier: Apache-2.0
import Support

@testable import Stories

/// A random page as text, and the parts it was made of.
struct GeneratedPage {
    private(set) var text = ""
    private(set) var page = PageTextImporter(title: "")
    private var lineEnd = "\n"

    init(using random: inout SeededGenerator) {
        lineEnd = random.pick("\n", "\n", "\r\n", "\r")
        text = random.pick("", "", "\u{FEFF}")
        addHead(using: &random)
        addDateline(using: &random)
        addFront(using: &random)
        addUpdates(using: &random)
        addReactions(using: &random)
        addLists(using: &random)
        if random.isLucky() { text.removeLast(lineEnd.unicodeScalars.count == 2 ? 1 : lineEnd.count) }
    }

    private mutating func add(_ line: String, using random: inout SeededGenerator) {
        text += random.pick("", "", "", " ", "\t") + line + random.pick("", "", "", " ", "\u{A0}") + lineEnd
        text += random.pick("", "", "", lineEnd, " " + lineEnd)
    }

    private mutating func addHead(using random: inout SeededGenerator) {
        page.title = random.phrase() + random.pick("", " - " + random.phrase(), "-up", ": “it’s”", " > b")
        page.section = (0..<Int.random(in: 1...3, using: &random)).map { _ in random.phrase() }
        page.sourceName = random.pick(nil, random.phrase(), random.phrase() + "-" + random.phrase())
        let mark = random.pick(" -", " - ", " ×", "× ", " – ", " × - ")
        let lineOneTitle = random.isLucky() ? page.title.replacing("“", with: "\"") : page.title
        let crumbs = page.section.joined(separator: random.pick(" > ", ">"))
        add("Current:" + crumbs + lineOneTitle + (page.sourceName.map { mark + $0 } ?? ""), using: &random)
        add(page.title, using: &random)
        if random.isLucky() { add(page.title, using: &random) }
    }

    private mutating func addDateline(using random: inout SeededGenerator) {
        page.byline = random.pick(nil, random.phrase())
        let hasDate = random.isLucky()
        let byline = page.byline.map { $0 + " View" } ?? random.pick("", "View")
        let date = hasDate ? "Date:" + random.pick("", " ") + "2026-02-14 18:42:07" : ""
        page.sourceDateMilliseconds = hasDate ? 1_771_094_527_000 : nil
        if random.isLucky() {
            add(byline + random.pick("", " ") + date, using: &random)
        } else {
            add(byline, using: &random)
            add(date, using: &random)
        }
    }

    private mutating func addFront(using random: inout SeededGenerator) {
        let standfirst = random.sentences(0...2)
        page.summary = standfirst.isEmpty ? nil : standfirst.joined(separator: "\n\n")
        standfirst.forEach { add($0, using: &random) }
        page.keyPoints = random.sentences(0...3)
        guard !page.keyPoints.isEmpty || random.isLucky() else { return }
        add(random.pick("WHAT TO KNOW:", "KEY DEVELOPMENTS", "What to know :", "key points"), using: &random)
        for point in page.keyPoints { add(random.pick("— ", "– ", "- ", "•\t", "") + point, using: &random) }
    }

    private mutating func addUpdates(using random: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            var lines = random.sentences(0...4)
            if let last = lines.popLast() {
                let extra = random.pick(
                    [], [], ["Related"], ["Goal! (2)"], ["KEY POINTS"], ["- a *b* c", "# d", "1. e"])
                lines += extra + [last]
            }
            add(random.pick("___", "____", "_______________"), using: &random)
            lines.forEach { add($0, using: &random) }
            guard !lines.isEmpty else { continue }
            page.updates.append(
                lines.map { PageTextImporter.Paragraph($0[...]).commonMark }.joined(separator: "\n\n"))
        }
    }

    private mutating func addReactions(using random: inout SeededGenerator) {
        add(random.pick("veryGood! (1,208)", "veryGood!(1208)", "veryGood! ( 1 208 )"), using: &random)
        page.reactions[.veryGood] = 1208
        guard random.isLucky() else { return }
        add("sad! (0)", using: &random)
        if let sad = ReactionKind("sad") { page.reactions[sad] = 0 }
    }

    private mutating func addLists(using random: inout SeededGenerator) {
        for list in (PageTextImporter.List.allCases + PageTextImporter.List.allCases).shuffled(using: &random)
            .prefix(4)
        {
            add(random.pick(list.rawValue, list.rawValue.uppercased()) + random.pick("", ":"), using: &random)
            for title in random.sentences(0...4) {
                for _ in 0..<random.pick(1, 1, 2) { add(random.pick("- ", "• ", "") + title, using: &random) }
                let isNew = !page[keyPath: list.titles].contains(title)
                if isNew { page[keyPath: list.titles].append(title) }
            }
        }
    }
}

extension SeededGenerator {
    mutating func isLucky() -> Bool { Bool.random(using: &self) }

    mutating func pick<Value>(_ first: Value, _ others: Value...) -> Value {
        others.indices.randomElement(using: &self).flatMap { isLucky() ? others[$0] : nil } ?? first
    }

    /// Two made-up words with a number, so that phrases rarely collide and never contain the page's markers.
    mutating func phrase() -> String {
        let words = ["gull", "mole", "Tarn", "océan", "buoy", "Hallow"]
        return "\(words.randomElement(using: &self) ?? "") \(Int.random(in: 0..<10_000, using: &self)) mi’s"
    }

    mutating func sentences(_ counts: ClosedRange<Int>) -> [String] {
        (0..<Int.random(in: counts, using: &self)).map { _ in
            phrase() + pick(".", " & co. * 5 said “so”.", " U.S. 1950-53", "? [sic] a_b_c", "!", " (6)")
        }
    }
}
