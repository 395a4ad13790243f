// SPDX-License-Identifier: Apache-2.0
import HTTP
import Stories
import Testing

@testable import Live

@Suite("Poll interval")
struct ChangeRateTests {
    private let start = Instant.now

    @Test("The interval is shorter the faster a story changes")
    func rate() {
        var rate = ChangeRate(at: start)
        #expect(rate.seconds(at: start) == 10)
        #expect(rate.seconds(at: start + .seconds(299)) == 10)
        #expect(rate.seconds(at: start + .seconds(301)) == 20)
        #expect(rate.seconds(at: start + .seconds(3_601)) == 30)
        for second in 1...4 { rate.count(at: start + .seconds(second)) }
        #expect(rate.seconds(at: start + .seconds(5)) == 5)
        #expect(rate.seconds(at: start + .seconds(302)) == 10)
        #expect(rate.seconds(at: start + .seconds(400)) == 20)
    }

    @Test(
        "Load doubles the interval, within the operator's bounds",
        arguments: [
            (5, 0, 5), (5, 1, 10), (10, 2, 40), (30, 2, 60),
        ])
    func load(rated: Int, load: Int, seconds: Int) {
        #expect(PollInterval().seconds(rated: rated, load: load) == seconds)
        #expect(PollInterval(bounds: 7...7).seconds(rated: rated, load: load) == 7)
    }

    @Test("A closed story has a long interval, and a longer one after its first day")
    func closed() {
        let closing = Timestamp(milliseconds: 1_000)
        let day: Int64 = 86_400_000
        for (age, seconds) in [(-5, 300), (0, 300), (day - 1, 300), (day, 3_600), (900 * day, 3_600)] {
            let time = Timestamp(milliseconds: 1_000 + age)
            #expect(PollInterval().seconds(closedAt: closing, at: time) == seconds)
        }
        #expect(PollInterval(closed: 1...2).seconds(closedAt: closing, at: closing) == 1)
    }

    @Test("Only sustained load changes the level, not a spike or a pause")
    func meter() {
        var meter = LoadMeter(processors: 2, at: start)
        for share in [1.0, 1.0, 0.1, 1.0, 1.0] { meter.count(share: share) }
        #expect(meter.level == 0)
        for _ in 0..<3 { meter.count(share: 0.95) }
        #expect(meter.level == 1)
        for _ in 0..<3 { meter.count(share: 0.95) }
        #expect(meter.level == 2)
        for _ in 0..<9 { meter.count(share: 0.1) }
        #expect(meter.level == 2)
        for _ in 0..<11 { meter.count(share: 0.1) }
        #expect(meter.level == 0)
    }
}
