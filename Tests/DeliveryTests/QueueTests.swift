// SPDX-License-Identifier: Apache-2.0
import API
import Database
import Delivery
import JSON
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// What is queued, who gets it, and what is sent of it.
@Suite("The queue of deliveries", .onEveryEngine)
struct QueueTests {
    private func claim(
        _ fixture: HookFixture, _ sender: String, limit: Int = 10, perWebhook: Int = 10,
        running: [Identifier: Int] = [:]
    ) async throws -> [ClaimedDelivery] {
        try await fixture.store.store.claimDeliveries(
            by: sender, limit: limit, perWebhook: perWebhook, running: running, leaseMilliseconds: 45_000)
    }

    private func finish(
        _ claimed: ClaimedDelivery, _ fixture: HookFixture, _ sender: String,
        _ outcome: DeliveryOutcome = .delivered(code: 200)
    ) async throws {
        try await fixture.store.store.finish(claimed, by: sender, outcome, retryWindowMilliseconds: 1_000)
    }

    @Test(
        "A delivery is claimed by one sender, and by another once the lease has ended; a late success counts")
    func leases() async throws {
        let fixture = try HookFixture()
        let hook = try await fixture.hook()
        _ = try await fixture.store.story()
        let first = try #require(try await claim(fixture, "first").first)
        #expect(try await claim(fixture, "second").isEmpty)
        fixture.store.clock.advance(milliseconds: 44_999)
        #expect(try await claim(fixture, "second").isEmpty)
        fixture.store.clock.advance(milliseconds: 1)
        let second = try #require(try await claim(fixture, "second").first)
        #expect(second.delivery.id == first.delivery.id && second.delivery.attempts == 2)
        // A failure of one whose lease has ended is no longer news.
        try await finish(first, fixture, "first", .abandoned(code: 500, error: "Broken"))
        #expect(try await fixture.deliveries(hook).first?.status == .waiting)
        try await finish(first, fixture, "first")
        try await finish(second, fixture, "second", .abandoned(code: 500, error: "Broken"))
        #expect(try await fixture.deliveries(hook).first?.status == .delivered)
        #expect(try await fixture.present(hook).failingSince == nil)
    }

    @Test("What a process that has ended had claimed is due again once its leases are released")
    func release() async throws {
        let fixture = try HookFixture()
        _ = try await fixture.hook()
        _ = try await fixture.store.story()
        #expect(try await claim(fixture, "first").count == 1)
        let store = try fixture.store.reopened()
        try await store.releaseDeliveries()
        #expect(try await claim(fixture, "second").count == 1)
    }

