// SPDX-License-Identifier: Apache-2.0
/// Characters that are replaced by control characters before CommonMark parsing, and restored afterwards. Bodies cannot
/// contain control characters, so the substitution is unambiguous. It covers backslash escapes that only matter to the GFM
/// extensions (the parser would drop the backslash), and `_` and `*` in autolinks, which must not become emphasis.
enum Escapes {
    private static let characters: [UInt8] = "~:.@_*".utf8.map(\.self)
    /// How many of them are replaced only after a backslash; these come first.
    private static let escapedCharacters = 4

    /// The text with these characters replaced.
    static func putAside(_ text: [UInt8]) -> [UInt8] {
        var bytes = putEscapesAside(text)
        putEmphasisAside(in: &bytes)
        return bytes
    }

    private static func putEscapesAside(_ text: [UInt8]) -> [UInt8] {
        guard text.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "&") || isPutAside($0) })
        else {
            return text
        }
        var (bytes, isEscaped, offset) = ([UInt8](), false, 0)
        bytes.reserveCapacity(text.count)
        while offset < text.count {
            let byte = text[offset]
            offset += 1
            if byte == UInt8(ascii: "&"), !isEscaped, let end = endOfControlReference(in: text, from: offset)
            {
                bytes += "\u{FFFD}".utf8
                offset = end
            } else if isPutAside(byte) {
                bytes += "\u{FFFD}".utf8
            } else if isEscaped, let index = characters.prefix(escapedCharacters).firstIndex(of: byte) {
                bytes.append(UInt8(index + 1))
            } else {
                bytes.append(byte)
            }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        }
        return bytes
    }

    /// The end of a numeric character reference (CommonMark §2.5) to a control character, which bodies cannot contain.
    private static func endOfControlReference(in text: [UInt8], from start: Int) -> Int? {
        let rest = text[start...].prefix(9)
        guard rest.first == UInt8(ascii: "#"), let end = rest.firstIndex(of: UInt8(ascii: ";")) else {
            return nil
        }
        let digits = String(decoding: rest[(start + 1)..<end], as: UTF8.self)
        let isHexadecimal = digits.utf8.first.map { $0 | 0x20 == UInt8(ascii: "x") } ?? false
        let number = isHexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        guard let number, number < 0x20 || 0x7F...0x9F ~= number, number != 0x09, number != 0x0A else {
            return nil
        }
        return end + 1
    }

    /// Replaces `_` and `*` in the path and query of each autolink.
    private static func putEmphasisAside(in text: inout [UInt8]) {
        var offset = 0
        while offset < text.count {
            guard beginsAddress(at: offset, in: text) else {
                offset += 1
                continue
            }
            let end = endOfAddress(in: text, from: offset + 3)
            // In `<…>` there is no emphasis, and the parser rejects control characters.
            let scheme = text[..<offset].suffix(8)
            if let bracket = scheme.lastIndex(of: UInt8(ascii: "<")),
                scheme[(bracket + 1)...].allSatisfy(\.isASCIIAlphanumeric)
            {
                offset = end
                continue
            }
            let last = text[offset..<end].lastIndex { !"?!.,:;*_~'".utf8.contains($0) } ?? offset
            let path = text[min(offset + 3, last)..<last].firstIndex { "/?#".utf8.contains($0) } ?? last
            for index in path..<last
            where text[index] == UInt8(ascii: "_") || text[index] == UInt8(ascii: "*") {
                text[index] = characters.firstIndex(of: text[index]).map { UInt8($0 + 1) } ?? text[index]
            }
            offset = end
        }
    }

    /// Whether `://` or `www.` follows. The cheapest test comes first: most bytes begin no autolink.
    private static func beginsAddress(at offset: Int, in text: [UInt8]) -> Bool {
        switch text[offset] {
        case UInt8(ascii: ":"): text[offset...].starts(with: "://".utf8)
        case UInt8(ascii: "w"): text[offset...].starts(with: "www.".utf8)
        default: false
        }
    }

    private static func endOfAddress(in text: [UInt8], from start: Int) -> Int {
        var (end, depth) = (start, 0)
        while end < text.count, text[end] > 0x20, !"<>\"]|`".utf8.contains(text[end]) {
            if text[end] == UInt8(ascii: "(") { depth += 1 }
            if text[end] == UInt8(ascii: ")") { depth -= 1 }
            guard depth >= 0 else { break }
            end += 1
        }
        return min(end, text.count)
    }

    /// The replaced character, or the byte itself.
    static func restored(_ byte: UInt8) -> UInt8 {
        isPutAside(byte) ? characters[Int(byte) - 1] : byte
    }

    /// Text in which backslash escapes apply: removes the backslashes before replaced characters.
    static func unescaped(_ text: [UInt8]) -> [UInt8] {
        guard text.contains(where: isPutAside) else { return text }
        return text.indices.filter { index in
            !(text[index] == UInt8(ascii: "\\") && index + 1 < text.count && isPutAside(text[index + 1]))
        }.map { text[$0] }
    }

    private static func isPutAside(_ byte: UInt8) -> Bool { 1...UInt8(characters.count) ~= byte }
}
