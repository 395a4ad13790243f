// SPDX-License-Identifier: Apache-2.0
import Database
import StoreSupport
import Stories
import Support
import Testing

@testable import SQLiteEngine
@testable import StoryTables

/// A disk that is temporarily full.
@Suite("A full disk")
struct FullDiskTests {
    /// Keeps the database's folder.
    private let fixture: StoreFixture
    private var store: TableStore { fixture.store }

    init() throws { fixture = try StoreFixture() }

    @Test("A full disk has its own error, leaves nothing partial, and writing resumes when there is room")
    func full() async throws {
        let story = StoryReference.id(try await store.newStory().value.id)
        try await limitPages(to: "(SELECT page_count FROM pragma_page_count)")
        await #expect(throws: StoryError.storage(.full)) {
            for _ in 0..<50 { try await store.post(String(repeating: "x", count: 20_000), to: story) }
        }
        let count = try await store.story(story, access: .reader).story.updateCount
        #expect(
            try await store.snapshot(of: story, SnapshotQuery(limit: 200), access: .reader).updates.count
                == count)
        try await limitPages(to: "1000000")
        try await store.post("room again", to: story)
        #expect(try await store.story(story, access: .reader).story.updateCount == count + 1)
    }

    /// SQLite's page limit stands in for the disk's.
    private func limitPages(to limit: String) async throws {
        let pages = try await store.engine.write { transaction throws(StoryError) in
            try transaction.first("SELECT \(limit)") { $0.integer() }
        }
        try await store.engine.write { transaction throws(StoryError) in
            _ = try transaction.first("PRAGMA max_page_count = \(pages ?? 0)") { $0.integer() }
        }
    }
}
