import HTTP
import Stories
import Testing

@testable import API

@Suite("The server's word to its pollers")
struct ChangeRateTests {
    private let start = Instant.now

    @Test("The faster a story moves, the sooner pollers come back")
    func pace() {
        var pace = ChangeRate(at: start)
        #expect(pace.seconds(at: start) == 10)
        #expect(pace.seconds(at: start + .seconds(299)) == 10)
        #expect(pace.seconds(at: start + .seconds(301)) == 20)
        #expect(pace.seconds(at: start + .seconds(3_601)) == 30)
        for second in 1...4 { pace.count(at: start + .seconds(second)) }
        #expect(pace.seconds(at: start + .seconds(5)) == 5)
        #expect(pace.seconds(at: start + .seconds(302)) == 10)
        #expect(pace.seconds(at: start + .seconds(400)) == 20)
    }

    @Test(
        "Load doubles the interval, within the operator's bounds",
        arguments: [
            (5, 0, 5), (5, 1, 10), (10, 2, 40), (30, 2, 60),
        ])
    func load(pace: Int, load: Int, seconds: Int) {
        #expect(PollInterval().seconds(pace: pace, load: load) == seconds)
        #expect(PollInterval(bounds: 7...7).seconds(pace: pace, load: load) == 7)
    }

    @Test("A closed story is polled seldom, and still more seldom after its first day")
    func closed() {
        let closing = Timestamp(milliseconds: 1_000)
        let day: Int64 = 86_400_000
        for (age, seconds) in [(-5, 300), (0, 300), (day - 1, 300), (day, 3_600), (900 * day, 3_600)] {
            let time = Timestamp(milliseconds: 1_000 + age)
            #expect(PollInterval().seconds(closedAt: closing, at: time) == seconds)
        }
        #expect(PollInterval(closed: 1...2).seconds(closedAt: closing, at: closing) == 1)
    }

    @Test("The load is what lasts: a spike changes nothing, and neither does a pause")
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
