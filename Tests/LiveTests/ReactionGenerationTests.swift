// SPDX-License-Identifier: Apache-2.0
import HTTP
import Testing

@testable import Live

@Suite("Reaction generation")
struct ReactionGenerationTests {
    private let generation = ReactionGeneration()
    private let start = Instant.now

    private func after(_ milliseconds: Int) -> Instant { start + .milliseconds(milliseconds) }

    @Test("It advances with the first reaction after a quiet second, and then only with ticks")
    func edges() {
        generation.count(at: after(0))
        #expect(generation.throttled == 1)
        for moment in [1, 500, 999] { generation.count(at: after(moment)) }
        #expect(generation.throttled == 1 && generation.latest == 4)
        generation.tick(at: after(999))
        #expect(generation.throttled == 4)
        generation.count(at: after(1_001))
        #expect(generation.throttled == 4)
    }

    @Test("A tick without reactions does not advance it, and the next reaction does so at once")
    func quiet() {
        generation.count(at: after(0))
        generation.tick(at: after(1_000))
        #expect(generation.throttled == 1)
        generation.count(at: after(1_000))
        #expect(generation.throttled == 2)
    }

    @Test("An external write advances it at once, and makes everything read before stale")
    func externalWrite() {
        generation.count(at: after(0))
        generation.count(at: after(1))
        let read = generation.latest
        generation.markStale(at: after(2))
        #expect(generation.throttled > read && generation.latest == generation.throttled)
    }

    @Test("It advances at most once a second, plus once")
    func bounded() {
        var positions: Set<UInt64> = []
        for moment in 0..<10_000 {
            generation.count(at: after(moment))
            if moment % 1_000 == 700 { generation.tick(at: after(moment)) }
            positions.insert(generation.throttled)
        }
        #expect(positions.count == 11 && generation.latest == 10_000)
    }
}
