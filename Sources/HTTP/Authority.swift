/// The rule for `Host` and for the authority of a target: `uri-host [ ":" port ]` (RFC 9110 §7.2).
enum Authority {
    /// Whether `bytes` are a host, which http does not allow to be empty (RFC 9110 §4.2.1), and maybe a port.
    /// User information is refused (RFC 9110 §4.2.4).
    static func isValid(_ bytes: Span<UInt8>) -> Bool {
        let end = bytes.isEmpty || bytes[0] != UInt8(ascii: "[") ? nameEnd(bytes) : literalEnd(bytes)
        guard let end, end > 0 else { return false }
        guard end < bytes.count else { return true }
        guard bytes[end] == ASCII.colon else { return false }
        return (end + 1..<bytes.count).allSatisfy { bytes[$0].isDigit }
    }

    /// `reg-name` or IPv4 address: unreserved, sub-delims, percent-encoded (RFC 3986 §3.2.2).
    private static func nameEnd(_ bytes: Span<UInt8>) -> Int? {
        bytes.indices.first { index in
            switch bytes[index] {
            case let byte where byte.isLetter || byte.isDigit: false
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), ASCII.percent:
                false
            case UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"): false
            case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"): false
            case UInt8(ascii: ";"), ASCII.equals: false
            default: true
            }
        } ?? bytes.count
    }

    /// `[` IPv6 address `]`.
    private static func literalEnd(_ bytes: Span<UInt8>) -> Int? {
        guard let end = bytes.indices.first(where: { bytes[$0] == UInt8(ascii: "]") }), end > 2 else {
            return nil
        }
        let isAddress = (1..<end).allSatisfy {
            bytes[$0].hexValue != nil || bytes[$0] == ASCII.colon || bytes[$0] == UInt8(ascii: ".")
        }
        return isAddress ? end + 1 : nil
    }
}
