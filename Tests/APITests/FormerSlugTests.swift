// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// A story stays reachable under its former slugs.
@Suite("Former slugs", .onEveryEngineInFull)
struct FormerSlugTests {
    private func json(_ response: Response) throws -> JSONValue { try JSONValue(parsing: response.body) }

    private func rename(_ desk: TestDesk, _ story: String, to slug: String) async throws -> Response {
        try await desk.send(Call("PATCH /stories/\(story)", #"{"slug": "\#(slug)"}"#))
    }

    /// Returns the title of the story that a name resolves to; nil if there is none.
    private func title(_ desk: TestDesk, _ name: String, key: String = "") async throws -> String? {
        try json(try await desk.send(Call("GET /stories/\(name)", key: key)))["title"]?.string
            .flatMap { $0 == "Not found" ? nil : $0 }
    }

    @Test(
        "Pages and feeds redirect to the current slug and keep the query, for GET and HEAD, even with If-None-Match",
        arguments: ["GET", "HEAD"], [nil, "*"])
    func pages(method: String, tag: String?) async throws {
        let desk = try await TestDesk()
        // Caches the page under the slug that becomes the former one.
        _ = try await desk.send(Call("GET /live/harbour?only=key", key: ""))
        _ = try await rename(desk, "harbour", to: "port")
        for path in [
            "live/^?only=key", "live/^", "live/^/<harbourUpdate>",
            "live/^/<harbourUpdate>?utm_source=a%20b&x",
            "stories/^/feed.json?limit=3", "stories/^/feed.atom", "stories/^/liveblog.jsonld?a=%26",
        ] {
            for api in [desk.api, desk.anotherAPI()] {
                let target = "/" + path.replacing("^", with: "harbour")
                let headers = tag.map { [(HeaderName.ifNoneMatch, $0)] } ?? []
                let reply = try await desk.send(
                    Call("\(method) \(target)", key: "", headers: headers), to: api)
                #expect(reply.status == .permanentRedirect, "\(target)")
                let wanted = "/" + desk.resolve(path).replacing("^", with: "port")
                #expect(reply.headers[.location] == wanted)
                #expect(reply.headers["Surrogate-Key"] == desk.resolve("story-<harbour>"))
                #expect(try await desk.send(Call("GET \(wanted)", key: ""), to: api).status == .ok)
            }
        }
        let options = try await desk.send(Call("OPTIONS /live/harbour", key: ""))
        #expect(options.status == .noContent)
    }

    @Test("All other routes answer under a former slug as under the id, without a redirect")
    func inPlace() async throws {
        let desk = try await TestDesk()
        _ = try await desk.send(Call("GET /stories/harbour/updates", key: ""))
        _ = try await rename(desk, "harbour", to: "port")
        for path in [
            "", "/updates", "/updates?cursor=<now>", "/links", "/reactions", "/updates/<harbourUpdate>",
        ] {
            for api in [desk.api, desk.anotherAPI()] {
                let replies = try await ["harbour", "port", "<harbour>"].asyncMap { name in
                    try await desk.send(Call("GET /stories/\(name)\(path)", key: ""), to: api)
                }
                #expect(replies.map(\.status) == [.ok, .ok, .ok], "\(path)")
                #expect(Set(replies.map(\.body)).count == 1, "\(path)")
                let tag = replies[0].headers[.etag] ?? ""
                let again = Call("GET /stories/harbour\(path)", key: "", headers: [(.ifNoneMatch, tag)])
                #expect(try await desk.send(again, to: api).status == .notModified, "\(path)")
            }
        }
        #expect(try json(try await desk.send(Call("GET /stories/harbour")))["slug"]?.string == "port")
        for call in [
            Call("GET /stories/harbour/stream", key: ""), Call("GET /stories/harbour/export"),
            Call("GET /stories/harbour/drafts"), Call("GET /stories/harbour/bin"),
            Call("POST /stories/harbour/reactions/veryGood", key: ""),
            Call("POST /stories/harbour/updates/<harbourUpdate>/reactions/veryGood", key: ""),
            Call("PATCH /stories/harbour", #"{"byline": "B"}"#),
            Call("PATCH /stories/harbour/updates/<harbourUpdate>", #"{"body": "B"}"#, key: "bound"),
            Call("PUT /stories/harbour/links/related", "[]"),
            Call("PUT /stories/harbour", #"{"title": "By a former slug"}"#),
        ] {
            #expect(try await desk.send(call).status == .ok, "\(call.line)")
        }
        let made = try await desk.send(Call("POST /stories/harbour/updates", #"{"body": "x"}"#))
        #expect(made.status == .created)
        let story = try json(try await desk.send(Call("GET /stories/port")))
        #expect(story["title"]?.string == "By a former slug" && story["updateCount"]?.integer == 2)
        #expect(story["slug"]?.string == "port")
        #expect(try desk.errors() == [])
    }

    @Test("A hidden story gets the same 404 under any slug as a missing one, byte for byte")
    func hidden() async throws {
        let desk = try await TestDesk()
        _ = try await rename(desk, "secret", to: "deep-secret")
        _ = try await rename(desk, "harbour", to: "port")
        _ = try await desk.send(Call("GET /live/harbour", key: ""))
        _ = try await desk.send(Call("PATCH /stories/port", #"{"status": "draft"}"#))
        for path in ["live/^", "stories/^", "stories/^/updates", "stories/^/feed.atom", "stories/^/stream"] {
            for holder in ["", "bad", "stranger"] {
                var replies: Set<String> = []
                for name in ["secret", "harbour", "deep-secret", "port", "none"] {
                    let target = "/" + path.replacing("^", with: name)
                    let call = Call("GET \(target)", key: holder, headers: [(.requestID, "same")])
                    let reply = try await desk.send(call)
                    #expect(reply.status == .notFound, "\(target) for \(holder)")
                    replies.insert("\(reply.headers.fields) \(String(decoding: reply.body, as: UTF8.self))")
                }
                #expect(replies.count == 1, "\(path) for \(holder)")
            }
        }
        #expect(try await title(desk, "harbour", key: "bound") == "Story harbour")
        #expect(try await title(desk, "secret", key: "admin") == "Story secret")
        let moved = try await desk.send(Call("GET /live/secret"))
        #expect(moved.status == .permanentRedirect && moved.headers[.cacheControl] == "private, no-store")
    }

    @Test("A story can take back its own former slug, and both slugs resolve to it")
    func back() async throws {
        let desk = try await TestDesk()
        for (from, slug) in [("harbour", "port"), ("port", "harbour"), ("harbour", "port")] {
            #expect(try await rename(desk, from, to: slug).status == .ok)
            for name in ["harbour", "port"] {
                let page = try await desk.send(Call("GET /live/\(name)", key: ""))
                #expect(page.status == (name == slug ? .ok : .permanentRedirect))
                #expect(try await title(desk, name) == "Story harbour")
            }
            let names = try json(try await desk.send(Call("GET /stories/harbour/slugs")))
            #expect(names["slug"]?.string == slug)
            #expect(names["former"]?.items?.map(\.string) == [slug == "port" ? "harbour" : "port"])
        }
        #expect(try desk.errors() == [])
    }

    @Test("No other story can take a former slug, and the error names its holder")
    func refused() async throws {
        let desk = try await TestDesk()
        _ = try await rename(desk, "harbour", to: "port")
        let document = #"{"wireroom": 1, "story": {"title": "x", "slug": "harbour"}}"#
        for call in [
            Call("PATCH /stories/secret", #"{"slug": "harbour"}"#),
            Call("POST /stories", #"{"title": "x", "slug": "harbour"}"#),
            Call("POST /import", document),
            Call("POST /import?slug=harbour", #"{"wireroom": 1, "story": {"title": "x"}}"#),
        ] {
            let reply = try await desk.send(call)
            #expect(reply.status == .conflict, "\(call.line)")
            let problem = try json(reply)
            #expect(problem["type"]?.string == "/problems/slug-taken")
            #expect(problem["detail"]?.string?.contains(#""port""#) == true)
        }
        let made = try json(try await desk.send(Call("POST /stories", #"{"title": "Harbour"}"#)))
        #expect(made["slug"]?.string == "harbour-2")
        #expect(try await title(desk, "harbour") == "Story harbour")
    }

    @Test(
        "Two stories can swap slugs once an admin has freed them, and no stale page is served"
    )
    func swap() async throws {
        let desk = try await TestDesk()
        _ = try await desk.send(Call("PATCH /stories/secret", #"{"status": "live"}"#))
        func read(_ name: String) async throws -> [String?] {
            let live = try await desk.send(Call("GET /live/\(name)", key: ""))
            return [try await title(desk, name), "\(live.status.code)"]
        }
        _ = try await (read("harbour"), read("secret"))
        #expect(try await rename(desk, "harbour", to: "port").status == .ok)
        #expect(try await rename(desk, "secret", to: "harbour").status == .conflict)
        for key in ["editor", "bound"] {
            let call = Call("DELETE /stories/port/slugs/harbour", key: key)
            #expect(try await desk.send(call).status == .forbidden)
        }
        #expect(try await read("harbour") == ["Story harbour", "308"])
        #expect(try await desk.send(Call("DELETE /stories/port/slugs/harbour")).status == .noContent)
        #expect(try await desk.send(Call("DELETE /stories/port/slugs/harbour")).status == .notFound)
        #expect(try await desk.send(Call("DELETE /stories/port/slugs/port")).status == .unprocessableContent)
        #expect(try await read("harbour") == [nil, "404"])
        #expect(try await rename(desk, "secret", to: "harbour").status == .ok)
        #expect(try await read("harbour") == ["Story secret", "200"])
        #expect(try await desk.send(Call("DELETE /stories/harbour/slugs/secret")).status == .noContent)
        #expect(try await rename(desk, "port", to: "secret").status == .ok)
        #expect(try await read("secret") == ["Story harbour", "200"])
        #expect(try await read("harbour") == ["Story secret", "200"])
        #expect(try await read("port") == ["Story harbour", "308"])
        #expect(try desk.errors() == [])
        let actions = try json(try await desk.send(Call("GET /audit")))["entries"]?.items ?? []
        #expect(
            actions.filter { $0["action"]?.string == "slug.free" }.map { $0["detail"]?.string } == [
                "secret", "harbour",
            ])
    }

    @Test("A deleted story's slugs are never generated again, but can be requested")
    func reserved() async throws {
        let desk = try await TestDesk()
        for number in 1...4 {
            let made = try json(try await desk.send(Call("POST /stories", #"{"title": "مباشر"}"#)))
            #expect(made["slug"]?.string == (number == 1 ? "story" : "story-\(number)"))
        }
        _ = try await rename(desk, "story-3", to: "port")
        _ = try await desk.send(Call("DELETE /stories/story-4"))
        _ = try await desk.send(Call("DELETE /stories/port"))
        for name in ["story-3", "story-4", "port"] { #expect(try await title(desk, name) == nil) }
        let next = try json(try await desk.send(Call("POST /stories", #"{"title": "生中継"}"#)))
        #expect(next["slug"]?.string == "story-5")
        let port = try json(try await desk.send(Call("POST /stories", #"{"title": "Port"}"#)))
        #expect(port["slug"]?.string == "port-2")
        for (line, body) in [
            ("POST /stories", #"{"title": "x", "slug": "story-4"}"#),
            ("PUT /stories/port", #"{"title": "y"}"#),
            ("POST /import?slug=story-3", #"{"wireroom": 1, "story": {"title": "z"}}"#),
        ] {
            #expect(try await desk.send(Call(line, body)).status == .created, "\(line)")
        }
        #expect(try await title(desk, "port") == "y")
        #expect(try desk.errors() == [])
    }

    @Test("Generated slugs are numbered without gaps, however many stories share a title")
    func numbers() async throws {
        let folder = try TemporaryFolder()
        let store = try folder.store()
        var patch = StoryPatch()
        patch.title = .set("Storm")
        for number in 1...70 {
            let story = try await store.createStory(patch, access: .holder(Grant(role: .editor)))
            #expect(story.value.slug.text == (number == 1 ? "storm" : "storm-\(number)"))
        }
    }

    @Test(
        "Polls under a former slug, waiting or not, get the rename and later changes, and streams open")
    func followers() async throws {
        let desk = try await TestDesk()
        _ = try await rename(desk, "harbour", to: "port")
        _ = try await desk.send(Call("POST /stories/port/updates", #"{"body": "After"}"#))
        for wait in ["", "&wait=1"] {
            let poll = Call("GET /stories/harbour/updates?cursor=<now>\(wait)", key: "")
            let changes = try json(try await desk.send(poll))["changes"]?.items ?? []
            #expect(changes.map { $0["op"]?.string } == ["story", "put"])
            #expect(changes.first?["story"]?["slug"]?.string == "port")
        }
        let stream = try await desk.send(Call("GET /stories/harbour/stream?cursor=<now>", key: ""))
        #expect(stream.status == .ok && stream.headers[.contentType] == "text/event-stream")
    }
}

extension Array {
    fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
