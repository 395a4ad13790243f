// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A range of IP addresses in CIDR notation (RFC 4632, RFC 4291 §2.3): `10.0.0.0/8`, `fd00::/8`, or a single address.
public struct AddressRange: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64
    /// Prefix length in bits, 0…128. IPv4 addresses are IPv4-mapped.
    private let bits: Int

    /// `nil` if the text is not an address, or the prefix length is not within the address's bits.
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

    /// The range with this prefix length around an address. For IPv4, `bits` includes the 96 bits of the mapped prefix.
    init(_ address: SocketAddress, bits: Int) {
        (high, low) = SocketAddress.masked(address.words, bits)
        self.bits = bits
    }

    /// Whether the address is in the range.
    public func contains(_ address: SocketAddress) -> Bool {
        SocketAddress.masked(address.words, bits) == (high, low)
    }
}

extension AddressRange: CustomStringConvertible {
    /// The first address in hexadecimal and the prefix length: canonical, so equal ranges have equal text.
    public var description: String { "\(String(high, radix: 16)).\(String(low, radix: 16))/\(bits)" }
}

extension SocketAddress {
    /// The network that counts as one client: an IPv4 address, or the /64 of an IPv6 address, which one subscriber has for
    /// itself (RFC 6177).
    public var network: AddressRange { AddressRange(self, bits: isIPv4 ? 128 : 64) }

    /// Parses an address without a port; `nil` if it is not one.
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
