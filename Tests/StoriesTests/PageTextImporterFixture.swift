// SPDX-License-Identifier: Apache-2.0
@testable import Stories

/// A page's text in parts with defaults, so that a test states only the part it is about.
struct PageTextImporterFixture {
    var breadcrumb: String? = "Current:Home > CoastStorm closes the harbour -Skerry Lantern"
    var title: String? = "Storm closes the harbour"
    var byline: String? = "Tidewatch View"
    var date: String? = "Date:2026-02-14 18:42:07"
    var standfirst = ["Follow the latest from the Orrin coast."]
    var keyPoints = ["WHAT TO KNOW:", "— The harbour is closed.", "— The ferry waits."]
    var updates = [["The ferry is in.", "Nobody was hurt."], ["The ferry waits."]]
    var tail = ["veryGood! (6)", "Related", "- A goose"]

    /// A page of only a breadcrumb and a title.
    static func head(breadcrumb: String?, title: String?) -> Self {
        Self(
            breadcrumb: breadcrumb, title: title, byline: nil, date: nil, standfirst: [], keyPoints: [],
            updates: [], tail: [])
    }

    /// A page with one update of these lines.
    static func update(_ lines: String..., tail: [String] = ["veryGood! (6)"]) -> Self {
        Self(updates: [lines], tail: tail)
    }

    var lines: [String] {
        let head = [breadcrumb, title, byline, date].compactMap(\.self)
        return head + standfirst + keyPoints + updates.flatMap { ["___"] + $0 } + tail
    }

    func parse() throws -> PageTextImporter {
        try PageTextImporter.parse(lines.joined(separator: "\n"))
    }

    /// The number of the first line equal to `line`.
    func number(of line: String) -> Int? {
        lines.firstIndex(of: line).map { $0 + 1 }
    }
}

extension PageTextImporter {
    /// The line numbers of the warnings.
    var warnedLines: [Int] { warnings.map(\.line) }

    /// The counts of reactions by the names of their kinds.
    var counts: [String: Int] {
        Dictionary(uniqueKeysWithValues: reactions.map { ($0.key.name, $0.value) })
    }
}
