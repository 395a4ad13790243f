// SPDX-License-Identifier: Apache-2.0
extension PageTextImporter {
    /// Single-pass parser from top to bottom: title, front matter, updates, tail. Assigns a role to each line.
    struct Reader {
        var page = PageTextImporter(title: "")
        private(set) var roles: [LineRole]
        /// The lines that are not blank.
        let lines: [Line]

        private init(_ text: String) {
            let all = Line.lines(of: text)
            roles = Array(repeating: .blank, count: all.count)
            lines = all.filter { !$0.isBlank }
            for line in all where !line.controls.isEmpty { warnOfSpaces(for: line.controls, in: line) }
        }

        static func read(_ text: String) throws(ParseError) -> Reader {
            var reader = Reader(text)
            if let first = reader.lines.first, let form = OtherForm(firstLine: first) { throw .notText(form) }
            let body = try reader.readTitle()
            let tail = tailStart(in: body)
            let front = body[..<tail].prefix { !$0.isSeparator }
            reader.readFront(front)
            reader.readUpdates(body[front.endIndex..<tail])
            reader.readTail(body[tail...])
            reader.page.warnings.sort { $0.line < $1.line }
            return reader
        }

        mutating func mark(_ line: Line, _ role: LineRole) {
            roles[line.number - 1] = role
        }

        mutating func warn(_ line: Line, _ detail: String) {
            page.warnings.append(Warning(line: line.number, detail: detail))
        }

        /// Omits a line, with a warning that quotes its beginning.
        mutating func drop(_ line: Line, because reason: String) {
            mark(line, .dropped)
            warn(line, "left out “\(Self.excerpt(line.text))”: \(reason)")
        }

        /// The text as a single-line member: line separators and tabs become spaces.
        mutating func member(_ text: Substring, of line: Line) -> String {
            let layout = text.unicodeScalars.filter(Line.isLayout)
            guard !layout.isEmpty else { return String(text) }
            warnOfSpaces(for: Line.different(Array(layout)), in: line)
            return String(Line.spaced(text, Line.isLayout))
        }

        private mutating func warnOfSpaces(for scalars: [Unicode.Scalar], in line: Line) {
            let names = scalars.prefix(8).map(\.codePoint).joined(separator: ", ")
            warn(line, "a space stands for each \(names)\(scalars.count > 8 ? " and others" : "")")
        }

        /// The beginning of a text, so that the report stays about as small as the page.
        static func excerpt(_ text: some StringProtocol) -> String {
            let longest = 80
            let beginning = text.unicodeScalars.prefix(longest)
            let excerpt = String(String.UnicodeScalarView(beginning))
            return beginning.endIndex == text.endIndex ? excerpt : excerpt + "…"
        }
    }
}

extension PageTextImporter.Reader {
    private typealias Breadcrumb = PageTextImporter.Breadcrumb

    /// Parses breadcrumb and title; returns the remaining lines.
    fileprivate mutating func readTitle() throws(PageTextImporter.ParseError) -> ArraySlice<
        PageTextImporter.Line
    > {
        guard let first = lines.first else { throw .empty }
        guard let crumbs = Breadcrumb.unlabelled(first) else {
            try readTitleWithoutBreadcrumb(first)
            return lines.dropFirst()
        }
        mark(first, .breadcrumb)
        if let second = lines.dropFirst().first,
            readTitle(second, in: crumbs) || guessTitle(second, in: crumbs)
        {
            return lines.dropFirst(2)
        }
        try readTitle(fromBreadcrumb: crumbs)
        return lines.dropFirst()
    }

    /// The regular case: line 2 is the title, and line 1 has it between breadcrumb and site.
    private mutating func readTitle(_ line: PageTextImporter.Line, in crumbs: Substring) -> Bool {
        guard !line.isSeparator, !line.text.hasSameBytes(as: "View"),
            let breadcrumb = Breadcrumb(crumbs, around: line.text)
        else { return false }
        mark(line, .title)
        take(breadcrumb, title: line.text, of: line)
        return true
    }

    /// Line 2 is a title, but another than in line 1: line 2 wins.
    private mutating func guessTitle(_ line: PageTextImporter.Line, in crumbs: Substring) -> Bool {
        guard !line.isFrame else { return false }
        let breadcrumb = Breadcrumb(guessing: crumbs)
        mark(line, .title)
        take(breadcrumb, title: line.text, of: line)
        if let runOn = breadcrumb.runOn {
            let excerpt = Self.excerpt(runOn)
            warn(lines[0], "left out “\(excerpt)”: it does not hold the title of line \(line.number)")
        }
        return true
    }

    /// Line 2 is not a title: falls back to line 1, including the last breadcrumb entry.
    private mutating func readTitle(fromBreadcrumb crumbs: Substring) throws(PageTextImporter.ParseError) {
        let breadcrumb = Breadcrumb(guessing: crumbs)
        guard let runOn = breadcrumb.runOn else { throw .noTitle(line: lines[0].number) }
        take(breadcrumb, title: runOn[...], of: lines[0])
        warn(lines[0], "no line with the title alone follows, so the title may begin with the last crumb")
    }

    private mutating func readTitleWithoutBreadcrumb(_ line: PageTextImporter.Line) throws(PageTextImporter
        .ParseError)
    {
        // A first line that merely ends in “View” may be a title; the label alone is not.
        let isFrame = line.isFrame && (line.dateline?.byline?.isBlank ?? true)
        guard !isFrame else { throw .noTitle(line: line.number) }
        mark(line, .title)
        page.title = member(line.text, of: line)
        warn(line, "no breadcrumb line (“Current:…”) before the title: section and site are unknown")
    }

    private mutating func take(_ breadcrumb: Breadcrumb, title: Substring, of line: PageTextImporter.Line) {
        page.title = member(title, of: line)
        page.section = breadcrumb.section.map { member($0[...], of: lines[0]) }
        page.sourceName = breadcrumb.site.map { member($0[...], of: lines[0]) }
    }
}
