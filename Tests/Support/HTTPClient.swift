// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Glibc
public import HTTP
import Synchronization

/// A simple blocking HTTP/1.1 client for tests: one keep-alive connection, no code shared with the server.
///
/// Every method has two overloads. The synchronous one blocks; the `async` one, which Swift selects in `async` code, blocks a
/// thread of the client's own queue instead of the cooperative pool.
public final class HTTPClient: Sendable {
    private let queue = DispatchQueue(label: "HTTPClient")
    private let socket: Mutex<HTTPClientSocket>

    /// A client of a server on this machine; connects on the first request. The timeout is long, since all tests run in
    /// parallel: it ends a test that hangs, and does not measure speed.
    ///
    /// `source` is the client's IPv4 address on this machine; the kernel chooses one if it is nil.
    public init(port: UInt16, host: String = "127.0.0.1", source: String? = nil) {
        socket = Mutex(HTTPClientSocket(host: host, port: port, source: source, timeoutSeconds: 300))
    }

    /// Sends a request and reads its response. Connects if there is no connection, or if the last response ended it.
    public func request(
        _ method: Method, _ path: String, headers: [(String, String)] = [], body: [UInt8] = []
    ) throws -> HTTPReply {
        try socket.withLock { socket in
            try socket.connectIfNeeded()
            try socket.send(Self.encode(method, path, headers, body))
            return try socket.readReply(toHead: method == .head)
        }
    }

    /// Sends raw bytes.
    public func send(_ bytes: [UInt8]) throws {
        try socket.withLock { socket in
            try socket.connectIfNeeded()
            try socket.send(bytes)
        }
    }

    /// Sends raw text, without adding line ends.
    public func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// Reads a response. `toHead`: the response to HEAD, which has no body whatever its head says.
    public func readReply(toHead: Bool = false) throws -> HTTPReply {
        try socket.withLock { try $0.readReply(toHead: toHead) }
    }

    /// Reads a line without its line end: for event streams.
    public func readLine() throws -> String { try socket.withLock { try $0.readLine() } }

    /// Reads the head of a response, leaving its body unread: for event streams.
    public func readHead() throws -> HTTPReply { try socket.withLock { try $0.readHead() } }

    /// Reads a chunk of a chunked body: for event streams. Empty at the end.
    public func readChunk() throws -> [UInt8] { try socket.withLock { try $0.readChunk() } }

    /// Reads until the server closes, or resets, the connection.
    public func readToEnd() throws -> [UInt8] { try socket.withLock { try $0.readToEnd() } }

    /// Closes the sending side (half-close); responses can still be read.
    public func finishSending() { socket.withLock { $0.finishSending() } }

    /// Closes the connection; the next request opens another. `abort` sends a reset (RST).
    public func close(abort: Bool = false) { socket.withLock { $0.close(abort: abort) } }

    private static func encode(
        _ method: Method, _ path: String, _ headers: [(String, String)], _ body: [UInt8]
    ) -> [UInt8] {
        var head = "\(method) \(path) HTTP/1.1\r\n"
        if !headers.contains(where: { $0.0.lowercased() == "host" }) { head += "Host: localhost\r\n" }
        if !body.isEmpty || [.post, .put, .patch].contains(method) {
            head += "Content-Length: \(body.count)\r\n"
        }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        return Array((head + "\r\n").utf8) + body
    }
}

extension HTTPClient {
    /// `request` without blocking the caller's thread.
    public func request(
        _ method: Method, _ path: String, headers: [(String, String)] = [], body: [UInt8] = []
    ) async throws -> HTTPReply {
        try await blocking { try self.request(method, path, headers: headers, body: body) }
    }

    /// `send` without blocking the caller's thread.
    public func send(_ bytes: [UInt8]) async throws { try await blocking { try self.send(bytes) } }

    /// `send` without blocking the caller's thread.
    public func send(_ text: String) async throws { try await blocking { try self.send(text) } }

    /// `readReply` without blocking the caller's thread.
    public func readReply(toHead: Bool = false) async throws -> HTTPReply {
        try await blocking { try self.readReply(toHead: toHead) }
    }

    /// `readLine` without blocking the caller's thread.
    public func readLine() async throws -> String { try await blocking { try self.readLine() } }

    /// `readHead` without blocking the caller's thread.
    public func readHead() async throws -> HTTPReply { try await blocking { try self.readHead() } }

    /// `readChunk` without blocking the caller's thread.
    public func readChunk() async throws -> [UInt8] { try await blocking { try self.readChunk() } }

    /// `readToEnd` without blocking the caller's thread.
    public func readToEnd() async throws -> [UInt8] { try await blocking { try self.readToEnd() } }

    private func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws
        -> Value
    {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { @Sendable in continuation.resume(with: Result(catching: work)) }
        }
    }
}
