// SPDX-License-Identifier: Apache-2.0
extension PageTextImporter {
    /// Formats that are sent as plain text by mistake; their first line would become a title.
    public enum OtherForm: Hashable, Sendable, CustomStringConvertible {
        case html, webArchive, richText, pdf, json

        /// The format, and what the user can do.
        public var description: String {
            switch self {
            case .html:
                "this is an HTML page: save it as text (in a browser: Save as, Text only), and send that"
            case .webArchive: "this is a web archive (MHTML): save the page as text, and send that"
            case .richText: "this is rich text (RTF): save it as plain text, and send that"
            case .pdf: "this is a PDF: save it as plain text, and send that"
            case .json: "this is JSON: send it as application/json"
            }
        }

        /// Detects the format by its first line (magic bytes); `nil` for plain text.
        init?(firstLine line: Line) {
            let start = line.text.utf8.prefix(Self.longestMark).map(Line.lowercased)
            func begins(with mark: String) -> Bool { start.starts(with: mark.utf8) }
            if begins(with: "{\\rtf") {
                self = .richText
            } else if begins(with: "%pdf-") {
                self = .pdf
            } else if begins(with: "mime-version:") || begins(with: "from: <saved by ") {
                self = .webArchive
            } else if line.text.utf8.elementsEqual("{".utf8) || begins(with: "{\"") || begins(with: "{ \"") {
                self = .json
            } else if Self.isMarkup(start) {
                self = .html
            } else {
                return nil
            }
        }

        private static let longestMark = 32

        /// Whether the text begins with a declaration, a comment, or an element that begins HTML documents. Other words in
        /// angle brackets may be a title.
        private static func isMarkup(_ start: [UInt8]) -> Bool {
            guard start.first == UInt8(ascii: "<"), let second = start.dropFirst().first else { return false }
            let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(second)
            guard isLetter else { return [UInt8(ascii: "!"), UInt8(ascii: "?")].contains(second) }
            let name = start.dropFirst().prefix { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
            let end = start.dropFirst(1 + name.count).first
            let isTag = end.map { [0x20, 0x09, 0x2F, 0x3E].contains($0) } ?? true
            return isTag && elements.contains { name.elementsEqual($0.utf8) }
        }

        private static let elements = [
            "html", "head", "body", "meta", "title", "link", "script", "style", "base", "div", "main",
            "article",
            "section", "header", "nav", "p", "h1", "h2", "span", "a", "table", "svg", "iframe", "rss", "feed",
        ]
    }
}
