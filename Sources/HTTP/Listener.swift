// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A listening socket of one worker.
struct Listener: Sendable {
    let descriptor: Int32
    let address: SocketAddress

    /// Opens listening sockets: one per resolved address, `copies` times, so that each worker gets a list of its own. The kernel
    /// distributes connections over the sockets of one address (`SO_REUSEPORT`).
    static func open(
        host: String, port: UInt16, copies: Int, limits: Limits
    ) throws(ServerError) -> [[Listener]] {
        let endpoint = Endpoint(host: host, port: port)
        var opened: [[Listener]] = Array(repeating: [], count: copies)
        do throws(ServerError) {
            var chosen = port
            for address in try endpoint.addresses() {
                guard let first = try endpoint.bind(address.withPort(chosen), limits, isFirst: true) else {
                    continue
                }
                opened[0].append(first)
                chosen = first.address.port
                for index in 1..<max(copies, 1) {
                    guard let next = try endpoint.bind(first.address, limits, isFirst: false) else {
                        continue
                    }
                    opened[index].append(next)
                }
            }
            guard !opened[0].isEmpty else {
                throw ServerError.cannotResolve(
                    host: host, port: port, reason: "it is no address of this machine")
            }
        } catch {
            for listener in opened.joined() { close(listener.descriptor) }
            throw error
        }
        return opened
    }
}

/// The host and port to listen on, which every error names.
private struct Endpoint {
    let host: String
    let port: UInt16

    /// The addresses of the host in the resolver's order, without duplicates.
    func addresses() throws(ServerError) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else {
            throw .cannotResolve(host: host, port: port, reason: String(cString: gai_strerror(code)))
        }
        defer { freeaddrinfo(list) }
        var found: [SocketAddress] = []
        for entry in sequence(first: list, next: { $0?.pointee.ai_next }) {
            guard let entry = entry?.pointee, let address = Self.address(entry), !found.contains(address)
            else {
                continue
            }
            found.append(address)
        }
        return found
    }

    private static func address(_ entry: addrinfo) -> SocketAddress? {
        var storage = sockaddr_storage()
        guard let source = entry.ai_addr else { return nil }
        withUnsafeMutableBytes(of: &storage) {
            $0.copyMemory(
                from: UnsafeRawBufferPointer(start: source, count: min(Int(entry.ai_addrlen), $0.count)))
        }
        return SocketAddress(storage)
    }

    /// A listening socket; `nil` if this machine does not have the address (a name may have one of a family that is disabled).
    ///
    /// - Parameter isFirst: whether to fail if another process listens there. With `SO_REUSEPORT` alone, a second server of the
    ///   same user would silently get a part of the connections.
    func bind(_ address: SocketAddress, _ limits: Limits, isFirst: Bool) throws(ServerError) -> Listener? {
        if isFirst, address.port != 0 {
            guard let probe = try boundSocket(address, isShared: false) else { return nil }
            close(probe)
        }
        guard let descriptor = try boundSocket(address, isShared: true) else { return nil }
        // Inherited by accepted sockets. Responses are written in one piece, so Nagle's algorithm would only delay them.
        Socket.set(TCP_NODELAY, of: descriptor, level: Int32(IPPROTO_TCP))
        // Limits unsent bytes in the kernel's buffer: otherwise megabytes are copied for a client that reads nothing.
        Socket.set(TCP_NOTSENT_LOWAT, of: descriptor, to: 128 * 1024, level: Int32(IPPROTO_TCP))
        guard listen(descriptor, limits.listenBacklog) == 0, let bound = Self.boundAddress(descriptor) else {
            let code = errno
            close(descriptor)
            throw failure("listen", code)
        }
        return Listener(descriptor: descriptor, address: bound)
    }

    private func boundSocket(_ address: SocketAddress, isShared: Bool) throws(ServerError) -> Int32? {
        let flags = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        let descriptor = socket(address.isIPv6Family ? AF_INET6 : AF_INET, Int32(flags), 0)
        guard descriptor >= 0 else {
            if errno == EAFNOSUPPORT { return nil }
            throw failure("socket", errno)
        }
        Socket.set(SO_REUSEADDR, of: descriptor)
        if isShared { Socket.set(SO_REUSEPORT, of: descriptor) }
        guard address.withSystemAddress({ Glibc.bind(descriptor, $0, $1) }) == 0 else {
            let code = errno
            close(descriptor)
            if code == EADDRNOTAVAIL { return nil }
            throw failure("bind", code)
        }
        return descriptor
    }

    private static func boundAddress(_ descriptor: Int32) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return result == 0 ? SocketAddress(storage) : nil
    }

    private func failure(_ call: String, _ code: Int32) -> ServerError {
        switch code {
        case EADDRINUSE: .addressInUse(host: host, port: port)
        case EACCES, EPERM: .permissionDenied(host: host, port: port)
        default: .system(host: host, port: port, call: call, reason: String(cString: strerror(code)))
        }
    }
}
