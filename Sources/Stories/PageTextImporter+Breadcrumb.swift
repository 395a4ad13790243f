// SPDX-License-Identifier: Apache-2.0
extension PageTextImporter {
    /// Line 1 without its label: `Home > Contact<title> -<site>`.
    ///
    /// There is no separator between the last breadcrumb entry and the title, so the clean title of line 2 is needed to find
    /// it; and since a title may contain ` - `, also to find where the site begins.
    struct Breadcrumb: Equatable {
        var section: [String]
        /// Entry and title in one, if line 2 could not separate them.
        var runOn: String?
        var site: String?

        /// The text after the label `Current:`; `nil` if the line is not a breadcrumb.
        static func unlabelled(_ line: PageTextImporter.Line) -> Substring? {
            let label = "current:".utf8
            let (start, rest) = (line.text.utf8.prefix(label.count), line.text.utf8.dropFirst(label.count))
            guard start.lazy.map(PageTextImporter.Line.lowercased).elementsEqual(label) else { return nil }
            return PageTextImporter.Line.trim(Substring(rest))
        }

        /// Splits the text around the title; `nil` if it does not contain the title.
        init?(_ text: Substring, around title: Substring) {
            let titles = FoldedText(text).ranges(of: FoldedText(title))
            guard let title = titles.first(where: { Self.isCut(text[$0.upperBound...]) }) else { return nil }
            let site = Self.withoutMarks(text[title.upperBound...])
            section = Self.crumbs(text[..<title.lowerBound])
            self.site = site.isBlank ? nil : String(site)
        }

        /// Splits the text by its separators only; the last entry and the title stay in one.
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

    /// Whether a title is followed by the end of the line, `×`, or a separator after white space; otherwise it is only the
    /// beginning of a longer title.
    private static func isCut(_ rest: Substring) -> Bool {
        // Default-ignorable characters, such as a soft hyphen, belong to the title.
        let scalars = rest.unicodeScalars.drop { $0.isBlank && !Line.isSpace($0) }
        guard let first = scalars.first, first != "×" else { return true }
        return Line.isSpace(first) && scalars.first { !Line.isSpace($0) }.map(isMark) == true
    }

    private static func withoutMarks(_ text: Substring) -> Substring {
        Substring(text.unicodeScalars.drop { isMark($0) || $0.isBlank })
    }

    /// Splits at the last `×`, or the last dash after white space.
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
