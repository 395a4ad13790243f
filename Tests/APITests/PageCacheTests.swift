import HTTP
import Stories
import Support
import Synchronization
import Testing

@testable import API

@Suite("Pages in memory")
struct PageCacheTests {
    private let feed = newFeed()
    private let counter = RouteCounter(RouteMeter(.get, "/"))

    private func content(_ text: String) -> PageContent {
        PageContent(
            bytes: Array(text.utf8), tag: text, story: feed.id, freshness: .live)
    }

    private func slot(_ number: UInt64, in cache: PageCache) -> PageSlot {
        cache.slot(
            PageKey(story: .id(feed.id), kind: .update(Identifier(high: 2, low: number))), of: feed, counter)
    }

    @Test(
        "A page is right until the story changes, and a page of before never takes the place of one of after")
    func stale() async throws {
        let slot = slot(1, in: PageCache(capacity: 1 << 20, sharedLines: []))
        #expect(slot.current() == nil)
        let old = feed.stamp
        _ = slot.put(content("old"), stamp: old)
        #expect(slot.current()?.content.tag == "old")
        feed.renew()
        #expect(slot.current() == nil)
        _ = slot.put(content("new"), stamp: feed.stamp)
        _ = slot.put(content("late"), stamp: old)
        #expect(slot.current()?.content.tag == "new")
        feed.retire()
        #expect(slot.current() == nil)
        _ = slot.put(content("dead"), stamp: feed.stamp)
        #expect(slot.current() == nil)
    }

    @Test("Those who ask at once share one reading; who asks after a change has a reading of after")
    func singleFlight() async throws {
        let slot = slot(1, in: PageCache(capacity: 1 << 20, sharedLines: []))
        let readings = Atomic<Int>(0)
        let load: PageSlot.Load = { () async throws(Problem) in
            let number = readings.add(1, ordering: .relaxed).newValue
            // The first reading takes until the story has changed.
            if number == 1 { try? await until { self.feed.stamp != 0 } }
            return self.content("\(number)")
        }
        async let first = slot.page(load)
        async let second = slot.page(load)
        try await until { readings.load(ordering: .relaxed) != 0 }
        try await Task.sleep(nanoseconds: 20_000_000)
        feed.renew()
        let late = try await slot.page(load)
        let shared = try await [first, second].map(\.content.tag)
        #expect(shared == ["1", "1"])
        #expect(late.content.tag == "2" && slot.current()?.content.tag == "2")
    }

    /// Which reactions make the page of a slot old: one at once, one within the same second, and the tick after it.
    private func seen(_ kind: PageKey.Kind, bytes: Int) async throws -> [Bool] {
        let (feed, start) = (newFeed(), Instant.now)
        let slot = PageCache(capacity: 1 << 20, sharedLines: []).slot(
            PageKey(story: .id(feed.id), kind: kind), of: feed, counter)
        let reaction = ReactionStep(story: feed.id, update: nil, kind: .veryGood, count: 1)
        let events: [() -> Void] = [
            { feed.reactions.take(reaction, at: start) },
            { feed.reactions.take(reaction, at: start + .milliseconds(10)) },
            { feed.tickReactions(at: start + .milliseconds(900)) },
        ]
        var seen: [Bool] = []
        for event in events {
            _ = try await slot.page { () async throws(Problem) in
                self.content(String(repeating: "x", count: bytes))
            }
            event()
            seen.append(slot.current() == nil)
        }
        return seen
    }

    @Test("A reaction makes old what shows it alone: small counts at once, all else at most once a second")
    func reactions() async throws {
        let page = PageKey.Kind.digest(.page, .page(SnapshotQuery()))
        #expect(try await seen(.reactions, bytes: 100) == [true, true, false])
        #expect(try await seen(.story, bytes: 100) == [true, true, false])
        #expect(try await seen(.reactions, bytes: PageSlot.exactBytes + 1) == [true, false, true])
        #expect(try await seen(page, bytes: 100) == [true, false, true])
        #expect(
            try await seen(.digest(.page, .update(feed.id)), bytes: 100) == [true, false, true])
        for kind in DigestForm.feeds.map({ PageKey.Kind.digest($0, .page(SnapshotQuery())) }) {
            #expect(try await seen(kind, bytes: 100) == [false, false, false])
        }
        #expect(try await seen(.snapshot(SnapshotQuery()), bytes: 100) == [false, false, false])
    }

    @Test("When there is too little room those go that were not used for the longest")
    func eviction() throws {
        let cache = PageCache(capacity: 100_000, sharedLines: [])
        let text = String(repeating: "x", count: 7_000)
        func fill(_ number: UInt64) {
            let page = slot(number, in: cache).put(content(text), stamp: feed.stamp)
            cache.grew(by: page.byteCount)
        }
        fill(0)
        for number in 1...40 {
            fill(UInt64(number))
            // Used again and again, so it stays.
            _ = slot(0, in: cache)
        }
        #expect(cache.size.bytes <= 100_000 && cache.size.pages < 12)
        #expect(slot(0, in: cache).current() != nil && slot(40, in: cache).current() != nil)
        #expect(slot(1, in: cache).current() == nil)
    }

    @Test("A cache of no bytes keeps nothing")
    func none() {
        let cache = PageCache(capacity: 0, sharedLines: [])
        _ = slot(1, in: cache).put(content("x"), stamp: feed.stamp)
        #expect(slot(1, in: cache).current() == nil && cache.size.pages == 0)
    }
}

/// A feed that stands where a story of the store might.
private func newFeed() -> LiveFeed {
    LiveFeed(
        StoryDetail(
            story: Story(
                id: Identifier(high: 1, low: 1), slug: Slug(stored: "a"), content: StoryContent(title: "a"),
                publishedAt: nil, createdAt: Timestamp(milliseconds: 0),
                modifiedAt: Timestamp(milliseconds: 0),
                seq: 3, updateCount: 0), version: Version(epoch: 1, seq: 1), reactions: [:]),
        interval: PollInterval(), load: 0, at: .now, time: testTime)
}
