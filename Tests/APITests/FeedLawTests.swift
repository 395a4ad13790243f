import API
import HTTP
import JSON
import Markdown
import SQLiteStore
import Stories
import Support
import Synchronization
import Testing

/// The law of the feed: whoever takes a snapshot and then applies deltas, at any pace, through any number of pages,
/// restarts and editors at work, holds in the end exactly what a fresh snapshot shows.
@Suite("The law of the feed")
struct FeedLawTests {
    @Test("Pollers of every kind hold what a fresh snapshot shows, through 10,000 edits and restarts")
    func randomEditors() async throws {
        var random = SeededGenerator()
        print("the law of the feed: seed \(random.seed)")
        let server = try RestartableServer(random: random)
        let editors = RandomEditors(story: try await server.newStory(), transport: server.transport)
        var pollers = Self.filters.map { filter in
            Poller(
                story: editors.story, filter: filter, limit: Int.random(in: 1...9, using: &random),
                transport: server.transport)
        }
        for edit in 1...10_000 {
            try await editors.edit(using: &random)
            for index in pollers.indices where random.once(in: 3) { _ = try await pollers[index].step() }
            if random.once(in: 500) { try server.restart() }
            if edit.isMultiple(of: 500) {
                try await Self.expectEqual(&pollers, editors, seed: random.seed, server.transport)
            }
        }
    }

    /// Everything; key events; tags; both at once; a tag that looks like another.
    private static let filters = [
        "", "", "", "&only=key", "&tag=harbour", "&tag=rare", "&only=key&tag=harbour", "&tag=caf%C3%A9",
    ]

    /// Lets every poller catch up, and compares its copy with a snapshot taken now.
    private static func expectEqual(
        _ pollers: inout [Poller], _ editors: RandomEditors, seed: UInt64, _ transport: @escaping Transport
    ) async throws {
        try await editors.show()
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

    @Test("Pollers over sockets hold what a fresh snapshot shows, with editors at work at the same time")
    func concurrentEditors() async throws {
        let folder = try TemporaryFolder()
        let store = try folder.store()
        let server = Server(
            configuration: ServerConfiguration(port: 0, workers: 2), responder: folder.api(over: store))
        let port = try #require(try server.start().first?.port)
        let story = try await folder.api(over: store).newStory()
        let finished = Flag()
        let pollers = try await withThrowingTaskGroup(of: Poller?.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var random = SeededGenerator()
                    let editors = RandomEditors(story: story, transport: HTTPClient(port: port).transport)
                    for _ in 0..<250 { try await editors.edit(using: &random) }
                    return nil
                }
            }
            for filter in Self.filters {
                group.addTask {
                    var poller = Poller(
                        story: story, filter: filter, limit: 7, transport: HTTPClient(port: port).transport)
                    while !finished.isSet { _ = try await poller.step() }
                    return poller
                }
            }
            var pollers: [Poller] = []
            var editorsLeft = 4
            for try await poller in group {
                if let poller { pollers.append(poller) } else { editorsLeft -= 1 }
                if editorsLeft == 0 { finished.set() }
            }
            return pollers
        }
        var caughtUp = pollers
        let transport = HTTPClient(port: port).transport
        try await Self.expectEqual(
            &caughtUp, RandomEditors(story: story, transport: transport), seed: 0, transport)
        await server.stop(within: .seconds(5))
    }
}

/// Something that becomes true once.
private final class Flag: Sendable {
    private let state = Atomic<Bool>(false)

    var isSet: Bool { state.load(ordering: .acquiring) }

    func set() { state.store(true, ordering: .releasing) }
}
