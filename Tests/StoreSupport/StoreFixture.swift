// SPDX-License-Identifier: Apache-2.0
public import Stories
public import StoryTables
public import Support

/// A store of its own on an engine, under a clock that goes only when it is told to.
public final class StoreFixture: Sendable {
    /// Where the store is.
    public let folder: TemporaryFolder
    /// The store's clock.
    public let clock = ManualClock()
    /// The store.
    public let store: TableStore
    private let engine: TestEngine

    /// Where SQLite keeps it.
    public var path: String { folder.file("test.db") }

    /// A new store.
    public init(engine: TestEngine = .current) throws {
        folder = try TemporaryFolder()
        self.engine = engine
        store = try engine.store(in: folder, TestEngine.Options { [clock] in clock.now })
    }

    /// The same store, opened once more.
    public func reopened() throws -> TableStore {
        try engine.store(in: folder, TestEngine.Options { [clock] in clock.now })
    }

    /// A new story.
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

    /// A new update, a second after what came before.
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

    /// The story as readers see it.
    public func snapshot(of story: Story, _ query: SnapshotQuery = SnapshotQuery()) async throws -> Snapshot {
        try await store.snapshot(of: story.reference, query, access: .reader)
    }

    /// What readers are told that has changed after a number.
    public func changes(
        of story: Story, after seq: Int64, _ filter: UpdateFilter = UpdateFilter(), limit: Int = 50
    ) async throws -> Delta {
        let epoch = try await snapshot(of: story).cursor.epoch
        let query = DeltaQuery(cursor: Version(epoch: epoch, seq: seq), filter: filter, limit: limit)
        return try await store.changes(of: story.reference, query, access: .reader)
    }
}

extension UpdateRenderer {
    /// Readers are sent the body, and nothing else.
    public static func plain(form: Int = 1, html: @escaping @Sendable (String) -> String) -> UpdateRenderer {
        UpdateRenderer(form: form, html: { $0.map(html) }, rendition: { Array($0.content.body.utf8) })
    }
}

extension RenderedUpdate {
    /// The body, if the renderer is the plain one.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension Story {
    /// The story by its id.
    public var reference: StoryReference { .id(id) }
}
