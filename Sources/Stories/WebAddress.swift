// SPDX-License-Identifier: Apache-2.0
/// Validates link URLs: absolute `http` and `https` URIs (RFC 3986) that every browser can open.
///
/// Slightly stricter than `new URL()` in browsers: no user information, which only serves phishing, and no host that browsers
/// would rewrite.
enum WebAddress {
    /// What is wrong with the URL; `nil` if it is valid.
    static func fault(in text: String) -> String? {
        let bytes = Array(text.utf8)
        guard let start = schemeLength(bytes) else { return "must be an absolute http or https URL" }
        guard bytes.allSatisfy(isAllowed) else {
            return "must be a URL without blanks, and with characters outside ASCII percent-encoded"
        }
        guard percentSignsAreFollowedByDigits(bytes) else {
            return "must be a URL in which each % is followed by two hexadecimal digits"
        }
        let rest = bytes[start...]
        return fault(inAuthority: rest.prefix { !"/?#".utf8.contains($0) })
    }

    private static func schemeLength(_ bytes: [UInt8]) -> Int? {
        ["https://", "http://"].map { Array($0.utf8) }.first { scheme in
            bytes.count >= scheme.count && zip(bytes, scheme).allSatisfy { lowercase($0) == $1 }
        }?.count
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    /// The characters permitted in a URI (RFC 3986 §2).
    private static func isAllowed(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && !"\"<>\\^`{|}".utf8.contains(byte)
    }

    private static func percentSignsAreFollowedByDigits(_ bytes: [UInt8]) -> Bool {
        bytes.indices.allSatisfy { index in
            guard bytes[index] == UInt8(ascii: "%") else { return true }
            let digits = bytes[(index + 1)...].prefix(2)
            return digits.count == 2 && digits.allSatisfy(isHexDigit)
        }
    }
}

// MARK: Authority (RFC 3986 §3.2)

extension WebAddress {
    private static func fault(inAuthority authority: ArraySlice<UInt8>) -> String? {
        guard !authority.contains(UInt8(ascii: "@")) else {
            return "must be a URL without a user name and password"
        }
        let (host, rest) = split(authority)
        guard isHost(host), rest.isEmpty || rest.first == UInt8(ascii: ":") else {
            return "must be a URL with a valid host name or IP address"
        }
        guard isPort(rest.dropFirst()) else {
            return "must be a URL whose port, if it has one, is a number from 0 to 65535"
        }
        return nil
    }

    /// Splits an authority into the host and the rest. Colons of an IPv6 address are inside brackets.
    private static func split(_ authority: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, ArraySlice<UInt8>) {
        var end = authority.firstIndex(of: UInt8(ascii: ":")) ?? authority.endIndex
        if authority.first == UInt8(ascii: "[") {
            end = authority.firstIndex(of: UInt8(ascii: "]")).map { $0 + 1 } ?? authority.endIndex
        }
        return (authority[..<end], authority[end...])
    }

    /// Digits, possibly none (§3.2.3), up to 65535.
    private static func isPort(_ digits: ArraySlice<UInt8>) -> Bool {
        let significant = digits.drop { $0 == UInt8(ascii: "0") }
        return digits.allSatisfy(isDigit) && significant.count <= 5 && number(significant) <= 65_535
    }

    private static func isHost(_ host: ArraySlice<UInt8>) -> Bool {
        guard host.first == UInt8(ascii: "[") else { return isName(host) }
        // IPvFuture (§3.2.2) is not supported.
        return host.last == UInt8(ascii: "]") && isIPv6(host.dropFirst().dropLast())
    }

    /// A DNS name or an IPv4 address. Internationalized names must be in their ASCII form (`xn--`): validating a
    /// percent-encoded name would need IDNA tables.
    private static func isName(_ host: ArraySlice<UInt8>) -> Bool {
        // A trailing dot, for the root, is allowed (RFC 1034 §3.1).
        let name = host.last == UInt8(ascii: ".") ? host.dropLast() : host
        let labels = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...hostBytes).contains(name.count),
            labels.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isOfName) }), let last = labels.last
        else { return false }
        return looksLikeNumber(last) ? isIPv4(name) : true
    }

    /// The maximum length in DNS (RFC 3986 §3.2.2).
    private static let hostBytes = 255

    /// Unreserved characters and sub-delims (§2.3, §2.2).
    private static func isOfName(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lowercase(byte))
            || "-_~!$&'()*+,;=".utf8.contains(byte)
    }

    /// Whether browsers parse a host with this last label as IPv4 (URL Standard, "ends in a number").
    private static func looksLikeNumber(_ label: ArraySlice<UInt8>) -> Bool {
        if label.allSatisfy(isDigit) { return true }
        let isHexadecimal =
            label.first == UInt8(ascii: "0") && lowercase(label.dropFirst().first ?? 0) == 0x78
        return isHexadecimal && label.dropFirst(2).allSatisfy(isHexDigit)
    }
}

// MARK: IP addresses (RFC 3986 §3.2.2)

extension WebAddress {
    /// Four decimal octets without leading zeros, which some parsers read as octal (parser differential).
    private static func isIPv4(_ text: ArraySlice<UInt8>) -> Bool {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy(isDigit) && number(part) <= 255
                    && (part.count == 1 || part.first != UInt8(ascii: "0"))
            }
    }

    /// Eight 16-bit groups; `::` replaces one or more zero groups once, and the last two may be written as IPv4.
    private static func isIPv6(_ text: ArraySlice<UInt8>) -> Bool {
        let colon = UInt8(ascii: ":")
        let gap = text.indices.dropLast().first { text[$0] == colon && text[$0 + 1] == colon }
        guard let gap else { return groupCount(text, mayEndInIPv4: true) == 8 }
        guard let head = groupCount(text[..<gap], mayEndInIPv4: false),
            let tail = groupCount(text[(gap + 2)...], mayEndInIPv4: true)
        else { return false }
        return head + tail <= 7
    }

    /// The number of groups; `nil` if one of them is invalid.
    private static func groupCount(_ text: ArraySlice<UInt8>, mayEndInIPv4: Bool) -> Int? {
        if text.isEmpty { return 0 }
        var groups = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var count = groups.count
        if mayEndInIPv4, let last = groups.last, isIPv4(last) {
            groups.removeLast()
            count += 1
        }
        return groups.allSatisfy { (1...4).contains($0.count) && $0.allSatisfy(isHexDigit) } ? count : nil
    }

    /// The value of a few digits.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int {
        digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(lowercase(byte))
    }
}
