/// What proxies say of those whose requests they pass on.
public struct ForwardedBy: Sendable {
    /// The field in which they say it.
    public enum Field: String, Sendable, CaseIterable {
        case xForwardedFor = "x-forwarded-for"
        /// RFC 7239.
        case forwarded
    }

    /// The proxies that are believed; a client could say anything.
    public var trusted: [AddressRange]
    /// The one field that they write. The other, which they might pass on as a client made it up, is not looked at.
    public var field: Field

    /// What these proxies say in this field.
    public init(trusted: [AddressRange] = [], field: Field = .xForwardedFor) {
        self.trusted = trusted
        self.field = field
    }

    fileprivate func trusts(_ address: SocketAddress) -> Bool { trusted.contains { $0.contains(address) } }
}

extension Request {
    /// Who asks: the other end of the connection, or, where that is a trusted proxy, the last address on the way that is not.
    public func client(_ forwarded: ForwardedBy) -> SocketAddress {
        // What others say is not even looked at.
        guard forwarded.trusts(peer) else { return peer }
        var client = peer
        var hops = Hops(
            lines: headers(named: forwarded.field == .forwarded ? "Forwarded" : "X-Forwarded-For"))
        while forwarded.trusts(client), let hop = hops.next() {
            // An unknown or hidden hop: nothing before it can be believed either.
            let node = forwarded.field == .forwarded ? hop.forwardedFor : hop
            guard let address = node.flatMap(SocketAddress.init(hop:)) else { break }
            client = address
        }
        return client
    }
}

/// The hops that proxies name, the nearest first: lists are read from their end, no further than is asked for.
private struct Hops: IteratorProtocol {
    /// What is still to be read.
    var lines: [FieldValue]

    mutating func next() -> FieldValue? {
        guard let line = lines.popLast() else { return nil }
        guard let comma = line.bytes.lastIndex(of: ASCII.comma) else { return line.trimmed }
        lines.append(FieldValue(line.bytes[..<comma]))
        return FieldValue(line.bytes[(comma + 1)...]).trimmed
    }
}

extension FieldValue {
    /// The node of the parameter `for` in an element of `Forwarded` (RFC 7239 §4).
    fileprivate var forwardedFor: FieldValue? {
        for pair in split(at: ASCII.semicolon) {
            let (name, value) = pair.cut(at: ASCII.equals)
            if name.matches("for") { return value?.unquoted }
        }
        return nil
    }
}

extension SocketAddress {
    /// A hop: an address, maybe with a port, an IPv6 address then in brackets (RFC 7239 §6).
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
