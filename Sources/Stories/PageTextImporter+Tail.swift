// SPDX-License-Identifier: Apache-2.0
extension PageTextImporter.Reader {
    /// Index of the tail, where the updates end and the reactions and lists begin.
    ///
    /// “Related” and “Goal! (2)” may also be paragraphs of an update, so a line's form is not sufficient. The tail begins at
    /// 1. the last run of reactions that is followed by a list heading or the end, if every later separator is, too;
    /// 2. otherwise, the first reaction after the last separator;
    /// 3. otherwise, the first list heading after the last separator that is followed by a bulleted line.
    ///
    /// So a list can never absorb an update. An update may absorb lists, where a page without reactions is ambiguous; a
    /// warning names every line that resembles the tail and was kept as text.
    static func tailStart(in lines: ArraySlice<PageTextImporter.Line>) -> Int {
        if let reaction = reactionsBeforeLists(in: lines) { return reaction }
        let afterSeparator = lines.lastIndex(where: \.isSeparator).map { $0 + 1 } ?? lines.startIndex
        let lastPart = lines[afterSeparator...]
        if let reaction = lastPart.firstIndex(where: { $0.reaction != nil }) { return reaction }
        let heading = zip(lastPart.indices, lastPart.indices.dropFirst()).first { heading, item in
            lines[heading].list != nil && lines[item].bulleted != nil
        }
        return heading?.0 ?? lines.endIndex
    }

    /// The first of the reactions of rule 1. Scans backwards.
    private static func reactionsBeforeLists(in lines: ArraySlice<PageTextImporter.Line>) -> Int? {
        var found: Int?
        var isBeforeLists = true
        for index in lines.indices.reversed() {
            let line = lines[index]
            if line.reaction != nil {
                if isBeforeLists { found = index }
            } else if found != nil || line.isSeparator && !isBeforeLists {
                break
            } else if !line.isSeparator {
                isBeforeLists = line.list != nil
            }
        }
        return found
    }

    /// Parses the reactions and the lists.
    mutating func readTail(_ lines: ArraySlice<PageTextImporter.Line>) {
        var seen = SeenTitles()
        for line in lines {
            if line.isSeparator {
                drop(line, because: "no update can follow here")
            } else if let reaction = line.reaction {
                read(reaction, of: line)
            } else if let list = line.list {
                mark(line, .listHeading(list))
                if !seen.begin(list) { warn(line, "a second list of this name joins the first") }
            } else {
                readItem(line, into: &seen)
            }
        }
    }

    private mutating func read(_ reaction: PageTextImporter.Line.Reaction, of line: PageTextImporter.Line) {
        guard let kind = ReactionKind(String(reaction.kind)) else {
            return drop(line, because: "a kind of reaction is named by at most 32 letters of ASCII")
        }
        guard let count = reaction.count else { return drop(line, because: "the count is too large") }
        guard page.reactions[kind] == nil else {
            return drop(line, because: "the kind has its count already")
        }
        page.reactions[kind] = count
        mark(line, .reaction)
    }

    private mutating func readItem(_ line: PageTextImporter.Line, into seen: inout SeenTitles) {
        guard let list = seen.list else { return drop(line, because: "it stands in no list") }
        let text = line.bulleted ?? line.text
        guard !text.isBlank else { return drop(line, because: "the title is empty") }
        let title = member(text, of: line)
        if let first = seen.add(title, line: line.number) {
            return drop(line, because: "it repeats line \(first)")
        }
        page[keyPath: list.titles].append(title)
        mark(line, .listItem(list))
    }
}

/// The titles of the lists so far, each with its first line.
private struct SeenTitles {
    private(set) var list: PageTextImporter.List?
    private var lines: [PageTextImporter.List: [[UInt8]: Int]] = [:]

    /// Begins a list; `false` if it occurred before.
    mutating func begin(_ list: PageTextImporter.List) -> Bool {
        self.list = list
        guard lines[list] == nil else { return false }
        lines[list] = [:]
        return true
    }

    /// Adds a title to the list; for a duplicate, returns the line of the first.
    mutating func add(_ title: String, line: Int) -> Int? {
        guard let list else { return nil }
        // Keyed by bytes: comparing strings by canonical equivalence is expensive, and only exact duplicates are dropped.
        let bytes = Array(title.utf8)
        if let first = lines[list]?[bytes] { return first }
        lines[list]?[bytes] = line
        return nil
    }
}
