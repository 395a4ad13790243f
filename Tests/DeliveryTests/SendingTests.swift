// SPDX-License-Identifier: Apache-2.0
import API
import Crypto
import Delivery
import JSON
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// Deliveries over sockets, on a clock that is set by hand.
@Suite("Sending to webhooks", .onEveryEngine)
struct SendingTests {
    private static let day: Int64 = 86_400_000

    @Test("Every kind of change is delivered once, in order, with references that the feed confirms")
    func events() async throws {
        let fixture = try HookFixture()
        let (hook, store) = (try await fixture.hook(), fixture.store)
        let story = try await store.story()
        let update = try await store.update(of: story)
        var patch = UpdatePatch.make(body: "Edited.")
        _ = try await store.store.editUpdate(
            update.id, of: story.reference, patch, if: .none, access: .editor)
        patch = UpdatePatch()
        patch.state = .set(.draft)
        _ = try await store.store.editUpdate(
            update.id, of: story.reference, patch, if: .none, access: .editor)
        patch.state = .set(.published)
        _ = try await store.store.editUpdate(
            update.id, of: story.reference, patch, if: .none, access: .editor)
        try await store.store.deleteUpdate(update.id, of: story.reference, if: .none, access: .editor)
        _ = try await store.store.restoreUpdate(
            update.id, of: story.reference, if: .none, idempotency: nil, access: .editor)
        _ = try await store.store.takeDownUpdate(
            update.id, of: story.reference, reason: "Court", if: .none, idempotency: nil, access: .editor)
        for status in [StoryStatus.closed, .live] {
            var patch = StoryPatch()
            patch.status = .set(status)
            _ = try await store.store.editStory(story.reference, patch, if: .none, access: .editor)
        }
        #expect(try await fixture.dispatcher().sendDue() == 10)
        let types = fixture.receiver.received.map(\.type)
        #expect(
            types == [
                "story.opened", "update.published", "update.edited", "update.removed", "update.published",
                "update.removed", "update.published", "update.taken_down", "story.closed", "story.opened",
            ])
        #expect(fixture.receiver.received.map(\.seq) == Array(1...10))
        let epoch = try await store.snapshot(of: story).cursor.description.prefix { $0 != "-" }
        #expect(fixture.receiver.received.allSatisfy { $0.body.contains(#""epoch":"\#(epoch)""#) })
        let deliveries = try await fixture.deliveries(hook)
        #expect(deliveries.allSatisfy { $0.status == .delivered && $0.attempts == 1 && $0.code == 204 })
        #expect(fixture.receiver.received.map(\.id) == deliveries.map(\.id.description))
    }

    @Test(
        "Scheduled updates cause an event when they are published; drafts, hidden stories, imports and reactions cause none"
    )
    func silence() async throws {
        let fixture = try HookFixture()
        let (hook, store) = (try await fixture.hook(), fixture.store)
        let (hidden, story) = (try await store.story(status: .draft), try await store.story())
        try await store.update(of: hidden)
        var patch = UpdatePatch.make(body: "Later.")
        patch.publishAt = .set(Timestamp(milliseconds: store.clock.now.milliseconds + 60_000))
        _ = try await store.store.createUpdate(of: story.reference, patch, access: .editor)
        var document = try await store.store.exportStory(story.reference, access: .admin)
        document.slug = Slug("imported")
        _ = try await store.store.importStory(document, idempotency: nil, access: .admin)
        _ = try await store.store.react(
            .veryGood, to: nil, of: story.reference, by: nil, idempotency: nil, access: .reader)
        #expect(try await fixture.deliveries(hook).map(\.event) == [.storyOpened])
        store.clock.advance(milliseconds: 60_000)
        try await store.store.publishDueUpdates()
        #expect(try await fixture.deliveries(hook).map(\.event) == [.storyOpened, .updatePublished])
    }

    @Test(
        "A webhook is told only of its events, its story and its tag, of which an update has those of its story"
    )
    func filters() async throws {
        let fixture = try HookFixture()
        let story = try await fixture.store.story { $0.tags = .set(["Harbour"]) }
        let other = try await fixture.store.story("Another")
        let hooks = [
            try await fixture.hook { $0.events = .set([.updateRemoved]) },
            try await fixture.hook { $0.story = .set(other.reference) },
            try await fixture.hook { $0.tag = .set("HARBOUR") },
            try await fixture.hook { $0.tag = .set("storm") },
            try await fixture.hook { $0.isEnabled = .set(false) },
        ]
        let update = try await fixture.store.update(of: story)
        try await fixture.store.update(of: other) { $0.tags = .set(["Storm"]) }
        try await fixture.store.store.deleteUpdate(update.id, of: story.reference, if: .none, access: .editor)
        var counts: [Int] = []
        for hook in hooks { counts.append(try await fixture.deliveries(hook).count) }
        #expect(counts == [1, 1, 2, 1, 0])
    }

    @Test("Signatures of both schemes verify, of the former keys too for a day after a rotation")
    func signatures() async throws {
        let fixture = try HookFixture()
        let (first, second) = (StandardWebhooks.newKeys(), StandardWebhooks.newKeys())
        let hook = try await fixture.hook(keys: first)
        let (store, dispatcher) = (fixture.store.store, try fixture.dispatcher())
        func signed() async throws -> Received {
            _ = try await store.testWebhook(hook.id, idempotency: nil, access: .admin)
            _ = try await dispatcher.sendDue()
            return try #require(fixture.receiver.received.last)
        }
        func verify(_ received: Received, _ keys: [WebhookKeys]) {
            #expect(received.signatures("v1") == keys.map { base64(hmac(received.message, key: $0.secret)) })
            let asymmetric = received.signatures("v1a").map { bytes(ofBase64: $0) ?? [] }
            #expect(asymmetric.count == keys.count)
            for (signature, keys) in zip(asymmetric, keys) {
                #expect(Ed25519.isValid(signature, of: received.message, by: keys.publicKey))
                #expect(!Ed25519.isValid(signature, of: received.message + [0], by: keys.publicKey))
            }
        }
        verify(try await signed(), [first])
        let rotated = try await store.rotateWebhook(hook.id, keys: second, idempotency: nil, access: .admin)
        #expect(rotated.publicKey == second.publicKey)
        verify(try await signed(), [second, first])
        fixture.store.clock.advance(milliseconds: Self.day)
        let last = try await signed()
        verify(last, [second])
        #expect(last.fields["webhook-timestamp"] == "\(fixture.store.clock.now.milliseconds / 1_000)")
        #expect(
            last.fields["content-type"] == "application/json" && last.fields["user-agent"] == "Wireroom/0")
    }

    @Test(
        "A failure is tried again, under the same id and with the same event, and later ones of its story wait"
    )
    func retries() async throws {
        let fixture = try HookFixture()
        let hook = try await fixture.hook()
        let dispatcher = try fixture.dispatcher()
        fixture.receiver.answer("hook", "500 Broken")
        let story = try await fixture.store.story()
        try await fixture.store.update(of: story)
        #expect(try await dispatcher.sendDue() == 1)
        let other = try await fixture.store.story("Another")
        #expect(try await dispatcher.sendDue() == 1)  // Another story does not wait.
        #expect(try await fixture.present(hook).failingSince == nil)
        #expect(try await fixture.deliveries(hook).map(\.status) == [.waiting, .waiting, .delivered])
        fixture.receiver.answer("hook", "302 Found\r\nLocation: /other")
        #expect(try await fixture.sendNext(dispatcher) == 1)
        let failed = try #require(try await fixture.deliveries(hook).first)
        #expect(failed.code == 302 && failed.attempts == 2 && failed.error?.contains("redirects") == true)
        #expect(try await fixture.present(hook).failingSince == fixture.store.clock.now)
        #expect(try await fixture.sendNext(dispatcher) == 2)
        let received = fixture.receiver.received
        #expect(received.map(\.seq) == [1, 1, 1, 1, 2] && received[1].body.contains("\(other.id)"))
        #expect(Set([0, 2, 3].map { received[$0].id }).count == 1)
        #expect(Set([0, 2, 3].map { received[$0].body }).count == 1)
        #expect(received.allSatisfy { $0.path == "/hook" })
        #expect(try await fixture.deliveries(hook).allSatisfy { $0.status == .delivered })
        #expect(dispatcher.figures.delivered == 3 && dispatcher.figures.retried == 2)
    }

    @Test(
        "Retry-After is honoured, in seconds and as a date, up to a day",
        arguments: [("3600", 3_600), ("Mon, 23 Nov 2026 00:00:00 GMT", nil), ("99999999999", 86_400)])
    func retryAfter(value: String, seconds: Int64?) async throws {
        let fixture = try HookFixture()
        let hook = try await fixture.hook()
        fixture.receiver.answer("hook", "503 Busy\r\nRetry-After: \(value)")
        _ = try await fixture.store.story()
        let date = try #require(Timestamp("2026-11-23T00:00:00Z"))
        fixture.store.clock.now = Timestamp(milliseconds: date.milliseconds - 7_200_000)
        _ = try await fixture.dispatcher().sendDue()
        let due = try #require(try await fixture.deliveries(hook).first?.dueAt)
        #expect(due.milliseconds - fixture.store.clock.now.milliseconds == (seconds ?? 7_200) * 1_000)
    }

    @Test("A slow receiver is given up for now, and does not hold up others")
    func slow() async throws {
        let fixture = try HookFixture()
        let hook = try await fixture.hook()
        fixture.receiver.delay(milliseconds: 10_000)
        _ = try await fixture.store.story()
        let dispatcher = try fixture.dispatcher(timeout: .milliseconds(200))
        let began = ContinuousClock.now
        #expect(try await dispatcher.sendDue() == 1)
        #expect(began.duration(to: .now) < .seconds(10))
        let delivery = try #require(try await fixture.deliveries(hook).first)
        #expect(
            delivery.status == .waiting && delivery.code == nil && delivery.error?.contains("in time") == true
        )
    }

    @Test("An answer 410 disables a webhook at once, and what waits fails")
    func gone() async throws {
        let fixture = try HookFixture()
        let hook = try await fixture.hook()
        fixture.receiver.answer("hook", "410 Gone")
        let story = try await fixture.store.story()
        try await fixture.store.update(of: story)
        #expect(try await fixture.dispatcher().sendDue() == 1)
        let present = try await fixture.present(hook)
        #expect(!present.settings.isEnabled && present.disabledReason?.contains("410") == true)
        try await fixture.store.update(of: story)
        #expect(try await fixture.deliveries(hook).map(\.status) == [.failed, .failed])
        #expect(try await fixture.dispatcher().sendDue() == 0)
        let trail = try await fixture.store.store.auditTrail(AuditQuery(limit: 10), access: .admin).entries
        #expect(
            trail.contains {
                $0.action == "webhook.disable" && $0.actor == .deliveries && $0.detail == hook.id.description
            })
    }

    @Test(
        "After three days without a success a webhook is disabled; enabled again, it is told of what comes then"
    )
    func window() async throws {
        let fixture = try HookFixture()
        let hook = try await fixture.hook()
        let dispatcher = try fixture.dispatcher()
        fixture.receiver.answer("hook", "204 None")
        let story = try await fixture.store.story()
        _ = try await dispatcher.sendDue()
        let start = fixture.store.clock.now
        for _ in 0..<200 { fixture.receiver.answer("hook", "500 Broken") }
        try await fixture.store.update(of: story)
        var attempts = try await dispatcher.sendDue()
        while try await fixture.present(hook).settings.isEnabled {
            try #require(attempts < 200)
            attempts += try await fixture.sendNext(dispatcher)
        }
        let days = Double(fixture.store.clock.now.milliseconds - start.milliseconds) / Double(Self.day)
        #expect(days >= 3 && days < 3.01 && attempts > 12)
        let present = try await fixture.present(hook)
        #expect(present.disabledReason?.contains("no delivery has succeeded") == true)
        let failed = try #require(try await fixture.deliveries(hook).last)
        #expect(failed.status == .failed && failed.attempts == attempts && failed.code == 500)
        var patch = WebhookPatch()
        patch.isEnabled = .set(true)
        let enabled = try await fixture.store.store.editWebhook(hook.id, patch, access: .admin)
        #expect(enabled.disabledReason == nil && enabled.failingSince == nil)
        let sent = fixture.receiver.received.count
        try await fixture.store.update(of: story)
        _ = try await dispatcher.sendDue()
        #expect(fixture.receiver.received.count == sent + 1)
    }
}
