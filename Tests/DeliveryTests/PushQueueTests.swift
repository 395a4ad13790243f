// SPDX-License-Identifier: Apache-2.0
import API
import Database
import Delivery
import HTTP
import Outbound
import Postgres
import PostgresEngine
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// What is queued for followers, and how far it has come.
@Suite("The queue of notifications", .onEveryEngine)
struct PushQueueTests {
    private func claim(
        _ fixture: PushFixture, _ sender: String, of store: TableStore? = nil, limit: Int = 10,
        batch: Int = 2,
        running: Set<Identifier> = []
    ) async throws -> [ClaimedPush] {
        try await (store ?? fixture.store.store).claimNotifications(
            by: sender, limit: limit, batch: batch, running: running, leaseMilliseconds: 45_000)
    }

    private func finish(
        _ claimed: ClaimedPush, _ fixture: PushFixture, _ sender: String,
        _ outcome: PushOutcome = .sent([.sent, .sent])
    ) async throws {
        try await fixture.store.store.finish(claimed, by: sender, outcome)
    }

    private func endpoints(_ claimed: [ClaimedPush]) -> [[String]] {
        claimed.map { $0.recipients.map { String($0.subscription.endpoint.suffix(1)) } }
    }

    @Test("The keys are made once, and are the same after a restart")
    func keys() async throws {
        let fixture = try await PushFixture()
        #expect(try await fixture.store.store.pushKeys(orNew: VAPID.newKeys()) == fixture.keys)
        #expect(try await fixture.store.reopened().pushKeys(orNew: VAPID.newKeys()) == fixture.keys)
    }

