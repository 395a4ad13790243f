// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import Markdown
import StoreSupport
import Stories
import StoryTables
import Support
import Synchronization
import Testing

/// The feed's property: a reader that takes a snapshot and then applies deltas, at any pace, across any number of pages,
/// restarts and concurrent edits, ends up with exactly the content of a fresh snapshot.
@Suite("The property of the feed", .onEveryEngineInFull)
struct FeedPropertyTests {
    @Test(
        "Pollers of every kind, by id and by slug, converge to a fresh snapshot through edits and restarts",
        .timeLimit(.minutes(20)))
    func randomEditors() async throws {
        var random = SeededGenerator()
        print("the property of the feed: seed \(random.seed)")
        let server = try RestartableServer(random: random)
        let (story, other) = (try await server.newStory(), try await server.newStory())
        let editors = RandomEditors(story: story, other: other, transport: server.transport)
        var pollers = Self.filters.map { filter in
            // The first slug resolves to the story, whatever its current one.
            let name = random.once(in: 2) ? editors.story : RandomEditors.slugs[0]
            return Poller(
                story: name, filter: filter, limit: Int.random(in: 1...9, using: &random),
                transport: server.transport)
        }
        // A round trip to a server takes longer than a call of SQLite.
        let count = TestEngine.current.isFile ? RandomEditors.count : RandomEditors.count / 4
        for edit in 1...count {
            try await editors.edit(using: &random)
            for index in pollers.indices where random.once(in: 3) { _ = try await pollers[index].step() }
            if random.once(in: 5) { try await server.lookUpCard(using: &random) }
            if random.once(in: 500) { try server.restart() }
            if edit.isMultiple(of: 500) {
                try await editors.show(using: &random)
                try await Self.expectEqual(&pollers, editors, seed: random.seed, server.transport)
                #expect(try server.errors() == [], "seed \(random.seed)")
            }
        }
    }

    /// No filter, key events, tags, both, and a tag with several normalizations.
    private static let filters = [
        "", "", "", "&only=key", "&tag=harbour", "&tag=RARE", "&only=key&tag=harbour", "&tag=caf%C3%A9",
    ]

    /// Lets every poller catch up, and compares its copy with a snapshot taken now.
    private static func expectEqual(
        _ pollers: inout [Poller], _ editors: RandomEditors, seed: UInt64, _ transport: @escaping Transport
    ) async throws {
        for index in pollers.indices {
            try await pollers[index].catchUp()
            var fresh = Poller(
                story: editors.story, filter: pollers[index].filter, limit: 200, transport: transport)
            try await fresh.catchUp()
            let (held, shown) = (pollers[index].copy, fresh.copy)
            #expect(held.story == shown.story, "seed \(seed), filter \(pollers[index].filter)")
            #expect(held.listed == shown.listed, "seed \(seed), filter \(pollers[index].filter)")
            #expect(held.links == shown.links, "seed \(seed), filter \(pollers[index].filter)")
        }
    }

    @Test(
        "Readers of every kind over sockets converge to a fresh snapshot through concurrent edits",
        .timeLimit(.minutes(20)))
    func concurrentEditors() async throws {
        let random = SeededGenerator()
        print("the property of the feed over sockets: seed \(random.seed)")
        let room = try await NewsRoom(random: random)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<4 {
                group.addTask { try await room.edit(times: RandomEditors.count / 4, number) }
            }
            for filter in Self.filters {
                group.addTask { try await room.poll(filter, wait: 0) }
                group.addTask { try await room.poll(filter, wait: 2) }
            }
            for number in 0..<6 { group.addTask { try await room.stream(number) } }
            for number in 0..<3 { group.addTask { try await room.pollConditionally(number) } }
            try await group.waitForAll()
        }
        #expect(try room.errors() == [], "seed \(random.seed)")
        await room.stop()
    }
}
