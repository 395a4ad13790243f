// SPDX-License-Identifier: Apache-2.0
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// Sequence numbers, deltas, filters, pages and cursors.
@Suite("The feed in the store", .onEveryEngine)
struct FeedTests {
    private let folder: TemporaryFolder
    private let store: TableStore

    init() throws {
        folder = try TemporaryFolder()
        store = try folder.testStore()
    }

    private func begin() async throws -> (story: StoryReference, cursor: Version) {
        let story = try await store.newStory()
        return (.id(story.value.id), story.version)
    }

    @Test("Each change takes the next number, and a delta has each item once, in its present state")
    func numbers() async throws {
        let (story, start) = try await begin()
        let first = try await store.post("a", to: story)
        let second = try await store.post("b", to: story)
        _ = try await store.editUpdate(first.id, of: story, .make(body: "c"), if: .none, access: everything)
        try await store.deleteUpdate(second.id, of: story, if: .none, access: everything)
        _ = try await store.editStory(story, .make(title: "New"), if: .none, access: everything)
        _ = try await store.replaceLinks(
            .related, of: story, with: [Link(title: "x")], if: .none, access: everything)
        let (texts, delta) = try await store.changes(of: story, after: start)
        #expect(texts == ["put 4", "deleted 5", "story 6", "links 7"])
        #expect(delta.cursor.seq == 7)
        #expect(try await store.changes(of: story, after: delta.cursor).texts.isEmpty)
    }

    @Test("A paged delta moves the cursor just past the changes it contains")
    func pagedDelta() async throws {
        let (story, start) = try await begin()
        for number in 1...7 { try await store.post("\(number)", to: story) }
        var (cursor, seen, pages) = (start, [String](), 0)
        while true {
            let (texts, delta) = try await store.changes(of: story, after: cursor, limit: 3)
            #expect(delta.more == (pages < 2))
            (cursor, seen, pages) = (delta.cursor, seen + texts, pages + 1)
            if !delta.more { break }
        }
        #expect(seen == (2...8).map { "put \($0)" })
    }

    @Test("An edit that changes nothing takes no number")
    func noChange() async throws {
        let (story, _) = try await begin()
        let update = try await store.post("a", to: story)
        let edited = try await store.editUpdate(
            update.id, of: story, .make(body: "a"), if: .none, access: everything)
        #expect(edited.value == .published(update))
        let present = try await store.story(story, access: .reader)
        _ = try await store.editStory(story, StoryPatch(), if: .none, access: everything)
        _ = try await store.replaceLinks(.ranking, of: story, with: [], if: .none, access: everything)
        #expect(try await store.story(story, access: .reader) == present)
        #expect(present.story.seq == 2 && present.story.updateCount == 1)
    }

