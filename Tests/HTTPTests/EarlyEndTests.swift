// SPDX-License-Identifier: Apache-2.0
import Glibc
import HTTP
import Support
import Testing

@Suite("Early disconnects")
struct EarlyEndTests {
    /// A request with all parser states: request line, fields, chunks, an extension, trailers.
    private static let chunked =
        "PUT /later HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "5;a=\"b\"\r\nhello\r\n0\r\nX: y\r\n\r\n"
    private static let sized = "PUT /later HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"

    private enum End: CaseIterable {
        case close, reset, half
    }

    @Test(
        "leak neither a connection nor a descriptor, after any byte",
        arguments: [chunked, sized])
    func everyByte(_ request: String) async throws {
        let (bytes, responder) = (Array(request.utf8), SampleResponder())
        try await withServer(responder, workers: 2) { server, port in
            let idle = OpenDescriptors.held(onPort: port)
            for end in End.allCases {
                for cut in 0..<bytes.count {
                    try await Self.send(bytes[..<cut], to: port, then: end)
                }
            }
            #expect(server.statistics.acceptedConnections == End.allCases.count * bytes.count)
            try await until { server.statistics.openConnections == 0 }
            try await until { OpenDescriptors.held(onPort: port) == idle }
            #expect(responder.requests.isEmpty, "no part of a request is one")
            #expect(try await HTTPClient(port: port).request(.get, "/").status == 200)
        }
    }

    private static func send(_ part: ArraySlice<UInt8>, to port: UInt16, then end: End) async throws {
        let client = HTTPClient(port: port)
        try await client.send(Array(part))
        guard end == .half else { return client.close(abort: end == .reset) }
        client.finishSending()
        // RFC 9112 §8: an incomplete request gets no response, except the 100 that its head asked for.
        let answer = String(decoding: try await client.readToEnd(), as: UTF8.self)
        #expect(answer.isEmpty || answer == "HTTP/1.1 100 Continue\r\n\r\n")
    }

    @Test("are answered after a half-close", arguments: [chunked, sized])
    func half(_ request: String) async throws {
        try await withServer(SampleResponder()) { server, port in
            let client = HTTPClient(port: port)
            try await client.send(request + "GET /2 HTTP/1.1\r\nHost: x\r\n\r\nGET /3 HTT")
            client.finishSending()
            let answers = String(decoding: try await client.readToEnd(), as: UTF8.self)
            #expect(answers.contains("PUT /later\nhello"))
            #expect(answers.hasSuffix("GET /2\n"))
            #expect(server.statistics.requests == 2)
        }
    }
}

/// The open descriptors of this process.
enum OpenDescriptors {
    /// The number of sockets bound to a port: listeners and accepted connections.
    static func held(onPort port: UInt16) -> Int {
        (0..<Int32(16_384)).count { descriptor in
            var address = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let result = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
            }
            return result == 0 && address.sin_family == sa_family_t(AF_INET)
                && UInt16(bigEndian: address.sin_port) == port
        }
    }
}
