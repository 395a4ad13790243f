// SPDX-License-Identifier: Apache-2.0
import Dispatch
import HTTP
import Outbound
import Support
import Testing

@Suite("Outbound requests")
struct FetcherTests {
    @Test("A request is sent as it is, with nothing of the library's own")
    func exactRequest() async throws {
        let server = try ScriptedServer(answer: "HTTP/1.1 204 No Content\r\n\r\n")
        let request = OutboundRequest(
            "PURGE", server.url + "/stories/a/updates?limit=5#end",
            headers: ["Host": "news.example", "Surrogate-Key": "story-a", "X-Empty": ""], body: [])
        let response = try await makeFetcher().fetch(request)
        #expect(response.status == .noContent && response.body.isEmpty)
        #expect(
            server.heads == [
                """
                PURGE /stories/a/updates?limit=5 HTTP/1.1\r
                Host: news.example\r
                User-Agent: Wireroom/0\r
                Surrogate-Key: story-a\r
                X-Empty:\r
                Connection: close\r
                Content-Length: 0\r
                \r

                """
            ])
    }

    @Test("A GET has no body and the host of its URL")
    func get() async throws {
        let server = try ScriptedServer(
            answer: "HTTP/1.1 200 OK\r\nX-A: \t1 2 \r\nx-a:3\r\nContent-Length: 5\r\n\r\nhello")
        let response = try await makeFetcher().fetch(OutboundRequest(.get, server.url))
        #expect(response.status == .ok && response.body == Array("hello".utf8))
        #expect(response.headers.fields.map(\.value) == ["1 2", "3", "5"])
        #expect(response.headers["x-a"] == "1 2")
        #expect(
            server.heads == [
                "GET / HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nUser-Agent: Wireroom/0\r\nConnection: close\r\n\r\n"
            ])
    }

    @Test("A body arrives whole and without a wait for 100", arguments: [1, 100, 2_000_000])
    func post(count: Int) async throws {
        let server = try ScriptedServer { peer in
            let body = peer.read(count)
            peer.send(
                "HTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\n\(body.utf8.count == count ? "y" : "n")")
        }
        let response = try await makeFetcher().fetch(
            OutboundRequest(
                .post, server.url, headers: ["Content-Type": "application/json"],
                body: Array(repeating: 65, count: count)))
        #expect(response.status == .created && response.body == [UInt8(ascii: "y")])
        let head = try #require(server.heads.first)
        #expect(
            head.contains("Content-Length: \(count)\r\n")
                && head.contains("Content-Type: application/json\r\n"))
        #expect(!head.contains("Expect") && !head.contains("Accept"))
    }

    @Test("A HEAD has no body in its answer")
    func head() async throws {
        let server = try ScriptedServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n")
        let response = try await makeFetcher().fetch(OutboundRequest(.head, server.url))
        #expect(response.status == .ok && response.headers["Content-Length"] == "5000000")
    }

    @Test("Interim responses and trailers are not the response")
    func interim() async throws {
        let server = try ScriptedServer(
            answer: """
                HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 200 OK\r\nX-A: 1\r\nTransfer-Encoding: chunked\r\n\r
                3\r\nabc\r\n0\r\nX-Trailer: 2\r\n\r

                """)
        let response = try await makeFetcher().fetch(OutboundRequest(.get, server.url))
        #expect(response.body == Array("abc".utf8))
        #expect(response.headers.fields.map(\.name) == ["X-A", "Transfer-Encoding"])
    }

    @Test("A request that could end its line is not sent", arguments: ["A B", "", "GET\r\nX: y", "é"])
    func malformed(text: String) async throws {
        let server = try ScriptedServer(answer: "HTTP/1.1 204 No Content\r\n\r\n")
        let fetcher = makeFetcher()
        let field: Headers = [HeaderName(text): "1"]
        let requests = [
            OutboundRequest(Method(rawValue: text), server.url),
            OutboundRequest(.get, server.url, headers: field),
            OutboundRequest(.get, server.url, headers: ["X-A": "1\r\nX-B: \(text)"]),
        ]
        for request in requests {
            guard case .malformedRequest = try await fetcher.failure(of: request) else {
                Issue.record("\(request) is sent")
                continue
            }
        }
        #expect(try await server.connections() == 0)
    }

    @Test("Cookies are not kept, nor is a connection")
    func noMemory() async throws {
        let server = try ScriptedServer(
            answer: "HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 0\r\n\r\n")
        let fetcher = makeFetcher()
        for _ in 0..<3 { _ = try await fetcher.fetch(OutboundRequest(.get, server.url)) }
        #expect(server.heads.count == 3 && server.heads.allSatisfy { !$0.contains("ookie") })
        #expect(try await server.connections() == 3)
    }

    @Test("Where nobody listens, the error says so")
    func unreachable() async throws {
        // A port of our own that does not listen any more.
        var server: ScriptedServer? = try ScriptedServer()
        let port = try #require(server?.port)
        server = nil
        let fetcher = makeFetcher()
        while true {
            let error = try await fetcher.failure(
                of: OutboundRequest(.get, "http://127.0.0.1:\(port)/a?secret"))
            // The listener closes on its own thread.
            if case .interrupted = error { continue }
            #expect(error == .unreachable(host: "127.0.0.1", port: "\(port)", reason: "Connection refused"))
            #expect(error.message == "no connection to 127.0.0.1 port \(port): Connection refused")
            break
        }
    }

    @Test("A name without an address is an error of its own")
    func unresolved() async throws {
        let error = try await makeFetcher().failure(of: OutboundRequest(.get, "http://nobody.invalid/"))
        #expect(error == .unresolved(host: "nobody.invalid"))
    }

    @Test("Requests beyond the line of those that wait are refused at once")
    func busy() async throws {
        let gate = DispatchSemaphore(value: 0)
        let server = try ScriptedServer { peer in
            gate.wait()
            peer.send("HTTP/1.1 204 No Content\r\n\r\n")
        }
        let fetcher = makeFetcher(concurrency: 1)
        async let held = fetcher.fetch(OutboundRequest(.get, server.url))
        try await until { server.heads.count == 1 }
        try await withThrowingTaskGroup(of: OutboundError.self) { group in
            for _ in 0...HTTPFetcher.maximumWaiting {
                // Malformed, so that they take no time when it is their turn.
                group.addTask { try await fetcher.failure(of: OutboundRequest(.get, "not a URL")) }
            }
            #expect(try await group.next() == .busy)
            gate.signal()
            while let error = try await group.next() {
                guard case .malformedURL = error else {
                    Issue.record("\(error)")
                    continue
                }
            }
        }
        #expect(try await held.status == .noContent)
    }
}
