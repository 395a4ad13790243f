// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import StoreSupport
import Support
import Testing

/// Entity tags, conditional requests, content codings and Cache-Control.
@Suite("Conditional requests and caching", .onEveryEngineInFull)
struct ConditionalTests {
    private static let reads = readsOfStory + ["/stories"] + StatusPageTests.paths
    private static let readsOfStory = [
        "/stories/harbour", "/stories/harbour/updates", "/stories/harbour/updates?limit=1&only=key",
        "/stories/harbour/updates?cursor=<now>", "/stories/harbour/updates/<harbourUpdate>",
        "/stories/harbour/links", "/stories/harbour/reactions",
    ]

    private func read(
        _ desk: TestDesk, _ path: String, _ headers: [(HeaderName, String)] = [], method: String = "GET",
        key: String = ""
    ) async throws -> Response {
        try await desk.send(Call("\(method) \(path)", key: key, headers: headers))
    }

    @Test(
        "A read has a strong entity tag, and answers 304 to any list that includes it", arguments: reads
    )
    func notModified(path: String) async throws {
        let desk = try await TestDesk()
        let first = try await read(desk, path)
        let tag = try #require(first.headers[.etag])
        #expect(tag.hasPrefix("\"") && first.status == .ok)
        for list in [tag, "W/\(tag)", "\"a,b\", \(tag)", "\"x\",\(tag),W/\"y\"", "*", " \(tag) "] {
            let reply = try await read(desk, path, [(.ifNoneMatch, list)])
            #expect(reply.status == .notModified, "\(list)")
            #expect(reply.body.isEmpty)
            for name in [.etag, .cacheControl, .vary, "X-Poll-Interval"] as [HeaderName] {
                #expect(reply.headers[name] == first.headers[name], "\(name)")
            }
        }
        for list in ["\"x\"", "x", "", "\(tag)x", "W/", "\"\(tag)", String(tag.dropLast())] {
            let reply = try await read(desk, path, [(.ifNoneMatch, list)])
            #expect(reply.status == .ok && reply.body == first.body, "\(list)")
        }
    }

    @Test("HEAD has the same head as GET", arguments: reads)
    func head(path: String) async throws {
        let desk = try await TestDesk()
        for headers in [[], [(HeaderName.acceptEncoding, "gzip")]] {
            let get = try await read(desk, path, headers)
            var head = try await read(desk, path, headers, method: "HEAD")
            head.headers[.requestID] = get.headers[.requestID]
            #expect(head.status == get.status && head.headers == get.headers)
        }
    }

    @Test(
        "gzip is used if the client prefers it",
        arguments: [
            ("gzip", true), ("gzip, deflate, br", true), ("GZIP;q=0.5", true), ("x-gzip", true), ("*", true),
            ("br, *;q=0.1", true), ("gzip;q=0.001, identity;q=0", true), ("", false), ("br", false),
            ("gzip;q=0", false), ("gzip;q=0.000", false), ("*;q=0", false), ("gzip;q=0, *", false),
            ("identity, gzip;q=0.5", false), ("identity;q=0.5, gzip;q=1.0", true), ("gzip;q=x", false),
            ("gzipped", false),
        ])
    func gzip(accept: String, isPacked: Bool) async throws {
        let desk = try await TestDesk()
        let plain = try await read(desk, "/stories/harbour/updates")
        let reply = try await read(desk, "/stories/harbour/updates", [(.acceptEncoding, accept)])
        #expect((reply.headers[.contentEncoding] == "gzip") == isPacked)
        #expect((reply.headers[.etag] != plain.headers[.etag]) == isPacked)
        #expect((reply.body != plain.body) == isPacked)
        #expect(reply.headers[.vary] == "Accept-Encoding")
        #expect(reply.headers[.contentLength] == "\(reply.body.count)")
        if isPacked { #expect(try gunzip(reply.body) == plain.body) }
    }

    @Test("The entity tags of both codings get 304, unless the client does not accept the coding")
    func bothForms() async throws {
        let desk = try await TestDesk()
        let path = "/stories/harbour/updates"
        let plain = try #require(try await read(desk, path).headers[.etag])
        let packed = try #require(
            try await read(desk, path, [(.acceptEncoding, "gzip")]).headers[.etag])
        for tag in [plain, packed] {
            let reply = try await read(desk, path, [(.acceptEncoding, "gzip"), (.ifNoneMatch, tag)])
            #expect(reply.status == .notModified)
            #expect(reply.headers[.etag] == tag)
        }
        let other = try await read(desk, path, [(.ifNoneMatch, packed)])
        #expect(other.status == .ok, "a plain client cannot use what it holds in another coding")
    }

