// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import StoreSupport
import Stories
import Support
import Synchronization
import Testing

/// Editors are told of dead links before they publish them.
@Suite("Link check", .onEveryEngineInFull)
struct LinkCheckTests {
    /// Columns: no key, an unknown one, a revoked one, an editor's of no story, of `harbour`, of all stories, an admin's.
    static let rules: [AuthorizationTests.Rule] = [
        .init("POST /link-check", #"{"urls": ["https://a.example/"]}"#, 401, 401, 401, 200, 200, 200, 200)
    ]

    private static let states: [String: LinkState] = [
        "https://a.example/gone": .answered(404), "https://a.example/there": .answered(200),
        "https://a.example/shy": .answered(403), "https://none.example/": .noHost,
    ]

    private func check(_ desk: TestDesk, _ api: API, _ body: String) async throws -> Response {
        try await desk.send(Call("POST /link-check", body), to: api)
    }

    @Test("The route has the right status per caller", arguments: rules)
    func access(rule: AuthorizationTests.Rule) async throws {
        let desk = try await TestDesk()
        for (holder, status) in zip(AuthorizationTests.holders, rule.statuses) {
            var call = rule.call
            call.key = holder
            #expect(try await desk.send(call).status.code == status, "\(holder)")
        }
    }

    @Test("What is dead is told in the order of the request; of what is only shy or slow nothing is said")
    func states() async throws {
        let desk = try await TestDesk()
        let api = desk.api { $0.checkLink = { Self.states[$0] ?? .unknown } }
        let urls = [
            "https://a.example/there", "https://none.example/", "https://slow.example/",
            "https://a.example/gone", "https://a.example/shy",
        ]
        let list = urls.map { "\"\($0)\"" }.joined(separator: ",")
        let reply = try await check(desk, api, "{\"urls\": [\(list)]}")
        let links = try #require(try JSONValue(parsing: reply.body)["links"]?.items)
        #expect(try links.map { try $0.text("url") } == urls)
        #expect(links.map { $0["dead"] == .bool(true) } == [false, true, false, true, false])
        #expect(links.map { $0["status"]?.integer } == [200, nil, nil, 404, 403])
    }

    @Test("An address that is given twice is looked at once, and answered twice")
    func repeated() async throws {
        let looks = Mutex<[String]>([])
        let desk = try await TestDesk()
        let api = desk.api {
            $0.checkLink = { url in
                looks.withLock { $0.append(url) }
                return .answered(410)
            }
        }
        let urls = ["https://a.example/x", "https://a.example/y", "https://a.example/x"]
        let list = urls.map { "\"\($0)\"" }.joined(separator: ",")
        let reply = try await check(desk, api, "{\"urls\": [\(list)]}")
        let links = try #require(try JSONValue(parsing: reply.body)["links"]?.items)
        #expect(try links.map { try $0.text("url") } == urls)
        #expect(links.allSatisfy { $0["status"]?.integer == 410 })
        #expect(looks.withLock(\.self).sorted() == ["https://a.example/x", "https://a.example/y"])
    }

    @Test("Nobody waits for slow servers longer than for a look: of these nothing is said")
    func slow() async throws {
        let (ends, ending) = AsyncStream.makeStream(of: Void.self)
        let desk = try await TestDesk()
        let api = desk.api {
            $0.checkLink = { _ in
                // Answers once the reply is there.
                for await _ in ends {}
                return .answered(404)
            }
            $0.linkCheckPatience = {}
        }
        let reply = try await check(desk, api, #"{"urls": ["https://slow.example/"]}"#)
        ending.finish()
        let link = try #require(try JSONValue(parsing: reply.body)["links"]?.items?.first)
        #expect(reply.status == .ok && link["dead"] == .bool(false) && link["status"]?.integer == nil)
    }

    @Test("Addresses are validated, and looks are limited for each client")
    func bounds() async throws {
        let desk = try await TestDesk()
        let api = desk.api { $0.linkCheckLimit = RateLimit(burst: 1, perMinute: 1) }
        let wrong = try await check(desk, api, #"{"urls": ["ftp://a", "https://a.example/", 1]}"#)
        #expect(wrong.status == .unprocessableContent)
        #expect(String(decoding: wrong.body, as: UTF8.self).contains("/urls/2"))
        let file = try await check(desk, api, #"{"urls": ["file:///etc/passwd"]}"#)
        #expect(String(decoding: file.body, as: UTF8.self).contains("/urls/0"))
        let many = Array(repeating: #""https://a.example/""#, count: Limits.checkedLinks + 1)
        let tooMany = try await check(desk, api, "{\"urls\": [\(many.joined(separator: ","))]}")
        #expect(tooMany.status == .unprocessableContent)
        #expect(try await check(desk, api, #"{"urls": []}"#).status == .ok)
        let limited = try await check(desk, api, #"{"urls": []}"#)
        #expect(limited.status == .tooManyRequests && limited.headers[.retryAfter] != nil)
    }
}
