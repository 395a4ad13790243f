// SPDX-License-Identifier: Apache-2.0
import Database
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// What is queued of updates' addresses, and how cards reach readers.
@Suite("Cards in the store", .onEveryEngine)
struct CardStoreTests {
    private static let page = "https://paper.example/storm"
    private static let film = "https://youtu.be/abc"

    private static func text(_ url: String, _ title: String) -> CardText {
        var text = CardText(url: url)
        text.title = title
        return text
    }

    private func update(_ fixture: StoreFixture, _ story: Story, _ urls: String...) async throws -> Update {
        try await fixture.update(of: story) {
            $0.media = .set(urls.map { Media(type: .link, url: $0) })
        }
    }

    private func claim(_ fixture: StoreFixture, by name: String = "test") async throws -> [ClaimedCard] {
        try await fixture.store.claimCards(by: name, limit: 10, leaseMilliseconds: 30_000)
    }

    private func present(_ update: Update, _ story: Story, _ fixture: StoreFixture) async throws -> Update {
        let delta = try await fixture.changes(of: story, after: 0)
        for case .put(let found) in delta.changes where found.id == update.id { return found }
        throw StoryError.notFound(.update)
    }

    private func faults(_ fixture: StoreFixture) throws -> [String] {
        try StoreRules.faults(in: fixture.database())
    }

    @Test(
        "What can be framed is a card at once; a link becomes one when its texts are there, at the next number"
    )
    func arrival() async throws {
        let fixture = try StoreFixture()
        let story = try await fixture.story()
        let made = try await update(fixture, story, Self.film, Self.page)
        #expect(made.cards.map(\.url) == [Self.film] && made.cards.first?.text.title == nil)
        let claimed = try await claim(fixture)
        #expect(claimed.map(\.url) == [Self.film, Self.page])
        fixture.clock.advance()
        try await fixture.store.keepCard(claimed[1], Self.text(Self.page, "Storm"))
        let shown = try await present(made, story, fixture)
        #expect(shown.seq == made.seq + 1 && shown.cards.map(\.url) == [Self.film, Self.page])
        #expect(shown.cards.last?.text.title == "Storm")
        // Nobody has edited it.
        #expect(shown.modifiedAt == made.modifiedAt && !shown.edited)
        let revisions = try await fixture.store.revisions(of: made.id, of: story.reference, access: .editor)
        #expect(revisions.isEmpty)
        #expect(try await fixture.snapshot(of: story).cursor.seq == shown.seq)
        // The same again changes nothing.
        try await fixture.store.keepCard(claimed[1], Self.text(Self.page, "Other"))
        #expect(try await present(made, story, fixture) == shown)
        #expect(try faults(fixture) == [])
    }

    @Test("An address is looked up once for all its updates, which all get the card")
    func shared() async throws {
        let fixture = try StoreFixture()
        let (story, other) = (try await fixture.story(), try await fixture.story("Another story"))
        let first = try await update(fixture, story, Self.page)
        let second = try await update(fixture, story, Self.page)
        let third = try await update(fixture, other, Self.page)
        let claimed = try await claim(fixture)
        #expect(claimed.count == 1)
        try await fixture.store.keepCard(claimed[0], Self.text(Self.page, "Storm"))
        for (update, story) in [(first, story), (second, story), (third, other)] {
            #expect(try await present(update, story, fixture).cards.count == 1)
        }
        #expect(try await fixture.snapshot(of: story).cursor.seq == second.seq + 2)
        // One that is written now has it at once.
        let later = try await update(fixture, story, Self.page)
        #expect(later.cards.first?.text.title == "Storm")
        #expect(try await claim(fixture).isEmpty)
        #expect(try faults(fixture) == [])
    }

