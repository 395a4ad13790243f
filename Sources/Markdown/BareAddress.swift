// SPDX-License-Identifier: Apache-2.0
/// An extended autolink (GFM §6.9): a URL or email address in plain text that becomes a link.
struct BareAddress {
    /// Its range in the text.
    let range: Range<Int>
    /// What the link target is prefixed with, such as `mailto:`.
    let prefix: String

    /// All autolinks of a text, in linear time: no byte is scanned again after a failed match.
    static func all(in text: [UInt8]) -> [BareAddress] {
        var (found, offset) = ([BareAddress](), 0)
        while offset < text.count {
            switch text[offset] {
            case UInt8(ascii: "w"), UInt8(ascii: "h"), UInt8(ascii: "f"), UInt8(ascii: "W"),
                UInt8(ascii: "H"),
                UInt8(ascii: "F"):
                guard mayBegin(at: offset, in: text), let start = start(at: offset, in: text) else { break }
                let domain = domain(from: offset + start.skipped, in: text)
                if domain.isValid, let last = end(from: domain.end, in: text[offset...]) {
                    found.append(BareAddress(range: offset..<last, prefix: start.prefix))
                    offset = last
                } else {
                    offset = domain.end
                }
                continue
            case UInt8(ascii: "@"):
                guard let range = mailbox(around: offset, after: found.last?.range.upperBound ?? 0, in: text)
                else { break }
                found.append(BareAddress(range: range, prefix: "mailto:"))
                offset = range.upperBound
                continue
            default: break
            }
            offset += 1
        }
        return found
    }

    private static func mayBegin(at offset: Int, in text: [UInt8]) -> Bool {
        offset == 0 || " \t*_~(".utf8.contains(text[offset - 1])
            // Non-ASCII: quotation marks and dashes, and letters of scripts without spaces.
            || text[offset - 1] >= 0x80 || text[offset - 1] == UInt8(ascii: "\"")
            || text[offset - 1] == UInt8(ascii: ":")
    }

    private static func start(at offset: Int, in text: [UInt8]) -> (skipped: Int, prefix: String)? {
        // Fast path: most words with these first letters are rejected here.
        switch text[offset] | 0x20 {
        case UInt8(ascii: "w"): return begins("www.", at: offset, in: text) ? (0, "http://") : nil
        case UInt8(ascii: "f"): return begins("ftp://", at: offset, in: text) ? (6, "") : nil
        default:
            if begins("http://", at: offset, in: text) { return (7, "") }
            return begins("https://", at: offset, in: text) ? (8, "") : nil
        }
    }

    /// Whether the text continues with a lower-case literal, ASCII case-insensitively.
    private static func begins(_ word: StaticString, at offset: Int, in text: [UInt8]) -> Bool {
        guard offset + word.utf8CodeUnitCount <= text.count else { return false }
        return word.withUTF8Buffer { word in
            word.indices.allSatisfy { index in
                let byte = text[offset + index]
                return word[index] == (0x41...0x5A ~= byte ? byte | 0x20 : byte)
            }
        }
    }

    /// Matches a domain: segments of letters, digits, `-` and `_` separated by periods, at least two, without `_` in the last
    /// two.
    private static func domain(from offset: Int, in text: [UInt8]) -> (end: Int, isValid: Bool) {
        var (end, periods, underscores) = (offset, 0, (last: 0, before: 0))
        while end < text.count {
            switch text[end] {
            case UInt8(ascii: "."):
                periods += 1
                underscores = (0, underscores.last)
            case UInt8(ascii: "_"): underscores.last += 1
            case UInt8(ascii: "-"): break
            case let byte where byte.isASCIIAlphanumeric || byte >= 0x80: break
            default: return (end, isValid())
            }
            end += 1
        }
        func isValid() -> Bool {
            end > offset && text[offset] != UInt8(ascii: ".") && periods > 0
                && underscores.last + underscores.before == 0
        }
        return (end, isValid())
    }

    /// The end of a URL, which extends to white space without trailing punctuation.
    private static func end(from domainEnd: Int, in text: ArraySlice<UInt8>) -> Int? {
        var end =
            text[domainEnd...].firstIndex { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: "<") }
            ?? text.endIndex
        var open = 0
        for byte in text[..<end] {
            if byte == UInt8(ascii: "(") { open += 1 }
            if byte == UInt8(ascii: ")") { open -= 1 }
        }
        while end > text.startIndex {
            let last = text[end - 1]
            if last == UInt8(ascii: ")") {
                guard open < 0 else { break }
                open += 1
            } else if !"?!.,:;*_~'\"".utf8.contains(last) {
                break
            }
            end -= 1
        }
        return end > text.startIndex ? end : nil
    }

    private static func mailbox(around sign: Int, after limit: Int, in text: [UInt8]) -> Range<Int>? {
        let start =
            text[limit..<sign].lastIndex { !$0.isASCIIAlphanumeric && !".-_+".utf8.contains($0) }
            .map { $0 + 1 } ?? limit
        let domain = domain(from: sign + 1, in: text)
        guard start < sign, domain.isValid else { return nil }
        let end = text[sign..<domain.end].lastIndex { $0 != UInt8(ascii: ".") } ?? sign
        // A preceding `@` makes it a handle of a social network.
        let isHandle = start > 0 && text[start - 1] == UInt8(ascii: "@")
        guard !isHandle, text[end].isASCIIAlphanumeric, text[sign...end].contains(UInt8(ascii: ".")) else {
            return nil
        }
        return start..<end + 1
    }
}
