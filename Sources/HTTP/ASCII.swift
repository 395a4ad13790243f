// SPDX-License-Identifier: Apache-2.0
/// Bytes with a meaning in the grammar of HTTP, under the names that the RFCs use.
enum ASCII {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20
    static let delete: UInt8 = 0x7F
    static let percent = UInt8(ascii: "%")
    static let slash = UInt8(ascii: "/")
    static let ampersand = UInt8(ascii: "&")
    static let plus = UInt8(ascii: "+")
    static let colon = UInt8(ascii: ":")
    static let comma = UInt8(ascii: ",")
    static let semicolon = UInt8(ascii: ";")
    static let equals = UInt8(ascii: "=")
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
    static let questionMark = UInt8(ascii: "?")
    static let crlf: [UInt8] = [carriageReturn, lineFeed]

    /// Bitmap of the 128 ASCII characters: those that are `tchar` (RFC 9110 §5.6.2).
    private static let tokenBits: (low: UInt64, high: UInt64) = {
        let text = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        return text.utf8.reduce(into: (0, 0)) { bits, byte in
            if byte < 64 { bits.low |= 1 << UInt64(byte) } else { bits.high |= 1 << UInt64(byte - 64) }
        }
    }()

    /// Whether the bytes are a `token`: at least one byte, all of them `tchar`.
    static func isToken(_ bytes: Span<UInt8>) -> Bool {
        let bits = tokenBits
        for index in bytes.indices {
            let byte = bytes[index]
            let word = byte < 64 ? bits.low : bits.high
            guard byte < 128, word >> UInt64(byte & 63) & 1 == 1 else { return false }
        }
        return !bytes.isEmpty
    }

    /// Whether the byte is a `tchar`.
    static func isTokenByte(_ byte: UInt8) -> Bool {
        let word = byte < 64 ? tokenBits.low : tokenBits.high
        return byte < 128 && word >> UInt64(byte & 63) & 1 == 1
    }

    /// ASCII case-insensitive comparison. `word` must be in lower case.
    static func equals(_ bytes: Span<UInt8>, _ word: StaticString) -> Bool {
        guard bytes.count == word.utf8CodeUnitCount else { return false }
        return bytes.indices.allSatisfy { bytes[$0].lowercased == word.utf8Start[$0] }
    }

    /// `range` without surrounding optional white space (OWS, RFC 9110 §5.6.3).
    static func trimmed(_ range: Range<Int>, of bytes: Span<UInt8>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, bytes[start].isWhitespace { start += 1 }
        while end > start, bytes[end - 1].isWhitespace { end -= 1 }
        return start..<end
    }
}

extension UInt8 {
    /// ASCII lower case; bytes other than `A`–`Z` are unchanged.
    @inline(__always) var lowercased: UInt8 { self &- 65 < 26 ? self | 0x20 : self }

    var isDigit: Bool { self &- 48 < 10 }

    /// Space or tab (RFC 9110 §5.6.3).
    var isWhitespace: Bool { self == ASCII.space || self == ASCII.tab }

    var isLetter: Bool { lowercased &- 97 < 26 }

    /// A control character other than tab. None may appear in a field line (RFC 9110 §5.5).
    @inline(__always) var isForbiddenControl: Bool {
        self < ASCII.space && self != ASCII.tab || self == ASCII.delete
    }

    var hexValue: UInt8? {
        switch self {
        case 48...57: self - 48
        case 65...70: self - 55
        case 97...102: self - 87
        default: nil
        }
    }
}
