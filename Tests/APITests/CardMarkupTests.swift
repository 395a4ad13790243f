// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import Stories
import StoryTables
import Support
import Testing

@Suite("Cards on pages and in feeds")
struct CardMarkupTests {
    private static let film = "https://vimeo.com/76979871"
    private static let page = "https://paper.example/storm"

    /// A desk whose live story has an update with two addresses, whose texts are found.
    private static func desk() async throws -> TestDesk {
        let desk = try await TestDesk()
        let body = #"{"body": "Look:\n\n\#(film)\n\n\#(page)\n\nEnd."}"#
        #expect(try await desk.send(Call("POST /stories/harbour/updates", body)).status == .created)
        for card in try await desk.store.claimCards(by: "test", limit: 10, leaseMilliseconds: 1) {
            var text = CardText(url: card.url)
            (text.title, text.description) = ("Title <of> it", "Words & more")
            try await desk.store.keepCard(card, text)
        }
        return desk
    }

    private static func text(_ desk: TestDesk, _ path: String, embeds: EmbedPolicy = .ask) async throws
        -> String
    {
        let reply = try await desk.send(Call("GET \(path)", key: ""), to: desk.api { $0.embeds = embeds })
        return String(decoding: reply.body, as: UTF8.self)
    }

    @Test(
        "A page may frame the providers and nobody else; the list of stories, feeds and refusals nobody at all"
    )
    func policies() async throws {
        let desk = try await Self.desk()
        func policy(_ path: String) async throws -> String {
            try await desk.send(Call("GET \(path)", key: "")).headers[.contentSecurityPolicy] ?? ""
        }
        let frames = "frame-src \(CardProvider.frameOrigins.joined(separator: " "));"
        #expect(try await policy("/live/harbour").contains(frames))
        for path in ["/", "/live/none", "/stories/harbour/feed.atom"] {
            #expect(try await !policy(path).contains("frame-src"), "\(path)")
        }
    }

    @Test(
        "A card stands in the place of its address, with room for a frame; with the policy never there is none"
    )
    func page() async throws {
        let desk = try await Self.desk()
        let asking = try await Self.text(desk, "/live/harbour")
        let never = try await Self.text(desk, "/live/harbour", embeds: .never)
        let frame =
            #"<div class="frame f16-9" data-frame="https://player.vimeo.com/video/76979871?dnt=1" data-provider="Vimeo"></div>"#
        let link =
            #"<a href="\#(Self.film)" rel="noopener noreferrer nofollow" dir="auto" lang=""><strong>Title &lt;of&gt; it</strong></a>"#
        #expect(asking.contains("<p>Look:</p>\n<div class=\"card\" data-kind=\"video\">\(frame)\(link)"))
        #expect(asking.contains("</div>\n<p>End.</p>"))
        #expect(never.contains(link) && !never.contains("data-frame"))
        #expect(asking.contains(#"data-embeds="ask""#) && never.contains(#"data-embeds="never""#))
        for page in [asking, never] { #expect(!page.contains("<iframe")) }
    }

    @Test("In feeds a card is a link with its title, and in the JSON of the update the body keeps its link")
    func feeds() async throws {
        let desk = try await Self.desk()
        let atom = try await Self.text(desk, "/stories/harbour/feed.atom")
        #expect(
            atom.contains(
                "&lt;bdi lang=&quot;&quot;&gt;Title &amp;lt;of&amp;gt; it&lt;/bdi&gt;&lt;/a&gt; (Vimeo)&lt;/p&gt;"
            ))
        #expect(!atom.contains("iframe") && !atom.contains("player.vimeo.com"))
        let json = try await Self.text(desk, "/stories/harbour/updates")
        #expect(json.contains(#"<p><a href=\"\#(Self.film)\">\#(Self.film)</a></p>"#))
        #expect(
            json.contains(#""frame":{"url":"https://player.vimeo.com/video/76979871?dnt=1","size":"16/9"}"#))
    }

    @Test("A preview shows what can be framed, and has nothing looked up")
    func preview() async throws {
        let desk = try await TestDesk()
        let body = #"{"body": "\#(Self.film)\n\n\#(Self.page)"}"#
        let page = try await desk.send(Call("POST /stories/harbour/preview", body))
        let text = String(decoding: page.body, as: UTF8.self)
        #expect(text.contains(#"data-provider="Vimeo""#))
        #expect(text.contains(#"<p><a href="\#(Self.page)">"#))
        #expect(try await desk.store.waitingCards().count == 0)
    }
}
