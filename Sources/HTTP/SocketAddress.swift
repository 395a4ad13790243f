// SPDX-License-Identifier: Apache-2.0
import Glibc

/// An IPv4 or IPv6 address with a port. Small and inline, since every request carries one.
public struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    /// The 16 bytes of an IPv6 address in network order. IPv4 is held IPv4-mapped, `::ffff:a.b.c.d`, as a dual-stack socket
    /// reports it.
    private let high: UInt64
    private let low: UInt64
    private let scope: UInt32
    /// The port.
    public let port: UInt16
    /// Whether it needs a socket of the IPv6 family.
    let isIPv6Family: Bool

    /// The end of the 96-bit IPv4-mapped prefix (RFC 4291 §2.5.5.2).
    private static let mappedPrefix: UInt64 = 0xFFFF << 32

    /// The IPv4 loopback address; a placeholder where there is no socket.
    public static func loopback(port: UInt16 = 0) -> SocketAddress {
        SocketAddress(high: 0, low: mappedPrefix | 0x7F00_0001, scope: 0, port: port, isIPv6Family: false)
    }

    private init(high: UInt64, low: UInt64, scope: UInt32, port: UInt16, isIPv6Family: Bool) {
        self.high = high
        self.low = low
        self.scope = scope
        self.port = port
        self.isIPv6Family = isIPv6Family
    }

    /// The 16 bytes as two words.
    var words: (UInt64, UInt64) { (high, low) }

    /// Whether it is IPv4, including IPv4-mapped.
    public var isIPv4: Bool { high == 0 && low >> 32 == Self.mappedPrefix >> 32 }

    /// The address without its port, such as `127.0.0.1` or `::1`.
    public var host: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN) + 1)
        if isIPv4 {
            var address = in_addr(s_addr: UInt32(truncatingIfNeeded: low).bigEndian)
            inet_ntop(AF_INET, &address, &text, socklen_t(text.count))
        } else {
            var address = (high.bigEndian, low.bigEndian)
            inet_ntop(AF_INET6, &address, &text, socklen_t(text.count))
        }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The address and its port, such as `127.0.0.1:8080` or `[::1]:8080`.
    public var description: String { isIPv4 ? "\(host):\(port)" : "[\(host)]:\(port)" }

    /// The network address for a prefix length in bits, without a port.
    public func truncated(to bits: Int) -> SocketAddress {
        let (high, low) = Self.masked((high, low), isIPv4 ? 96 + bits : bits)
        return SocketAddress(high: high, low: low, scope: 0, port: 0, isIPv6Family: isIPv6Family)
    }

    /// The words with all but the first `bits` cleared.
    static func masked(_ words: (UInt64, UInt64), _ bits: Int) -> (UInt64, UInt64) {
        // Swift's smart shifts give 0 for the full width.
        (words.0 & ~(UInt64.max >> min(bits, 64)), words.1 & ~(UInt64.max >> max(bits - 64, 0)))
    }

    /// The same address with another port.
    func withPort(_ port: UInt16) -> SocketAddress {
        SocketAddress(high: high, low: low, scope: scope, port: port, isIPv6Family: isIPv6Family)
    }
}

extension SocketAddress {
    /// Whether it is an IPv4 address in IPv6's family, `::ffff:a.b.c.d`.
    package var isMapped: Bool { isIPv4 && isIPv6Family }

    /// The address at a pointer to a `sockaddr` of that length; `nil` for other families, or if it is too short for its own.
    package init?(system address: UnsafeRawPointer, length: Int) {
        var storage = sockaddr_storage()
        withUnsafeMutableBytes(of: &storage) {
            $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: min(length, $0.count)))
        }
        let isIPv4 = Int32(storage.ss_family) == AF_INET
        let size = isIPv4 ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
        guard length >= size else { return nil }
        self.init(storage)
    }

    /// The address filled in by a system call; `nil` for other families.
    init?(_ storage: sockaddr_storage) {
        self = .loopback()
        switch Int32(storage.ss_family) {
        case AF_INET:
            let address = withUnsafeBytes(of: storage) { $0.loadUnaligned(as: sockaddr_in.self) }
            let low = Self.mappedPrefix | UInt64(UInt32(bigEndian: address.sin_addr.s_addr))
            self.init(
                high: 0, low: low, scope: 0, port: UInt16(bigEndian: address.sin_port), isIPv6Family: false)
        case AF_INET6:
            let address = withUnsafeBytes(of: storage) { $0.loadUnaligned(as: sockaddr_in6.self) }
            let (high, low) = withUnsafeBytes(of: address.sin6_addr) {
                ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            }
            self.init(
                high: UInt64(bigEndian: high), low: UInt64(bigEndian: low), scope: address.sin6_scope_id,
                port: UInt16(bigEndian: address.sin6_port), isIPv6Family: true)
        default: return nil
        }
    }

    /// Calls `body` with a `sockaddr`.
    func withSystemAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        isIPv6Family ? withIPv6(body) : withIPv4(body)
    }

    private func withIPv4<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(truncatingIfNeeded: low).bigEndian
        return Self.rebind(&address, body)
    }

    private func withIPv6<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        address.sin6_scope_id = scope
        withUnsafeMutableBytes(of: &address.sin6_addr) {
            $0.storeBytes(of: high.bigEndian, as: UInt64.self)
            $0.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return Self.rebind(&address, body)
    }

    private static func rebind<Address, Result>(
        _ address: inout Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }
}
