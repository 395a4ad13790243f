// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// The text of HTML that others wrote: no tags, character references resolved.
enum HTMLText {
    /// The text, with a space for each tag that ends a line.
    static func text(of html: ArraySlice<UInt8>) -> String {
        var (text, rest) = ([UInt8](), html)
        while let open = rest.firstIndex(of: UInt8(ascii: "<")) {
            text += rest[..<open]
            let close = rest[open...].firstIndex(of: UInt8(ascii: ">"))
            let tag = rest[open..<(close ?? rest.endIndex)].prefix(4).map(lowercase)
            if ["<br", "</p", "</di", "</li"].contains(where: { tag.starts(with: $0.utf8) }) {
                text.append(0x20)
            }
            rest = close.map { rest[($0 + 1)...] } ?? []
        }
        return unescaped((text + rest)[...])
    }

    /// The text of HTML.
    static func text(of html: String) -> String { text(of: Array(html.utf8)[...]) }

    /// Resolves character references: numbers, and the names that pages use in titles. Bytes that are not UTF-8 are replaced.
    static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
        var (text, rest) = ([UInt8](), bytes)
        while let mark = rest.firstIndex(of: UInt8(ascii: "&")) {
            text += rest[..<mark]
            rest = rest[(mark + 1)...]
            let name = rest.prefix(longestReference).prefix { $0 != UInt8(ascii: ";") }
            if rest[name.endIndex...].first == UInt8(ascii: ";"), let character = character(name) {
                text += String(character).utf8
                rest = rest[(name.endIndex + 1)...]
            } else {
                text.append(UInt8(ascii: "&"))
            }
        }
        return String(decoding: text + rest, as: UTF8.self)
    }

    /// Of `&#1114111;` and `&hellip;`, without the ends.
    private static let longestReference = 10

    private static let named: [String: Unicode.Scalar] = [  // ascii: names of ours
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "ndash": "\u{2013}",
        "mdash": "\u{2014}", "hellip": "\u{2026}", "lsquo": "\u{2018}", "rsquo": "\u{2019}",
        "ldquo": "\u{201C}", "rdquo": "\u{201D}", "bdquo": "\u{201E}", "laquo": "\u{AB}", "raquo": "\u{BB}",
        "auml": "\u{E4}", "ouml": "\u{F6}", "uuml": "\u{FC}", "Auml": "\u{C4}", "Ouml": "\u{D6}",
        "Uuml": "\u{DC}", "szlig": "\u{DF}", "eacute": "\u{E9}", "egrave": "\u{E8}", "middot": "\u{B7}",
        "bull": "\u{2022}", "copy": "\u{A9}", "reg": "\u{AE}", "euro": "\u{20AC}",
    ]

    private static func character(_ name: ArraySlice<UInt8>) -> Unicode.Scalar? {
        guard name.allSatisfy({ $0 < 0x80 }) else { return nil }
        guard name.first == UInt8(ascii: "#") else { return named[String(decoding: name, as: UTF8.self)] }
        let digits = name.dropFirst()
        let isHex = digits.first.map(lowercase) == UInt8(ascii: "x")
        let text = String(decoding: isHex ? digits.dropFirst() : digits, as: UTF8.self)
        return UInt32(text, radix: isHex ? 16 : 10).flatMap(Unicode.Scalar.init)
    }
}

extension CardText {
    /// Text of others as it is stored: on one line, without control and formatting characters, and not longer than allowed; `nil` if
    /// nothing is left.
    static func line(_ text: String?, atMost limit: Int) -> String? {
        guard let text else { return nil }
        var (scalars, hasSpace) = ([Unicode.Scalar](), false)
        for scalar in text.unicodeScalars where !isOverride(scalar) {
            guard !isSpace(scalar) else {
                hasSpace = !scalars.isEmpty
                continue
            }
            if hasSpace { scalars.append(" ") }
            scalars.append(scalar)
            hasSpace = false
        }
        if scalars.count > limit { scalars = scalars.prefix(limit - 1) + ["\u{2026}"] }
        let line = String(String.UnicodeScalarView(scalars))
        return line.isBlank ? nil : line
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.properties.isWhitespace
    }

    /// Overrides and isolates could turn the text around it (UAX #9 §2).
    private static func isOverride(_ scalar: Unicode.Scalar) -> Bool {
        (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    }
}
