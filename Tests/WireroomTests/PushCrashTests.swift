// SPDX-License-Identifier: Apache-2.0
import Crypto
import HTTP
import JSON
import StoreSupport
import Support
import Testing

/// Notifications of a server that is killed.
@Suite("Push messages of a server that is killed")
struct PushCrashTests {
    private static let key = "a-key-for-the-crash-test"
    private static let followers = 200
    /// As many as the server sends for one position.
    private static let batch = 64

    @Test("Kills lose no follower, and repeat at most a batch each", .timeLimit(.minutes(10)))
    func kills() async throws {
        let folder = try TemporaryFolder()
        let service = try WebhookReceiver()
        var (story, kills) = ("", 0)
        while true {
            let server = try await ServerProcess.start(
                database: folder.file("push.db"),
                environment: ["WIREROOM_ADMIN_KEY": Self.key],
                options: ["--outbound-allow", "127.0.0.1", "--push-contact", "mailto:ops@news.example"])
            if story.isEmpty {
                story = try await Self.begin(server, service)
                service.delay(milliseconds: 20)
            }
            let before = service.received.count
            // Killed in the second and in the third batch.
            let enough = kills < 2 ? before + 80 : .max
            let limit = ContinuousClock.now + .seconds(60)
            while ContinuousClock.now < limit, service.received.count < enough,
                Set(service.received.map(\.path)).count < Self.followers
            {
                try await Task.sleep(for: .milliseconds(5))
            }
            guard kills < 2 else {
                #expect(try await server.terminate() == 0)
                break
            }
            try await server.kill()
            kills += 1
        }
        let paths = service.received.map(\.path)
        #expect(Set(paths).count == Self.followers, "a follower was not notified")
        #expect(paths.count <= Self.followers + kills * Self.batch, "more than a batch was repeated")
    }

    /// Creates a story with followers, and posts a key event of which they are notified. Returns its id.
    private static func begin(_ server: ServerProcess, _ service: WebhookReceiver) async throws -> String {
        let story = try await post("/stories", #"{"title": "Storm"}"#, to: server)
        let point = base64URL(try #require(P256.publicKey(of: P256.newPrivateKey())))
        let secret = base64URL(randomBytes(WebPush.authenticationBytes))
        for number in 0..<followers {
            let body = """
                {"endpoint": "\(service.url)/\(number)", "keys": {"p256dh": "\(point)", "auth": "\(secret)"}}
                """
            _ = try await post("/stories/\(story)/push-subscriptions", body, to: server)
        }
        _ = try await post(
            "/stories/\(story)/updates", #"{"body": "News", "keyEvent": true, "notify": true}"#, to: server)
        return story
    }

    /// Posts, and returns the id of what was made.
    private static func post(
        _ path: String, _ body: String, to server: ServerProcess
    ) async throws -> String {
        let reply = try await HTTPClient(port: server.port).request(
            .post, path,
            headers: [("Authorization", "Bearer \(key)"), ("Content-Type", "application/json")],
            body: Array(body.utf8))
        try #require(reply.status == 201, "\(String(decoding: reply.body, as: UTF8.self))")
        return try JSONValue(parsing: reply.body).text("id")
    }
}
