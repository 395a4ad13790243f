// SPDX-License-Identifier: Apache-2.0
/// The parts of an absolute http or https URL (RFC 3986 §3) that a table of addresses goes by.
struct WebAddressParts {
    /// In lower case, without a port and the final dot.
    let host: String
    /// Between the slashes of the path, as they are; an empty last one is left out.
    let segments: [String]
    /// Names and values of the query, as they are.
    let query: [(name: String, value: String)]
    /// What follows `#`, as it is.
    let fragment: String

    /// `nil` for what is not a valid address (``WebAddress``), and for one with a port of its own: none of a provider has one.
    init?(_ text: String) {
        guard WebAddress.fault(in: text) == nil else { return nil }
        let bytes = Array(text.utf8)
        guard let slashes = bytes[...].firstRange(ofUTF8: "://") else { return nil }
        let scheme = String(decoding: bytes[..<slashes.lowerBound].map(Self.lowercase), as: UTF8.self)
        let rest = bytes[slashes.upperBound...]
        let authority = rest.prefix { !"/?#".utf8.contains($0) }
        let parts = authority.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        let port = String(decoding: parts.count == 2 ? parts[1] : [], as: UTF8.self)
        let usual = scheme.utf8.count == 5 ? "443" : "80"
        guard parts.count <= 2, port.isEmpty || port.hasSameBytes(as: usual) else { return nil }
        let name = parts[0].map(Self.lowercase)
        host = String(decoding: name.last == UInt8(ascii: ".") ? name.dropLast() : name[...], as: UTF8.self)
        let target = rest[authority.endIndex...].split(
            separator: UInt8(ascii: "#"), maxSplits: 1, omittingEmptySubsequences: false)
        let halves = target[0].split(
            separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        var segments = halves[0].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .dropFirst().map { String(decoding: $0, as: UTF8.self) }
        if segments.last?.isEmpty ?? false { segments.removeLast() }
        self.segments = segments
        query = halves.count < 2 ? [] : Self.pairs(halves[1])
        fragment = target.count < 2 ? "" : String(decoding: target[1], as: UTF8.self)
    }

    private static func pairs(_ text: ArraySlice<UInt8>) -> [(name: String, value: String)] {
        text.split(separator: UInt8(ascii: "&")).map { pair in
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            return (
                String(decoding: name, as: UTF8.self),
                String(decoding: pair[name.endIndex...].dropFirst(), as: UTF8.self)
            )
        }
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    /// The first value of a name in the query.
    func value(of name: String) -> String? { query.first { $0.name.hasSameBytes(as: name) }?.value }
}
