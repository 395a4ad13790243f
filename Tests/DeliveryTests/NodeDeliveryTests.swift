// SPDX-License-Identifier: Apache-2.0
import Delivery
import Postgres
import PostgresEngine
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// Several nodes that send from one queue.
@Suite("Deliveries by several nodes")
struct NodeDeliveryTests {
    @Test("Two nodes deliver each event once, in order for each story", .timeLimit(.minutes(10)))
    func once() async throws {
        let address = try PostgresServer.shared.get().database("hooks_\(UInt32.random(in: 0 ... .max))")
        let clock = ManualClock()
        let nodes = try (0..<2).map { _ in
            try TableStore(
                address, role: .node, renderer: .plain { "<\($0)>" }, correctingClock: false,
                now: { clock.now })
        }
        let fixture = try HookFixture()
        var patch = WebhookPatch()
        patch.url = .set("\(fixture.receiver.url)/hook")
        let hook = try await nodes[0].createWebhook(
            patch, keys: StandardWebhooks.newKeys(), idempotency: nil, access: .admin)
        let dispatchers = try nodes.enumerated().map { try fixture.dispatcher("node \($0)", of: $1) }
        for (node, dispatcher) in zip(nodes, dispatchers) {
            node.observe { [weak dispatcher] events in
                for case .deliveriesQueued in events { dispatcher?.wake() }
            }
            dispatcher.start()
        }
        var stories: [Story] = []
        for number in 0..<4 {
            stories.append(try await nodes[number % 2].newStory("story-\(number)").value)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, story) in stories.enumerated() {
                group.addTask {
                    for note in 0..<10 {
                        try await nodes[(number + note) % 2].post("Note", to: story.reference)
                    }
                }
            }
            try await group.waitForAll()
        }
        let limit = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < limit, try await nodes[0].waitingDeliveries().count > 0 {
            try await Task.sleep(for: .milliseconds(50))
        }
        let received = fixture.receiver.received
        #expect(received.count == 44 && Set(received.map(\.id)).count == 44)
        for story in stories {
            let own = received.filter { $0.body.contains("\(story.id)") }
            #expect(own.map(\.seq) == Array(1...11))
        }
        #expect(dispatchers.allSatisfy { $0.figures.delivered > 0 }, "one node sent all")
        let page = try await nodes[1].deliveries(of: hook.id, limit: 200, before: nil, access: .admin)
        #expect(page.deliveries.allSatisfy { $0.status == .delivered && $0.attempts == 1 })
        for dispatcher in dispatchers { await dispatcher.stop(within: .seconds(5)) }
    }
}
