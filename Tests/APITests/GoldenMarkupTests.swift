// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTTP
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// `Tests/Golden/updates.json` is the contract between the two renderers of an update's markup: updates of all kinds as the
/// API sends them, and the HTML that the server renders. `golden.test.js` checks `markup.js` against the same file, byte for
/// byte.
///
/// After an intended change, `WIREROOM_WRITE_GOLDEN=1 swift test --filter GoldenMarkupTests` regenerates it from
/// `story.json`.
@Suite("Golden markup of updates")
struct GoldenMarkupTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Golden")
    private static let file = folder.appending(path: "updates.json")

    /// The pictures of the story: a small one, some that have smaller files, and an animated one.
    private static var assets: [MediaAsset] {
        var animated = MediaAsset.make(5, width: 900)
        animated.isAnimated = true
        return [.make(1, width: 320), .make(2, width: 700), .make(3), .make(4, width: 3_000), animated]
    }

    /// Returns each update of the story as JSON, with its reactions and its article on the page.
    private static func made() async throws -> [NSDictionary] {
        let desk = try await TestDesk()
        for asset in assets { _ = try await desk.store.addMedia(asset, idempotency: nil, access: .editor) }
        let document = try Data(contentsOf: folder.appending(path: "story.json"))
        let call = Call("POST /import", bytes: Array(document), type: "application/json")
        #expect(try await desk.send(call).status == .created)
        for card in try await desk.store.claimCards(by: "golden", limit: 100, leaseMilliseconds: 1) {
            if let text = texts(of: card.url) {
                try await desk.store.keepCard(card, text, thumbnail: thumbnail(of: card.url))
            }
        }
        let snapshot = try await object(desk, "/stories/golden/updates?limit=100")
        let reactions = try await object(desk, "/stories/golden/reactions")
        let counts = try #require(reactions["updates"] as? [String: Any])
        let articles = try await articles(desk)
        return try (snapshot["updates"] as? [[String: Any]] ?? []).map { update in
            let id = try #require(update["id"] as? String)
            let html = try #require(articles[id])
            return ["update": update, "reactions": counts[id] ?? [String: Any](), "html": html]
        }
    }

    /// What is found of the addresses in the story; of the others nothing.
    private static func texts(of url: String) -> CardText? {
        var text = CardText(url: url)
        if url.contains("youtube") {
            (text.title, text.author) = ("A \"film\" <b>& more</b>", "Ada's")
        } else if url.contains("social") {
            (text.kind, text.title, text.site) = (.post, "Ada", "Mastodon")
            text.description = "\u{5E9}\u{5DC}\u{5D5}\u{5DD} & <world>"
        } else if url.contains("link") || url.contains("it's") {
            (text.title, text.description, text.site) = ("Storm", "It's here.", "The Paper")
        } else {
            return nil
        }
        return text
    }

    /// Pictures wider and narrower than the smallest file of an asset.
    private static func thumbnail(of url: String) -> MediaAsset? {
        url.contains("it's") ? .make(6, width: 640) : url.contains("link") ? .make(7, width: 320) : nil
    }

    private static func object(_ desk: TestDesk, _ path: String) async throws -> [String: Any] {
        let body = try await desk.send(Call("GET \(path)", key: "")).body
        return try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
    }

    /// Returns the articles of the story's pages by update id.
    private static func articles(_ desk: TestDesk) async throws -> [String: String] {
        var (articles, path) = ([String: String](), String?.some("/live/golden"))
        while let current = path {
            let bytes = try await desk.send(Call("GET \(current)", key: "")).body
            let page = String(decoding: bytes, as: UTF8.self)
            for match in page.matches(of: /(?s)<article [^>]*data-id="([^"]+)".*?<\/article>/) {
                articles[String(match.1)] = String(match.0)
            }
            let older = page.firstMatch(of: /<p id="older"><a rel="next" href="([^"]+)"/)
            path = older.map { String($0.1).replacing("&amp;", with: "&") }
        }
        return articles
    }

    @Test("The server renders each update as in the golden file")
    func server() async throws {
        let made = try await Self.made()
        if ProcessInfo.processInfo.environment["WIREROOM_WRITE_GOLDEN"] != nil {
            try JSONSerialization.data(
                withJSONObject: made, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            ).write(to: Self.file)
        }
        let golden =
            try JSONSerialization.jsonObject(with: Data(contentsOf: Self.file)) as? [NSDictionary] ?? []
        #expect(golden.count >= 40 && golden.count == made.count)
        for (made, golden) in zip(made, golden) {
            #expect(made == golden)
        }
    }
}
