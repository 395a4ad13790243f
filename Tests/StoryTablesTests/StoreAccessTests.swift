// SPDX-License-Identifier: Apache-2.0
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// A method of the store on one story.
struct Operation: Sendable, CustomTestStringConvertible {
    let name: String
    let isWrite: Bool
    let run: @Sendable (any StoryStore, StoryReference, Access) async throws -> Void

    var testDescription: String { name }

    private static func read(
        _ name: String,
        _ run: @escaping @Sendable (any StoryStore, StoryReference, Access) async throws -> Void
    ) -> Operation {
        Operation(name: name, isWrite: false, run: run)
    }

    private static func write(
        _ name: String,
        _ run: @escaping @Sendable (any StoryStore, StoryReference, Access) async throws -> Void
    ) -> Operation {
        Operation(name: name, isWrite: true, run: run)
    }

    private static let id = Identifier.make(1)

    static let all: [Operation] = [
        read("story") { _ = try await $0.story($1, access: $2) },
        read("snapshot") { _ = try await $0.snapshot(of: $1, SnapshotQuery(), access: $2) },
        read("changes") {
            _ = try await $0.changes(of: $1, DeltaQuery(cursor: Version(epoch: 0, seq: 0)), access: $2)
        },
        read("update") { _ = try await $0.update(id, of: $1, access: $2) },
        read("links") { _ = try await $0.links(of: $1, access: $2) },
        read("reactions") { _ = try await $0.reactions(of: $1, access: $2) },
        read("react") {
            _ = try await $0.react(.veryGood, to: nil, of: $1, by: nil, idempotency: nil, access: $2)
        },
        read("exportStory") { _ = try await $0.exportStory($1, access: $2) },
        write("editStory") { _ = try await $0.editStory($1, .make(), if: .none, access: $2) },
        write("deleteStory") { try await $0.deleteStory($1, if: .none, access: $2) },
        write("createUpdate") { _ = try await $0.createUpdate(of: $1, .make(), access: $2) },
        write("editUpdate") { _ = try await $0.editUpdate(id, of: $1, .make(), if: .none, access: $2) },
        write("deleteUpdate") { try await $0.deleteUpdate(id, of: $1, if: .none, access: $2) },
        read("takeBackReaction") {
            let visitor = try #require(Visitor("ada"))
            _ = try await $0.takeBackReaction(.veryGood, to: nil, of: $1, by: visitor, access: $2)
        },
        write("strikeUpdate") {
            _ = try await $0.strikeUpdate(id, of: $1, reason: "no", if: .none, idempotency: nil, access: $2)
        },
        write("takeDownUpdate") {
            _ = try await $0.takeDownUpdate(id, of: $1, reason: "no", if: .none, idempotency: nil, access: $2)
        },
        write("restoreUpdate") {
            _ = try await $0.restoreUpdate(id, of: $1, if: .none, idempotency: nil, access: $2)
        },
        write("bin") { _ = try await $0.bin(of: $1, limit: 1, before: nil, access: $2) },
        write("freeSlug") { try await $0.freeSlug(Slug(stored: "none"), of: $1, access: $2) },
        read("names") { _ = try await $0.names(of: $1, access: $2) },
        write("revisions") { _ = try await $0.revisions(of: id, of: $1, access: $2) },
        write("replaceLinks") {
            _ = try await $0.replaceLinks(.related, of: $1, with: [], if: .none, access: $2)
        },
    ]
}

@Suite("Access to a story", .onEveryEngine)
struct StoreAccessTests {
    private let fixture: StoreFixture

    init() throws {
        fixture = try StoreFixture()
    }

