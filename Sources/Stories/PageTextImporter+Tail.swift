extension PageTextImporter.Reader {
    /// Where the updates end and the reactions and lists begin.
    ///
    /// “Related” and “Goal! (2)” may also be paragraphs of an update, so a line's look does not decide. The
    /// tail begins at
    /// 1. the last run of reactions that a list's heading or the page's end follows, if every separator
    ///    from there on is followed so too;
    /// 2. without one, the first reaction after the last separator;
    /// 3. without one, the first list's heading after the last separator that a bulleted line follows.
    ///
    /// So no list can swallow an update. An update may swallow lists, where a page without reactions leaves
    /// the choice open; whatever looks like the tail and is kept as text is named in a warning.
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

    /// The first of the reactions of rule 1. Looks from the page's end upward.
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

    /// Reads the reactions and the lists.
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

/// The titles of the lists so far, each with the line it first stood on.
private struct SeenTitles {
    private(set) var list: PageTextImporter.List?
    private var lines: [PageTextImporter.List: [[UInt8]: Int]] = [:]

    /// Goes on with a list; `false` if it was begun before.
    mutating func begin(_ list: PageTextImporter.List) -> Bool {
        self.list = list
        guard lines[list] == nil else { return false }
        lines[list] = [:]
        return true
    }

    /// Adds a title to the list; if it is there already, returns its line instead.
    mutating func add(_ title: String, line: Int) -> Int? {
        guard let list else { return nil }
        // By bytes: strings that look alike are costly to compare, and an exact repeat is one to the byte.
        let bytes = Array(title.utf8)
        if let first = lines[list]?[bytes] { return first }
        lines[list]?[bytes] = line
        return nil
    }
}
