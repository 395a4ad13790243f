// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// A blocking HTTP request on its own connection; only the status line of the response is read.
struct PlainRequest {
    let host: String
    let port: UInt16
    /// Request line, fields and the empty line.
    let head: String

    /// Timeout of each socket operation.
    private static let timeoutSeconds = 3

    /// Sends the request and returns the status line of the response.
    func statusLine() throws(PlainRequestError) -> String {
        let connection = try connect()
        defer { close(connection) }
        guard send(connection, head, head.utf8.count, Int32(MSG_NOSIGNAL)) == head.utf8.count else {
            throw unreachable()
        }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = recv(connection, &buffer, buffer.count, 0)
        guard count > 0 else { throw unreachable() }
        return String(decoding: buffer[..<count].prefix { $0 != 13 }, as: UTF8.self)
    }

    private func connect() throws(PlainRequestError) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else {
            throw PlainRequestError(message: "\(host) cannot be resolved")
        }
        defer { freeaddrinfo(found) }
        let descriptor = socket(
            address.pointee.ai_family, address.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw unreachable() }
        var timeout = timeval(tv_sec: Self.timeoutSeconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, size)
        guard Glibc.connect(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 else {
            let failure = unreachable()
            close(descriptor)
            throw failure
        }
        return descriptor
    }

    private func unreachable() -> PlainRequestError {
        PlainRequestError(message: "no answer from \(host) port \(port): \(String(cString: strerror(errno)))")
    }
}

/// Why there is no response, as a message for the operator.
struct PlainRequestError: Error {
    let message: String
}
