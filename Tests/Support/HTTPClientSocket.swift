// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The connection of an `HTTPClient`: blocking reads with a timeout, and message framing (RFC 9112 §6.3).
struct HTTPClientSocket {
    private let host: String
    private let port: UInt16
    private let source: String?
    private let timeoutSeconds: Int
    private var descriptor: Int32 = -1
    private var buffer: [UInt8] = []
    private var position = 0
    /// Whether the last response announced the end of the connection, which stays open for `readToEnd`.
    private var isLastReply = false

    init(host: String, port: UInt16, source: String?, timeoutSeconds: Int) {
        self.host = host
        self.port = port
        self.source = source
        self.timeoutSeconds = timeoutSeconds
    }

    mutating func connectIfNeeded() throws(HTTPClientError) {
        if isLastReply { close() }
        guard descriptor < 0 else { return }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "\(port)", &hints, &list) == 0, let address = list?.pointee else {
            throw .cannotConnect(errno: EADDRNOTAVAIL)
        }
        defer { freeaddrinfo(list) }
        descriptor = socket(address.ai_family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0, bindToSource(), connect(descriptor, address.ai_addr, address.ai_addrlen) == 0
        else {
            let code = errno
            close()
            throw .cannotConnect(errno: code)
        }
        // Separate sends arrive as separate segments, as far as possible.
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        var time = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    private func bindToSource() -> Bool {
        guard let source else { return true }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        return inet_pton(AF_INET, source, &address.sin_addr) == 1
            && withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
    }

    mutating func send(_ bytes: [UInt8]) throws(HTTPClientError) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
            } else if errno != EINTR {
                throw errno == EAGAIN ? .timedOut : .closed
            }
        }
    }

    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    mutating func close(abort: Bool = false) {
        guard descriptor >= 0 else { return }
        if abort {
            // With a linger time of 0, close sends a reset.
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        }
        Glibc.close(descriptor)
        descriptor = -1
        buffer = []
        position = 0
        isLastReply = false
    }

    // MARK: Responses

    mutating func readReply(toHead: Bool) throws(HTTPClientError) -> HTTPReply {
        var reply = try readHead()
        if !toHead, reply.status >= 200, reply.status != 204, reply.status != 304 {
            reply.body = try readBody(of: reply)
        }
        isLastReply = reply.header("Connection")?.lowercased() == "close"
        return reply
    }

    mutating func readHead() throws(HTTPClientError) -> HTTPReply {
        let line = try readLine()
        guard line.hasPrefix("HTTP/1."), let status = Int(line.dropFirst(9).prefix(3)) else {
            throw .malformed(line)
        }
        var reply = HTTPReply(status: status, headers: [], body: [])
        while true {
            let line = try readLine()
            if line.isEmpty { return reply }
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { throw .malformed(line) }
            reply.headers.append((String(parts[0]), String(parts[1].drop { $0 == " " })))
        }
    }

    private mutating func readBody(of reply: HTTPReply) throws(HTTPClientError) -> [UInt8] {
        if reply.header("Transfer-Encoding") == "chunked" {
            var body: [UInt8] = []
            while true {
                let chunk = try readChunk()
                if chunk.isEmpty { return body }
                body += chunk
            }
        }
        guard let text = reply.header("Content-Length") else { return try readToEnd() }
        guard let length = Int(text) else { throw .malformed("Content-Length: \(text)") }
        return try read(length)
    }

    mutating func readChunk() throws(HTTPClientError) -> [UInt8] {
        let line = try readLine()
        guard let size = Int(line, radix: 16) else { throw .malformed(line) }
        let bytes = try read(size)
        guard try readLine().isEmpty else { throw .malformed("no line end after a chunk") }
        return bytes
    }

    // MARK: Bytes

    mutating func readLine() throws(HTTPClientError) -> String {
        var searched = position
        while true {
            if let end = buffer[searched...].firstIndex(of: 10) {
                let line = buffer[position..<end]
                position = end + 1
                return String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
            }
            // The line's length is relative to `position`, since reading may compact the buffer.
            let length = buffer.count - position
            guard try fill() else { throw .closed }
            searched = position + length
        }
    }

    private mutating func read(_ count: Int) throws(HTTPClientError) -> [UInt8] {
        while buffer.count - position < count {
            guard try fill() else { throw .closed }
        }
        defer { position += count }
        return Array(buffer[position..<position + count])
    }

    mutating func readToEnd() throws(HTTPClientError) -> [UInt8] {
        while try fill() {}
        defer { close() }
        return Array(buffer[position...])
    }

    /// Reads available bytes; false at the end of the connection, closed or reset.
    private mutating func fill() throws(HTTPClientError) -> Bool {
        guard descriptor >= 0 else { return false }
        if position > 0 {
            buffer.removeFirst(position)
            position = 0
        }
        var part = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = recv(descriptor, &part, part.count, 0)
            if count > 0 { buffer += part[..<count] }
            if count >= 0 { return count > 0 }
            if errno == EAGAIN { throw .timedOut }
            if errno != EINTR { return false }
        }
    }
}
