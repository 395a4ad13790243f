// SPDX-License-Identifier: Apache-2.0
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

@Suite("Pinned updates", .onEveryEngine)
struct PinTests {
    private let folder: TemporaryFolder
    private let clock = ManualClock()
    private let store: TableStore
    private let story: StoryReference

    init() async throws {
        folder = try TemporaryFolder()
        store = try TestEngine.current.store(in: folder, TestEngine.Options { [clock] in clock.now })
        story = .id(try await store.newStory().value.id)
    }

    private static let pinned = UpdatePatch.make { $0.pinned = .set(true) }
    private static let pin = UpdatePatch.changing { $0.pinned = .set(true) }

    private func fill() async throws -> Identifier {
        let patches = Array(repeating: Self.pinned, count: Limits.pinnedUpdates)
        let made = try await store.createUpdates(of: story, patches, idempotency: nil, access: everything)
        return try #require(made.first).value.id
    }

    private func refusal(at pointer: String) -> StoryError {
        .invalid([ValidationError(pointer, "a story can have 20 pinned updates; unpin one first")])
    }

    @Test("are limited to twenty, however they are pinned, and unpinning makes room")
    func limit() async throws {
        let first = try await fill()
        let other = try await store.post("b", to: story)
        let draft = try await store.createUpdate(
            of: story, .make { ($0.pinned, $0.state) = (.set(true), .set(.draft)) }, access: everything)
        await #expect(throws: refusal(at: "/pinned")) {
            try await store.createUpdate(of: story, Self.pinned, access: everything)
        }
        await #expect(throws: refusal(at: "/1/pinned")) {
            try await store.createUpdates(
                of: story, [.make(), Self.pinned], idempotency: nil, access: everything)
        }
        await #expect(throws: refusal(at: "/pinned")) {
            try await store.editUpdate(other.id, of: story, Self.pin, if: .none, access: everything)
        }
        let publish = UpdatePatch.changing { $0.state = .set(.published) }
        await #expect(throws: refusal(at: "/pinned")) {
            try await store.editUpdate(draft.value.id, of: story, publish, if: .none, access: everything)
        }
        // A pinned update stays editable.
        _ = try await store.editUpdate(first, of: story, .make(body: "c"), if: .none, access: everything)
        _ = try await store.editUpdate(
            first, of: story, .changing { $0.pinned = .set(false) }, if: .none, access: everything)
        _ = try await store.editUpdate(draft.value.id, of: story, publish, if: .none, access: everything)
        let count = try await store.story(story, access: .reader).story.updateCount
        #expect(count == 22)
    }

    @Test("A scheduled update is published in time, but unpinned if there is no room")
    func schedule() async throws {
        _ = try await fill()
        let time = Timestamp(milliseconds: clock.now.milliseconds + 1_000)
        let made = try await store.createUpdate(
            of: story, .make { ($0.pinned, $0.publishAt) = (.set(true), .set(time)) }, access: everything)
        clock.advance()
        #expect(try await store.publishDueUpdates() == 1)
        let released = try await store.update(made.value.id, of: story, access: .reader).value
        #expect(released.publication == .now && !released.content.pinned)
    }
}
