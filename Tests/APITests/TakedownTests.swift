// SPDX-License-Identifier: Apache-2.0
import API
import Database
import HTTP
import JSON
import SQLite
import StoreSupport
import Stories
import StoryTables
import Support
import Synchronization
import Testing

@Suite("Takedowns are final", .onEveryEngineInFull)
struct TakedownTests {
    /// A request that creates updates, the indices of those taken down, and the error pointers of a repeat.
    struct Sample: Sendable, CustomTestStringConvertible {
        let call: Call
        let takenDown: [Int]
        let pointers: [String]

        init(_ line: String, _ body: String, _ type: String, takenDown: [Int] = [0], _ pointers: String...) {
            call = Call(line, body, type: type)
            (self.takenDown, self.pointers) = (takenDown, pointers)
        }

        var testDescription: String { call.testDescription }
    }

    private static let document =
        #"{"wireroom": 1, "story": {"title": "In", "slug": "in"}, "updates": [{"body": "Z"}, {"body": "UNSPEAKABLE"}]}"#

    private static let samples = [
        Sample("POST /stories/harbour/updates", #"{"body": "UNSPEAKABLE"}"#, "application/json", ""),
        Sample("POST /stories/<harbour>/updates", #"{"body": "UNSPEAKABLE"}"#, "application/json", ""),
        Sample(
            "POST /stories/harbour/updates", #"{"body": "UNSPEAKABLE", "state": "draft"}"#,
            "application/json",
            ""),
        Sample("POST /stories/harbour/updates", #"[{"body": "UNSPEAKABLE"}]"#, "application/json", "/0"),
        Sample(
            "POST /stories/harbour/updates", #"[{"body": "a"}, {"body": "UNSPEAKABLE"}, {"body": "c"}]"#,
            "application/json", takenDown: [1, 2], "/1", "/2"),
        Sample("POST /stories/harbour/updates", "UNSPEAKABLE", "text/markdown", ""),
        Sample("POST /stories/harbour/updates", "UNSPEAKABLE", "text/plain", ""),
        Sample("POST /import", document, "application/json", takenDown: [1], "/updates/1"),
        Sample(
            "POST /import?slug=in", "Current:Home > In - S\nIn\n___\nZ.\n___\nUNSPEAKABLE.\n", "text/plain",
            takenDown: [1], "/updates/1"),
    ]

    private func json(_ response: Response) throws -> JSONValue { try JSONValue(parsing: response.body) }

    private func send(_ desk: TestDesk, _ call: Call, id: String?) async throws -> Response {
        var call = call
        if let id { call.headers.append((.idempotencyKey, id)) }
        return try await desk.send(call)
    }

    /// Returns the paths of the created updates, in the order of the request.
    private func made(_ desk: TestDesk, _ reply: Response) async throws -> [String] {
        let answer = try json(reply)
        if let id = answer["id"]?.string { return ["/stories/harbour/updates/\(id)"] }
        if let items = answer.items {
            return try items.map { "/stories/harbour/updates/\(try $0.text("id"))" }
        }
        let page = try json(try await desk.send(Call("GET /stories/in/updates", key: "")))
        return try (page["updates"]?.items ?? []).map { "/stories/in/updates/\(try $0.text("id"))" }
    }

    private func state(_ desk: TestDesk) async throws -> [[UInt8]] {
        var bodies: [[UInt8]] = []
        for path in ["/stories", "/stories/harbour/updates", "/stories/harbour/drafts"] {
            bodies.append(try await desk.send(Call("GET \(path)")).body)
        }
        return bodies
    }

    @Test(
        "A repeat of the original request is refused and writes nothing, with or without an idempotency key",
        arguments: samples, [nil, "guid-42"])
    func repeated(sample: Sample, id: String?) async throws {
        let desk = try await TestDesk()
        let first = try await send(desk, sample.call, id: id)
        #expect(first.status == .created)
        let paths = try await made(desk, first)
        for member in sample.takenDown {
            let call = Call("POST \(paths[member])/takedown", #"{"reason": "Court"}"#)
            #expect(try await desk.send(call).status == .ok)
        }
        let after = try await state(desk)
        for key in [id, nil, "another-key"] {
            let again = try await send(desk, sample.call, id: key)
            #expect(again.status == .gone)
            let problem = try json(again)
            #expect(try problem.text("type") == "/problems/taken-down")
            #expect(problem["errors"]?.items?.compactMap { $0["pointer"]?.string } == sample.pointers)
        }
        #expect(try await state(desk) == after)
        for file in desk.files { #expect(!holds("UNSPEAKABLE", file), "\(file)") }
    }

    @Test("A repeat is refused even if another story has the slug by then")
    func anotherStory() async throws {
        let desk = try await TestDesk()
        let sample = Self.samples[0]
        let path = try await made(desk, try await desk.send(sample.call))[0]
        _ = try await desk.send(Call("POST \(path)/takedown", #"{"reason": "Court"}"#))
        _ = try await desk.send(Call("DELETE /stories/harbour"))
        #expect(try await desk.send(sample.call).status == .notFound)
        _ = try await desk.send(Call("PUT /stories/harbour", #"{"title": "Another", "status": "live"}"#))
        #expect(try await desk.send(sample.call).status == .gone)
    }

    @Test("A retry of another request with the same content is replayed")
    func otherKey() async throws {
        let desk = try await TestDesk()
        var calls = [Self.samples[0].call, Self.samples[0].call]
        for (index, key) in ["one", "two"].enumerated() {
            calls[index].headers.append((.idempotencyKey, key))
        }
        _ = try await desk.send(calls[0])
        let path = try await made(desk, try await desk.send(calls[1]))[0]
        _ = try await desk.send(Call("POST \(path)/takedown", #"{"reason": "Twice"}"#))
        let retry = try await desk.send(calls[0])
        #expect(retry.status == .created && retry.headers["Idempotency-Replayed"] == "true")
        #expect(try await desk.send(calls[1]).status == .gone)
    }

    @Test("After a mere deletion the original request can be repeated")
    func deleted() async throws {
        let desk = try await TestDesk()
        let path = try await made(desk, try await desk.send(Self.samples[0].call))[0]
        #expect(try await desk.send(Call("DELETE \(path)")).status == .noContent)
        #expect(try await desk.send(Self.samples[0].call).status == .created)
    }

    @Test("A caller without write access does not learn of a takedown")
    func unauthorized() async throws {
        let desk = try await TestDesk()
        let path = try await made(desk, try await desk.send(Self.samples[0].call))[0]
        _ = try await desk.send(Call("POST \(path)/takedown", #"{"reason": "Court"}"#))
        for (key, status) in [("", 401), ("bad", 401), ("stranger", 403)] {
            var call = Self.samples[0].call
            call.key = key
            #expect(try await desk.send(call).status.code == status)
        }
    }

    @Test("The response to a takedown lists the copies that remain elsewhere")
    func copies() async throws {
        let desk = try await TestDesk()
        let call = Call("POST /stories/harbour/updates/<harbourUpdate>/takedown", #"{"reason": "Court"}"#)
        let answer = try json(try await send(desk, call, id: "down"))
        #expect(answer["erased"] == .bool(TestEngine.current.isFile))
        let copies = (answer["copies"]?.items ?? []).compactMap(\.string).joined(separator: " ")
        #expect(copies.contains("wireroom erase") != TestEngine.current.isFile)
        for word in ["Backups", "Litestream", "168 h", "Caches", "Feed readers"] {
            #expect(copies.contains(word), "\(word)")
        }
        #expect(try json(try await send(desk, call, id: "down")) == answer)
    }

    @Test(
        "A repeated takedown reports whether the content is erased by now")
    func repeated() async throws {
        // With PostgreSQL that is the operator's task.
        guard TestEngine.current.isFile else { return }
        let desk = try await TestDesk()
        let call = Call("POST /stories/harbour/updates/<harbourUpdate>/takedown", #"{"reason": "Court"}"#)
        let reader = try Connection(path: desk.files[0], mode: .readOnly)
        try reader.execute("BEGIN")
        _ = try reader.first("SELECT count(*) FROM updates") { $0.integer() }
        for _ in 1...2 {
            #expect(try json(try await send(desk, call, id: "down"))["erased"] == .bool(false))
        }
        try reader.execute("COMMIT")
        #expect(try json(try await send(desk, call, id: "down"))["erased"] == .bool(true))
    }

    @Test(
        "An import omits a taken-down update with a warning, even if its story was deleted",
        arguments: [false, true])
    func oldExport(isDeleted: Bool) async throws {
        let desk = try await TestDesk()
        let path = try await made(desk, try await desk.send(Self.samples[0].call))[0]
        let export = String(
            decoding: try await desk.send(Call("GET /stories/harbour/export")).body, as: UTF8.self)
        _ = try await desk.send(Call("POST \(path)/takedown", #"{"reason": "Court"}"#))
        if isDeleted { _ = try await desk.send(Call("DELETE /stories/harbour")) }
        let reply = try await desk.send(Call("POST /import?slug=copy", export))
        #expect(reply.status == .created)
        let answer = try json(reply)
        let id = path.split(separator: "/").last.map(String.init) ?? "?"
        let warnings = (answer["report"]?["warnings"]?.items ?? []).compactMap { $0["detail"]?.string }
        #expect(warnings.first == "/updates/0: the update \(id) was taken down here, and is left out")
        #expect(answer["report"]?["updates"]?.integer == 1 && answer["story"]?["updateCount"]?.integer == 1)
        let copy = try await desk.send(Call("GET /stories/copy/updates"))
        #expect(!String(decoding: copy.body, as: UTF8.self).contains("UNSPEAKABLE"))
        #expect(try desk.errors() == [])
    }

    @Test("The original key cannot be reused, and the takedown's own key replays its response")
    func keys() async throws {
        let desk = try await TestDesk()
        let reply = try await send(desk, Self.samples[0].call, id: "guid-42")
        let path = try await made(desk, reply)[0]
        let takedown = Call("POST \(path)/takedown", #"{"reason": "Court"}"#)
        let first = try await send(desk, takedown, id: "down")
        let other = try await send(desk, Self.samples[5].call, id: "guid-42")
        #expect(try json(other).text("type") == "/problems/idempotency-key-reused")
        let again = try await send(desk, takedown, id: "down")
        #expect(again.body == first.body && again.headers["Idempotency-Replayed"] == "true")
        #expect(try await desk.send(takedown).status == .gone)
    }
}
