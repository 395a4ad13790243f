// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Validates `Host` and the authority of a request target: `uri-host [ ":" port ]` (RFC 9110 §7.2).
enum Authority {
    /// Whether `bytes` are a host, not empty (RFC 9110 §4.2.1), with an optional port. User information is rejected
    /// (RFC 9110 §4.2.4).
    static func isValid(_ bytes: Span<UInt8>) -> Bool {
        let end = bytes.isEmpty || bytes[0] != UInt8(ascii: "[") ? nameEnd(bytes) : literalEnd(bytes)
        guard let end, end > 0 else { return false }
        guard end < bytes.count else { return true }
        guard bytes[end] == ASCII.colon else { return false }
        return (end + 1..<bytes.count).allSatisfy { bytes[$0].isDigit }
    }

    /// End of a `reg-name` or IPv4 address: unreserved, sub-delims, percent-encoded UTF-8 (RFC 3986 §3.2.2).
    private static func nameEnd(_ bytes: Span<UInt8>) -> Int? {
        var isEncoded = false
        var end = 0
        while end < bytes.count, isOfName(bytes[end]) {
            isEncoded = isEncoded || bytes[end] == ASCII.percent
            end += 1
        }
        guard !isEncoded || PercentEncoding.isValid(bytes.extracting(0..<end)) else { return nil }
        return end
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case let byte where byte.isLetter || byte.isDigit: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), ASCII.percent: true
        case UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"): true
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"): true
        case UInt8(ascii: ";"), ASCII.equals: true
        default: false
        }
    }

    /// End of `[` IPv6 address `]`. IPvFuture (RFC 3986 §3.2.2) and zone ids (RFC 6874 §4) are rejected.
    private static func literalEnd(_ bytes: Span<UInt8>) -> Int? {
        guard let end = bytes.indices.first(where: { bytes[$0] == UInt8(ascii: "]") }) else { return nil }
        let text = bytes.extracting(1..<end).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        var address = in6_addr()
        return inet_pton(AF_INET6, text, &address) == 1 ? end + 1 : nil
    }
}
