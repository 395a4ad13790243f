// SPDX-License-Identifier: Apache-2.0
import HTTP
import Outbound
import Synchronization
import Testing

@Suite("Redirects")
struct RedirectTests {
    private static func redirect(_ status: Int = 302, to location: String) -> String {
        "HTTP/1.1 \(status) Moved\r\nLocation: \(location)\r\nContent-Length: 0\r\n\r\n"
    }

    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    @Test("Without leave a redirect is a response")
    func off() async throws {
        let server = try ScriptedServer(answer: Self.redirect(to: "/next"))
        let response = try await makeFetcher().fetch(OutboundRequest(.get, server.url))
        #expect(response.status.code == 302 && response.headers[.location] == "/next")
        #expect(server.heads.count == 1)
    }

    @Test(
        "References are resolved against the URL that redirects",
        arguments: [
            ("next", "/a/next"), ("/next", "/next"), ("../next", "/next"), ("?q", "/a/b?q"),
            ("./next?x=http://y", "/a/next?x=http://y"),
        ])
    func relative(location: String, target: String) async throws {
        let server = try ScriptedServer(answer: Self.redirect(to: location))
        let error = try await makeFetcher().failure(
            of: OutboundRequest(.get, server.url + "/a/b", redirects: 1))
        #expect(error == .tooManyRedirects(limit: 1))
        #expect(server.heads.map { $0.split(separator: " ")[1] } == ["/a/b", Substring(target)])
    }

    @Test("A loop ends at the limit", arguments: [1, 2, 10])
    func loop(limit: Int) async throws {
        let server = try ScriptedServer(answer: Self.redirect(to: "/again"))
        let error = try await makeFetcher().failure(of: OutboundRequest(.get, server.url, redirects: limit))
        #expect(error == .tooManyRedirects(limit: limit))
        #expect(try await server.connections() == limit + 1)
    }

    @Test("An allowed address cannot redirect to one that is refused", arguments: ["127.0.0.1", "localhost"])
    func refusedAddress(host: String) async throws {
        let victim = try ScriptedServer(answer: Self.ok)
        let server = try ScriptedServer(
            "127.0.0.2", answer: Self.redirect(to: "http://\(host):\(victim.port)/"))
        let policy = try AddressPolicy.allowing("127.0.0.2")
        let error = try await makeFetcher(policy).failure(of: OutboundRequest(.get, server.url, redirects: 5))
        guard case .refusedAddress(_, "a loopback address") = error else {
            Issue.record("\(error)")
            return
        }
        #expect(try await victim.connections() == 0)
        #expect(server.heads.count == 1)
        // Where it is allowed, the same redirect leads there, and references are resolved against that.
        let response = try await makeFetcher().fetch(OutboundRequest(.get, server.url, redirects: 5))
        #expect(response.body == Array("ok".utf8))
        #expect(response.url == "http://\(host):\(victim.port)/")
        #expect(response.resolving(" a b.jpg ") == "http://\(host):\(victim.port)/a%20b.jpg")
        #expect(response.resolving(" ") == nil && response.resolving("data:,x") == nil)
    }

    @Test(
        "A redirect to what no request may go to is refused",
        arguments: [
            "file:///etc/passwd", "gopher://127.0.0.2/", "dict://127.0.0.2/x", "ftp://127.0.0.2/",
            "http://user:word@127.0.0.2/", "http:///127.0.0.2/", "javascript:alert(1)", "data:,x",
            "http://[::1/",
            "//user@127.0.0.2/", "http://127.0.0.2:99999/", "/with space", "/with\\backslash", "http:next",
        ])
    func refusedTarget(location: String) async throws {
        let server = try ScriptedServer(answer: Self.redirect(to: location))
        let error = try await makeFetcher().failure(of: OutboundRequest(.get, server.url, redirects: 5))
        guard case .refusedRedirect = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test("Credentials stay with the origin that they were given for")
    func credentials() async throws {
        let second = try ScriptedServer("127.0.0.2", answer: Self.ok)
        let first = try ScriptedServer { peer in peer.send(Self.redirect(to: second.url + "/b")) }
        let headers: Headers = [
            "Host": "news.example", "Authorization": "Bearer secret", "Cookie": "a=secret",
            "X-Api-Key": "secret",
            "Accept": "text/html",
        ]
        _ = try await makeFetcher().fetch(OutboundRequest(.get, first.url, headers: headers, redirects: 1))
        #expect(first.heads.first?.contains("Bearer secret") == true)
        #expect(
            second.heads == [
                "GET /b HTTP/1.1\r\nHost: 127.0.0.2:\(second.port)\r\nUser-Agent: Wireroom/0\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
            ])
    }

