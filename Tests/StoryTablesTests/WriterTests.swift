// SPDX-License-Identifier: Apache-2.0
import SQLite
import StoreSupport
import Stories
import Support
import Testing

@testable import StoryTables

/// Concurrent writers, and failing commands among successful ones.
@Suite("Writing", .onEveryEngine)
struct WriterTests {
    private let folder: TemporaryFolder
    private let store: TableStore

    init() throws {
        folder = try TemporaryFolder()
        store = try folder.testStore()
    }

    @Test("Two hundred concurrent writers get numbers without gaps")
    func numbersWithoutGaps() async throws {
        let story = StoryReference.id(try await store.newStory().value.id)
        let numbers = try await withThrowingTaskGroup(of: Int64.self) { group in
            for number in 0..<200 { group.addTask { try await store.post("\(number)", to: story).seq } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(numbers.sorted() == Array(2...201))
        #expect(try await store.story(story, access: .reader).story.updateCount == 200)
    }

    @Test("A failing command is rolled back without affecting the others")
    func refused() async throws {
        let story = StoryReference.id(try await store.newStory().value.id)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<100 {
                group.addTask {
                    let outcome: Void? = try? await store.engine.write { transaction throws(StoryError) in
                        try transaction.run("UPDATE stories SET byline = coalesce(byline, '') || 'x'")
                        if number.isMultiple(of: 3) { throw StoryError.forbidden("no") }
                    }
                    return outcome != nil
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(outcomes == 66)
        #expect(try await store.story(story, access: .reader).story.content.byline?.count == 66)
        // The story is the first write; rolled back commands do not count.
        #expect(store.statistics.committedWrites == 67)
    }

    @Test("Of ten writers with the same version exactly one succeeds")
    func lostUpdate() async throws {
        let created = try await store.newStory()
        let story = StoryReference.id(created.value.id)
        let wins = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<10 {
                group.addTask {
                    (try? await store.editStory(
                        story, .make(title: "Title \(number)"), if: .oneOf([created.version]),
                        access: everything)) != nil
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(wins == 1)
    }

    @Test("Slugs are unique", arguments: ["harbour", "Harbour", "HÁRBOUR!"])
    func slugs(title: String) async throws {
        _ = try await store.newStory("harbour")
        let second = try await store.createStory(.make(title: title), access: everything)
        #expect(second.value.slug.text == "harbour-2")
        await #expect(throws: StoryError.slugTaken(second.value.slug)) {
            try await store.createStory(.make(slug: "harbour-2"), access: everything)
        }
    }

    @Test("Closing a published story keeps its publication time")
    func published() async throws {
        let draft = try await store.newStory("secret", status: .draft).value
        #expect(draft.publishedAt == nil)
        let live = try await store.editStory(
            .id(draft.id), .make(status: .live), if: .none, access: everything
        ).value
        let closed = try await store.editStory(
            .id(draft.id), .make(status: .closed), if: .none, access: everything
        ).value
        #expect(live.publishedAt != nil && live.publishedAt == closed.publishedAt)
    }
}