    @Test(
        "to a story that does not exist, or to a hidden draft, fails with not found",
        arguments: Operation.all)
    func hidden(operation: Operation) async throws {
        let draft = try await fixture.story(status: .draft)
        let store = fixture.store
        var patch = StoryPatch()
        patch.slug = .set(Slug(stored: "another-name"))
        _ = try await store.editStory(draft.reference, patch, if: .none, access: .admin)
        for access in [Access.reader, .editor(of: .make(7))] {
            for reference in [draft.reference, .slug(draft.slug), .slug(Slug(stored: "another-name"))] {
                await #expect(throws: StoryError.notFound(.story)) {
                    try await operation.run(store, reference, access)
                }
            }
        }
        for reference in [StoryReference("none"), .id(.make(9))].compactMap(\.self) {
            await #expect(throws: StoryError.notFound(.story)) {
                try await operation.run(store, reference, .admin)
            }
        }
        #expect(try await store.exportStory(draft.reference, access: .admin).content == draft.content)
    }

    @Test(
        "for writing fails with forbidden if the caller sees the story but may not change it",
        arguments: Operation.all.filter(\.isWrite))
    func forbidden(operation: Operation) async throws {
        let story = try await fixture.story()
        let store = fixture.store
        for access in [Access.reader, .editor(of: .make(7))] {
            let error = await #expect(throws: StoryError.self) {
                try await operation.run(store, story.reference, access)
            }
            guard case .forbidden? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
        #expect(try await fixture.snapshot(of: story).story == story)
    }

    @Test("lets a bound key see and write its own draft, and no other")
    func bound() async throws {
        let (mine, other) = (try await fixture.story(status: .draft), try await fixture.story(status: .draft))
        let access = Access.editor(of: mine.id)
        let list = try await fixture.store.stories(StoryListQuery(), access: access)
        #expect(list.stories.map(\.id) == [mine.id])
        _ = try await fixture.store.createUpdate(of: mine.reference, .make(), access: access)
        await #expect(throws: StoryError.notFound(.story)) {
            try await fixture.store.story(other.reference, access: access)
        }
    }

    @Test("does not let readers and bound keys create stories")
    func creation() async throws {
        let store = fixture.store
        let slug = try #require(Slug("new"))
        for access in [Access.reader, .editor(of: .make(7))] {
            await #expect(throws: StoryError.self) { try await store.createStory(.make(), access: access) }
            await #expect(throws: StoryError.self) {
                try await store.putStory(slug, .make(), if: .none, access: access)
            }
            let document = StoryDocument(content: StoryContent(title: "t"))
            await #expect(throws: StoryError.self) { try await store.importStory(document, access: access) }
        }
        #expect(try await store.stories(StoryListQuery(), access: .admin).stories.isEmpty)
    }

    @Test("does not reveal to a bound key whether a slug belongs to a hidden draft")
    func hiddenSlug() async throws {
        let (draft, access) = (try await fixture.story(status: .draft), Access.editor(of: .make(7)))
        let free = try #require(Slug("free"))
        var errors: [StoryError?] = []
        for slug in [draft.slug, free] {
            errors.append(
                await #expect(throws: StoryError.self) {
                    try await fixture.store.putStory(slug, .make(), if: .none, access: access)
                })
        }
        #expect(errors[0] == errors[1])
    }

    @Test("does not let a bound key rename, which would reveal slugs in use")
    func renaming() async throws {
        let (mine, hidden) = (try await fixture.story(), try await fixture.story(status: .draft))
        let access = Access.editor(of: mine.id)
        var errors: [StoryError?] = []
        for slug in [hidden.slug, try #require(Slug("free"))] {
            errors.append(
                await #expect(throws: StoryError.self) {
                    try await fixture.store.editStory(
                        mine.reference, .make { $0.slug = .set(slug) }, if: .none, access: access)
                })
        }
        #expect(errors[0] == errors[1])
        guard case .forbidden? = errors[0] else { return #expect(Bool(false), "\(errors)") }
        let patch = StoryPatch.make(title: "Other") { $0.slug = .set(mine.slug) }
        let edited = try await fixture.store.editStory(mine.reference, patch, if: .none, access: access)
        #expect(edited.value.content.title == "Other")
    }

    @Test("with the admin role is required to delete a live story")
    func removal() async throws {
        let story = try await fixture.story()
        await #expect(throws: StoryError.forbidden("requires a key with the role admin")) {
            try await fixture.store.deleteStory(story.reference, if: .none, access: .editor)
        }
        try await fixture.store.deleteStory(story.reference, if: .none, access: .admin)
        await #expect(throws: StoryError.notFound(.story)) { try await fixture.snapshot(of: story) }
    }
}