    @Test("The address of a draft is looked up, so that its card is there when it is published")
    func drafts() async throws {
        let fixture = try StoreFixture()
        let story = try await fixture.story()
        let draft = try await fixture.store.createUpdate(
            of: story.reference,
            .make(body: "Text") {
                $0.state = .set(.draft)
                $0.media = .set([Media(type: .link, url: Self.page)])
            }, access: .editor)
        let claimed = try await claim(fixture)
        try await fixture.store.keepCard(try #require(claimed.first), Self.text(Self.page, "Storm"))
        #expect(try await fixture.snapshot(of: story).updates.isEmpty)
        var patch = UpdatePatch()
        patch.state = .set(.published)
        let published = try await fixture.store.editUpdate(
            draft.value.id, of: story.reference, patch, if: .none, access: .editor)
        guard case .published(let update) = published.value else {
            Issue.record("it is still a draft")
            return
        }
        #expect(update.cards.first?.text.title == "Storm")
        #expect(try faults(fixture) == [])
    }

    @Test("The arrival of a card makes no editor's precondition fail, an edit does")
    func preconditions() async throws {
        let fixture = try StoreFixture()
        let story = try await fixture.story()
        let made = try await fixture.store.createUpdate(
            of: story.reference,
            .make(body: "Text") { $0.media = .set([Media(type: .link, url: Self.page)]) }, access: .editor)
        try await fixture.store.keepCard(
            try #require(try await claim(fixture).first), Self.text(Self.page, "Storm"))
        var patch = UpdatePatch()
        patch.title = .set("One")
        let edited = try await fixture.store.editUpdate(
            made.value.id, of: story.reference, patch, if: .oneOf([made.version]), access: .editor)
        #expect(edited.version.seq == made.version.seq + 2)
        // The former state is that of its edit.
        let revisions = try await fixture.store.revisions(
            of: made.value.id, of: story.reference, access: .editor)
        #expect(revisions.map(\.seq) == [made.version.seq])
        patch.title = .set("Two")
        await #expect(throws: StoryError.self) {
            try await fixture.store.editUpdate(
                made.value.id, of: story.reference, patch, if: .oneOf([made.version]), access: .editor)
        }
    }

    @Test("A takedown erases the card's texts, unless another update has it")
    func takedown() async throws {
        let fixture = try StoreFixture()
        let story = try await fixture.story()
        let first = try await update(fixture, story, Self.page)
        let second = try await update(fixture, story, Self.page)
        try await fixture.store.keepCard(
            try #require(try await claim(fixture).first), Self.text(Self.page, "A secret"))
        func count() throws -> Int {
            let database = try fixture.database()
            return try database.first("SELECT count(*) FROM cards WHERE title = 'A secret'") {
                Int($0.integer())
            } ?? 0
        }
        for (update, rest) in [(first, 1), (second, 0)] {
            _ = try await fixture.store.takeDownUpdate(
                update.id, of: story.reference, reason: "Court", if: .none, idempotency: nil, access: .admin)
            #expect(try count() == rest)
        }
        #expect(try faults(fixture) == [])
    }

    @Test("A card's thumbnail is a media asset, which stays while an update has the card")
    func thumbnail() async throws {
        let fixture = try StoreFixture()
        let (store, story) = (fixture.store, try await fixture.story())
        let first = try await update(fixture, story, Self.page)
        let second = try await update(fixture, story, Self.page)
        let asset = MediaAsset.make(1, width: 640)
        let claimed = try #require(try await claim(fixture).first)
        #expect(
            try await store.keepCard(claimed, Self.text(Self.page, "Storm"), thumbnail: asset)
                == KeptCard(isThumbnailAdded: true, isShown: true))
        // One change brings texts and picture.
        let shown = try await present(first, story, fixture)
        #expect(shown.seq == second.seq + 1)
        let text = try #require(shown.cards.first?.text)
        #expect(text.title == "Storm" && text.thumbnail == asset.id)
        #expect((text.thumbnailWidth, text.thumbnailHeight) == (640, 600))
        #expect(text.thumbnailPath == asset.reference.path(width: 320, .webp))
        #expect(try await store.auditTrail(AuditQuery(), access: .admin).entries.first?.actor == .cards)
        fixture.clock.advance(milliseconds: 1_000)
        #expect(try await store.removeOrphanedMedia(olderThan: fixture.clock.now, limit: 9) == [])
        let uses = [first, second].map {
            MediaUse(.update, story: story.id, slug: story.slug, update: $0.id)
        }
        await #expect(throws: StoryError.mediaInUse(uses)) {
            try await store.deleteMedia(asset.id, access: .editor)
        }
        func takeDown(_ update: Update) async throws -> [Identifier] {
            try await store.takeDownUpdate(
                update.id, of: story.reference, reason: "Court", if: .none, idempotency: nil, access: .admin
            ).erasedMedia.map(\.id)
        }
        #expect(try await takeDown(first) == [])
        #expect(try faults(fixture) == [])
        #expect(try await takeDown(second) == [asset.id])
        #expect(try faults(fixture) == [])
    }

