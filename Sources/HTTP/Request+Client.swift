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
}

extension Request {
    /// Who asks: the other end of the connection, or, where that is a trusted proxy, the last address on the way that is not.
    public func client(_ forwarded: ForwardedBy) -> SocketAddress {
        var client = peer
        var hops = self.hops(forwarded.field)[...]
        while forwarded.trusted.contains(where: { $0.contains(client) }), let hop = hops.popLast() {
            // An unknown or hidden hop: nothing before it can be believed either.
            guard let address = SocketAddress(hop: hop) else { break }
            client = address
        }
        return client
    }

    /// The addresses on the way, the nearest last.
    private func hops(_ field: ForwardedBy.Field) -> [Substring] {
        let values = headers(named: field == .forwarded ? "Forwarded" : "X-Forwarded-For")
        let items = values.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
        guard field == .forwarded else { return items.map { $0.trimmingBlanks } }
        return items.map { item in
            let pairs = item.split(separator: ";").map { $0.trimmingBlanks }
            let node = pairs.first { $0.lowercased().hasPrefix("for=") }
            return (node?.dropFirst(4) ?? "").filter { $0 != "\"" }[...]
        }
    }
}

extension SocketAddress {
    /// A hop: an address, maybe with a port, an IPv6 address then in brackets.
    fileprivate init?(hop: Substring) {
        if hop.hasPrefix("["), let end = hop.firstIndex(of: "]") {
            self.init(host: String(hop[hop.index(after: hop.startIndex)..<end]))
        } else if hop.filter({ $0 == ":" }).count == 1 {
            self.init(host: String(hop.prefix { $0 != ":" }))
        } else {
            self.init(host: String(hop))
        }
    }
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        let start = drop { $0 == " " || $0 == "\t" }
        return start.dropLast(start.reversed().prefix { $0 == " " || $0 == "\t" }.count)
    }
}
