import SQLiteStore
import Stories
import Support

/// A store on a file of its own, under a clock that goes only when it is told to.
final class StoreFixture: Sendable {
    let folder: TemporaryFolder
    let clock = ManualClock()
    let store: SQLiteStore

    var path: String { folder.file("test.db") }

    init() throws {
        folder = try TemporaryFolder()
        store = try folder.store(clock)
    }

    /// A new story.
    func story(
        _ title: String = "A story to try things on", status: StoryStatus = .live,
        change: (inout StoryPatch) -> Void = { _ in }
    ) async throws -> Story {
        let patch = StoryPatch.make(title: title) {
            $0.status = .set(status)
            change(&$0)
        }
        return try await store.createStory(patch, access: .admin).value
    }

    /// A new update, a second after what came before.
    @discardableResult
    func update(
        of story: Story, body: String = "Something has happened.",
        change: (inout UpdatePatch) -> Void = { _ in }
    ) async throws -> Update {
        clock.advance()
        return try await store.createUpdate(
            of: story.reference, .make(body: body, change: change), access: .editor
        )
        .value.update
    }

    /// The story as readers see it.
    func snapshot(of story: Story, _ query: SnapshotQuery = SnapshotQuery()) async throws -> Snapshot {
        try await store.snapshot(of: story.reference, query, access: .reader)
    }

    /// What readers are told that has changed after a number.
    func changes(
        of story: Story, after seq: Int64, _ filter: UpdateFilter = UpdateFilter(), limit: Int = 50
    ) async throws -> Delta {
        let epoch = try await snapshot(of: story).cursor.epoch
        let query = DeltaQuery(cursor: Version(epoch: epoch, seq: seq), filter: filter, limit: limit)
        return try await store.changes(of: story.reference, query, access: .reader)
    }
}

extension TemporaryFolder {
    /// A store in this folder, which renders a body by putting it between marks.
    func store(_ clock: ManualClock = ManualClock(), role: SQLiteStore.Role = .command) throws -> SQLiteStore
    {
        try SQLiteStore(path: file("test.db"), role: role, renderer: .plain { "<\($0)>" }, now: { clock.now })
    }
}

extension UpdateRenderer {
    /// Readers are sent the body, and nothing else.
    static func plain(form: Int = 1, html: @escaping @Sendable (String) -> String) -> UpdateRenderer {
        UpdateRenderer(form: form, html: { $0.map(html) }, rendition: { Array($0.content.body.utf8) })
    }
}

extension RenderedUpdate {
    /// The body, if the renderer is the plain one.
    var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension Story {
    var reference: StoryReference { .id(id) }
}