    @Test("Cards with the same picture share it; one that comes too late adds none")
    func sharedThumbnail() async throws {
        let fixture = try StoreFixture()
        let (store, story) = (fixture.store, try await fixture.story())
        let made = try await update(fixture, story, Self.page, Self.film)
        let claimed = try await claim(fixture)
        let kept = try await store.keepCard(
            claimed[0], Self.text(Self.page, "Storm"), thumbnail: .make(1, folder: "a"))
        let again = try await store.keepCard(
            claimed[1], Self.text(Self.film, "Film"), thumbnail: .make(1, folder: "b"))
        #expect(kept.isThumbnailAdded && !again.isThumbnailAdded)
        let late = try await store.keepCard(
            claimed[0], Self.text(Self.page, "Late"), thumbnail: .make(2, folder: "c"))
        #expect(late == KeptCard(isThumbnailAdded: false, isShown: true))
        #expect(try await store.mediaFolders() == ["a"])
        let cards = try await present(made, story, fixture).cards
        #expect(cards.map(\.text.thumbnail) == [MediaAsset.make(1).id, MediaAsset.make(1).id])
        // The last that has it lets go, and the sweep takes it.
        try await store.deleteUpdate(
            made.id, of: story.reference, intoBin: false, if: .none, access: .editor)
        fixture.clock.advance(milliseconds: 1_000)
        let removed = try await store.removeOrphanedMedia(olderThan: fixture.clock.now, limit: 9)
        #expect(removed.map(\.folder) == ["a"])
        #expect(try faults(fixture) == [])
    }

