// SPDX-License-Identifier: Apache-2.0
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// The closing time of a story: set only by closing it, and derived for imports that lack it.
@Suite("Closing times", .onEveryEngine)
struct ClosingTests {
    private func edit(
        _ fixture: StoreFixture, _ story: Story, _ change: (inout StoryPatch) -> Void
    ) async throws -> Timestamp? {
        fixture.clock.advance()
        return try await fixture.store.editStory(
            story.reference, .changing(change), if: .none, access: .admin
        ).value.closedAt
    }

    @Test("The closing time survives corrections, and is cleared by reopening")
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

    @Test("An import takes the document's closing time, else its latest time, but never a future one")
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

    @Test("An export contains the closing time, so that the round trip is exact")
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
}
