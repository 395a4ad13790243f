import Migrations
import SQLite
import Stories
import Support
import Testing

@testable import SQLiteStore

/// When a story was closed: set by the closing alone, and known of stories that were closed by an older program.
@Suite("The time of closing")
struct ClosingTests {
    private func edit(
        _ fixture: StoreFixture, _ story: Story, _ change: (inout StoryPatch) -> Void
    ) async throws -> Timestamp? {
        fixture.clock.advance()
        return try await fixture.store.editStory(
            story.reference, .changing(change), if: .none, access: .admin
        ).value.closedAt
    }

    @Test("It is that of the closing, whatever is corrected later, and is gone when the story is reopened")
    func life() async throws {
        let fixture = try StoreFixture()
        let story = try await fixture.story()
        let update = try await fixture.update(of: story)
        #expect(story.closedAt == nil)
        let closed = try await edit(fixture, story) { $0.status = .set(.closed) }
        #expect(closed == fixture.clock.now)
        #expect(try await edit(fixture, story) { $0.title = .set("Corrected") } == closed)
        #expect(try await edit(fixture, story) { $0.status = .set(.closed) } == closed)
        try await fixture.store.deleteUpdate(update.id, of: story.reference, if: .none, access: .admin)
        #expect(try await fixture.store.story(story.reference, access: .reader).story.closedAt == closed)
        #expect(try await edit(fixture, story) { $0.status = .set(.live) } == nil)
        #expect(try await edit(fixture, story) { $0.status = .set(.closed) } == fixture.clock.now)
        #expect(try await fixture.story(status: .closed).closedAt == fixture.clock.now)
    }

    @Test("An import has the document's time, else the last time that it knows, and never one to come")
    func imports() async throws {
        let fixture = try StoreFixture()
        let now = fixture.clock.now
        func closing(_ change: (inout StoryDocument) -> Void) async throws -> Timestamp? {
            var document = StoryDocument(content: StoryContent(title: "Imported"))
            document.content.status = .closed
            change(&document)
            return try await fixture.store.importStory(document, access: .admin).story.value.closedAt
        }
        let (early, late) = (Timestamp(milliseconds: 1_000), Timestamp(milliseconds: 2_000))
        #expect(try await closing { ($0.closedAt, $0.modifiedAt) = (early, late) } == early)
        #expect(try await closing { $0.modifiedAt = late } == late)
        let updated = try await closing {
            $0.modifiedAt = early
            var update = StoryDocument.UpdateEntry(content: UpdateContent(body: "Last words"))
            update.publishedAt = late
            $0.updates = [update]
        }
        #expect(updated == late)
        #expect(try await closing { _ in } == now)
        #expect(try await closing { $0.closedAt = Timestamp(milliseconds: now.milliseconds + 1) } == now)
        #expect(try await closing { ($0.closedAt, $0.content.status) = (early, .live) } == nil)
    }

    @Test("An export has it, so that the round trip is exact")
    func export() async throws {
        let fixture = try StoreFixture()
        let story = try await fixture.story(status: .closed)
        _ = try await edit(fixture, story) { $0.title = .set("Corrected") }
        var document = try await fixture.store.exportStory(story.reference, access: .admin)
        #expect(document.closedAt == story.closedAt && document.closedAt != document.modifiedAt)
        document.slug = Slug("copy")
        let copy = try await fixture.store.importStory(document, access: .admin).story.value
        #expect(copy.closedAt == story.closedAt)
    }

    @Test(
        "Stories closed by an older program have the time that the audit trail knows, else that of their last change"
    )
    func migration() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("test.db")
        let old = try Connection(path: path, mode: .create)
        try Migrator(path: path, connection: old, migrations: Array(Migrations.sqlite.prefix(11))).migrate(
            at: 1)
        let ids = ["known", "unknown", "open"].enumerated().map { ($1, Identifier.make(UInt64($0 + 1))) }
        for (slug, id) in ids {
            try old.run(
                """
                INSERT INTO stories (id, slug, epoch, seq, own_seq, links_seq, title, section, key_points, tags, status,
                    created_at, modified_at, active_at)
                VALUES (?, ?, 1, 1, 1, 0, 'Old', '[]', '[]', '[]', ?, 1, 70, 90)
                """, id, slug, slug == "open" ? "live" : "closed")
        }
        for (at, members) in [(20, "[\"status\"]"), (30, "[\"title\",\"status\"]"), (40, "[\"title\"]")] {
            try old.run(
                """
                INSERT INTO audit (at, actor, actor_name, action, story, members)
                VALUES (?, 'a', 'A', 'story.edit', ?, ?)
                """, at, ids[0].1, members)
        }
        let store = try folder.store()
        var times: [Int64?] = []
        for (_, id) in ids {
            times.append(try await store.story(.id(id), access: .reader).story.closedAt?.milliseconds)
        }
        #expect(times == [30, 70, nil])
    }
}
