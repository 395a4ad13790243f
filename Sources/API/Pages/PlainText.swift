// SPDX-License-Identifier: Apache-2.0
/// Returns the plain text of HTML that the server rendered from CommonMark, for search engines, feeds and lists.
///
/// Such HTML has no scripts, no raw HTML and only the entities listed here.
func plainText(html: String) -> String {
    var text: [UInt8] = []
    var rest = Array(html.utf8)[...]
    var isPreformatted = false
    while let byte = rest.first {
        switch byte {
        case UInt8(ascii: "<"):
            let close = rest.firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 } ?? rest.endIndex
            let tag = rest[..<close]
            // A newline follows in the HTML: a break becomes one newline, the end of a paragraph two.
            if rest.starts(with: "</p>".utf8) || rest.starts(with: "</h".utf8) {
                text.append(UInt8(ascii: "\n"))
            }
            if tag.starts(with: "<pre".utf8) || tag.starts(with: "</pre".utf8) { isPreformatted.toggle() }
            let isCell = tag.starts(with: "</th>".utf8) || tag.starts(with: "</td>".utf8)
            if isCell { text.append(UInt8(ascii: " ")) }
            rest = rest[close...]
            let isLineEndOfTag = isCell || frames.contains { tag.starts(with: $0.utf8) }
            if isLineEndOfTag, rest.first == UInt8(ascii: "\n") { rest.removeFirst() }
        case UInt8(ascii: "&"):
            let entity = Entity(beginning: rest)
            text.append(entity?.character ?? byte)
            rest = rest.dropFirst(entity?.length ?? 1)
        case UInt8(ascii: "\n") where !isPreformatted:
            if text.last == UInt8(ascii: " ") { text.removeLast() }
            if !text.endsWithBlankLine { text.append(byte) }
            rest.removeFirst()
        default:
            text.append(byte)
            rest.removeFirst()
        }
    }
    return String(decoding: text.trimmedLines, as: UTF8.self)
}

/// Layout tags: a newline after one is not part of the text.
private let frames = [
    "<table", "<thead", "</thead", "<tbody", "</tbody", "<tr", "<blockquote", "</blockquote", "<ul", "<ol",
]

/// A character reference, of those that the server writes.
struct Entity {
    let character: UInt8
    /// In bytes, from the ampersand to the semicolon.
    let length: Int

    /// `nil` if the markup does not begin with one.
    init?(beginning markup: ArraySlice<UInt8>) {
        guard markup.first == UInt8(ascii: "&") else { return nil }
        let name = markup.dropFirst().prefix(Self.longestName).prefix { $0 != UInt8(ascii: ";") }
        guard let character = Self.characters[String(decoding: name, as: UTF8.self)] else { return nil }
        (self.character, length) = (character, name.count + 2)
    }

    private static let characters: [String: UInt8] = [  // ascii: and asked for no more than four bytes
        "amp": UInt8(ascii: "&"), "lt": UInt8(ascii: "<"), "gt": UInt8(ascii: ">"),
        "quot": UInt8(ascii: "\""), "#39": UInt8(ascii: "'"), "#13": UInt8(ascii: "\r"),
    ]
    private static let longestName = 4
}

extension [UInt8] {
    fileprivate var endsWithBlankLine: Bool {
        count > 1 && self[count - 1] == 0x0A && self[count - 2] == 0x0A
    }

    /// The bytes without leading and trailing white space.
    fileprivate var trimmedLines: ArraySlice<UInt8> {
        let blanks: Set<UInt8> = [0x20, 0x0A, 0x0D, 0x09]
        guard let first = firstIndex(where: { !blanks.contains($0) }),
            let last = lastIndex(where: { !blanks.contains($0) })
        else { return [] }
        return self[first...last]
    }
}

extension String {
    /// The words of the text, joined by single spaces.
    var onOneLine: String {
        unicodeScalars.split { $0.properties.isWhitespace }.map { String($0) }.joined(separator: " ")
    }

    /// Returns at most `characters` scalars, with an ellipsis if truncated: at the last space if that keeps at least half of them, since
    /// some scripts have no spaces; and never within a grapheme cluster (UAX #29).
    func shortened(to characters: Int) -> String {
        guard let end = unicodeScalars.index(startIndex, offsetBy: characters, limitedBy: endIndex),
            end < endIndex
        else { return self }
        let scalars = unicodeScalars[..<end]
        if let space = scalars.lastIndex(where: { $0.properties.isWhitespace }),
            scalars.distance(from: startIndex, to: space) * 2 >= characters
        {
            return self[..<space] + "…"
        }
        return self[..<characterStart(notAfter: end)] + "…"
    }

    /// Returns the start of the grapheme cluster that contains a scalar. A cluster of more than 64 scalars is split.
    private func characterStart(notAfter end: Index) -> Index {
        let longest = 64
        let from = unicodeScalars.index(end, offsetBy: -longest, limitedBy: startIndex) ?? startIndex
        let to = unicodeScalars.index(after: end)
        let last = self[from..<to].indices.last { $0 <= end }
        return last.flatMap { $0 > from ? $0 : nil } ?? end
    }
}