    @Test("One webhook gets a few at a time, of other stories only, and does not keep others waiting")
    func shares() async throws {
        let fixture = try HookFixture()
        let (slow, other) = (try await fixture.hook("slow"), try await fixture.hook("other"))
        for number in 0..<4 {
            let story = try await fixture.store.story("Story \(number)")
            try await fixture.store.update(of: story)
        }
        let claimed = try await claim(fixture, "first", perWebhook: 2)
        #expect(claimed.map(\.webhook).sorted() == [slow.id, slow.id, other.id, other.id].sorted())
        #expect(Set(claimed.map { "\($0.webhook) \($0.delivery.place?.story.description ?? "")" }).count == 4)
        #expect(
            try await claim(fixture, "first", perWebhook: 2, running: [slow.id: 2, other.id: 1]).count == 1)
        #expect(try await claim(fixture, "first", limit: 2).count == 2)
    }

    @Test("A burst of a story is delivered at once and once more after the pause, with the last number")
    func coalescing() async throws {
        let fixture = try HookFixture()
        let hook = try await fixture.hook { $0.coalesceSeconds = .set(30) }
        let dispatcher = try fixture.dispatcher()
        let story = try await fixture.store.story()
        #expect(try await dispatcher.sendDue() == 1)
        let start = fixture.store.clock.now
        for _ in 0..<5 { try await fixture.store.update(of: story) }
        let other = try await fixture.store.story("Another")
        #expect(try await dispatcher.sendDue() == 1)
        let waiting = try #require(try await fixture.deliveries(hook).first { $0.status == .waiting })
        #expect(waiting.dueAt?.milliseconds == start.milliseconds + 30_000)
        #expect(waiting.place?.version.seq == 6 && waiting.place?.update == nil)
        #expect(try await fixture.sendNext(dispatcher) == 1)
        #expect(fixture.receiver.received.map(\.seq) == [1, 1, 6])
        #expect(fixture.receiver.received[1].body.contains("\(other.id)"))
        // After a pause the next is told at once.
        fixture.store.clock.advance(milliseconds: 30_000)
        let update = try await fixture.store.update(of: story)
        #expect(try await dispatcher.sendDue() == 1)
        #expect(fixture.receiver.received.last?.body.contains("\(update.id)") == true)
    }

    @Test("An event that comes while a delivery is being sent, or has failed, is another delivery")
    func noMergeAfterClaim() async throws {
        let fixture = try HookFixture()
        let hook = try await fixture.hook { $0.coalesceSeconds = .set(30) }
        let story = try await fixture.store.story()
        let claimed = try #require(try await claim(fixture, "first").first)
        try await fixture.store.update(of: story)
        try await fixture.store.update(of: story)
        #expect(try await fixture.deliveries(hook).map { $0.place?.version.seq } == [1, 3])
        #expect(try await claim(fixture, "first").isEmpty)
        try await finish(claimed, fixture, "first")
        let due = try #require(try await fixture.deliveries(hook).last?.dueAt)
        #expect(due.milliseconds == claimed.delivery.at.milliseconds + 30_000)
    }

    @Test("A full payload is what readers see when it is sent; of what was taken down nothing is left")
    func payloads() async throws {
        let fixture = try HookFixture()
        _ = try await fixture.hook { $0.payload = .set(.full) }
        let dispatcher = try fixture.dispatcher()
        let story = try await fixture.store.story("The storm")
        let (kept, gone) = (
            try await fixture.store.update(of: story, body: #"{"text":"kept"}"#),
            try await fixture.store.update(of: story, body: #"{"text":"gone"}"#)
        )
        _ = try await fixture.store.store.takeDownUpdate(
            gone.id, of: story.reference, reason: "Court", if: .none, idempotency: nil, access: .editor)
        _ = try await dispatcher.sendDue()
        let bodies = try fixture.receiver.received.map { try JSONValue(parsing: Array($0.body.utf8)) }
        #expect(bodies.count == 4 && !fixture.receiver.received.contains { $0.body.contains("gone") })
        let current = bodies.map { $0["data"]?["current"] }
        #expect(current.allSatisfy { $0?["story"]?["title"]?.string == "The storm" })
        #expect(current.map { $0?["update"]?["text"]?.string } == [nil, "kept", nil, nil])
        #expect(bodies[1]["data"]?["update"]?.string == kept.id.description)
        // The queue holds references only.
        let database = try fixture.store.database()
        let tables = try database.rows("SELECT event, coalesce(error, '') FROM deliveries") {
            $0.text() + $0.text()
        }
        #expect(tables.count == 4 && !tables.contains { $0.contains("gone") || $0.contains("kept") })
        // A story that readers no longer see.
        let hidden = StoryPatch.changing { $0.status = .set(.draft) }
        _ = try await fixture.store.store.editStory(story.reference, hidden, if: .none, access: .editor)
        _ = try await dispatcher.sendDue()
        let last = try JSONValue(parsing: Array(try #require(fixture.receiver.received.last).body.utf8))
        #expect(last["type"]?.string == "story.edited" && last["data"]?["current"] == .null)
    }

    @Test("An admin may have a delivery sent again, and a test also to a disabled webhook")
    func byHand() async throws {
        let fixture = try HookFixture()
        let hook = try await fixture.hook()
        let (dispatcher, store) = (try fixture.dispatcher(), fixture.store.store)
        _ = try await fixture.store.story()
        _ = try await dispatcher.sendDue()
        let delivery = try #require(try await fixture.deliveries(hook).first)
        _ = try await store.retryDelivery(delivery.id, of: hook.id, idempotency: nil, access: .admin)
        #expect(try await dispatcher.sendDue() == 1)
        #expect(Set(fixture.receiver.received.map(\.id)) == [delivery.id.description])
        var patch = WebhookPatch()
        patch.isEnabled = .set(false)
        _ = try await store.editWebhook(hook.id, patch, access: .admin)
        fixture.receiver.answer("hook", "500 Broken")
        _ = try await store.testWebhook(hook.id, idempotency: nil, access: .admin)
        #expect(try await dispatcher.sendDue() == 1)
        let test = try #require(try await fixture.deliveries(hook).last)
        #expect(
            test.event == .test && test.status == .failed
                && fixture.receiver.received.last?.type == "webhook.test")
        await #expect(throws: StoryError.notFound(.delivery)) {
            _ = try await store.retryDelivery(hook.id, of: hook.id, idempotency: nil, access: .admin)
        }
    }

    @Test("A refused write queues nothing, and rings no bell with the write that it shared a commit with")
    func rollbacks() async throws {
        let fixture = try HookFixture()
        let hook = try await fixture.hook()
        let story = try await fixture.store.story()
        await #expect(throws: StoryError.self) {
            var patch = UpdatePatch.make(body: "x")
            patch.pinned = .set(true)
            _ = try await fixture.store.store.createUpdates(
                of: story.reference, Array(repeating: patch, count: Limits.pinnedUpdates + 1),
                idempotency: nil,
                access: .editor)
        }
        #expect(try await fixture.deliveries(hook).map(\.event) == [.storyOpened])
    }

    @Test("Ended deliveries are kept for a week, and at most a thousand")
    func retention() async throws {
        let fixture = try HookFixture()
        let hook = try await fixture.hook()
        let story = try await fixture.store.story()
        let dispatcher = try fixture.dispatcher()
        _ = try await dispatcher.sendDue()
        fixture.store.clock.advance(milliseconds: Limits.webhookDeliveryMilliseconds + 1)
        try await fixture.store.update(of: story)
        _ = try await dispatcher.sendDue()
        #expect(try await fixture.deliveries(hook).map(\.event) == [.updatePublished])
        let update = UpdatePatch.make(body: "x")
        for _ in 0..<3 {
            _ = try await fixture.store.store.createUpdates(
                of: story.reference, Array(repeating: update, count: 400), idempotency: nil, access: .editor)
        }
        var claimed = try await claim(fixture, "first").first
        while let present = claimed {
            try await finish(present, fixture, "first")
            claimed = try await claim(fixture, "first").first
        }
        let kept = try fixture.store.database().first("SELECT count(*) FROM deliveries") { $0.integer() }
        #expect(kept == Int64(Limits.webhookDeliveries))
        #expect(try StoreRules.faults(in: try fixture.store.database()).isEmpty)
    }

    @Test("A webhook that is deleted takes its deliveries with it, also while one is being sent")
    func deletion() async throws {
        let fixture = try HookFixture()
        let hook = try await fixture.hook()
        _ = try await fixture.store.story()
        let claimed = try #require(try await claim(fixture, "first").first)
        try await fixture.store.store.deleteWebhook(hook.id, access: .admin)
        try await finish(claimed, fixture, "first")
        #expect(
            try await fixture.store.store.waitingDeliveries() == WaitingDeliveries(count: 0, nextDue: nil))
        #expect(try StoreRules.faults(in: try fixture.store.database()).isEmpty)
    }
}
