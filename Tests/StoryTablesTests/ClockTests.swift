// SPDX-License-Identifier: Apache-2.0
import StoreSupport
import Stories
import Support
import Testing

@testable import StoryTables

/// Clocks that are set back, or jump ahead and come back.
@Suite("Clocks", .onEveryEngine)
struct ClockTests {
    private let fixture: StoreFixture
    private let story: Story

    init() async throws {
        fixture = try StoreFixture()
        story = try await fixture.story()
    }

    private static let hour: Int64 = 3_600_000

    /// The published bodies, newest first.
    private func bodies() async throws -> [String] {
        try await fixture.snapshot(of: story).updates.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    private func draft(_ body: String, publishAt: Timestamp? = nil) async throws -> Identifier {
        try await fixture.store.createUpdates(
            of: story.reference,
            [
                .make(body: body) {
                    if let publishAt { $0.publishAt = .set(publishAt) } else { $0.state = .set(.draft) }
                }
            ], idempotency: nil, access: .admin)[0].value.id
    }

    private func publish(_ id: Identifier) async throws {
        var patch = UpdatePatch()
        patch.state = .set(.published)
        _ = try await fixture.store.editUpdate(
            id, of: story.reference, patch, if: .none, access: .admin)
    }

    @Test(
        "Later publications sort above earlier ones even if the clock was set back",
        arguments: [-2, -500_000] as [Int64])
    func back(hours: Int64) async throws {
        let old = try await draft("D")
        try await fixture.update(of: story, body: "A")
        fixture.clock.advance(milliseconds: hours * Self.hour)
        try await fixture.update(of: story, body: "B")
        try await publish(old)
        try await fixture.update(of: story, body: "C")
        #expect(try await bodies() == ["C", "D", "B", "A"])
    }

    @Test("Updates published while the clock was ahead do not stay on top")
    func ahead() async throws {
        fixture.clock.advance(milliseconds: 25 * Self.hour)
        try await fixture.update(of: story, body: "A")
        fixture.clock.advance(milliseconds: -25 * Self.hour)
        _ = try await draft("S", publishAt: Timestamp(milliseconds: fixture.clock.now.milliseconds + 10))
        try await fixture.update(of: story, body: "B")
        #expect(try await fixture.store.publishDueUpdates() == 1)
        _ = try await fixture.store.createUpdates(
            of: story.reference, [.make(body: "C"), .make(body: "E")], idempotency: nil, access: .admin)
        #expect(try await bodies() == ["E", "C", "S", "B", "A"])
    }

    @Test("With a clock set back, no modification precedes creation")
    func modified() async throws {
        let update = try await fixture.update(of: story)
        fixture.clock.advance(milliseconds: -2 * Self.hour)
        let edited = try await fixture.store.editUpdate(
            update.id, of: story.reference, .make(body: "B"), if: .none, access: .admin
        ).value.update
        #expect(edited.modifiedAt >= edited.publishedAt && edited.modifiedAt >= edited.createdAt)
        let renamed = try await fixture.store.editStory(
            story.reference, .make(title: "New"), if: .none, access: .admin
        ).value
        #expect(renamed.modifiedAt >= renamed.createdAt)
    }

    @Test("Ids increase, even after a restart with a clock that was set back")
    func identifiers() async throws {
        var last = try await draft("A")
        fixture.clock.advance(milliseconds: -2 * Self.hour)
        for _ in 0..<2 {
            let store = try fixture.reopened()
            let id = try await store.createUpdate(of: story.reference, .make(body: "x"), access: .admin).value
                .id
            #expect(id > last)
            last = id
        }
    }

    @Test("An imported id far in the future does not advance the generator")
    func foreignIdentifiers() async throws {
        var document = StoryDocument(content: StoryContent(title: "Imported"))
        document.id = Identifier("ffffffff-ffff-7fff-8fff-ffffffffffff")
        _ = try await fixture.store.importStory(document, access: .admin)
        let store = try fixture.reopened()
        let id = try await store.createUpdate(of: story.reference, .make(body: "x"), access: .admin).value.id
        #expect(
            id
                < IdentifierGenerator.firstIdentifier(
                    at: Timestamp(milliseconds: fixture.clock.now.milliseconds + Self.hour)))
    }
}
