// SPDX-License-Identifier: Apache-2.0
import Database
import Delivery
import HTTP
import JSON
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// What followers get, and what push services answer.
@Suite("Sending push messages", .onEveryEngine)
struct PushSendingTests {
    @Test(
        "Each follower gets one message that only it can read, signed for its push service, with TTL, Urgency and Topic"
    )
    func messages() async throws {
        let fixture = try await PushFixture()
        let story = try await fixture.store.story("Bridge")
        let other = try await fixture.store.story("Storm")
        let subscribers = try await fixture.subscribe("a", "b", "c", "d", "e", to: story)
        _ = try await fixture.subscribe("x", to: other)
        let update = try await fixture.notify(story)
        try await fixture.store.update(of: story) { $0.keyEvent = .set(true) }
        fixture.store.clock.advance(milliseconds: 60_000)
        let dispatcher = try fixture.dispatcher()
        try await dispatcher.sendDue()
        let received = fixture.service.received
        #expect(fixture.paths.sorted() == ["a", "b", "c", "d", "e"])
        for message in received {
            let subscriber = try #require(subscribers.first { "/" + $0.path == message.path })
            let text = try subscriber.read(message)
            #expect(text["title"]?.string == "Bridge" && text["tag"]?.string == story.id.description)
            #expect(text["body"]?.string?.contains("open") == true)
            #expect(text["url"]?.string == "https://news.example/live/\(story.slug)/\(update.id)")
            #expect(message.fields["content-encoding"] == "aes128gcm" && message.fields["urgency"] == "high")
            // Four hours, less the minute that has passed and the second of the later post.
            #expect(message.fields["ttl"] == "\(4 * 3_600 - 61)")
            let claims = try VAPIDClaims(message.fields["authorization"] ?? "", key: fixture.keys.publicKey)
            #expect(claims.audience == fixture.service.url && claims.subject == "mailto:ops@news.example")
            #expect(claims.expiry * 1_000 > fixture.store.clock.now.milliseconds)
        }
        let topics = Set(received.compactMap { $0.fields["topic"] })
        #expect(topics.count == 5, "a topic names followers of the same story")
        #expect(topics.allSatisfy { (1...32).contains($0.utf8.count) })
        #expect(dispatcher.figures.delivered == 5 && dispatcher.figures.pruned == 0)
        #expect(try await fixture.waiting() == 0)
    }

    @Test("404 and 410 remove the endpoint from all stories; what fails five times in a row is removed, too")
    func pruning() async throws {
        let fixture = try await PushFixture()
        let (story, other) = (try await fixture.store.story("Bridge"), try await fixture.store.story("Storm"))
        _ = try await fixture.subscribe("gone", "missing", "broken", "good", to: story)
        _ = try await fixture.subscribe("gone", "good", to: other)
        fixture.service.answer("gone", "410 Gone")
        fixture.service.answer("missing", "404 Not Found")
        fixture.service.answer("broken", "400 No", "400 No", "400 No", "400 No", "201 Yes")
        let dispatcher = try fixture.dispatcher()
        for round in 1...5 {
            try await fixture.notify(story, "Note \(round)")
            try await dispatcher.sendDue()
            #expect(try await fixture.followers(of: story) == 2)
        }
        #expect(try await fixture.followers(of: other) == 1)
        #expect(dispatcher.figures.pruned == 2 && dispatcher.figures.abandoned == 4)
        for _ in 0..<Limits.pushFailures { fixture.service.answer("broken", "403 Forbidden") }
        for round in 6...10 {
            #expect(try await fixture.followers(of: story) == 2)
            try await fixture.notify(story, "Note \(round)")
            try await dispatcher.sendDue()
        }
        #expect(try await fixture.followers(of: story) == 1, "a success did not reset the count")
        #expect(fixture.paths.filter { $0 == "good" }.count == 10)
    }

    @Test("Retry-After holds back the whole push service, and everybody is notified once it is over")
    func retryAfter() async throws {
        let fixture = try await PushFixture()
        let story = try await fixture.store.story()
        _ = try await fixture.subscribe("a", to: story)
        _ = try await fixture.subscribe("b", "c", "d", "e", to: story)
        fixture.service.answer("a", "429 Slow\r\nRetry-After: 600")
        try await fixture.notify(story)
        let dispatcher = try fixture.dispatcher(batch: 1)
        try await dispatcher.sendDue()
        #expect(fixture.paths == ["a"], "a service that asked for a pause was not left alone")
        fixture.store.clock.advance(milliseconds: 599_000)
        try await dispatcher.sendDue()
        #expect(fixture.paths == ["a"])
        fixture.store.clock.advance(milliseconds: 30 * 60_000)
        try await dispatcher.sendDue()
        #expect(fixture.paths.sorted() == ["a", "a", "b", "c", "d", "e"])
        #expect(try await fixture.waiting() == 0)
    }

