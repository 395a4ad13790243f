import API
import HTTP
import JSON
import Stories
import Support
import Synchronization
import Testing

@Suite("What caches are told to forget")
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

    /// Every path under which readers find a story or one of its updates, by the routes that there are.
    private func paths(of name: String, update: String?) -> [String] {
        let templates = api.routes.filter { $0.method == .get && $0.template.contains("{story}") }
            .map(\.template)
        // Streams are not cached, and the others are for those who hold a key.
        let shown = templates.filter { template in
            !["/stream", "/drafts", "/bin", "/slugs", "/export", "/revisions"].contains {
                template.hasSuffix($0)
            }
        }
        return shown.filter { update != nil || !$0.contains("{update}") }.map {
            desk.resolve(
                $0.replacing("{story}", with: name).replacing("{update}", with: update ?? ""))
        }
    }

    private func expectPurged(_ names: [String], update: String? = nil) {
        let expected = names.flatMap { paths(of: $0, update: update) } + ["/", "/stories"]
        #expect(Set(cache.purged).symmetricDifference(expected) == [])
    }

    @Test("A takedown lists the pages of every name that the story has or had, and the lists")
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
        expectPurged(["<harbour>", "harbour", "pier", "quay"], update: "<harbourUpdate>")
        #expect(cache.purged.first == desk.resolve("/stories/<harbour>"))
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
        expectPurged(["<harbour>"] + slugs)
    }

    @Test(
        "An update that is deleted or taken back is purged with its story",
        arguments: [
            ("DELETE", ""), ("PATCH", #"{"state": "draft"}"#),
            ("PATCH", #"{"publishAt": "2126-01-01T00:00:00Z", "state": "scheduled"}"#),
        ])
    func updates(method: String, body: String) async throws {
        #expect(
            try await send("\(method) /stories/harbour/updates/<harbourUpdate>", body).status.code < 300)
        expectPurged(["<harbour>", "harbour"], update: "<harbourUpdate>")
    }

    @Test(
        "What takes nothing away from readers purges nothing",
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

    @Test("A cache that fails does not undo the write")
    func failing() async throws {
        cache.fails()
        #expect(try await send("PATCH /stories/harbour", #"{"status": "draft"}"#).status == .ok)
        #expect(try await desk.send(Call("GET /stories/harbour", key: ""), to: api).status == .notFound)
    }
}

/// A cache in front of the server.
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