    @Test("Reactions take no number")
    func reactions() async throws {
        let (story, start) = try await begin()
        for count in 1...3 {
            #expect(
                try await store.react(
                    .veryGood, to: nil, of: story, by: nil, idempotency: nil, access: .reader
                )
                .count == count)
        }
        #expect(try await store.changes(of: story, after: start).texts.isEmpty)
    }

    @Test("Pinning does not mark an update as edited; a new body does")
    func edited() async throws {
        let (story, _) = try await begin()
        let update = try await store.post("a", to: story)
        var pin = UpdatePatch()
        pin.pinned = .set(true)
        let pinned = try await store.editUpdate(update.id, of: story, pin, if: .none, access: everything)
        #expect(try !pinned.value.update.edited)
        let edited = try await store.editUpdate(
            update.id, of: story, .make(body: "b"), if: .none, access: everything)
        #expect(try edited.value.update.edited && edited.value.update.bodyHtml == "<p>b</p>")
    }

    @Test("A filtered delta removes an update that no longer matches, and omits one that never did")
    func left() async throws {
        let (story, _) = try await begin()
        let known = try await store.post("a", to: story, tags: ["sea"], keyEvent: true)
        let cursor = try await store.snapshot(of: story, SnapshotQuery(), access: .reader).cursor
        try await store.post("b", to: story)
        var plain = UpdatePatch()
        plain.keyEvent = .set(false)
        plain.tags = .set([])
        plain.author = .set("Bo")
        _ = try await store.editUpdate(known.id, of: story, plain, if: .none, access: everything)
        let filters = [
            UpdateFilter(keyEventsOnly: true), UpdateFilter(tag: "sea"), UpdateFilter(author: "Ada"),
        ]
        for filter in filters {
            let (texts, delta) = try await store.changes(of: story, after: cursor, filter)
            #expect(texts == ["left 4"])
            #expect(delta.cursor.seq == 4)
        }
    }

    @Test(
        "Paging visits every update once, in either order, also when all have the same time",
        arguments: UpdateOrder.allCases)
    func pages(order: UpdateOrder) async throws {
        let (story, _) = try await begin()
        var posted: [Identifier] = []
        for number in 1...10 { posted.append(try await store.post("\(number)", to: story).id) }
        var (walked, before, cursors) = ([Identifier](), UpdatePosition?.none, Set<Version>())
        repeat {
            let query = SnapshotQuery(order: order, limit: 3, before: before)
            let page = try await store.snapshot(of: story, query, access: .reader)
            walked += page.updates.map(\.id)
            cursors.insert(page.cursor)
            before = page.older
            try await store.post("while it is read", to: story)
        } while before != nil
        #expect(walked == (order == .oldest ? posted : posted.reversed()))
        #expect(cursors.count == 1)
    }

    @Test("Pinned updates are on every page, and are filtered")
    func pinned() async throws {
        let (story, _) = try await begin()
        let update = try await store.post("a", to: story, tags: ["sea"])
        var pin = UpdatePatch()
        pin.pinned = .set(true)
        _ = try await store.editUpdate(update.id, of: story, pin, if: .none, access: everything)
        for _ in 1...3 { try await store.post("b", to: story) }
        let page = try await store.snapshot(of: story, SnapshotQuery(limit: 1), access: .reader)
        #expect(page.pinned.map(\.id) == [update.id])
        let tagged = SnapshotQuery(filter: UpdateFilter(tag: "sky"))
        #expect(try await store.snapshot(of: story, tagged, access: .reader).pinned.isEmpty)
    }

    @Test("A filter by author takes the name as it is spelled, on pages, among the pinned and in changes")
    func author() async throws {
        let (story, _) = try await begin()
        let cursor = try await store.snapshot(of: story, SnapshotQuery(), access: .reader).cursor
        for (text, author) in [("a", "Ada"), ("b", "ada"), ("c", nil)] {
            let update = try await store.post(text, to: story)
            var patch = UpdatePatch()
            patch.author = .set(author)
            patch.pinned = .set(true)
            _ = try await store.editUpdate(update.id, of: story, patch, if: .none, access: everything)
        }
        let filter = UpdateFilter(author: "Ada")
        let page = try await store.snapshot(of: story, SnapshotQuery(filter: filter), access: .reader)
        #expect(page.updates.count == 1 && page.pinned.map(\.id) == page.updates.map(\.id))
        #expect(try await store.changes(of: story, after: cursor, filter).delta.changes.count == 1)
    }

    @Test("Cursors of another story, another epoch, or before a reimport have expired")
    func expired() async throws {
        let (story, start) = try await begin()
        let other = try await store.newStory("other").version
        let document = try await store.exportStory(story, access: everything)
        try await store.deleteStory(story, if: .none, access: everything)
        _ = try await store.importStory(document, access: everything)
        let strange = [
            start, other, Version(epoch: start.epoch &+ 1, seq: 1),
            Version(epoch: try await store.story(story, access: .reader).version.epoch, seq: 99),
        ]
        for cursor in strange {
            await #expect(throws: StoryError.cursorExpired) {
                try await store.changes(of: story, after: cursor)
            }
        }
    }

    @Test("Links to a deleted story become bare titles, as a change of their story")
    func forgottenLinks() async throws {
        let (story, start) = try await begin()
        let target = try await store.newStory("target").value
        let link = Link(title: "Target", story: target.id)
        _ = try await store.replaceLinks(.related, of: story, with: [link], if: .none, access: everything)
        try await store.deleteStory(.id(target.id), if: .none, access: everything)
        #expect(try await store.changes(of: story, after: start).texts == ["links 3"])
        #expect(try await store.links(of: story, access: .reader).value[.related] == [Link(title: "Target")])
    }

    @Test("A deleted update is not found, and its reactions are deleted")
    func deleted() async throws {
        let (story, _) = try await begin()
        let update = try await store.post("a", to: story)
        _ = try await store.react(
            .veryGood, to: update.id, of: story, by: nil, idempotency: nil, access: .reader)
        #expect(try await store.reactions(of: story, access: .reader).updates == [update.id: [.veryGood: 1]])
        try await store.deleteUpdate(update.id, of: story, if: .none, access: everything)
        #expect(try await store.reactions(of: story, access: .reader) == Reactions())
        await #expect(throws: StoryError.notFound(.update)) {
            try await store.update(update.id, of: story, access: .reader)
        }
    }
}
