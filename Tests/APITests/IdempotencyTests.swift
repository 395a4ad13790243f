// SPDX-License-Identifier: Apache-2.0
import HTTP
import JSON
import StoreSupport
import Support
import Testing

@Suite("Idempotency keys", .onEveryEngineInFull)
struct IdempotencyTests {
    private static let posts = [
        ("POST /stories", #"{"title": "Once"}"#), ("POST /stories/harbour/updates", #"{"body": "Once"}"#),
        ("POST /stories/harbour/updates", #"[{"body": "One"}, {"body": "Two"}]"#),
        ("POST /stories/harbour/updates/<harbourUpdate>/strike", #"{"reason": "Wrong"}"#),
        ("POST /stories/harbour/updates/<harbourUpdate>/takedown", #"{"reason": "Court"}"#),
        ("POST /import", #"{"wireroom": 1, "story": {"title": "Imported"}}"#),
        ("POST /stories/harbour/reactions/veryGood", "{}"),
    ]

    private func send(
        _ desk: TestDesk, _ line: String, _ body: String, id: String, key: String = "admin"
    ) async throws -> Response {
        try await desk.send(Call(line, body, key: key, headers: [(.idempotencyKey, id)]))
    }

    private func state(_ desk: TestDesk) async throws -> [[UInt8]] {
        var bodies: [[UInt8]] = []
        for path in ["/stories", "/stories/harbour/updates", "/stories/harbour/reactions"] {
            bodies.append(try await desk.send(Call("GET \(path)", key: "")).body)
        }
        return bodies
    }

    @Test("The response to a POST equals that to a GET with the same API key", arguments: [nil, "key-1"])
    func answer(id: String?) async throws {
        let desk = try await TestDesk()
        let members = #"{"title": "T", "body": "*Once* \"more\"", "tags": ["a", "B"], "keyEvent": true}"#
        let headers: [(HeaderName, String)] = id.map { [(.idempotencyKey, $0)] } ?? []
        let made = try await desk.send(Call("POST /stories/harbour/updates", members, headers: headers))
        let place = try #require(made.headers[.location])
        #expect(made.body == (try await desk.send(Call("GET \(place)"))).body)
    }

    @Test("A POST repeated with its key has one effect and always the same response", arguments: posts)
    func replay(line: String, body: String) async throws {
        let desk = try await TestDesk()
        let first = try await send(desk, line, body, id: "key-1")
        #expect(first.status.code < 300 && first.headers["Idempotency-Replayed"] == nil)
        let after = try await state(desk)
        for api in [desk.api, desk.anotherAPI()] {
            let again = try await desk.send(Call(line, body, headers: [(.idempotencyKey, "key-1")]), to: api)
            #expect(again.status == first.status && again.body == first.body)
            #expect(again.headers[.location] == first.headers[.location])
            #expect(again.headers[.etag] == first.headers[.etag])
            #expect(again.headers["Idempotency-Replayed"] == "true")
        }
        #expect(try await state(desk) == after)
    }

    @Test("Reusing a key for another request, or an invalid key, is refused", arguments: posts)
    func mismatch(line: String, body: String) async throws {
        let desk = try await TestDesk()
        _ = try await send(desk, line, body, id: "key-1")
        let other = try await send(desk, "POST /stories", #"{"title": "Other"}"#, id: "key-1")
        #expect(other.status == .unprocessableContent)
        #expect(try JSONValue(parsing: other.body).text("type") == "/problems/idempotency-key-reused")
        for id in ["", "a b", "é", String(repeating: "x", count: 256)] {
            #expect(try await send(desk, "POST /stories", #"{"title": "x"}"#, id: id).status == .badRequest)
        }
    }

    @Test("The same key of other API keys is independent, and a key is reusable after a refusal")
    func apart() async throws {
        let desk = try await TestDesk()
        let (line, body) = ("POST /stories/harbour/updates", #"{"body": "Once"}"#)
        let ids = try await ["admin", "editor", "bound"].asyncMap {
            try JSONValue(parsing: try await send(desk, line, body, id: "k", key: $0).body).text("id")
        }
        #expect(Set(ids).count == 3)
        #expect(try await send(desk, line, #"{"body": " "}"#, id: "again").status == .unprocessableContent)
        #expect(try await send(desk, line, body, id: "again").status == .created)
    }

    @Test("Fifty concurrent retries create one update")
    func concurrent() async throws {
        let desk = try await TestDesk()
        let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    let reply = try await send(
                        desk, "POST /stories/harbour/updates", #"{"body": "Once"}"#, id: "key-1")
                    return try JSONValue(parsing: reply.body).text("id")
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
    }

    @Test("A takedown also erases stored responses with the content")
    func takedown() async throws {
        let desk = try await TestDesk()
        let post = try await send(
            desk, "POST /stories/harbour/updates", #"{"body": "UNSPEAKABLE"}"#, id: "key-1")
        let id = try JSONValue(parsing: post.body).text("id")
        let path = "/stories/harbour/updates/\(id)"
        #expect(try await send(desk, "POST \(path)/takedown", #"{"reason": "x"}"#, id: "key-2").status == .ok)
        for file in desk.files { #expect(!holds("UNSPEAKABLE", file), "\(file)") }
    }
}

extension Sequence {
    fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
