// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import StoreSupport
import Stories
import Support
import Synchronization
import Testing

@Suite("Cache purging", .onEveryEngineInFull)
struct PurgingTests {
    private let desk: TestDesk
    private let cache = Cache()
    private let api: API

    init() async throws {
        desk = try await TestDesk()
        api = desk.api { [cache] in $0.purge = { paths, _ in cache.purge(paths) } }
    }

    private func send(_ line: String, _ body: String = "") async throws -> Response {
        try await desk.send(Call(line, body), to: api)
    }

    /// Returns the templates of all routes with public, cacheable content of a story: its GET routes, without those that
    /// `openapi.yaml` documents as requiring a key or as streams, and without drawn pictures, whose paths depend on what they show; see
    /// `SocialImageTests`.
    private func publicTemplates() throws -> [String] {
        let document = try OpenAPIDocument.shared.get()
        return try api.routes.filter {
            $0.method == .get && $0.template.contains("{story}") && !$0.template.hasSuffix("/{picture}")
        }
        .map { try document.operation(.get, $0.template) }
        .filter { operation in
            let isForAll = operation.value["security"] == nil
            let content = try document.response(operation, 200)?["content"]
            return isForAll && content?["text/event-stream"] == nil
        }
        .map(\.template)
    }

    /// Returns every public path of a story, and of one of its updates.
    private func paths(of name: String, update: String?) throws -> [String] {
        try publicTemplates().filter { update != nil || !$0.contains("{update}") }.map {
            desk.resolve(
                $0.replacing("{story}", with: name).replacing("{update}", with: update ?? ""))
        }
    }

    private func expectPurged(_ names: [String], update: String? = nil) throws {
        let expected =
            try names.flatMap { try paths(of: $0, update: update) }
            + ["/", "/stories", "/sitemap.xml", "/sitemap-news.xml"] + StatusPageTests.paths
        #expect(Set(cache.purged).symmetricDifference(expected) == [])
    }

    @Test("Every path that a takedown purges is served as publicly cacheable")
    func publicRoutes() async throws {
        let templates = try publicTemplates()
        #expect(templates.count > 9 && templates.contains { $0.contains("{update}") })
        for path in try paths(of: "<harbour>", update: "<harbourUpdate>") + StatusPageTests.paths {
            let response = try await desk.send(Call("GET \(path)", key: ""))
            #expect(response.status == .ok, "\(path)")
            #expect(response.headers[.cacheControl]?.hasPrefix("public") == true, "\(path)")
        }
    }

    @Test("A takedown purges the paths of the id and every current and former slug, and the lists")
    func takedown() async throws {
        for slug in ["pier", "quay"] {
            _ = try await send("PATCH /stories/<harbour>", #"{"slug": "\#(slug)"}"#)
        }
        cache.clear()
        let reply = try await send(
            "POST /stories/quay/updates/<harbourUpdate>/takedown", #"{"reason": "Court"}"#)
        let answer = try JSONValue(parsing: reply.body)
        #expect(
            answer["purge"]?.items?.compactMap(\.string) == cache.purged && answer["purged"] == .bool(true))
        try expectPurged(["<harbour>", "harbour", "pier", "quay"], update: "<harbourUpdate>")
        #expect(cache.purged.first == desk.resolve("/stories/<harbour>"))
    }

    @Test(
        "A repeated takedown purges the story's slugs as of then, even after the story was deleted"
    )
    func takedownAgain() async throws {
        let call = Call(
            "POST /stories/<harbour>/updates/<harbourUpdate>/takedown", #"{"reason": "Court"}"#,
            headers: [(.idempotencyKey, "once")])
        #expect(try await desk.send(call, to: api).status == .ok)
        for (line, body, names) in [
            ("PATCH /stories/<harbour>", #"{"slug": "pier"}"#, ["<harbour>", "harbour", "pier"]),
            ("DELETE /stories/<harbour>", "", ["<harbour>"]),
        ] {
            #expect(try await send(line, body).status.code < 300)
            cache.clear()
            let reply = try await desk.send(call, to: api)
            #expect(reply.status == .ok && reply.headers["Idempotency-Replayed"] == "true")
            try expectPurged(names, update: "<harbourUpdate>")
        }
    }

    @Test(
        "A story that is hidden, renamed or deleted is purged under all its names",
        arguments: [
            ("PATCH /stories/harbour", #"{"status": "draft"}"#, ["harbour"]),
            ("PUT /stories/harbour", #"{"title": "Hidden", "status": "draft"}"#, ["harbour"]),
            ("PATCH /stories/harbour", #"{"slug": "pier"}"#, ["harbour", "pier"]),
            ("DELETE /stories/harbour", "", ["harbour"]),
        ])
    func stories(line: String, body: String, slugs: [String]) async throws {
        #expect(try await send(line, body).status.code < 300)
        try expectPurged(["<harbour>"] + slugs)
    }

    @Test(
        "Deleting or unpublishing an update purges it and its story",
        arguments: [
            ("DELETE", ""), ("PATCH", #"{"state": "draft"}"#),
            ("PATCH", #"{"publishAt": "2126-01-01T00:00:00Z", "state": "scheduled"}"#),
        ])
    func updates(method: String, body: String) async throws {
        #expect(
            try await send("\(method) /stories/harbour/updates/<harbourUpdate>", body).status.code < 300)
        try expectPurged(["<harbour>", "harbour"], update: "<harbourUpdate>")
    }

    @Test(
        "Writes that withdraw nothing from readers purge nothing",
        arguments: [
            ("PATCH /stories/harbour", #"{"title": "New"}"#),
            ("PATCH /stories/harbour", #"{"status": "closed"}"#),
            ("PATCH /stories/harbour/updates/<harbourUpdate>", #"{"body": "New"}"#),
            ("POST /stories/harbour/updates", #"{"body": "New"}"#), ("DELETE /stories/none", ""),
        ])
    func nothing(line: String, body: String) async throws {
        _ = try await send(line, body)
        #expect(cache.purged == [])
    }

    @Test("A failed purge does not undo the write")
    func failing() async throws {
        cache.fails()
        #expect(try await send("PATCH /stories/harbour", #"{"status": "draft"}"#).status == .ok)
        #expect(try await desk.send(Call("GET /stories/harbour", key: ""), to: api).status == .notFound)
    }
}

/// Records the purges of a cache in front of the server.
private final class Cache: Sendable {
    private let paths = Mutex<[String]>([])
    private let works = Mutex(true)

    var purged: [String] { paths.withLock { $0 } }
    func clear() { paths.withLock { $0 = [] } }
    func fails() { works.withLock { $0 = false } }

    func purge(_ paths: [String]) -> Bool {
        self.paths.withLock { $0 += paths }
        return works.withLock { $0 }
    }
}
