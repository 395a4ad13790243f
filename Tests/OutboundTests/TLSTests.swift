// SPDX-License-Identifier: Apache-2.0
import HTTP
import Outbound
import Testing

@Suite("TLS of outbound requests")
struct TLSTests {
    private static func failure(
        of url: String, _ change: (inout HTTPFetcher.Settings) -> Void = { _ in }
    ) async throws -> OutboundError {
        try await makeFetcher(.any, change).failure(of: OutboundRequest(.get, url))
    }

    private static func isTLS(_ error: OutboundError) -> Bool {
        if case .tls = error { true } else { false }
    }

    @Test("A certificate of an authority that is trusted is taken")
    func trusted() async throws {
        let server = try await TLSServer()
        let fetcher = makeFetcher { $0.certificateFile = server.certificate }
        let response = try await fetcher.fetch(OutboundRequest(.get, "https://localhost:\(server.port)/"))
        #expect(response.status == .ok)
        #expect(String(decoding: response.body, as: UTF8.self).contains("TLSv1.3"))
    }

    @Test("A certificate of nobody that is trusted is refused")
    func selfSigned() async throws {
        let server = try await TLSServer()
        let error = try await Self.failure(of: "https://localhost:\(server.port)/")
        #expect(Self.isTLS(error), "\(error)")
        #expect(error.message.hasPrefix("no secure connection to localhost: "))
    }

    @Test("A certificate for another name is refused", arguments: ["127.0.0.1", "other.example"])
    func otherName(host: String) async throws {
        let server = try await TLSServer()
        let error = try await Self.failure(of: "https://\(host):\(server.port)/") {
            $0.certificateFile = server.certificate
            $0.resolve = { _ in ["127.0.0.1"] }
        }
        #expect(Self.isTLS(error), "\(error)")
    }

    @Test("Versions of TLS before 1.2 are refused, 1.2 is not")
    func versions() async throws {
        let old = try await TLSServer("-www -tls1_1 -cipher 'DEFAULT:@SECLEVEL=0'")
        let error = try await Self.failure(of: "https://localhost:\(old.port)/") {
            $0.certificateFile = old.certificate
        }
        #expect(Self.isTLS(error), "\(error)")
        let second = try await TLSServer("-www -tls1_2")
        let fetcher = makeFetcher { $0.certificateFile = second.certificate }
        let response = try await fetcher.fetch(OutboundRequest(.get, "https://localhost:\(second.port)/"))
        #expect(response.status == .ok)
    }

    @Test("A server without TLS is refused")
    func plain() async throws {
        let server = try ScriptedServer(answer: "HTTP/1.1 200 OK\r\n\r\n")
        let error = try await Self.failure(of: "https://127.0.0.1:\(server.port)/")
        #expect(Self.isTLS(error), "\(error)")
    }

    @Test("A redirect from https to http is refused")
    func downgrade() async throws {
        let plain = try ScriptedServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let server = try await TLSServer(
            "-HTTP",
            files: [
                "down": "HTTP/1.1 302 Found\r\nLocation: \(plain.url)/\r\n\r\n",
                "across": "HTTP/1.1 302 Found\r\nLocation: /end\r\n\r\n",
                "end": "HTTP/1.1 200 OK\r\n\r\nover TLS",
            ])
        let fetcher = makeFetcher { $0.certificateFile = server.certificate }
        let url = "https://localhost:\(server.port)"
        let error = try await fetcher.failure(of: OutboundRequest(.get, url + "/down", redirects: 3))
        #expect(error == .refusedRedirect("it leads from https to http"))
        #expect(try await plain.connections() == 0)
        let response = try await fetcher.fetch(OutboundRequest(.get, url + "/across", redirects: 3))
        #expect(response.body == Array("over TLS".utf8))
    }
}
