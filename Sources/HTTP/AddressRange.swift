import Glibc

/// A range of addresses, written as in CIDR (RFC 4632, RFC 4291 §2.3): `10.0.0.0/8`, `fd00::/8`, or one address alone.
public struct AddressRange: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64
    /// How many of the 128 bits count.
    private let bits: Int

    /// `nil` where the text is no address, or the number behind the slash is none of its bits.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: ASCII.slash, maxSplits: 1, omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        guard let address = SocketAddress(host: parts[0]) else { return nil }
        let width = address.isIPv4 ? 32 : 128
        var length = width
        if parts.count == 2 {
            guard let number = Int(parts[1]), (0...width).contains(number) else { return nil }
            length = number
        }
        self.init(address, bits: 128 - width + length)
    }

    /// The addresses that share the first `bits` of 128 with one; of an IPv4 address the first 96 are those of all of them.
    init(_ address: SocketAddress, bits: Int) {
        (high, low) = SocketAddress.masked(address.words, bits)
        self.bits = bits
    }

    /// Whether the address is one of these.
    public func contains(_ address: SocketAddress) -> Bool {
        SocketAddress.masked(address.words, bits) == (high, low)
    }
}

extension AddressRange: CustomStringConvertible {
    /// The first address as hexadecimal digits, and how many of the 128 bits count: the same text for the same range.
    public var description: String { "\(String(high, radix: 16)).\(String(low, radix: 16))/\(bits)" }
}

extension SocketAddress {
    /// What belongs to one client as far as anyone can tell: an IPv4 address, or the 64 upper bits of an IPv6 address, which one
    /// subscriber has to himself (RFC 6177).
    public var network: AddressRange { AddressRange(self, bits: isIPv4 ? 128 : 64) }

    /// An address in text, without a port; nil where it is none.
    public init?(host: String) {
        var storage = sockaddr_storage()
        let isFound = withUnsafeMutablePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
                address.pointee.sin_family = sa_family_t(AF_INET)
                return inet_pton(AF_INET, host, &address.pointee.sin_addr) == 1
            }
                || storage.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
                    address.pointee.sin6_family = sa_family_t(AF_INET6)
                    return inet_pton(AF_INET6, host, &address.pointee.sin6_addr) == 1
                }
        }
        guard isFound else { return nil }
        self.init(storage)
    }
}