    @Test("Subscribing twice makes one, with the later keys; a story that is not open has no followers")
    func subscriptions() async throws {
        let fixture = try await PushFixture()
        let store = fixture.store.store
        let story = try await fixture.store.story()
        let (first, second) = (try Subscriber("a"), try Subscriber("a"))
        let service = fixture.service.url
        #expect(
            try await store.subscribe(
                first.subscription(at: service), as: first.id, to: story.reference, access: .reader))
        #expect(
            try await !store.subscribe(
                second.subscription(at: service), as: second.id, to: story.reference, access: .reader))
        #expect(try await fixture.followers(of: story) == 1)
        try await fixture.notify(story)
        #expect(
            try await claim(fixture, "first").first?.recipients.map(\.subscription)
                == [second.subscription(at: service)])
        try await store.unsubscribe(first.id, from: story.reference, access: .reader)
        await #expect(throws: StoryError.notFound(.pushSubscription)) {
            try await store.unsubscribe(first.id, from: story.reference, access: .reader)
        }
        for status in [StoryStatus.closed, .draft] {
            let other = try await fixture.store.story("Other \(status)", status: status)
            await #expect(throws: StoryError.self) {
                _ = try await store.subscribe(
                    first.subscription(at: service), as: first.id, to: other.reference, access: .reader)
            }
        }
    }

    @Test(
        "A batch is claimed by one sender; what it has not finished is claimed again, and the rest goes on from there"
    )
    func position() async throws {
        let fixture = try await PushFixture()
        let story = try await fixture.store.story()
        _ = try await fixture.subscribe("a", "b", "c", "d", "e", to: story)
        try await fixture.notify(story)
        let first = try await claim(fixture, "first")
        #expect(endpoints(first) == [["a", "b"]])
        #expect(try await claim(fixture, "second").isEmpty)
        try await finish(first[0], fixture, "first")
        #expect(endpoints(try await claim(fixture, "first")) == [["c", "d"]])
        // As after a kill: the position is that of the last batch that was finished.
        let store = try fixture.store.reopened()
        try await store.releaseNotifications()
        let again = try await claim(fixture, "second", of: store)
        #expect(endpoints(again) == [["c", "d"]])
        // One whose lease has ended is no longer heard, but for endpoints that have ended.
        try await finish(again[0], fixture, "first", .sent([.failed, .gone]))
        #expect(try await fixture.followers(of: story) == 4)
        fixture.store.clock.advance(milliseconds: 45_000)
        let third = try await claim(fixture, "third")
        #expect(endpoints(third) == [["c", "e"]])
        try await finish(again[0], fixture, "second")
        try await finish(third[0], fixture, "third")
        #expect(try await claim(fixture, "third").isEmpty)
        #expect(try await fixture.waiting() == 0)
    }

    @Test(
        "Those who fail are kept apart, and do not hold up the next notification; who subscribes later is not told"
    )
    func order() async throws {
        let fixture = try await PushFixture()
        let story = try await fixture.store.story()
        _ = try await fixture.subscribe("a", "b", "c", to: story)
        try await fixture.notify(story)
        try await fixture.notify(story)
        _ = try await fixture.subscribe("d", to: story)
        let first = try await claim(fixture, "first")
        #expect(first.count == 1, "two notifications of a story are sent at a time")
        let later = Timestamp(milliseconds: fixture.store.clock.now.milliseconds + 60_000)
        try await finish(first[0], fixture, "first", .sent([.retry(at: later, counts: true), .sent]))
        let second = try await claim(fixture, "first")
        #expect(second[0].number == first[0].number && endpoints(second) == [["c"]])
        try await finish(second[0], fixture, "first", .sent([.sent]))
        let third = try await claim(fixture, "first")
        #expect(third[0].number > first[0].number && endpoints(third) == [["a", "b"]])
        #expect(try await claim(fixture, "first", running: [story.id]).isEmpty)
        try await finish(third[0], fixture, "first")
        try await finish(try await claim(fixture, "first")[0], fixture, "first", .sent([.sent]))
        #expect(try await claim(fixture, "first").isEmpty)
        fixture.store.clock.now = later
        let again = try await claim(fixture, "second", batch: 10)
        #expect(again.map(\.number) == [first[0].number] && endpoints(again) == [["a"]])
        #expect(again[0].recipients.map(\.attempts) == [1])
    }

    @Test(
        "Nobody is notified of what readers do not see any more: deleted, taken down, retracted, closed, hidden"
    )
    func cancelling() async throws {
        let fixture = try await PushFixture()
        let store = fixture.store.store
        let changes: [(String, (Story, Update) async throws -> Void)] = [
            (
                "deleted",
                { try await store.deleteUpdate($1.id, of: $0.reference, if: .none, access: .editor) }
            ),
            (
                "taken down",
                {
                    _ = try await store.takeDownUpdate(
                        $1.id, of: $0.reference, reason: "Court", if: .none, idempotency: nil, access: .editor
                    )
                }
            ),
            (
                "retracted",
                {
                    _ = try await store.strikeUpdate(
                        $1.id, of: $0.reference, reason: "Wrong", if: .none, idempotency: nil, access: .editor
                    )
                }
            ),
            (
                "no key event",
                {
                    _ = try await store.editUpdate(
                        $1.id, of: $0.reference, .changing { $0.keyEvent = .set(false) }, if: .none,
                        access: .editor)
                }
            ),
            ("closed", { story, _ in try await set(.closed, story) }),
            ("hidden", { story, _ in try await set(.draft, story) }),
            (
                "gone",
                { story, _ in _ = try await store.deleteStory(story.reference, if: .none, access: .admin) }
            ),
        ]
        func set(_ status: StoryStatus, _ story: Story) async throws {
            _ = try await store.editStory(
                story.reference, .changing { $0.status = .set(status) }, if: .none, access: .editor)
        }
        for (name, change) in changes {
            let story = try await fixture.store.story(name)
            _ = try await fixture.subscribe("a", "b", "c", to: story)
            let update = try await fixture.notify(story)
            let claimed = try await claim(fixture, "first")
            #expect(claimed.count == 1, "\(name)")
            try await change(story, update)
            #expect(try await store.content(of: claimed[0]) == nil, "\(name)")
            try await finish(
                claimed[0], fixture, "first",
                .sent([.sent, .retry(at: fixture.store.clock.now, counts: true)]))
            #expect(try await claim(fixture, "first").isEmpty, "\(name)")
            #expect(try await fixture.waiting() == 0, "\(name)")
        }
        #expect(try StoreRules.faults(in: fixture.store.database()) == [])
    }

    @Test("Of a closed or hidden story nothing is queued, nor without followers; an old notification ends")
    func quiet() async throws {
        let fixture = try await PushFixture()
        let lonely = try await fixture.store.story("Lonely")
        try await fixture.notify(lonely)
        let story = try await fixture.store.story("Closed")
        _ = try await fixture.subscribe("a", to: story)
        for status in [StoryStatus.closed, .draft] {
            _ = try await fixture.store.store.editStory(
                story.reference, .changing { $0.status = .set(status) }, if: .none, access: .editor)
            try await fixture.notify(story)
        }
        #expect(try await fixture.waiting() == 0)
        let open = try await fixture.store.story("Open")
        _ = try await fixture.subscribe("a", to: open)
        try await fixture.notify(open)
        fixture.store.clock.advance(milliseconds: Limits.pushLifetimeMilliseconds)
        #expect(try await fixture.waiting() == 1)
        #expect(try await claim(fixture, "first").isEmpty)
        #expect(try await fixture.waiting() == 0)
    }

    @Test("Drafts keep the wish until they are published; an edit notifies again only if it asks to")
    func publication() async throws {
        let fixture = try await PushFixture()
        let store = fixture.store.store
        let story = try await fixture.store.story()
        _ = try await fixture.subscribe("a", to: story)
        func make(_ change: @escaping (inout UpdatePatch) -> Void) async throws -> EditorUpdate {
            try await store.createUpdate(
                of: story.reference,
                .make {
                    ($0.keyEvent, $0.notify) = (.set(true), .set(true))
                    change(&$0)
                }, access: .editor
            ).value
        }
        func edit(_ id: Identifier, _ change: @escaping (inout UpdatePatch) -> Void) async throws
            -> EditorUpdate
        {
            try await store.editUpdate(
                id, of: story.reference, .changing(change), if: .none, access: .editor
            ).value
        }
        func sent() async throws -> Int {
            let count = try await fixture.waiting()
            try await fixture.dispatcher().sendDue()
            return count
        }
        let draft = try await make { $0.state = .set(.draft) }
        let quiet = try await make { $0.state = .set(.draft) }
        #expect(try await sent() == 0)
        let kept = if case .draft(let draft) = draft { draft.notify } else { false }
        #expect(kept)
        _ = try await edit(draft.id) { $0.state = .set(.published) }
        #expect(try await sent() == 1)
        // One that is no key event any more loses the wish.
        _ = try await edit(quiet.id) { $0.keyEvent = .set(false) }
        _ = try await edit(quiet.id) { ($0.keyEvent, $0.state) = (.set(true), .set(.published)) }
        #expect(try await sent() == 0)
        let time = Timestamp(milliseconds: fixture.store.clock.now.milliseconds + 60_000)
        _ = try await make { ($0.state, $0.publishAt) = (.set(.scheduled), .set(time)) }
        #expect(try await sent() == 0)
        fixture.store.clock.now = time
        #expect(try await store.publishDueUpdates() == 1)
        #expect(try await sent() == 1)
        _ = try await edit(draft.id) { $0.body = .set("Other words") }
        #expect(try await sent() == 0)
        _ = try await edit(draft.id) { $0.notify = .set(true) }
        _ = try await edit(draft.id) { $0.notify = .set(true) }
        #expect(try await sent() == 1, "one that waits does not stand for both")
        _ = try await edit(draft.id) { ($0.body, $0.notify) = (.set("More"), .set(true)) }
        #expect(try await sent() == 1)
        await #expect(throws: StoryError.self) {
            _ = try await edit(draft.id) { ($0.keyEvent, $0.notify) = (.set(false), .set(true)) }
        }
        // Taken back, it keeps the wish of that edit for when it is published again.
        _ = try await edit(draft.id) { ($0.state, $0.notify) = (.set(.draft), .set(true)) }
        #expect(try await sent() == 0)
        _ = try await edit(draft.id) { $0.state = .set(.published) }
        #expect(try await sent() == 1)
    }

    @Test("Subscriptions end when they expire, and a week after the story was closed")
    func ageing() async throws {
        let fixture = try await PushFixture()
        let store = fixture.store.store
        let (open, closed) = (try await fixture.store.story("Open"), try await fixture.store.story("Closed"))
        let soon = Timestamp(milliseconds: fixture.store.clock.now.milliseconds + 1_000)
        _ = try await fixture.subscribe("a", to: open, expiresAt: soon)
        _ = try await fixture.subscribe("b", to: open)
        _ = try await fixture.subscribe("a", "b", "c", to: closed)
        _ = try await store.editStory(
            closed.reference, .changing { $0.status = .set(.closed) }, if: .none, access: .editor)
        #expect(try await store.removeStaleSubscriptions(limit: 10) == 0)
        fixture.store.clock.advance()
        #expect(try await store.removeStaleSubscriptions(limit: 10) == 1)
        fixture.store.clock.advance(milliseconds: Limits.pushKeptMilliseconds)
        #expect(try await store.removeStaleSubscriptions(limit: 2) == 2)
        #expect(try await store.removeStaleSubscriptions(limit: 2) == 1)
        #expect(try await fixture.followers(of: closed) == 0)
        #expect(try await fixture.followers(of: open) == 1)
    }
}

