extension PageTextImporter {
    /// Line 1 without its label: `Home > Contact<title> -<site>`.
    ///
    /// Nothing stands between the last crumb and the title, so only the clean title of line 2 can tell them
    /// apart; and since a title may hold ` - ` itself, only that title can tell where the site begins.
    struct Breadcrumb: Equatable {
        var section: [String]
        /// Crumb and title in one, where line 2 could not part them.
        var runOn: String?
        var site: String?

        /// The text after the label `Current:`; `nil` if the line is no breadcrumb.
        static func unlabelled(_ line: PageTextImporter.Line) -> Substring? {
            let label = "current:".utf8
            let (start, rest) = (line.text.utf8.prefix(label.count), line.text.utf8.dropFirst(label.count))
            guard start.lazy.map(PageTextImporter.Line.lowercased).elementsEqual(label) else { return nil }
            return PageTextImporter.Line.trim(Substring(rest))
        }

        /// Cuts the text around the title; `nil` if it is not there.
        init?(_ text: Substring, around title: Substring) {
            let titles = FoldedText(text).ranges(of: FoldedText(title))
            guard let title = titles.first(where: { Self.isCut(text[$0.upperBound...]) }) else { return nil }
            let site = Self.withoutMarks(text[title.upperBound...])
            section = Self.crumbs(text[..<title.lowerBound])
            self.site = site.isBlank ? nil : String(site)
        }

        /// Cuts the text by its marks alone, which leaves the last crumb and the title in one.
        init(guessing text: Substring) {
            let scalars = text.unicodeScalars
            let runOnStart = scalars.lastIndex(of: ">").map(scalars.index(after:)) ?? text.startIndex
            let (head, site) = Self.cutLastMark(PageTextImporter.Line.trim(text[runOnStart...]))
            section = Self.crumbs(text[..<runOnStart])
            runOn = head.isBlank ? nil : String(head)
            self.site = site.isBlank ? nil : String(site)
        }
    }
}

extension PageTextImporter.Breadcrumb {
    private typealias Line = PageTextImporter.Line

    private static func crumbs(_ text: Substring) -> [String] {
        text.unicodeScalars.split(separator: ">").map { Line.trim(Substring($0)) }
            .filter { !$0.isBlank }.map(String.init)
    }

    /// Whether what follows a title is the line's end, `×`, or a mark after white space: else the title is
    /// only the beginning of a longer one.
    private static func isCut(_ rest: Substring) -> Bool {
        // Default-ignorable characters, such as a soft hyphen, belong to the title.
        let scalars = rest.unicodeScalars.drop { $0.isBlank && !Line.isSpace($0) }
        guard let first = scalars.first, first != "×" else { return true }
        return Line.isSpace(first) && scalars.first { !Line.isSpace($0) }.map(isMark) == true
    }

    private static func withoutMarks(_ text: Substring) -> Substring {
        Substring(text.unicodeScalars.drop { isMark($0) || $0.isBlank })
    }

    /// Cuts at the last `×`, or the last dash after white space.
    private static func cutLastMark(_ text: Substring) -> (head: Substring, site: Substring) {
        let scalars = text.unicodeScalars
        let mark = scalars.indices.last { index in
            guard isMark(scalars[index]), index > scalars.startIndex else { return false }
            return scalars[index] == "×" || Line.isSpace(scalars[scalars.index(before: index)])
        }
        guard let mark else { return (text, "") }
        var head = scalars[..<mark]
        while let last = head.last, isMark(last) || Line.isSpace(last) { head.removeLast() }
        return (Substring(head), withoutMarks(text[mark...]))
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        ["-", "–", "—", "×"].contains(scalar)
    }
}
