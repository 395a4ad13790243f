// SPDX-License-Identifier: Apache-2.0
import Database
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// Export and import reproduce the document.
@Suite("Documents", .onEveryEngine)
struct DocumentTests {
    @Test("The round trip is exact, also into another database and for a copy beside the original")
    func roundTrip() async throws {
        var random = SeededGenerator()
        for _ in 1...20 {
            let document = Self.document(using: &random)
            let (one, two) = (try TemporaryFolder(), try TemporaryFolder())
            let first = try await Self.roundTrip(document, in: try one.testStore())
            var second = try await Self.roundTrip(first, in: try two.testStore())
            #expect(first == second, "seed \(random.seed)")
            second.slug = Slug("copy")
            let copy = try await Self.roundTrip(second, in: try two.testStore())
            #expect(copy.id != second.id)
            #expect(Self.withoutNames(copy) == Self.withoutNames(second), "seed \(random.seed)")
        }
    }

    private static func roundTrip(_ document: StoryDocument, in store: TableStore) async throws
        -> StoryDocument
    {
        let imported = try await store.importStory(document, access: everything)
        #expect(imported.story.value.updateCount == document.updates.count)
        return try await store.exportStory(.id(imported.story.value.id), access: everything)
    }

    private static func withoutNames(_ document: StoryDocument) -> StoryDocument {
        var nameless = document
        (nameless.id, nameless.slug) = (nil, nil)
        for index in nameless.updates.indices { nameless.updates[index].id = nil }
        return nameless
    }

    private static func document(using random: inout SeededGenerator) -> StoryDocument {
        var content = StoryContent(title: "Title \(random.next())")
        content.summary = random.once(in: 2) ? nil : "Summary"
        content.keyPoints = ["a", "b"]
        content.source =
            random.once(in: 2) ? nil : StorySource(name: "Paper", date: Timestamp(milliseconds: 5))
        var document = StoryDocument(content: content)
        document.updates = (0..<Int.random(in: 0...6, using: &random)).map { number in
            var update = UpdateContent(body: "Body \(number)")
            update.media =
                random.once(in: 2) ? [] : [Media(type: .image, url: "https://example.org/a", width: 3)]
            update.sources = random.once(in: 2) ? [] : [UpdateSource(name: "Ada")]
            update.tags = random.once(in: 2) ? [] : ["sea", "sky"]
            var entry = StoryDocument.UpdateEntry(content: update)
            entry.reactions = random.once(in: 2) ? [:] : [.veryGood: 3]
            return entry
        }
        document.links[.related] = [Link(title: "x", url: "https://example.org/"), Link(title: "y")]
        document.reactions = [.veryGood: Int.random(in: 0...9, using: &random)]
        return document
    }

    @Test("A document without times keeps its order: the first update is the newest")
    func order() async throws {
        let folder = try TemporaryFolder()
        let store = try folder.testStore()
        var document = StoryDocument(content: StoryContent(title: "Page"))
        document.updates = ["newest", "middle", "oldest"].map { .init(content: UpdateContent(body: $0)) }
        let story = StoryReference.id(
            try await store.importStory(document, access: everything).story.value.id)
        let page = try await store.snapshot(of: story, SnapshotQuery(), access: .reader)
        #expect(page.updates.map(\.text) == ["newest", "middle", "oldest"])
        for update in page.updates {
            let read = try await store.update(update.id, of: story, access: .reader)
            #expect(read.value.content.occurredAt == nil)
        }
    }

    @Test("Of many updates one was taken down and is left out; an address that several have is one card")
    func many() async throws {
        let fixture = try StoreFixture()
        let (store, story) = (fixture.store, try await fixture.story())
        let gone = try await fixture.update(of: story).id
        _ = try await store.takeDownUpdate(
            gone, of: story.reference, reason: "Court", if: .none, idempotency: nil, access: everything)
        var document = StoryDocument(content: StoryContent(title: "Page"))
        document.updates = (0..<300).map { number in
            var entry = StoryDocument.UpdateEntry(content: UpdateContent(body: "Body \(number)"))
            entry.content.media = [Media(type: .link, url: "https://paper.example/\(number / 2)")]
            entry.id = number == 7 ? gone : Identifier(high: .max, low: UInt64(number))
            entry.reactions = [.veryGood: number + 1]
            return entry
        }
        let imported = try await store.importStory(document, access: everything)
        #expect(imported.takenDown == [7] && imported.idsKept)
        let waiting = "SELECT count(*) FROM cards WHERE status = 'waiting'"
        #expect(try fixture.database().first(waiting) { $0.integer() } == 150)
        let export = try await store.exportStory(imported.story.value.reference, access: everything)
        document.updates.remove(at: 7)
        #expect(export.updates.count == 299)
        #expect(Set(export.updates.map(\.reactions)) == Set(document.updates.map(\.reactions)))
        #expect(Set(export.updates.map(\.id)) == Set(document.updates.map(\.id)))
        // Its ids are in use now.
        #expect(try await store.importStory(document, access: everything).idsKept == false)
        #expect(try StoreRules.faults(in: fixture.database()) == [])
    }

    @Test("A taken slug aborts an import without leaving anything behind")
    func taken() async throws {
        let folder = try TemporaryFolder()
        let store = try folder.testStore()
        let story = try await store.newStory()
        var document = StoryDocument(content: StoryContent(title: "Page"))
        document.slug = story.value.slug
        await #expect(throws: StoryError.slugTaken(story.value.slug)) {
            try await store.importStory(document, access: everything)
        }
        #expect(try await store.stories(StoryListQuery(), access: everything).stories.count == 1)
    }
}
