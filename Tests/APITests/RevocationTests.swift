// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// Revocation of a key by another process, as by `wireroom keys revoke`.
@Suite("Revocation", .onEveryEngine)
struct RevocationTests {
    @Test("Revoking a key ends its streams and long polls")
    func ends() async throws {
        let folder = try TemporaryFolder()
        let store = try folder.store(hearingOthers: true)
        let api = folder.api(over: store)
        let key = APIKey(name: "test", grant: Grant(role: .editor), createdAt: testTime)
        try await store.addKey(key.record)
        let body = JSONValue.object(["title": .string("Secret"), "status": .string("draft")])
        let story = try await api.transport("POST", "/stories", body).body.text("id")
        let server = Server(configuration: ServerConfiguration(port: 0, workers: 1), responder: api)
        let port = try #require(try server.start().first?.port)
        let (streaming, waiting) = (HTTPClient(port: port), HTTPClient(port: port))
        let headers = [("Authorization", "Bearer \(key.text)")]
        let snapshot = try await waiting.request(.get, "/stories/\(story)/updates", headers: headers)
        let cursor = try JSONValue(parsing: snapshot.body).text("cursor")
        try await streaming.send(
            "GET /stories/\(story)/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(key.text)\r\n\r\n")
        #expect(try await streaming.readHead().status == 200)
        #expect(try await !streaming.readChunk().isEmpty)
        #expect(try await streaming.readChunk().starts(with: "event: reactions\n".utf8))
        async let poll = waiting.request(
            .get, "/stories/\(story)/updates?cursor=\(cursor)&wait=20", headers: headers)
        try await until { server.statistics.parkedRequests != 0 }
        try await folder.store().revokeKey(key.record.id, at: testTime)
        // On a busy machine comments that keep it alive may come before.
        var last = try await streaming.readChunk()
        for _ in 0..<10 where last.starts(with: ":".utf8) { last = try await streaming.readChunk() }
        #expect(last.isEmpty, "the stream goes on")
        let update = JSONValue.object(["body": .string("Not for everybody")])
        _ = try await api.transport("POST", "/stories/\(story)/updates", update)
        #expect(try await poll.status == 404)
        await server.stop(within: .seconds(1))
    }
}