    @Test("What fails for the moment is sent again later, to those only, and not after four hours")
    func retries() async throws {
        let fixture = try await PushFixture()
        let story = try await fixture.store.story()
        _ = try await fixture.subscribe("a", "b", to: story)
        fixture.service.answer("b", "500 Oh", "503 Oh")
        try await fixture.notify(story)
        let dispatcher = try fixture.dispatcher()
        try await dispatcher.sendDue()
        for _ in 0..<2 {
            let due = try #require(try await fixture.store.store.waitingNotifications().nextDue)
            #expect(due > fixture.store.clock.now)
            fixture.store.clock.now = due
            try await dispatcher.sendDue()
        }
        #expect(fixture.paths.sorted() == ["a", "b", "b", "b"] && dispatcher.figures.retried == 2)
        #expect(try await fixture.waiting() == 0)
        for _ in 0..<100 { fixture.service.answer("b", "500 Oh") }
        try await fixture.notify(story)
        let end = fixture.store.clock.now.milliseconds + Limits.pushLifetimeMilliseconds
        while let due = try await fixture.store.store.waitingNotifications().nextDue {
            fixture.store.clock.now = max(due, fixture.store.clock.now)
            try await dispatcher.sendDue()
        }
        #expect(fixture.store.clock.now.milliseconds <= end)
        #expect(dispatcher.figures.abandoned == 1)
    }

    @Test("A push service that takes less gets the title only; one that takes nothing counts as a failure")
    func short() async throws {
        let fixture = try await PushFixture()
        let story = try await fixture.store.story("Bridge")
        let subscribers = try await fixture.subscribe("small", "closed", to: story)
        fixture.service.answer("small", "413 Large")
        fixture.service.answer("closed", "413 Large", "413 Large")
        try await fixture.notify(story)
        let dispatcher = try fixture.dispatcher()
        try await dispatcher.sendDue()
        let small = fixture.service.received.filter { $0.path == "/small" }
        #expect(try small.map { try subscribers[0].read($0)["body"]?.string == "" } == [false, true])
        #expect(dispatcher.figures.delivered == 1 && dispatcher.figures.abandoned == 1)
    }

    @Test("Texts are cut to two hundred bytes between characters")
    func text() async throws {
        let fixture = try await PushFixture()
        let story = try await fixture.store.story(String(repeating: "Brücke ", count: 40))
        let subscribers = try await fixture.subscribe("a", to: story)
        try await fixture.notify(story, String(repeating: "Überschwemmung, größer als je. ", count: 20))
        try await fixture.dispatcher().sendDue()
        let text = try subscribers[0].read(try #require(fixture.service.received.first))
        let body = try text.text("body")
        #expect(body.utf8.count <= 200 && body.utf8.count > 150 && body.hasSuffix("…"))
        #expect(!body.unicodeScalars.contains("\u{FFFD}") && body.hasPrefix("Überschwemmung"))
    }

    @Test("A service gets so many messages a second; what would wait for long is put off")
    func rate() async throws {
        let fixture = try await PushFixture()
        let story = try await fixture.store.story()
        _ = try await fixture.subscribe("a", "b", "c", "d", to: story)
        try await fixture.notify(story)
        var limits = PushLimits()
        (limits.perSecond, limits.burst, limits.longestWaitMilliseconds) = (0.1, 2, 0)
        let dispatcher = try fixture.dispatcher(limits: limits)
        try await dispatcher.sendDue()
        #expect(fixture.paths.count == 2)
        fixture.store.clock.advance(milliseconds: 10_000)
        try await dispatcher.sendDue()
        #expect(fixture.paths.count == 3)
        fixture.store.clock.advance(milliseconds: 20_000)
        try await dispatcher.sendDue()
        #expect(fixture.paths.sorted() == ["a", "b", "c", "d"])
    }

    @Test("A host that does not answer is left alone for a minute")
    func breaker() async throws {
        let fixture = try await PushFixture()
        let story = try await fixture.store.story()
        let lost = try Subscriber("lost")
        // Nobody listens at port 1, and none of the receivers gets it.
        let closed = "http://127.0.0.1:1"
        for path in ["1", "2", "3", "4", "5", "6"] {
            let subscriber = try Subscriber("lost\(path)")
            _ = try await fixture.store.store.subscribe(
                PushSubscription(
                    endpoint: "\(closed)/\(path)", publicKey: lost.publicKey,
                    authentication: lost.authentication),
                as: subscriber.id, to: story.reference, access: .reader)
        }
        try await fixture.notify(story)
        let dispatcher = try fixture.dispatcher(batch: 1)
        try await dispatcher.sendDue()
        let dues = try fixture.store.database().rows(
            "SELECT attempts FROM push_retries ORDER BY subscription"
        ) {
            $0.integer()
        }
        #expect(dues == [1, 1, 1, 0, 0, 0], "after three failures the host was asked again")
    }
}
