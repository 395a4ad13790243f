// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTTP
import JSON
import StoreSupport
import Support
import Testing

/// Deliveries of a server that is killed.
@Suite("Webhooks of a server that is killed")
struct WebhookCrashTests {
    private static let key = "a-key-for-the-crash-test"

    @Test(
        "None is lost by kills, repeats have the same id, and each story is in order",
        .timeLimit(.minutes(10)), arguments: [false, true])
    func kills(onPostgres: Bool) async throws {
        let folder = try TemporaryFolder()
        let postgres = onPostgres ? try PostgresServer.shared.get() : nil
        let database =
            try postgres?.location("hooks_\(UInt32.random(in: 0 ... .max))") ?? folder.file("hooks.db")
        let receiver = try WebhookReceiver()
        var (posted, story): ([String], String?) = ([], nil)
        for round in 0..<4 {
            let server = try await ServerProcess.start(
                database: database, environment: ["WIREROOM_ADMIN_KEY": Self.key],
                options: ["--outbound-allow", "127.0.0.1"])
            if story == nil {
                _ = try await Self.post("/webhooks", ["url": .string(receiver.url + "/hook")], to: server)
                story = try await Self.post("/stories", ["title": .string("Storm")], to: server)
            }
            let path = "/stories/\(try #require(story))/updates"
            for note in 0..<5 {
                posted.append(
                    try await Self.post(path, ["body": .string("Note \(round) \(note)")], to: server))
            }
            if round < 3 {
                try await server.kill()
                continue
            }
            // On PostgreSQL a killed node's lease has to end first.
            let limit = ContinuousClock.now + .seconds(90)
            while ContinuousClock.now < limit, receiver.updates.count < posted.count {
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(try await server.terminate() == 0)
        }
        #expect(receiver.updates == posted)
        #expect(Set(receiver.ids.values.map(\.count)) == [1], "a repeat has another id")
    }

    /// Posts, and returns the id of what was made.
    private static func post(
        _ path: String, _ members: [String: JSONValue], to server: ServerProcess
    ) async throws -> String {
        let client = HTTPClient(port: server.port)
        let reply = try await client.request(
            .post, path,
            headers: [("Authorization", "Bearer \(key)"), ("Content-Type", "application/json")],
            body: JSONWriter.bytes(of: JSONValue.object(members.map { .init($0.key, $0.value) })))
        try #require(reply.status == 201)
        return try JSONValue(parsing: reply.body).text("id")
    }
}
