/// The bytes of the grammar, by the names that the RFCs give them.
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

    /// `tchar` of RFC 9110 §5.6.2, as a bit for each of the 128 characters.
    private static let tokenBits: (low: UInt64, high: UInt64) = {
        let text = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        return text.utf8.reduce(into: (0, 0)) { bits, byte in
            if byte < 64 { bits.low |= 1 << UInt64(byte) } else { bits.high |= 1 << UInt64(byte - 64) }
        }
    }()

    /// Whether every byte is a `tchar` and there is at least one.
    static func isToken(_ bytes: Span<UInt8>) -> Bool {
        let bits = tokenBits
        for index in bytes.indices {
            let byte = bytes[index]
            let word = byte < 64 ? bits.low : bits.high
            guard byte < 128, word >> UInt64(byte & 63) & 1 == 1 else { return false }
        }
        return !bytes.isEmpty
    }

    /// Whether `bytes` are `word`, which is in lower case, whatever their own case.
    static func equals(_ bytes: Span<UInt8>, _ word: StaticString) -> Bool {
        guard bytes.count == word.utf8CodeUnitCount else { return false }
        return bytes.indices.allSatisfy { bytes[$0].lowercased == word.utf8Start[$0] }
    }

    /// `range` without the white space around it (OWS, RFC 9110 §5.6.3).
    static func trimmed(_ range: Range<Int>, of bytes: Span<UInt8>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, bytes[start].isWhitespace { start += 1 }
        while end > start, bytes[end - 1].isWhitespace { end -= 1 }
        return start..<end
    }
}

extension UInt8 {
    /// An upper-case letter made lower, any other byte as it is.
    @inline(__always) var lowercased: UInt8 { self &- 65 < 26 ? self | 0x20 : self }

    var isDigit: Bool { self &- 48 < 10 }

    /// Space or tab (RFC 9110 §5.6.3).
    var isWhitespace: Bool { self == ASCII.space || self == ASCII.tab }

    var isLetter: Bool { lowercased &- 97 < 26 }

    /// A control character, of which only the tab may stand in a line (RFC 9110 §5.5).
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
