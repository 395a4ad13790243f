// SPDX-License-Identifier: Apache-2.0
import Glibc
import HTTP
import Outbound
import Testing

/// Servers that send too much, too slowly, or what is not HTTP.
@Suite("Bounds of responses")
struct BoundsTests {
    private static let short: Duration = .milliseconds(500)

    private static func request(_ server: ScriptedServer, atMost limit: Int = 1_000) -> OutboundRequest {
        OutboundRequest(.get, server.url, reading: .body(atMost: limit))
    }

    @Test("A body of the limit is read, one of a byte more is refused", arguments: [1, 1_000, 100_000])
    func bodyLimit(limit: Int) async throws {
        for count in [limit, limit + 1] {
            let text = String(repeating: "x", count: count)
            let answers = [
                "HTTP/1.1 200 OK\r\nContent-Length: \(count)\r\n\r\n\(text)",
                "HTTP/1.0 200 OK\r\n\r\n\(text)",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(String(count, radix: 16))\r\n\(text)\r\n0\r\n\r\n",
            ]
            for answer in answers {
                let server = try ScriptedServer(answer: answer)
                let request = Self.request(server, atMost: limit)
                if count == limit {
                    #expect(try await makeFetcher().fetch(request).body.count == limit)
                } else {
                    let error = try await makeFetcher().failure(of: request)
                    #expect(error == .bodyTooLarge(host: "127.0.0.1", limit: limit))
                }
            }
        }
    }

    @Test(
        "What never ends is cut off",
        arguments: [
            "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n\r\n",
        ])
    func endless(head: String) async throws {
        let server = try ScriptedServer { peer in
            peer.send(head)
            peer.flood(String(repeating: "x", count: 4_096))
        }
        let error = try await makeFetcher().failure(of: Self.request(server))
        #expect(error == .bodyTooLarge(host: "127.0.0.1", limit: 1_000))
    }

    @Test("Of a long body its beginning can be read, of a short one all")
    func beginning() async throws {
        for count in [1, 999, 1_000, 1_001, 1_000_000] {
            let text = String(repeating: "x", count: count)
            let server = try ScriptedServer(
                answer: "HTTP/1.1 200 OK\r\nContent-Length: \(count)\r\n\r\n\(text)")
            let request = OutboundRequest(.get, server.url, reading: .beginning(atMost: 1_000))
            #expect(try await makeFetcher().fetch(request).body.count == min(count, 1_000))
        }
        let endless = try ScriptedServer { peer in
            peer.send("HTTP/1.1 200 OK\r\n\r\n")
            peer.flood(String(repeating: "x", count: 4_096))
        }
        let request = OutboundRequest(.get, endless.url, reading: .beginning(atMost: 1_000))
        #expect(try await makeFetcher().fetch(request).body.count == 1_000)
    }

    @Test("A body that drips, and an answer that never comes, end with the time")
    func slow() async throws {
        let scripts: [@Sendable (Peer) -> Void] = [
            { $0.waitForEnd() },
            {
                $0.send("HTTP/1.1 200 OK\r\n")
                $0.drip()
            },
            {
                $0.send("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
                $0.drip()
            },
        ]
        for script in scripts {
            let server = try ScriptedServer("127.0.0.1", script)
            let error = try await makeFetcher(timeout: Self.short).failure(of: Self.request(server))
            #expect(error == .timedOut(host: "127.0.0.1"))
        }
    }

    @Test("Redirects share the time of their request")
    func slowRedirects() async throws {
        let server = try ScriptedServer { peer in
            usleep(100_000)
            peer.send("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")
        }
        let error = try await makeFetcher(timeout: Self.short).failure(
            of: OutboundRequest(.get, server.url, redirects: 1_000))
        #expect(error == .timedOut(host: "127.0.0.1"))
        #expect((1...5).contains(server.heads.count))
    }

    @Test(
        "A head over the limit is refused",
        arguments: [
            ("HTTP/1.1 200 OK\r\n", "X-A: 1\r\n"),
            ("HTTP/1.1 200 OK\r\nX-A: ", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            ("", "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X-Trailer: 1\r\n"),
        ])
    func headBomb(start: String, rest: String) async throws {
        let server = try ScriptedServer { peer in
            peer.send(start)
            peer.flood(String(repeating: rest, count: 100))
        }
        let error = try await makeFetcher().failure(of: Self.request(server))
        #expect(error == .headTooLarge(host: "127.0.0.1", limit: 65_536))
    }

    @Test("A client that reads only the head does not wait for the body")
    func headOnly() async throws {
        let server = try ScriptedServer { peer in
            peer.send("HTTP/1.1 200 Purged\r\nContent-Length: 5000\r\n\r\n")
            peer.waitForEnd()
        }
        let response = try await makeFetcher().fetch(OutboundRequest("PURGE", server.url, reading: .head))
        #expect(response.status == .ok && response.body.isEmpty)
    }

    @Test("A connection that ends early is told from a malformed response")
    func early() async throws {
        for answer in ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"] {
            let server = try ScriptedServer(answer: answer)
            let error = try await makeFetcher().failure(of: Self.request(server))
            guard case .interrupted(host: "127.0.0.1", _) = error else {
                Issue.record("\(error)")
                continue
            }
        }
    }

    @Test(
        "What is not HTTP is no response",
        arguments: [
            "hello\r\n\r\n", "<html></html>\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n", "HTTP/1.1 99 No\r\n\r\n",
            "HTTP/1.1 000 No\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n",
        ])
    func malformed(answer: String) async throws {
        let server = try ScriptedServer(answer: answer)
        let error = try await makeFetcher().failure(of: Self.request(server))
        guard case .malformedResponse(host: "127.0.0.1", _) = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test("A content coding is not undone, so that it cannot unfold beyond the limit")
    func noDecoding() async throws {
        let server = try ScriptedServer(
            answer: "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")
        let response = try await makeFetcher().fetch(Self.request(server))
        #expect(response.body == Array("abc".utf8))
        #expect(server.heads.allSatisfy { !$0.contains("Accept-Encoding") })
    }
}
