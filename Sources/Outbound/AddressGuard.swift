// SPDX-License-Identifier: Apache-2.0
public import HTTP

/// Which addresses requests may go to.
public enum AddressPolicy: Sendable, Equatable {
    /// Only addresses of the public Internet, and those that the operator has allowed: for URLs that others have written.
    case publicOnly(allowing: [AddressRange] = [])
    /// All addresses: for URLs that the operator has configured.
    case any
}

/// A guard against server-side request forgery (SSRF): decides on the address of each connection before it is made. It checks resolved
/// addresses, not names, so that neither DNS rebinding nor a redirect gets around it.
public struct AddressGuard: Sendable {
    private let policy: AddressPolicy

    /// A guard that keeps to the policy.
    public init(_ policy: AddressPolicy) { self.policy = policy }

    /// Why the address is refused, as a noun phrase such as "a loopback address"; `nil` if it is allowed.
    public func refusal(of address: SocketAddress) -> String? {
        guard case .publicOnly(let allowed) = policy, !allowed.contains(where: { $0.contains(address) })
        else { return nil }
        // ::ffff:0:0/96 would be all of IPv4 as a range, since ranges hold IPv4 in this form.
        if address.isMapped { return "an IPv4-mapped address" }
        if let special = Self.special.first(where: { $0.range.contains(address) }) { return special.name }
        return address.isIPv4 || Self.globalUnicast.contains(address) ? nil : "not a global unicast address"
    }

    private struct Special {
        let range: AddressRange
        let name: String

        init(_ text: String, _ name: String) { (range, self.name) = (AddressGuard.range(text), name) }
    }

    private static func range(_ text: String) -> AddressRange {
        guard let range = AddressRange(text) else { preconditionFailure("\(text) is no range") }
        return range
    }

    /// All that is assigned of IPv6 for unicast across the Internet (RFC 4291 §2.4, IANA's registry of the IPv6 address space). What is
    /// outside is refused whether it is listed or not.
    private static let globalUnicast = range("2000::/3")

    /// IANA's registries of special-purpose addresses (RFC 6890), and forms of IPv6 addresses that embed an IPv4 address, which a
    /// translator or a tunnel would reach.
    private static let special: [Special] = [
        Special("0.0.0.0/8", "an address of \"this network\""),  // RFC 791
        Special("10.0.0.0/8", "a private address"),  // RFC 1918
        Special("100.64.0.0/10", "a shared address"),  // RFC 6598
        Special("127.0.0.0/8", "a loopback address"),  // RFC 1122
        Special("169.254.0.0/16", "a link-local address"),  // RFC 3927; metadata of clouds
        Special("172.16.0.0/12", "a private address"),
        Special("192.0.0.0/24", "an address of protocol assignments"),  // RFC 6890
        Special("192.0.2.0/24", "a documentation address"),  // RFC 5737
        Special("192.88.99.0/24", "a 6to4 relay"),  // RFC 7526
        Special("192.168.0.0/16", "a private address"),
        Special("198.18.0.0/15", "a benchmarking address"),  // RFC 2544
        Special("198.51.100.0/24", "a documentation address"),
        Special("203.0.113.0/24", "a documentation address"),
        Special("224.0.0.0/4", "a multicast address"),  // RFC 5771
        Special("255.255.255.255", "the broadcast address"),  // RFC 919
        Special("240.0.0.0/4", "a reserved address"),  // RFC 1112

        Special("::", "the unspecified address"),  // RFC 4291
        Special("::1", "a loopback address"),
        Special("::/96", "an IPv4-compatible address"),
        Special("64:ff9b::/96", "a NAT64 address"),  // RFC 6052
        Special("64:ff9b:1::/48", "a NAT64 address"),  // RFC 8215
        Special("100::/64", "a discard address"),  // RFC 6666
        Special("2001::/32", "a Teredo address"),  // RFC 4380
        Special("2001::/23", "an address of protocol assignments"),  // RFC 2928
        Special("2001:db8::/32", "a documentation address"),  // RFC 3849
        Special("2002::/16", "a 6to4 address"),  // RFC 3056
        Special("3fff::/20", "a documentation address"),  // RFC 9637
        Special("fc00::/7", "a unique local address"),  // RFC 4193
        Special("fe80::/10", "a link-local address"),
        Special("fec0::/10", "a site-local address"),  // RFC 3879
        Special("ff00::/8", "a multicast address"),
    ]
}
