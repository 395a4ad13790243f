// SPDX-License-Identifier: Apache-2.0
import HTTP
import Outbound
import StoreSupport
import Stories
import StoryTables
import Support
import Synchronization
import Testing

@testable import Cards

@Suite("Look-ups of cards with pictures", .onEveryEngine)
struct CardLookupTests {
    /// Makes an asset of any bytes but "none", and notes what is discarded.
    private final class Thumbnails: ThumbnailMaking {
        let made = Mutex<[[UInt8]]>([])
        let discarded = Mutex<[String]>([])

        func makeThumbnail(of picture: [UInt8]) async -> MediaAsset? {
            made.withLock { $0.append(picture) }
            return picture == Array("none".utf8) ? nil : .make(1, width: 640, folder: "folder-1")
        }

        func discardThumbnail(_ asset: MediaAsset) async {
            discarded.withLock { $0.append(asset.folder) }
        }
    }

    private let fixture: StoreFixture
    private let site: WebhookReceiver
    private let thumbnails = Thumbnails()

    init() throws { (fixture, site) = (try StoreFixture(), try WebhookReceiver()) }

    private func lookUp(atOnce: Int = 100, before: () async throws -> Void = {}) async throws {
        let loopback = try #require(AddressRange("127.0.0.1"))
        let http = HTTPFetcher(CardFetcher.settings(allowing: [loopback], userAgent: "Wireroom/0"))
        let lookups = CardLookups(
            fixture.store, reader: "test",
            fetcher: CardFetcher { request throws(OutboundError) in try await http.fetch(request) },
            thumbnails: thumbnails, updatesAtOnce: atOnce)
        for card in try await lookups.claim(limit: 9, perTarget: 1, running: [:], leaseMilliseconds: 1_000) {
            try await before()
            #expect(await lookups.attempt(card) == .delivered(code: 200))
        }
    }

    private func post(_ story: Story) async throws -> Update {
        try await fixture.update(of: story) { [url = site.url] in
            $0.media = .set([Media(type: .link, url: url + "/storm")])
        }
    }

    private func cards(of story: Story) async throws -> [CardText?] {
        var found: [CardText?] = []
        for case .put(let update) in try await fixture.changes(of: story, after: 0).changes {
            found.append(update.cards.first?.text)
        }
        return found
    }

    private func serve(_ picture: String) {
        site.serve("storm", "<title>Storm</title><meta property='og:image' content='/\(picture)'>")
    }

    @Test("The picture of a page becomes the thumbnail, in as many transactions as updates need")
    func found() async throws {
        serve("picture")
        site.serve("picture", "a picture")
        let story = try await fixture.story()
        for _ in 1...5 { _ = try await post(story) }
        try await lookUp(atOnce: 2)
        #expect(site.received.map(\.path) == ["/storm", "/picture"])
        #expect(
            try await cards(of: story).map { $0?.thumbnail }
                == Array(repeating: MediaAsset.make(1).id, count: 5))
        #expect(thumbnails.made.withLock(\.self) == [Array("a picture".utf8)])
        #expect(thumbnails.discarded.withLock(\.self).isEmpty)
        #expect(try await fixture.store.waitingCards().count == 0)
    }

    @Test("Without a picture that can be shown the card has its texts", arguments: ["gone", "none"])
    func absent(picture: String) async throws {
        serve(picture)
        site.serve("none", "none")
        let story = try await fixture.story()
        _ = try await post(story)
        try await lookUp()
        let text = try #require(try await cards(of: story).first ?? nil)
        #expect(text.title == "Storm" && text.thumbnail == nil)
    }

    @Test("The files of a thumbnail that nobody wants any more are removed")
    func unwanted() async throws {
        serve("picture")
        site.serve("picture", "a picture")
        let story = try await fixture.story()
        let update = try await post(story)
        try await lookUp {
            try await fixture.store.deleteUpdate(
                update.id, of: story.reference, intoBin: false, if: .none, access: .editor)
        }
        #expect(thumbnails.discarded.withLock(\.self) == ["folder-1"])
        #expect(try await fixture.store.mediaFolders().isEmpty)
    }
}
