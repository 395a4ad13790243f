// SPDX-License-Identifier: Apache-2.0
import Stories
import Support
import Testing

/// Which changes a page of the feed shows, without a store.
@Suite("Pages of the feed")
struct FeedPageTests {
    private let now = Timestamp(milliseconds: 1_795_000_000_000)

    private func update(_ seq: Int64, tags: [String] = []) -> Update {
        Update(
            id: .make(UInt64(seq)), seq: seq, content: .make { $0.tags = tags }, bodyHtml: "", edited: false,
            publishedAt: now, createdAt: now, modifiedAt: now)
    }

    private func removal(_ seq: Int64) -> FeedChange {
        .remove(Removal(id: .make(UInt64(seq)), seq: seq, reason: .deleted))
    }

    private func page(_ updates: [Int64], more: Bool = false, others: [Int64] = [], limit: Int = 50)
        -> FeedPage
    {
        FeedPage(
            updates: updates.map { .put(update($0)) }, hasMoreUpdates: more, others: others.map(removal),
            query: DeltaQuery(cursor: Version(epoch: 1, seq: 2), limit: limit))
    }

    private func delta(_ page: FeedPage) -> Delta {
        Delta(page, after: Version(epoch: 1, seq: 2), status: .live, version: Version(epoch: 1, seq: 20))
    }

    @Test("Changes come by their numbers, and without more the cursor is where the story stands")
    func order() {
        let page = page([4, 9], others: [3, 7])
        #expect(page.changes.map(\.seq) == [3, 4, 7, 9] && !page.more)
        #expect(delta(page).cursor == Version(epoch: 1, seq: 20))
    }

    @Test("What comes behind updates that do not fit is for the next page")
    func cut() {
        let page = page([4, 6], more: true, others: [5, 7])
        #expect(page.changes.map(\.seq) == [4, 5, 6] && page.more)
        #expect(delta(page).cursor == Version(epoch: 1, seq: 6))
        #expect(delta(page).version == Version(epoch: 1, seq: 20))
    }

    @Test("A page holds no more than it may")
    func limit() {
        let page = page([4, 6], others: [5, 7], limit: 3)
        #expect(page.changes.map(\.seq) == [4, 5, 6] && page.more)
    }

    @Test("A page on which not even the first update fits stays where it is")
    func empty() {
        #expect(delta(page([], more: true, others: [5])).cursor == Version(epoch: 1, seq: 2))
    }

    @Test("An update that the filter no longer wants leaves the reader's copy")
    func leaves() {
        let filter = UpdateFilter(tag: "port")
        #expect(FeedChange(update(4, tags: ["port"]), for: filter) == .put(update(4, tags: ["port"])))
        #expect(
            FeedChange(update(4), for: filter) == .remove(Removal(id: .make(4), seq: 4, reason: .left)))
    }

    @Test("Cursors of another life, or ahead of the story, have expired")
    func cursors() throws {
        let present = Version(epoch: 1, seq: 9)
        try Version(epoch: 1, seq: 9).requireReached(by: present)
        for cursor in [Version(epoch: 1, seq: 10), Version(epoch: 2, seq: 1)] {
            #expect(throws: StoryError.cursorExpired) { try cursor.requireReached(by: present) }
        }
    }

    @Test("Observers are told of each count, or that none is seen any more", arguments: [true, false])
    func reactions(areSeen: Bool) throws {
        let (cheer, sad) = (try #require(ReactionKind("cheer")), try #require(ReactionKind("sad")))
        let events = StoreEvent.reactions(
            to: .make(1), of: .make(2), [sad: 3, cheer: 5], areSeen: areSeen)
        let steps = events.compactMap { if case .reacted(let step) = $0 { step } else { nil } }
        #expect(steps.map(\.kind) == [cheer, sad])
        #expect(steps.map(\.count) == (areSeen ? [5, 3] : [0, 0]))
    }
}
