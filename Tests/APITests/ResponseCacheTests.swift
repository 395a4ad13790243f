// SPDX-License-Identifier: Apache-2.0
import HTTP
import Stories
import Support
import Synchronization
import Testing

@testable import API
@testable import Live

@Suite("The response cache")
struct ResponseCacheTests {
    private let channel = newChannel()
    private let counter = RouteCounter(RouteMeter(.get, "/"))

    private func content(_ text: String) -> Representation {
        Representation(
            bytes: Array(text.utf8), tag: text, story: channel.id, freshness: .live)
    }

    private func entry(_ number: UInt64, in cache: ResponseCache) -> CacheEntry {
        cache.entry(
            CacheKey(story: .id(channel.id), variant: .update(Identifier(high: 2, low: number))), of: channel,
            showing: .none, counter)
    }

    @Test(
        "A response is fresh until the story changes, and an older one never replaces a newer one")
    func stale() async throws {
        let entry = entry(1, in: ResponseCache(capacity: 1 << 20, sharedLines: []))
        #expect(entry.current() == nil)
        let old = channel.generation
        _ = entry.put(content("old"), generation: old)
        #expect(entry.current()?.representation.tag == "old")
        channel.moveGeneration()
        #expect(entry.current() == nil)
        _ = entry.put(content("new"), generation: channel.generation)
        _ = entry.put(content("late"), generation: old)
        #expect(entry.current()?.representation.tag == "new")
        channel.invalidate()
        #expect(entry.current() == nil)
        _ = entry.put(content("dead"), generation: channel.generation)
        #expect(entry.current() == nil)
    }

    @Test("A retired entry is found no more, what is being read for it is not kept, and others stay")
    func retirement() async throws {
        let cache = ResponseCache(capacity: 1 << 20, sharedLines: [])
        let (meant, other) = (entry(1, in: cache), entry(2, in: cache))
        _ = meant.put(content("old"), generation: channel.generation)
        _ = other.put(content("other"), generation: channel.generation)
        let isRetired = Atomic<Bool>(false)
        let begun = Atomic<Bool>(false)
        channel.moveGeneration()
        async let late = meant.cached {
            begun.store(true, ordering: .releasing)
            try? await until { isRetired.load(ordering: .acquiring) }
            return self.content("late")
        }
        try await until { begun.load(ordering: .acquiring) }
        _ = other.put(content("other"), generation: channel.generation)
        cache.retire { $0 == .update(Identifier(high: 2, low: 1)) }
        isRetired.store(true, ordering: .releasing)
        #expect(try await late.representation.tag == "late" && meant.current() == nil)
        #expect(other.current()?.representation.tag == "other")
        #expect(entry(1, in: cache) !== meant && entry(2, in: cache) === other)
    }

    @Test("Single flight: concurrent requests share one read, and one after a change gets a new read")
    func singleFlight() async throws {
        let entry = entry(1, in: ResponseCache(capacity: 1 << 20, sharedLines: []))
        let readings = Atomic<Int>(0)
        let load: CacheEntry.Load = {
            let number = readings.add(1, ordering: .relaxed).newValue
            // The first read lasts until the story has changed.
            if number == 1 { try? await until { self.channel.generation != 0 } }
            return self.content("\(number)")
        }
        async let first = entry.cached(load)
        async let second = entry.cached(load)
        try await until { readings.load(ordering: .relaxed) != 0 }
        try await Task.sleep(nanoseconds: 20_000_000)
        channel.moveGeneration()
        let late = try await entry.cached(load)
        let shared = try await [first, second].map(\.representation.tag)
        #expect(shared == ["1", "1"])
        #expect(late.representation.tag == "2" && entry.current()?.representation.tag == "2")
    }

    /// Returns which events make a response stale: a reaction, another one within the same second, and the tick after it.
    private func seen(_ shown: ShownReactions, bytes: Int) async throws -> [Bool] {
        let (channel, start) = (newChannel(), Instant.now)
        let entry = ResponseCache(capacity: 1 << 20, sharedLines: []).entry(
            CacheKey(story: .id(channel.id), variant: .story), of: channel, showing: shown, counter)
        let reaction = ReactionStep(story: channel.id, update: nil, kind: .veryGood, count: 1)
        let events: [() -> Void] = [
            { channel.reactions.take(reaction, at: start) },
            { channel.reactions.take(reaction, at: start + .milliseconds(10)) },
            { channel.tickReactions(at: start + .milliseconds(900)) },
        ]
        var seen: [Bool] = []
        for event in events {
            if entry.current() == nil {
                _ = try await entry.cached { self.content(String(repeating: "x", count: bytes)) }
            }
            event()
            seen.append(entry.current() == nil)
        }
        return seen
    }

    @Test("A reaction invalidates only what shows it: small counts at once, others at most once a second")
    func reactions() async throws {
        #expect(try await seen(.exactly, bytes: 100) == [true, true, false])
        #expect(try await seen(.exactly, bytes: CacheEntry.exactBytes + 1) == [true, false, true])
        #expect(try await seen(.throttled, bytes: 100) == [true, false, true])
        #expect(try await seen(.none, bytes: 100) == [false, false, false])
    }

    @Test("LRU eviction: a full cache evicts the least recently used entries")
    func eviction() throws {
        let cache = ResponseCache(capacity: 100_000, sharedLines: [])
        let text = String(repeating: "x", count: 7_000)
        func fill(_ number: UInt64) {
            let cached = entry(number, in: cache).put(content(text), generation: channel.generation)
            cache.grew(by: cached.byteCount)
        }
        fill(0)
        for number in 1...40 {
            fill(UInt64(number))
            // Recently used, so it stays.
            _ = entry(0, in: cache)
        }
        #expect(cache.size.bytes <= 100_000 && cache.size.entries < 12)
        #expect(entry(0, in: cache).current() != nil && entry(40, in: cache).current() != nil)
        #expect(entry(1, in: cache).current() == nil)
    }

    @Test("A cache with a capacity of 0 bytes stores nothing")
    func none() {
        let cache = ResponseCache(capacity: 0, sharedLines: [])
        _ = entry(1, in: cache).put(content("x"), generation: channel.generation)
        #expect(entry(1, in: cache).current() == nil && cache.size.entries == 0)
    }
}

/// Returns the channel of a story that is in no store.
private func newChannel() -> StoryChannel {
    StoryChannel(
        StoryDetail(
            story: Story(
                id: Identifier(high: 1, low: 1), slug: Slug(stored: "a"), content: StoryContent(title: "a"),
                publishedAt: nil, createdAt: Timestamp(milliseconds: 0),
                modifiedAt: Timestamp(milliseconds: 0),
                seq: 3, updateCount: 0), version: Version(epoch: 1, seq: 1), reactions: [:]),
        encoder: JSONFeedEncoder(), interval: PollInterval(), load: 0, at: .now, time: testTime)
}