    @Test("Within an origin the fields stay")
    func sameOrigin() async throws {
        let server = try ScriptedServer(answer: Self.redirect(to: "/b"))
        _ = try await makeFetcher().failure(
            of: OutboundRequest(.get, server.url, headers: ["Authorization": "Bearer mine"], redirects: 1))
        #expect(server.heads.count == 2 && server.heads.allSatisfy { $0.contains("Bearer mine") })
    }

    @Test("A POST becomes a GET, except by 307 and 308", arguments: [301, 302, 303, 307, 308])
    func methods(status: Int) async throws {
        let bodies = Mutex<[String]>([])
        let server = try ScriptedServer { peer in
            let body = peer.head.contains("Content-Length: 4\r\n") ? peer.read(4) : ""
            bodies.withLock { $0.append(body) }
            peer.send("HTTP/1.1 \(status) Moved\r\nLocation: /b\r\nContent-Length: 100\r\n\r\n")
            // Nothing is read of a redirect's body.
            peer.waitForEnd()
        }
        let request = OutboundRequest(
            .post, server.url, headers: ["Content-Type": "text/plain"], body: Array("body".utf8), redirects: 1
        )
        let error = try await makeFetcher().failure(of: request)
        #expect(error == .tooManyRedirects(limit: 1) && server.heads.count == 2)
        let head = try #require(server.heads.last)
        if status >= 307 {
            #expect(bodies.withLock { $0 } == ["body", "body"])
            #expect(head.hasPrefix("POST /b ") && head.contains("Content-Type: text/plain\r\n"))
        } else {
            #expect(bodies.withLock { $0 } == ["body", ""])
            #expect(head.hasPrefix("GET /b ") && !head.contains("Content-"))
        }
    }

    /// A name server that changes its answer between look-ups is what rebinding needs; here the resolver's answers are set. The check is
    /// made of the address that is connected to, so it does not matter where that came from.
    @Test("A name that leads elsewhere at the second look-up is refused there")
    func rebinding() async throws {
        let victim = try ScriptedServer("127.0.0.1", answer: Self.ok)
        let server = try ScriptedServer(
            "127.0.0.2", port: victim.port
        ) { $0.send(Self.redirect(to: "/again")) }
        let asked = Mutex(0)
        let fetcher = makeFetcher(try .allowing("127.0.0.2")) {
            $0.resolve = { _ in
                asked.withLock {
                    $0 += 1
                    return [$0 == 1 ? "127.0.0.2" : "127.0.0.1"]
                }
            }
        }
        let error = try await fetcher.failure(
            of: OutboundRequest(.get, "http://rebind.example:\(server.port)/", redirects: 3))
        #expect(error == .refusedAddress("127.0.0.1", reason: "a loopback address"))
        #expect(asked.withLock { $0 } == 2 && server.heads.count == 1)
        #expect(try await victim.connections() == 0)
    }

    @Test("Of a name with several addresses only those that are allowed are tried")
    func mixed() async throws {
        let victim = try ScriptedServer("127.0.0.1", answer: "HTTP/1.1 500 Wrong\r\n\r\n")
        let server = try ScriptedServer("127.0.0.2", port: victim.port) { $0.send(Self.ok) }
        let fetcher = makeFetcher(try .allowing("127.0.0.2")) {
            $0.resolve = { _ in ["127.0.0.1,127.0.0.2,[::1]"] }
        }
        let response = try await fetcher.fetch(OutboundRequest(.get, "http://mixed.example:\(server.port)/"))
        #expect(response.status == .ok)
        #expect(try await victim.connections() == 0)
    }
}
