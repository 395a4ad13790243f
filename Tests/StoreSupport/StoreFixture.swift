// SPDX-License-Identifier: Apache-2.0
public import Database
public import Stories
public import StoryTables
public import Support

/// A store in a temporary folder on a test engine, with a manual clock.
public final class StoreFixture: Sendable {
    /// The store's folder.
    public let folder: TemporaryFolder
    /// The store's clock.
    public let clock = ManualClock()
    /// The store.
    public let store: TableStore
    private let engine: TestEngine
    private let renderer: UpdateRenderer

    /// Path of the SQLite database.
    public var path: String { folder.file("test.db") }

    /// Creates an empty store.
    public init(
        engine: TestEngine = .current, renderer: UpdateRenderer = .plain { "<\($0)>" }
    ) throws {
        folder = try TemporaryFolder()
        (self.engine, self.renderer) = (engine, renderer)
        let options = TestEngine.Options(renderer: renderer) { [clock] in clock.now }
        store = try engine.store(in: folder, options)
    }

    /// Opens the same store again.
    public func reopened() throws -> TableStore {
        try engine.store(in: folder, TestEngine.Options(renderer: renderer) { [clock] in clock.now })
    }

    /// Opens the database directly, bypassing the store's rules.
    public func database() throws -> any Database { try engine.database(in: folder) }

    /// Creates a story.
    public func story(
        _ title: String = "A story to try things on", status: StoryStatus = .live,
        change: (inout StoryPatch) -> Void = { _ in }
    ) async throws -> Story {
        let patch = StoryPatch.make(title: title) {
            $0.status = .set(status)
            change(&$0)
        }
        return try await store.createStory(patch, access: .admin).value
    }

    /// Advances the clock by a second and creates an update.
    @discardableResult
    public func update(
        of story: Story, body: String = "Something has happened.",
        change: (inout UpdatePatch) -> Void = { _ in }
    ) async throws -> Update {
        clock.advance()
        return try await store.createUpdate(
            of: story.reference, .make(body: body, change: change), access: .editor
        )
        .value.update
    }

    /// Returns a snapshot of the story as readers see it.
    public func snapshot(of story: Story, _ query: SnapshotQuery = SnapshotQuery()) async throws -> Snapshot {
        try await store.snapshot(of: story.reference, query, access: .reader)
    }

    /// Returns the delta for readers after a sequence number.
    public func changes(
        of story: Story, after seq: Int64, _ filter: UpdateFilter = UpdateFilter(), limit: Int = 50
    ) async throws -> Delta {
        let epoch = try await snapshot(of: story).cursor.epoch
        let query = DeltaQuery(cursor: Version(epoch: epoch, seq: seq), filter: filter, limit: limit)
        return try await store.changes(of: story.reference, query, access: .reader)
    }
}

extension UpdateRenderer {
    /// A renderer whose renditions are just the body.
    public static func plain(form: Int = 1, html: @escaping @Sendable (String) -> String) -> UpdateRenderer {
        UpdateRenderer(form: form, html: { $0.map(html) }, rendition: { Array($0.content.body.utf8) })
    }
}

extension RenderedUpdate {
    /// The rendition as text; with the plain renderer, the body.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension Story {
    /// The story by its id.
    public var reference: StoryReference { .id(id) }
}
