// SPDX-License-Identifier: Apache-2.0
extension PageTextImporter {
    /// A line of the page: its number from 1, and its text, trimmed and with spaces for control characters.
    ///
    /// The members classify the line by itself; its actual role depends on its context, which the reader
    /// knows.
    struct Line {
        let number: Int
        let text: Substring
        /// The control characters that were replaced by spaces, without duplicates, in order.
        let controls: [Unicode.Scalar]

        init(number: Int, text: Substring) {
            self.number = number
            controls = Self.different(Array(text.unicodeScalars.filter(Self.isStrayControl)))
            self.text = Self.trim(controls.isEmpty ? text : Self.spaced(text, Self.isStrayControl))
        }

        /// Whether it has no visible characters.
        var isBlank: Bool { text.isBlank }

        /// Three or more underscores and nothing else.
        var isSeparator: Bool {
            text.utf8.count >= 3 && text.utf8.allSatisfy { $0 == UInt8(ascii: "_") }
        }

        var isKeyPointsHeading: Bool {
            guard let heading else { return false }
            return ["what to know", "key developments", "key points"].contains {
                heading.elementsEqual($0.utf8)
            }
        }

        /// The list whose heading the line is; `nil` if it is none.
        var list: List? {
            guard let heading else { return nil }
            return List.allCases.first { heading.elementsEqual($0.rawValue.utf8) }
        }

        /// The text normalized for comparison with headings: lower case, without a final colon.
        private var heading: [UInt8]? {
            let longestHeading = 32  // spares long paragraphs the lower-casing
            guard text.utf8.count <= longestHeading else { return nil }
            let words = text.utf8.last == UInt8(ascii: ":") ? Self.trim(text.dropLastByte) : text
            return words.utf8.map(Self.lowercased)
        }

        /// ASCII lower case; other bytes are unchanged.
        static func lowercased(_ byte: UInt8) -> UInt8 {
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
        }

        /// The text after a leading dash or bullet; `nil` without one.
        var bulleted: Substring? {
            let scalars = text.unicodeScalars
            guard let first = scalars.first, ["—", "–", "-", "•"].contains(first) else { return nil }
            let rest = scalars.dropFirst()
            guard rest.first.map(Self.isSpace) ?? true else { return nil }
            return Self.trim(Substring(rest))
        }

        /// Whether the line may be boilerplate of the page, and so is a title only if line 1 has it too.
        var isFrame: Bool {
            isSeparator || isKeyPointsHeading || list != nil || reaction != nil || dateline != nil
        }
    }
}

extension PageTextImporter.Line {
    /// Splits a text into lines, ended by LF, CRLF or CR; the last may be unterminated.
    static func lines(of text: String) -> [Self] {
        var lines: [Self] = []
        var start = text.startIndex
        var previous: UInt8 = 0
        for index in text.utf8.indices {
            let byte = text.utf8[index]
            let next = text.utf8.index(after: index)
            if byte == UInt8(ascii: "\n"), previous == UInt8(ascii: "\r") {
                start = next
            } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                lines.append(Self(number: lines.count + 1, text: text[start..<index]))
                start = next
            }
            previous = byte
        }
        if start < text.endIndex { lines.append(Self(number: lines.count + 1, text: text[start...])) }
        return lines
    }

    /// The text without surrounding white space.
    static func trim(_ text: Substring) -> Substring {
        var scalars = text.unicodeScalars
        while let first = scalars.first, isSpace(first) { scalars.removeFirst() }
        while let last = scalars.last, isSpace(last) { scalars.removeLast() }
        return Substring(scalars)
    }

    /// White space, including zero-width characters such as a byte order mark, which concatenated files contain in the middle.
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || ["\u{200B}", "\u{2060}", "\u{FEFF}"].contains(scalar)
    }

    /// A control character that is not allowed in text; tab is.
    private static func isStrayControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isControl && scalar != "\t"
    }

    /// Line separators and tabs, which single-line members cannot contain.
    static func isLayout(_ scalar: Unicode.Scalar) -> Bool {
        ["\t", "\u{2028}", "\u{2029}"].contains(scalar)
    }

    /// The text with some scalars replaced by spaces.
    static func spaced(_ text: Substring, _ isOut: (Unicode.Scalar) -> Bool) -> Substring {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { scalars.append(isOut(scalar) ? " " : scalar) }
        return String(scalars)[...]
    }

    /// Without duplicates.
    static func different(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var seen: Set<Unicode.Scalar> = []
        return scalars.filter { seen.insert($0).inserted }
    }
}

