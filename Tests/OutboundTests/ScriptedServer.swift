// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Glibc
import HTTP
import Outbound
import Synchronization
import Testing

/// A server that counts its connections and answers each by a script, well formed or not.
final class ScriptedServer: Sendable {
    let host: String
    let port: UInt16
    private let descriptor: Int32
    private let state = Mutex((connections: 0, heads: [String]()))

    /// Listens on the address, an IP address of the loopback device; 0 is any free port.
    init(
        _ host: String = "127.0.0.1", port: UInt16 = 0,
        _ script: @escaping @Sendable (Peer) -> Void = { _ in }
    ) throws {
        let (descriptor, port) = try Self.listen(on: host, port)
        (self.host, self.port, self.descriptor) = (host, port, descriptor)
        DispatchQueue(label: "scripted").async { [weak self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { break }
                self?.state.withLock { $0.connections += 1 }
                // Each with a thread, however many are blocked.
                DispatchQueue(label: "peer").async { [weak self] in
                    let peer = Peer(connection)
                    self?.state.withLock { $0.heads.append(peer.head) }
                    script(peer)
                    close(connection)
                }
            }
            close(descriptor)
        }
    }

    /// One that answers each request with this text.
    convenience init(_ host: String = "127.0.0.1", answer: String) throws {
        try self.init(host) { $0.send(answer) }
    }

    deinit { shutdown(descriptor, Int32(SHUT_RDWR)) }

    var url: String { "http://\(host):\(port)" }
    /// The heads of requests, in the order in which they came.
    var heads: [String] { state.withLock { $0.heads } }

    /// The number of connections that were made before this call: the queue of a listener is in order, so one of our own is the last.
    func connections() async throws -> Int {
        let fetcher = HTTPFetcher(.init(.any, userAgent: "sentinel", timeout: .seconds(60)))
        let before = state.withLock { $0.connections }
        let text = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        _ = try? await fetcher.fetch(OutboundRequest(.get, "http://\(text):\(port)/sentinel", reading: .head))
        let all = state.withLock { $0.connections }
        try #require(all > before, "the listener does not listen")
        return all - 1
    }

    private static func listen(on host: String, _ port: UInt16) throws -> (Int32, UInt16) {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "\(port)", &hints, &list) == 0, let found = list?.pointee else {
            throw Failure(step: "getaddrinfo", errno: errno)
        }
        defer { freeaddrinfo(list) }
        let descriptor = socket(
            found.ai_family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, found.ai_addr, found.ai_addrlen) == 0, Glibc.listen(descriptor, 64) == 0
        else {
            let failure = Failure(step: "bind", errno: errno)
            close(descriptor)
            throw failure
        }
        var address = sockaddr_in6()
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = getsockname(descriptor, $0, &size)
            }
        }
        // At the same place in both families.
        return (descriptor, UInt16(bigEndian: address.sin6_port))
    }

    struct Failure: Error {
        let step: String
        let errno: Int32
    }
}

/// The other end of a connection.
struct Peer: Sendable {
    let descriptor: Int32
    /// The head of its request.
    let head: String

    /// Reads the head.
    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        head = Self.readHead(descriptor)
    }

    /// Reads to the empty line, or one byte of a TLS record.
    private static func readHead(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8), bytes != [0x16],
            recv(descriptor, &byte, 1, 0) == 1
        {
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads that many bytes of the body.
    func read(_ count: Int) -> String {
        var bytes = [UInt8](repeating: 0, count: count)
        let taken = recv(descriptor, &bytes, count, Int32(MSG_WAITALL))
        return String(decoding: bytes.prefix(max(taken, 0)), as: UTF8.self)
    }

    /// Whether all could be sent.
    @discardableResult
    func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Sends the same again and again, until the other end closes the connection.
    func flood(_ text: String) { while send(text) {} }

    /// Sends one byte every few milliseconds, until the other end closes the connection.
    func drip() { while send("x") { usleep(20_000) } }

    /// Waits until the other end closes the connection.
    func waitForEnd() {
        var byte: UInt8 = 0
        while recv(descriptor, &byte, 1, 0) > 0 {}
    }
}