    @Test("A small body is not compressed")
    func smallBody() async throws {
        let reply = try await read(
            try await TestDesk(), "/stories/harbour/updates?cursor=<now>", [(.acceptEncoding, "gzip")])
        #expect(reply.headers[.contentEncoding] == nil)
        #expect(reply.headers[.vary] == "Accept-Encoding")
    }

    @Test("Public responses are fresh for a second, and for a minute once the story is closed")
    func freshness() async throws {
        let desk = try await TestDesk()
        let live = "public, max-age=1, stale-while-revalidate=5, stale-if-error=600"
        for path in ["/stories/harbour", "/stories/harbour/updates", "/stories/harbour/updates?cursor=<now>"]
        {
            let reply = try await read(desk, path)
            #expect(reply.headers[.cacheControl] == live, "\(path)")
            #expect(reply.headers["Surrogate-Key"] == desk.resolve("story-<harbour>"))
        }
        #expect(
            try await read(desk, "/stories/harbour/reactions").headers[.cacheControl] == "public, max-age=1")
        _ = try await desk.send(Call("PATCH /stories/harbour", #"{"status": "closed"}"#))
        for path in ["/stories/harbour", "/stories/harbour/updates", "/stories/harbour/updates?cursor=<now>"]
        {
            #expect(try await read(desk, path).headers[.cacheControl]?.contains("max-age=60") == true)
        }
    }

    @Test("Responses to a key are private, and support conditional requests", arguments: reads)
    func privateAnswers(path: String) async throws {
        let desk = try await TestDesk()
        for headers in [[], [(HeaderName.acceptEncoding, "gzip")]] {
            _ = try await read(desk, path)  // Cached now, which must not matter.
            let reply = try await read(desk, path, headers, key: "editor")
            #expect(reply.status == .ok)
            #expect(reply.headers[.cacheControl] == "private, no-store")
            let tag = try #require(reply.headers[.etag])
            let again = try await read(desk, path, [(.ifNoneMatch, tag)], key: "editor")
            #expect(again.status == .notModified && again.headers[.cacheControl] == "private, no-store")
        }
    }

    @Test(
        "The next read of everything affected sees a write, and each state has its own entity tag")
    func readYourWrites() async throws {
        let desk = try await TestDesk()
        var tags: Set<String> = []
        for number in 1...20 {
            _ = try await desk.send(
                Call("PATCH /stories/harbour/updates/<harbourUpdate>", #"{"body": "Version \#(number)"}"#))
            for path in ["/stories/harbour/updates", "/stories/harbour/updates/<harbourUpdate>"] {
                let reply = try await read(desk, path, [(.acceptEncoding, number % 2 == 0 ? "gzip" : "")])
                let isPacked = reply.headers[.contentEncoding] == "gzip"
                let text = String(decoding: isPacked ? try gunzip(reply.body) : reply.body, as: UTF8.self)
                #expect(text.contains("Version \(number)\""), "\(path)")
                #expect(
                    tags.insert("\(path) \(reply.headers[.etag] ?? "")").inserted, "a tag was given twice")
            }
        }
        for count in 1...3 {
            _ = try await desk.send(Call("POST /stories/harbour/reactions/veryGood", key: ""))
            for path in ["/stories/harbour", "/stories/harbour/reactions"] {
                let reply = try await read(desk, path)
                #expect(String(decoding: reply.body, as: UTF8.self).contains(#""veryGood":\#(count)"#))
            }
        }
    }

    @Test("A hidden story is not served from the cache, and comes back in its current state")
    func hidden() async throws {
        let desk = try await TestDesk()
        for path in Self.readsOfStory { #expect(try await read(desk, path).status == .ok) }
        _ = try await desk.send(Call("PATCH /stories/harbour", #"{"status": "draft"}"#))
        for path in Self.readsOfStory + ["/stories/harbour/stream"] {
            #expect(try await read(desk, path).status == .notFound, "\(path)")
            #expect(try await read(desk, path, key: "editor").status == .ok, "\(path)")
            #expect(try await read(desk, path).status == .notFound, "\(path)")
        }
        _ = try await desk.send(
            Call("PATCH /stories/harbour/updates/<harbourUpdate>", #"{"body": "Quietly changed"}"#))
        _ = try await desk.send(Call("PATCH /stories/harbour", #"{"status": "live"}"#))
        let delta = try await read(desk, "/stories/harbour/updates?cursor=<now>")
        #expect(String(decoding: delta.body, as: UTF8.self).contains("Quietly changed"))
    }

    @Test("A slug that is taken over by another story serves that story")
    func movedSlug() async throws {
        let desk = try await TestDesk()
        #expect(try await read(desk, "/stories/harbour/updates").status == .ok)
        _ = try await desk.send(Call("PATCH /stories/harbour", #"{"slug": "old-harbour"}"#))
        let former = try await read(desk, "/stories/harbour/updates")
        #expect(String(decoding: former.body, as: UTF8.self).contains(#""slug":"old-harbour""#))
        _ = try await desk.send(Call("DELETE /stories/old-harbour/slugs/harbour"))
        #expect(try await read(desk, "/stories/harbour/updates").status == .notFound)
        _ = try await desk.send(Call("POST /stories", #"{"title": "Another", "slug": "harbour"}"#))
        for _ in 0..<2 {
            let reply = try await read(desk, "/stories/harbour/updates")
            #expect(String(decoding: reply.body, as: UTF8.self).contains(#""title":"Another""#))
        }
        for _ in 0..<2 {
            #expect(try await read(desk, "/stories/old-harbour/updates").status == .ok)
            let other = try await read(desk, "/stories/harbour/updates")
            #expect(String(decoding: other.body, as: UTF8.self).contains(#""title":"Another""#))
        }
        _ = try await desk.send(Call("DELETE /stories/old-harbour"))
        #expect(try await read(desk, "/stories/old-harbour/updates").status == .notFound)
    }

    @Test("Tags that differ only in case or normalization are equal, also in the cache")
    func lookalikes() async throws {
        let desk = try await TestDesk()
        _ = try await desk.send(
            Call("POST /stories/harbour/updates", #"{"body": "x", "tags": ["caf\u00e9"]}"#))
        for _ in 0..<2 {
            for (tag, count) in [("caf%C3%A9", 1), ("cafe%CC%81", 1), ("CAF%C3%89", 1), ("cafe", 0)] {
                let reply = try await read(desk, "/stories/harbour/updates?tag=\(tag)")
                #expect(try JSONValue(parsing: reply.body)["updates"]?.items?.count == count, "\(tag)")
            }
        }
    }

    // The one cached page is the one that the test desk itself has read.
    @Test("Responses for missing resources are not cached")
    func nothingKept() async throws {
        let desk = try await TestDesk()
        let now = try #require(desk.resolve("<now>").split(separator: "-").first)
        for number in 1_000..<1_200 {
            let gone = try await read(desk, "/stories/harbour/updates?cursor=\(now)-\(number)")
            #expect(gone.status == .gone)
            let id = "019ceb36-3b8e-70b8-a6d3-f14c8200\(number)"
            #expect(try await read(desk, "/stories/harbour/updates/\(id)").status == .notFound)
        }
        let metrics = String(decoding: try await read(desk, "/metrics").body, as: UTF8.self)
        #expect(metrics.contains("\nwireroom_cache_pages 1\n"))
    }

    @Test("A delta from memory has the bytes and the entity tag of one from the store")
    func memoryAndStore() async throws {
        let desk = try await TestDesk()
        let api = desk.anotherAPI()
        let editors = RandomEditors(story: "harbour", transport: api.transport)
        var random = SeededGenerator()
        let start = try #require(desk.resolve("<now>").split(separator: "-").first)
        for _ in 0..<60 {
            try await editors.edit(using: &random)
            try await editors.show()
            let fresh = desk.anotherAPI()
            for query in ["", "&only=key", "&tag=harbour", "&limit=3"] {
                let seq = Int.random(in: 0...12, using: &random)
                let path = "/stories/harbour/updates?cursor=\(start)-\(seq)\(query)"
                let request = try Request(.get, path)
                let (held, stored) = (await api.response(to: request), await fresh.response(to: request))
                #expect(held.status == stored.status)
                guard held.status == .ok else { continue }
                #expect(held.headers[.etag] == stored.headers[.etag], "seed \(random.seed)")
                #expect(held.body == stored.body, "seed \(random.seed), \(path)")
            }
        }
    }

    @Test("A cached response is refused if Accept excludes it")
    func notAcceptable() async throws {
        let desk = try await TestDesk()
        for _ in 0..<2 {
            #expect(try await read(desk, "/stories/harbour/updates").status == .ok)
            let reply = try await read(desk, "/stories/harbour/updates", [(.accept, "text/html")])
            #expect(reply.status == .notAcceptable)
            let wide = try await read(desk, "/stories/harbour/updates", [(.accept, "text/html, */*;q=0.1")])
            #expect(wide.status == .ok)
        }
    }
}
