// SPDX-License-Identifier: Apache-2.0
// Unicode normalization, which the standard library implements but does not make public.
@_spi(_Unicode) import Swift

/// The form in which texts are compared: lower case, without diacritics, any white space as one space.
struct SearchText {
    /// UTF-8.
    private(set) var bytes: [UInt8] = []

    init() {}

    init(_ text: Substring.UnicodeScalarView) {
        for scalar in text { append(scalar) }
    }

    /// Texts that are searched together, each on a line of its own, so that nothing is found across two.
    init(lines: [String]) {
        bytes.reserveCapacity(lines.reduce(0) { $0 + $1.utf8.count + 1 })
        for line in lines {
            for scalar in line.unicodeScalars { append(scalar) }
            bytes.append(UInt8(ascii: "\n"))
        }
    }

    var isEmpty: Bool { bytes.isEmpty }

    /// Scalar by scalar, so that its time grows with the length only: the order of diacritics does not matter, as they are left out.
    mutating func append(_ scalar: Unicode.Scalar) {
        if scalar.isASCII {
            let byte = UInt8(truncatingIfNeeded: scalar.value)
            switch byte {
            case 0x41...0x5A: bytes.append(byte | 0x20)
            case 0x09...0x0D, 0x20: appendSpace()
            default: bytes.append(byte)
            }
        } else if scalar.properties.isWhitespace {
            appendSpace()
        } else {
            for part in String(Character(scalar))._nfd where !part.isMark {
                bytes += part.properties.lowercaseMapping.utf8
            }
        }
    }

    private mutating func appendSpace() {
        if let last = bytes.last, last > UInt8(ascii: " ") { bytes.append(UInt8(ascii: " ")) }
    }

    /// Whether a text occurs: anywhere, or from where a word begins to where one ends.
    func holds(_ text: String, beginsWord: Bool = false, endsWord: Bool = false) -> Bool {
        firstRange(of: text, beginsWord: beginsWord, endsWord: endsWord) != nil
    }

    /// Where a text occurs first from an index on: anywhere, or from where a word begins to where one ends.
    func firstRange(
        of text: String, from start: Int = 0, beginsWord: Bool = false, endsWord: Bool = false
    ) -> Range<Int>? {
        var rest = bytes[start...]
        while let range = rest.firstRange(ofUTF8: text) {
            let begins = !beginsWord || !(isWord(at: range.lowerBound) && isWord(before: range.lowerBound))
            let ends = !endsWord || !(isWord(before: range.upperBound) && isWord(at: range.upperBound))
            if begins && ends { return range }
            rest = bytes[(range.lowerBound + 1)...]
        }
        return nil
    }

    private func isWord(at index: Int) -> Bool { index < bytes.count && bytes[index].startsLetter }

    private func isWord(before index: Int) -> Bool {
        let start = bytes[..<index].lastIndex { !(0x80...0xBF ~= $0) }
        return start.map { bytes[$0].startsLetter } ?? false
    }
}

extension UInt8 {
    /// Whether the character that it begins in UTF-8 is one of a word: those of ASCII, and of scripts that have spaces between words, which
    /// all are below U+2000; but not the signs of Latin-1.
    fileprivate var startsLetter: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case 0xC3...0xE1: true
        default: false
        }
    }
}

extension Unicode.Scalar {
    /// Whether it is a diacritic, or is not seen at all.
    fileprivate var isMark: Bool {
        properties.generalCategory == .nonspacingMark || properties.isDefaultIgnorableCodePoint
    }
}
