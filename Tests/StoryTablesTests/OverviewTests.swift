// SPDX-License-Identifier: Apache-2.0
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// A story with all its parts, read in one transaction.
@Suite("Overviews of stories", .onEveryEngine)
struct OverviewTests {
    private let folder: TemporaryFolder
    private let store: TableStore

    init() throws {
        folder = try TemporaryFolder()
        store = try folder.testStore()
    }

    private func overview(_ story: StoryReference, _ query: SnapshotQuery = SnapshotQuery()) async throws
        -> StoryOverview
    {
        try await store.overview(of: story, .page(query), access: .reader)
    }

    @Test("An overview agrees with snapshot, links and reactions, including the cursor")
    func agreement() async throws {
        let story = StoryReference.id(try await store.newStory().value.id)
        for number in 1...5 { try await store.post("\(number)", to: story, keyEvent: number == 2) }
        let links = [Link(title: "x")]
        _ = try await store.replaceLinks(.related, of: story, with: links, if: .none, access: everything)
        _ = try await store.react(.veryGood, to: nil, of: story, by: nil, idempotency: nil, access: .reader)
        let overview = try await overview(story, SnapshotQuery(limit: 2))
        let snapshot = try await store.snapshot(of: story, SnapshotQuery(limit: 2), access: .reader)
        #expect(overview.story == snapshot.story && overview.cursor == snapshot.cursor)
        #expect(overview.updates.map(\.id) == snapshot.updates.map(\.id) && overview.older == snapshot.older)
        #expect(overview.updates.map(\.content.body) == ["5", "4"])
        #expect(overview.keyEvents.map(\.seq) == [3], "also of other pages")
        #expect(overview.links[.related] == links && overview.reactions.story == [.veryGood: 1])
    }

    @Test("Later pages keep the first page's cursor, and leave out newer updates")
    func walk() async throws {
        let story = StoryReference.id(try await store.newStory().value.id)
        for number in 1...5 { try await store.post("\(number)", to: story) }
        let first = try await overview(story, SnapshotQuery(limit: 3))
        try await store.post("later", to: story)
        let second = try await overview(story, SnapshotQuery(limit: 3, before: first.older))
        #expect(second.updates.map(\.content.body) == ["2", "1"])
        #expect(second.cursor == first.cursor && second.older == nil)
        var strange = try #require(first.older)
        strange.cursor = Version(epoch: strange.cursor.epoch &+ 1, seq: 1)
        await #expect(throws: StoryError.cursorExpired) {
            try await overview(story, SnapshotQuery(limit: 3, before: strange))
        }
    }

    @Test("Removals have their times, latest first, without updates that were republished")
    func removals() async throws {
        let story = StoryReference.id(try await store.newStory().value.id)
        var ids: [Identifier] = []
        for number in 1...3 { ids.append(try await store.post("\(number)", to: story).id) }
        try await store.deleteUpdate(ids[0], of: story, if: .none, access: everything)
        var patch = UpdatePatch()
        patch.state = .set(.draft)
        _ = try await store.editUpdate(ids[1], of: story, patch, if: .none, access: everything)
        let now = Timestamp(milliseconds: 1_795_000_000_000)
        #expect(
            try await overview(story).removals == [ids[1], ids[0]].map { DatedRemoval(id: $0, at: now) })
        patch.state = .set(.published)
        _ = try await store.editUpdate(ids[1], of: story, patch, if: .none, access: everything)
        #expect(try await overview(story).removals.map(\.id) == [ids[0]])
    }

    @Test("A single update is found in its own story only")
    func single() async throws {
        let story = StoryReference.id(try await store.newStory().value.id)
        let other = StoryReference.id(try await store.newStory("other").value.id)
        let update = try await store.post("a", to: story)
        let overview = try await store.overview(of: story, .update(update.id), access: .reader)
        #expect(overview.updates == [update])
        await #expect(throws: StoryError.notFound(.update)) {
            try await store.overview(of: other, .update(update.id), access: .reader)
        }
    }

    @Test(
        "The addresses are those of stories that readers may see, oldest first, in stretches, each with its last change"
    )
    func addresses() async throws {
        let first = try await store.newStory("live")
        _ = try await store.newStory("draft", status: .draft)
        for number in 0..<3 { _ = try await store.newStory("closed-\(number)", status: .closed) }
        try await store.post("a", to: .id(first.value.id))
        let (one, two) = (
            try await store.storyAddresses(from: 0, atMost: 3),
            try await store.storyAddresses(from: 3, atMost: 3)
        )
        #expect(one.entries.map(\.slug.text) == ["live", "closed-0", "closed-1"])
        #expect(two.entries.map(\.slug.text) == ["closed-2"] && [one.count, two.count] == [4, 4])
        let list = try await store.storyIndex(StoryIndexQuery())
        #expect(one.entries.first?.changedAt == list.live.first?.activeAt)
    }

    @Test("The front page lists live stories, then pages of closed ones, and no drafts")
    func storyIndex() async throws {
        let live = try await store.newStory("live")
        try await store.post("a", to: .id(live.value.id))
        _ = try await store.newStory("draft", status: .draft)
        for number in 0..<60 { _ = try await store.newStory("closed-\(number)", status: .closed) }
        let first = try await store.storyIndex(StoryIndexQuery())
        #expect(first.live.map(\.story.slug.text) == ["live"])
        #expect(first.live.map(\.hourlyUpdates) == [1])
        #expect(first.closed.count == 50 && first.older != nil)
        let second = try await store.storyIndex(StoryIndexQuery(before: first.older))
        #expect(second.live.isEmpty && second.closed.count == 10 && second.older == nil)
        #expect(Set((first.closed + second.closed).map(\.story.id)).count == 60)
    }
}