/// Several nodes that send from one queue.
@Suite("Push messages by several nodes")
struct NodePushTests {
    @Test("Two nodes send each message once", .timeLimit(.minutes(10)))
    func once() async throws {
        let address = try PostgresServer.shared.get().database("push_\(UInt32.random(in: 0 ... .max))")
        let clock = ManualClock()
        let nodes = try (0..<2).map { _ in
            try TableStore(
                address, role: .node, renderer: .plain { "<\($0)>" }, correctingClock: false,
                now: { clock.now })
        }
        let fixture = try await PushFixture()
        // Neither node can take all four stories at a time.
        fixture.service.delay(milliseconds: 20)
        let dispatchers = try nodes.enumerated().map {
            try fixture.dispatcher("node \($0)", of: $1, batch: 3, atOnce: 2)
        }
        var expected: Set<String> = []
        for number in 0..<4 {
            let story = try await nodes[number % 2].newStory("story-\(number)").value
            for name in 0..<20 {
                let subscriber = try Subscriber("\(number)-\(name)")
                _ = try await nodes[name % 2].subscribe(
                    subscriber.subscription(at: fixture.service.url), as: subscriber.id, to: story.reference,
                    access: .reader)
                expected.insert(subscriber.path)
            }
            _ = try await nodes[number % 2].createUpdate(
                of: story.reference, .make { ($0.keyEvent, $0.notify) = (.set(true), .set(true)) },
                access: .editor)
        }
        for dispatcher in dispatchers { dispatcher.start() }
        let limit = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < limit, try await nodes[0].waitingNotifications().count > 0 {
            for dispatcher in dispatchers { dispatcher.wake() }
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(fixture.paths.count == expected.count && Set(fixture.paths) == expected)
        #expect(dispatchers.allSatisfy { $0.figures.delivered > 0 }, "one node sent all")
        for dispatcher in dispatchers { await dispatcher.stop(within: .seconds(5)) }
    }
}
