// SPDX-License-Identifier: Apache-2.0
import Stories
import Support
import Testing

/// Assembly of a feed page from its changes, without a store.
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

    @Test("Changes are sorted by sequence number; the last page's cursor is the story's version")
    func order() {
        let page = page([4, 9], others: [3, 7])
        #expect(page.changes.map(\.seq) == [3, 4, 7, 9] && !page.more)
        #expect(delta(page).cursor == Version(epoch: 1, seq: 20))
    }

    @Test("Changes after an update that did not fit are left for the next page")
    func cut() {
        let page = page([4, 6], more: true, others: [5, 7])
        #expect(page.changes.map(\.seq) == [4, 5, 6] && page.more)
        #expect(delta(page).cursor == Version(epoch: 1, seq: 6))
        #expect(delta(page).version == Version(epoch: 1, seq: 20))
    }

    @Test("A page respects its limit")
    func limit() {
        let page = page([4, 6], others: [5, 7], limit: 3)
        #expect(page.changes.map(\.seq) == [4, 5, 6] && page.more)
    }

    @Test("A page without room for its first update keeps the cursor")
    func empty() {
        #expect(delta(page([], more: true, others: [5])).cursor == Version(epoch: 1, seq: 2))
    }

    @Test("An update that no longer matches the filter is removed with reason left")
    func leaves() {
        let filter = UpdateFilter(tag: "port")
        #expect(FeedChange(update(4, tags: ["port"]), for: filter) == .put(update(4, tags: ["port"])))
        #expect(
            FeedChange(update(4), for: filter) == .remove(Removal(id: .make(4), seq: 4, reason: .left)))
    }

    @Test("Cursors of another epoch, or ahead of the story, have expired")
    func cursors() throws {
        let present = Version(epoch: 1, seq: 9)
        try Version(epoch: 1, seq: 9).requireReached(by: present)
        for cursor in [Version(epoch: 1, seq: 10), Version(epoch: 2, seq: 1)] {
            #expect(throws: StoryError.cursorExpired) { try cursor.requireReached(by: present) }
        }
    }

    @Test("Observers receive each count, or zeros when reactions are hidden", arguments: [true, false])
    func reactions(areSeen: Bool) throws {
        let (cheer, sad) = (try #require(ReactionKind("cheer")), try #require(ReactionKind("sad")))
        let events = StoreEvent.reactions(
            to: .make(1), of: .make(2), [sad: 3, cheer: 5], areSeen: areSeen)
        let steps = events.compactMap { if case .reacted(let step) = $0 { step } else { nil } }
        #expect(steps.map(\.kind) == [cheer, sad])
        #expect(steps.map(\.count) == (areSeen ? [5, 3] : [0, 0]))
    }
}
