// SPDX-License-Identifier: Apache-2.0
/// How trusted proxies report the client's address.
public struct ForwardedBy: Sendable {
    /// The header field that carries it.
    public enum Field: String, Sendable, CaseIterable {
        case xForwardedFor = "x-forwarded-for"
        /// RFC 7239.
        case forwarded
    }

    /// The proxies whose field is trusted; any other peer could forge it.
    public var trusted: [AddressRange]
    /// The one field that the proxies write. The other is ignored: they might forward one that a client forged.
    public var field: Field

    /// A configuration of these proxies and this field.
    public init(trusted: [AddressRange] = [], field: Field = .xForwardedFor) {
        self.trusted = trusted
        self.field = field
    }

    fileprivate func trusts(_ address: SocketAddress) -> Bool { trusted.contains { $0.contains(address) } }
}

extension Request {
    /// The client: the peer or, if that is a trusted proxy, the last hop that is not one.
    public func client(_ forwarded: ForwardedBy) -> SocketAddress {
        // The field of an untrusted peer is ignored.
        guard forwarded.trusts(peer) else { return peer }
        var client = peer
        var hops = Hops(
            lines: headers(named: forwarded.field == .forwarded ? "Forwarded" : "X-Forwarded-For"))
        while forwarded.trusts(client), let hop = hops.next() {
            // An unknown or obfuscated hop: addresses before it cannot be trusted.
            let node = forwarded.field == .forwarded ? hop.forwardedFor : hop
            guard let address = node.flatMap(SocketAddress.init(hop:)) else { break }
            client = address
        }
        return client
    }
}

/// The hops in the field, nearest first: the list is read lazily from its end.
private struct Hops: IteratorProtocol {
    /// Field lines still to be read.
    var lines: [FieldValue]

    mutating func next() -> FieldValue? {
        guard let line = lines.popLast() else { return nil }
        guard let comma = line.bytes.lastIndex(of: ASCII.comma) else { return line.trimmed }
        lines.append(FieldValue(line.bytes[..<comma]))
        return FieldValue(line.bytes[(comma + 1)...]).trimmed
    }
}

extension FieldValue {
    /// The `for` parameter of an element of `Forwarded` (RFC 7239 §4).
    fileprivate var forwardedFor: FieldValue? {
        for pair in split(at: ASCII.semicolon) {
            let (name, value) = pair.cut(at: ASCII.equals)
            if name.matches("for") { return value?.unquoted }
        }
        return nil
    }
}

extension SocketAddress {
    /// Parses a hop: an address with an optional port; with a port, IPv6 is in brackets (RFC 7239 §6).
    fileprivate init?(hop: FieldValue) {
        let bytes = hop.bytes
        let host: ArraySlice<UInt8>
        if bytes.first == UInt8(ascii: "["), let end = bytes.firstIndex(of: UInt8(ascii: "]")) {
            host = bytes[..<end].dropFirst()
        } else if let colon = bytes.firstIndex(of: ASCII.colon), bytes.lastIndex(of: ASCII.colon) == colon {
            host = bytes[..<colon]
        } else {
            host = bytes
        }
        guard let text = FieldValue(host).ascii else { return nil }
        self.init(host: text)
    }
}