extension PageTextImporter.Line {
    /// `TradeEdge View`, `Date:2025-04-06 23:49:13`, or both on one line.
    struct Dateline {
        /// The text before the label `View`, possibly empty; `nil` without the label.
        var byline: Substring?
        /// The text after the label `Date:`; `nil` without the label.
        var date: Substring?
    }

    /// The line parsed as byline and date. `Date:` is a label only at the beginning of the line or after `View`; elsewhere it is
    /// prose.
    var dateline: Dateline? {
        guard let colon = dateColon else { return Self.dateline(text, date: nil) }
        let scalars = text.unicodeScalars
        let date = Self.trim(Substring(scalars[colon...].dropFirst()))
        let head = Self.trim(Substring(scalars[..<colon].dropLast("Date".utf8.count)))
        return head.isEmpty ? Dateline(byline: nil, date: date) : Self.dateline(head, date: date)
    }

    /// The colon of the first `Date:`.
    private var dateColon: Substring.Index? {
        let label = "Date".utf8
        return text.utf8.indices.first { index in
            text.utf8[index] == UInt8(ascii: ":")
                && text.utf8[..<index].suffix(label.count).elementsEqual(label)
        }
    }

    private static func dateline(_ head: Substring, date: Substring?) -> Dateline? {
        let label = "View".utf8
        guard head.utf8.suffix(label.count).elementsEqual(label) else { return nil }
        let byline = head.unicodeScalars.dropLast(label.count)
        guard byline.last.map(isSpace) ?? true else { return nil }
        return Dateline(byline: trim(Substring(byline)), date: date)
    }

    /// `veryGood! (6)`.
    struct Reaction {
        var kind: Substring
        /// `nil` on integer overflow.
        var count: Int?
    }

    /// The line parsed as a reaction: its name in letters, `!`, and a count in parentheses, possibly with thousands
    /// separators.
    var reaction: Reaction? {
        guard text.utf8.last == UInt8(ascii: ")"), let open = text.utf8.firstIndex(of: UInt8(ascii: "("))
        else { return nil }
        let head = Self.trim(text[..<open])
        guard head.utf8.last == UInt8(ascii: "!") else { return nil }
        let kind = Self.trim(Substring(head.unicodeScalars.dropLast()))
        let number = Self.trim(Substring(text[open...].unicodeScalars.dropFirst().dropLast()))
        guard !kind.isEmpty, kind.unicodeScalars.allSatisfy(\.properties.isAlphabetic),
            let digits = Self.digits(number)
        else { return nil }
        return Reaction(kind: kind, count: Int(digits))
    }

    /// The digits of `1234`, `1,234`, `1.234` and `1 234`; `nil` if the text is not an integer.
    private static func digits(_ number: Substring) -> String? {
        let groups = number.unicodeScalars.split(omittingEmptySubsequences: false) {
            [",", ".", "'", "’"].contains($0) || isSpace($0)
        }
        guard let first = groups.first, !first.isEmpty, groups.count == 1 || first.count <= 3,
            groups.dropFirst().allSatisfy({ $0.count == 3 }),
            groups.joined().allSatisfy({ ("0"..."9").contains($0) })
        else { return nil }
        return groups.map { String($0) }.joined()
    }
}

extension Substring {
    /// Without its last byte, which must be ASCII.
    fileprivate var dropLastByte: Substring { Substring(utf8.dropLast()) }
}
