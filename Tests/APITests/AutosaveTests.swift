// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import StoreSupport
import Stories
import Support
import Testing

/// Unfinished texts that programs save while somebody writes.
@Suite("Autosaves", .onEveryEngineInFull)
struct AutosaveTests {
    /// Columns: no key, an unknown one, a revoked one, an editor's of no story, of `harbour`, of all stories, an admin's.
    static let rules: [AuthorizationTests.Rule] = [
        .init("GET /stories/harbour/autosaves", "", 401, 401, 401, 403, 200, 200, 200),
        .init("GET /stories/secret/autosaves", "", 401, 401, 401, 404, 404, 200, 200),
        .init(
            "PUT /stories/harbour/autosaves/a", #"{"content": "x"}"#, 401, 401, 401, 403, 200, 200, 200),
        .init("DELETE /stories/harbour/autosaves/a", "", 401, 401, 401, 403, 404, 404, 404),
    ]

    private static let path = "/stories/harbour/autosaves"

    private func save(
        _ desk: TestDesk, _ name: String, _ content: String, key: String = "admin",
        headers: [(HeaderName, String)] = []
    ) async throws -> Response {
        let body = JSONWriter.bytes(of: JSONValue.object(["content": .string(content)]))
        return try await desk.send(
            Call(
                "PUT \(Self.path)/\(name)", bytes: body, key: key, type: "application/json", headers: headers)
        )
    }

    private func saved(_ desk: TestDesk, key: String = "admin") async throws -> [JSONValue] {
        let response = try await desk.send(Call("GET \(Self.path)", key: key))
        try #require(response.status == .ok)
        return try JSONValue(parsing: response.body)["autosaves"]?.items ?? []
    }

    private func names(_ desk: TestDesk, key: String = "admin") async throws -> [String] {
        try await saved(desk, key: key).map { try $0.text("name") }
    }

    @Test("Every route has the right status per caller", arguments: rules)
    func access(rule: AuthorizationTests.Rule) async throws { try await rule.check() }

    @Test("Each key has its own, newest first; nobody else sees them, and the trail says nothing of them")
    func own() async throws {
        let desk = try await TestDesk()
        let first = try await save(desk, "a", #"{"body": "Half a sen"}"#)
        #expect(first.status == .ok && first.headers[.etag] != nil)
        desk.clock.advance()
        _ = try await save(desk, "b", "Words\nin any form \u{1F4F1}")
        _ = try await save(desk, "a", "of another key", key: "editor")
        let all = try await saved(desk)
        #expect(try all.map { try $0.text("name") } == ["b", "a"])
        #expect(try all[0].text("content") == "Words\nin any form \u{1F4F1}")
        #expect(try all[1].text("etag") == first.headers[.etag])
        #expect(try await saved(desk, key: "editor").map { try $0.text("content") } == ["of another key"])
        #expect(try await saved(desk, key: "bound").isEmpty)
        for line in ["GET /stories/harbour/drafts", "GET /audit", "GET /stories/harbour/export"] {
            let body = String(decoding: try await desk.send(Call(line)).body, as: UTF8.self)
            #expect(!body.contains("Half a sen") && !body.contains("autosave"))
        }
        #expect(try desk.errors() == [])
    }

    @Test("If-Match keeps one device from writing over another, and the refusal has what is there")
    func conflicts() async throws {
        let desk = try await TestDesk()
        let first = try await save(desk, "a", "one", headers: [(.ifNoneMatch, "*")])
        let tag = try #require(first.headers[.etag])
        #expect(
            try await save(desk, "a", "other", headers: [(.ifNoneMatch, "*")]).status == .preconditionFailed)
        let second = try await save(desk, "a", "two", headers: [(.ifMatch, tag)])
        let newer = try #require(second.headers[.etag])
        #expect(second.status == .ok && newer != tag)
        let stale = try await save(desk, "a", "three", headers: [(.ifMatch, tag)])
        #expect(stale.status == .preconditionFailed && stale.headers[.etag] == newer)
        let current = try JSONValue(parsing: stale.body)["current"]
        #expect(try current?.text("content") == "two")
        let removal = Call("DELETE \(Self.path)/a", headers: [(.ifMatch, tag)])
        #expect(try await desk.send(removal).status == .preconditionFailed)
        #expect(try await desk.send(Call("DELETE \(Self.path)/a")).status == .noContent)
        let gone = try await save(desk, "a", "four", headers: [(.ifMatch, newer)])
        #expect(gone.status == .preconditionFailed)
        #expect(try JSONValue(parsing: gone.body)["current"] == nil)
        let again = try await save(desk, "a", "five")
        #expect(again.headers[.etag] != tag && again.headers[.etag] != newer)
    }

    @Test("Publishing under its name consumes the text, and no other")
    func consumed() async throws {
        let desk = try await TestDesk()
        for name in ["a", "b"] { _ = try await save(desk, name, "text") }
        _ = try await save(desk, "a", "text", key: "editor")
        let refused = try await desk.send(
            Call("POST /stories/harbour/updates", #"{"body": ""}"#, headers: [(.idempotencyKey, "a")]))
        #expect(refused.status == .unprocessableContent)
        #expect(try await names(desk) == ["b", "a"])
        let posted = try await desk.send(
            Call("POST /stories/harbour/updates", #"{"body": "text"}"#, headers: [(.idempotencyKey, "a")]))
        #expect(posted.status == .created)
        #expect(try await names(desk) == ["b"])
        #expect(try await names(desk, key: "editor") == ["a"])
    }

    @Test("They are bounded: in number, length and age; the oldest make room")
    func bounds() async throws {
        let desk = try await TestDesk()
        for number in 0..<Limits.autosaves + 2 {
            _ = try await save(desk, "n\(number)", "text")
            desk.clock.advance()
        }
        let kept = try await names(desk)
        #expect(kept.count == Limits.autosaves && kept.first == "n21" && kept.last == "n2")
        let long = try await save(desk, "long", String(repeating: "a", count: Limits.autosaveBytes + 1))
        #expect(long.status == .unprocessableContent)
        #expect(String(decoding: long.body, as: UTF8.self).contains("/content"))
        #expect(try await save(desk, "nul", "a\0b").status == .unprocessableContent)
        #expect(try await save(desk, "no.name", "x").status == .notFound)
        let missing = try await desk.send(Call("PUT \(Self.path)/a", "{}"))
        #expect(missing.status == .unprocessableContent)
        desk.clock.advance(milliseconds: Limits.autosaveMilliseconds)
        _ = try await save(desk, "new", "text")
        #expect(try await names(desk) == ["new"])
    }

    @Test("They go with their story")
    func deleted() async throws {
        let desk = try await TestDesk()
        _ = try await save(desk, "a", "text")
        #expect(try await desk.send(Call("DELETE /stories/harbour")).status == .noContent)
        #expect(try desk.errors() == [])
    }

    @Test("A takedown erases those of all who write in the story, and in the one that the update came from")
    func takedown() async throws {
        let desk = try await TestDesk()
        for slug in ["bridge", "tunnel"] {
            _ = try await desk.send(Call("POST /stories", #"{"title": "\#(slug)", "slug": "\#(slug)"}"#))
            _ = try await desk.send(
                Call("PUT /stories/\(slug)/autosaves/a", #"{"content": "UNSPEAKABLE \#(slug)"}"#))
        }
        let made = try await desk.send(Call("POST /stories/harbour/updates", #"{"body": "Words"}"#))
        let id = try JSONValue(parsing: made.body).text("id")
        for key in ["admin", "editor"] { _ = try await save(desk, "a", "UNSPEAKABLE \(key)", key: key) }
        let moved = try await desk.send(
            Call("POST /stories/harbour/updates/move", #"{"ids": ["\#(id)"], "to": "bridge"}"#))
        try #require(moved.status == .ok)
        let takedown = Call("POST /stories/bridge/updates/\(id)/takedown", #"{"reason": "Court"}"#)
        #expect(try await desk.send(takedown).status == .ok)
        for key in ["admin", "editor"] { #expect(try await saved(desk, key: key).isEmpty) }
        let other = try await desk.send(Call("GET /stories/tunnel/autosaves"))
        #expect(String(decoding: other.body, as: UTF8.self).contains("UNSPEAKABLE tunnel"))
        for file in desk.files {
            for text in ["admin", "editor", "bridge"] {
                #expect(!holds("UNSPEAKABLE \(text)", file), "\(file) has that of \(text)")
            }
        }
        #expect(try desk.errors() == [])
    }
}
