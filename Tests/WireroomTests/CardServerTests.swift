// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTTP
import JSON
import StoreSupport
import Support
import Testing

/// A server that looks cards up over sockets.
@Suite("Cards of a running server")
struct CardServerTests {
    private static let key = "a-key-for-the-cards-test"

    @Test(
        "A card arrives in the background, at the next number; an address of a private network remains a link"
    )
    func arrival() async throws {
        let folder = try TemporaryFolder()
        let (site, secret) = (try WebhookReceiver(), try WebhookReceiver())
        site.serve("storm", "<title>Storm</title><meta property='og:description' content='It &amp; wind'>")
        secret.serve("status", "<title>Internal</title>")
        // Only one of the two may be asked: addresses of loopback are 127.0.0.0/8.
        let server = try await Self.server(folder.file("cards.db"), allowing: "127.0.0.1")
        let story = try await Self.post("/stories", ["title": .string("Storm")], to: server).text("id")
        let hidden = secret.url.replacing("127.0.0.1", with: "127.0.0.2") + "/status"
        let made = try await Self.post(
            "/stories/\(story)/updates", ["body": .string("\(hidden)\n\n\(site.url)/storm")], to: server)
        let update = try await Self.update(try made.text("id"), of: story, server) { !$0.cards.isEmpty }
        #expect(update.cards.map { try? $0.text("title") } == ["Storm"])
        #expect(update.cards.first?["description"] == .string("It & wind"))
        #expect(update.value["seq"]?.integer == (made["seq"]?.integer ?? 0) + 1)
        #expect(update.value["edited"] == .bool(false))
        #expect(secret.received.isEmpty)
        #expect(site.received.count == 1)
        #expect(site.received.first?.fields["user-agent"]?.hasPrefix("Wireroom/") ?? false)
        #expect(try await server.terminate() == 0)
    }

    @Test("A card has a thumbnail from this server, made of the page's picture, which a takedown removes")
    func thumbnail() async throws {
        let folder = try TemporaryFolder()
        let site = try WebhookReceiver()
        let picture = try ProjectFile.bytes("Samples/pictures/wide.jpg")
        site.serve("storm", "<title>Storm</title><meta property='og:image' content='wide.jpg'>")
        site.serve("wide.jpg", picture)
        site.serve("other", "<title>Other</title><meta property='og:image' content='/drawing.svg'>")
        site.serve("drawing.svg", "<svg xmlns='http://www.w3.org/2000/svg'></svg>")
        let server = try await Self.server(folder.file("cards.db"), allowing: "127.0.0.1")
        let story = try await Self.post("/stories", ["title": .string("Storm")], to: server).text("id")
        let made = try await Self.post(
            "/stories/\(story)/updates", ["body": .string("\(site.url)/storm\n\n\(site.url)/other")],
            to: server)
        let id = try made.text("id")
        let update = try await Self.update(id, of: story, server) { $0.cards.count == 2 }
        let (card, other) = (try #require(update.cards.first), try #require(update.cards.last))
        #expect(other["thumbnail"] == .null && other["thumbnailWidth"] == .null)
        let path = try card.text("thumbnail")
        #expect(card["thumbnailWidth"]?.integer == 640)
        let client = HTTPClient(port: server.port)
        for file in ["", "/320.webp", "/320.jpg", "/metadata"] {
            #expect(try await client.request(.get, path + file).status == 200, "\(file)")
        }
        // Nothing larger is kept.
        #expect(try await client.request(.get, path + "/640.webp").status == 404)
        let page = try await client.request(.get, "/live/\(story)").text
        #expect(page.contains(#"<img src="\#(path)/320.webp" width="640" height=""#))
        #expect(!page.contains("src=\"\(site.url)"))
        let takedown = try await client.request(
            .post, "/stories/\(story)/updates/\(id)/takedown",
            headers: [("Authorization", "Bearer \(Self.key)"), ("Content-Type", "application/json")],
            body: Array(#"{"reason": "Rights"}"#.utf8))
        #expect(takedown.status == 200)
        let purged = try JSONValue(parsing: takedown.body)["purge"]?.items?.compactMap(\.string) ?? []
        #expect(Set([path, path + "/320.webp", path + "/320.jpg", path + "/metadata"]).isSubset(of: purged))
        #expect(try await client.request(.get, path + "/320.webp").status == 404)
        #expect(try await server.terminate() == 0)
    }

    @Test(
        "A writer does not wait for a look-up, and one that a kill has interrupted is made after it",
        .timeLimit(.minutes(10)))
    func kill() async throws {
        let folder = try TemporaryFolder()
        let site = try WebhookReceiver()
        site.serve("storm", "<title>Storm</title>")
        site.delay(milliseconds: 1_000)
        let first = try await Self.server(folder.file("cards.db"), allowing: "127.0.0.1")
        let story = try await Self.post("/stories", ["title": .string("Storm")], to: first).text("id")
        let made = try await Self.post(
            "/stories/\(story)/updates", ["body": .string("\(site.url)/storm")], to: first)
        #expect(made["cards"] == .array([]))
        try await first.kill()
        site.delay(milliseconds: 0)
        let second = try await Self.server(folder.file("cards.db"), allowing: "127.0.0.1")
        let update = try await Self.update(try made.text("id"), of: story, second) { !$0.cards.isEmpty }
        #expect(update.cards.map { try? $0.text("title") } == ["Storm"])
        #expect(try await second.terminate() == 0)
    }

    private static func server(_ database: String, allowing range: String) async throws -> ServerProcess {
        try await ServerProcess.start(
            database: database, environment: ["WIREROOM_ADMIN_KEY": key],
            options: ["--outbound-allow", range])
    }

    private struct Found {
        let value: JSONValue
        var cards: [JSONValue] {
            if case .array(let cards)? = value["cards"] { cards } else { [] }
        }
    }

    /// The update when it satisfies a condition, or after half a minute.
    private static func update(
        _ id: String, of story: String, _ server: ServerProcess, when holds: (Found) -> Bool
    ) async throws -> Found {
        let limit = ContinuousClock.now + .seconds(30)
        while true {
            let reply = try await HTTPClient(port: server.port).request(
                .get, "/stories/\(story)/updates/\(id)")
            let found = Found(value: try JSONValue(parsing: reply.body))
            if holds(found) || ContinuousClock.now > limit { return found }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private static func post(
        _ path: String, _ members: [String: JSONValue], to server: ServerProcess
    ) async throws -> JSONValue {
        let reply = try await HTTPClient(port: server.port).request(
            .post, path,
            headers: [("Authorization", "Bearer \(key)"), ("Content-Type", "application/json")],
            body: JSONWriter.bytes(of: JSONValue.object(members.map { .init($0.key, $0.value) })))
        try #require(reply.status == 201)
        return try JSONValue(parsing: reply.body)
    }
}