    @Test(
        "A card arrives in many updates a batch after the other, in order, also if its process ends meanwhile"
    )
    func batches() async throws {
        let fixture = try StoreFixture()
        let (store, story) = (fixture.store, try await fixture.story())
        var updates: [Update] = []
        for _ in 1...7 { updates.append(try await update(fixture, story, Self.page)) }
        func shown() async throws -> [Bool] {
            var shown: [Bool] = []
            for update in updates { shown.append(try await !present(update, story, fixture).cards.isEmpty) }
            return shown
        }
        let claimed = try #require(try await claim(fixture).first)
        let text = Self.text(Self.page, "Storm")
        #expect(
            try await store.keepCard(claimed, text, thumbnail: .make(1), limit: 3)
                == KeptCard(isThumbnailAdded: true, isShown: false))
        #expect(try await shown() == [true, true, true, false, false, false, false])
        // What is posted in between has it at once, and what was found later for the same address is not taken.
        updates.append(try await update(fixture, story, Self.page))
        #expect(try await shown().last == true)
        #expect(
            try await store.keepCard(claimed, Self.text(Self.page, "Other"), thumbnail: nil, limit: 3).isShown
        )
        #expect(try faults(fixture) == [])
        // Its process ends; another goes on when the lease has ended.
        #expect(try await claim(fixture, by: "other").isEmpty)
        fixture.clock.advance(milliseconds: 30_000)
        let again = try #require(try await claim(fixture, by: "other").first)
        #expect(again.isFound && !claimed.isFound)
        try await store.failCard(again, by: "other", error: "No", retryAt: nil)
        #expect(try await !store.showCard(again, limit: 3))
        #expect(try await shown() == [true, true, true, true, true, true, false, true])
        #expect(try await store.showCard(again, limit: 3))
        #expect(try await shown() == Array(repeating: true, count: 8))
        #expect(try await store.waitingCards().count == 0)
        let numbers = try await fixture.changes(of: story, after: updates[7].seq).changes.map(\.seq)
        #expect(numbers == (1...4).map { updates[7].seq + $0 })
        #expect(try faults(fixture) == [])
    }

    @Test("An edit, a deletion and the end of a story let go of the addresses that nobody has any more")
    func letGo() async throws {
        let fixture = try StoreFixture()
        let story = try await fixture.story()
        let made = try await update(fixture, story, Self.page, Self.film)
        let claimed = try await claim(fixture)
        var patch = UpdatePatch()
        patch.media = .set([Media(type: .link, url: Self.film)])
        _ = try await fixture.store.editUpdate(
            made.id, of: story.reference, patch, if: .none, access: .editor)
        // Comes too late.
        try await fixture.store.keepCard(claimed[0], Self.text(Self.page, "Storm"))
        #expect(try await present(made, story, fixture).cards.map(\.url) == [Self.film])
        try await fixture.store.deleteUpdate(
            made.id, of: story.reference, intoBin: true, if: .none, access: .editor)
        #expect(try faults(fixture) == [])
        let restored = try await fixture.store.restoreUpdate(
            made.id, of: story.reference, if: .none, idempotency: nil, access: .editor)
        guard case .published(let update) = restored.value else {
            Issue.record("it is not published")
            return
        }
        #expect(update.cards.map(\.url) == [Self.film])
        try await fixture.store.deleteStory(story.reference, if: .none, access: .admin)
        #expect(try await fixture.store.waitingCards().count == 0)
        #expect(try faults(fixture) == [])
    }

    @Test("A claim is a lease; what failed is tried again when it is due, and for a new update after an hour")
    func leases() async throws {
        let fixture = try StoreFixture()
        let story = try await fixture.story()
        let made = try await update(fixture, story, Self.page)
        let first = try #require(try await claim(fixture, by: "first").first)
        #expect(try await claim(fixture, by: "second").isEmpty)
        fixture.clock.advance(milliseconds: 30_000)
        let second = try #require(try await claim(fixture, by: "second").first)
        #expect(second.attempts == 2 && second.since == first.since)
        // One whose lease has ended says nothing any more.
        try await fixture.store.failCard(first, by: "first", error: "No", retryAt: nil)
        #expect(try await fixture.store.waitingCards().count == 1)
        let due = Timestamp(milliseconds: fixture.clock.now.milliseconds + 60_000)
        try await fixture.store.failCard(second, by: "second", error: "No", retryAt: due)
        #expect(try await fixture.store.waitingCards().nextDue == due)
        fixture.clock.now = due
        let third = try #require(try await claim(fixture).first)
        try await fixture.store.failCard(third, by: "test", error: "No", retryAt: nil)
        #expect(try await fixture.store.waitingCards().count == 0)
        #expect(try await present(made, story, fixture).cards.isEmpty)
        _ = try await update(fixture, story, Self.page)
        #expect(try await fixture.store.waitingCards().count == 0)
        fixture.clock.advance(milliseconds: Limits.cardRetryMilliseconds)
        _ = try await update(fixture, story, Self.page)
        #expect(try await claim(fixture).first?.attempts == 1)
        let reopened = try fixture.reopened()
        try await reopened.releaseCards()
        #expect(try await reopened.claimCards(by: "other", limit: 1, leaseMilliseconds: 1).count == 1)
    }

    @Test("Beyond a thousand that wait, addresses remain links")
    func bound() async throws {
        let fixture = try StoreFixture()
        let story = try await fixture.story()
        for number in 0..<(Limits.cardsWaiting / Limits.cards + 1) {
            let links = (0..<Limits.cards).map {
                Media(type: .link, url: "https://paper.example/\(number)/\($0)")
            }
            _ = try await fixture.store.createUpdate(
                of: story.reference, .make(body: "Text") { $0.media = .set(links) }, access: .editor)
        }
        #expect(try await fixture.store.waitingCards().count == Limits.cardsWaiting)
        #expect(try faults(fixture) == [])
    }
}
