// SPDX-License-Identifier: Apache-2.0
import Stories
import Support
import Testing

@testable import API
@testable import Live

@Suite("Reaction log")
struct ReactionLogTests {
    private let story = Identifier(high: 1, low: 1)
    private let update = Identifier(high: 1, low: 2)

    private func step(_ count: Int, to update: Identifier? = nil) -> ReactionStep {
        ReactionStep(story: story, update: update, kind: .veryGood, count: count)
    }

    /// Returns a log with one follower and all counts loaded.
    private func followed(_ counts: Reactions = Reactions()) -> SharedLog {
        let log = SharedLog()
        log.join()
        #expect(log.step(after: nil) == .load)
        #expect(!log.finishLoading(counts, asOf: log.end))
        return log
    }

    private func texts(_ step: ReactionLog.Step) -> [String]? {
        guard case .send(let frames, _) = step else { return nil }
        return frames.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("A new follower gets all counts, then an event with the changes since")
    func first() {
        let log = followed(Reactions(story: [.veryGood: 7], updates: [update: [.veryGood: 2]]))
        let all =
            "event: reactions\ndata: {\"all\":true,\"story\":{\"veryGood\":7},\"updates\":{\"\(update)\":{\"veryGood\":2}}}\n\n"
        #expect(texts(log.step(after: nil)) == [all])
        log.take(step(3, to: update))
        log.take(step(4, to: update))
        #expect(log.step(after: log.end) == .wait)
        #expect(log.tick())
        let event = "event: reactions\ndata: {\"story\":{},\"updates\":{\"\(update)\":{\"veryGood\":4}}}\n\n"
        #expect(texts(log.step(after: log.end - 1)) == [event])
        #expect(texts(log.step(after: nil)) == [all, event])
        #expect(!log.tick())
    }

    @Test("A count that drops to 0 is sent as 0")
    func zero() {
        let log = followed()
        log.take(step(0))
        _ = log.tick()
        #expect(texts(log.step(after: log.end - 1))?.first?.contains(#"{"story":{"veryGood":0}"#) == true)
    }

    @Test("All counts are loaded once for all waiting followers, and at most once per tick")
    func loading() {
        let log = SharedLog()
        log.join()
        #expect(log.step(after: nil) == .load)
        #expect(log.step(after: nil) == .wait)
        #expect(log.finishLoading(Reactions(), asOf: log.end))
        #expect(texts(log.step(after: nil))?.count == 1)
        log.lose()
        #expect(log.step(after: nil) == .wait)
        #expect(log.tick())
        #expect(log.step(after: nil) == .load)
    }

    @Test("A failed load is retried at the next tick")
    func trouble() {
        let log = SharedLog()
        log.join()
        #expect(log.step(after: nil) == .load)
        #expect(!log.finishLoading(nil, asOf: log.end))
        #expect(log.step(after: nil) == .wait)
        #expect(log.tick())
        #expect(log.step(after: nil) == .load)
    }

    @Test("Counts loaded while changes were lost are not sent")
    func lostWhileLoading() {
        let log = SharedLog()
        log.join()
        _ = log.step(after: nil)
        let number = log.end
        log.lose()
        _ = log.finishLoading(Reactions(story: [.veryGood: 1]), asOf: number)
        #expect(log.step(after: nil) == .wait)
        #expect(log.tick())
        #expect(log.step(after: nil) == .load)
    }

    @Test("Collects nothing without followers; a new follower gets all counts")
    func nobody() {
        let log = followed()
        let held = log.end
        log.leave()
        log.take(step(1))
        #expect(!log.tick())
        log.join()
        #expect(log.step(after: held) == .load)
    }

    @Test("A follower behind the retained events gets all counts, one within them the events")
    func slow() {
        let many = (0..<400).map { Identifier(high: 2, low: UInt64($0)) }
        let log = followed()
        let start = log.end
        for _ in 0..<6 {
            for update in many { log.take(step(1, to: update)) }
            _ = log.tick()
        }
        #expect(texts(log.step(after: log.end - 1))?.count == 1)
        #expect(texts(log.step(after: log.end - 2))?.count == 2)
        #expect(log.step(after: start) == .load)
    }
}

/// A reference to a log, since `#expect` does not call mutating methods.
private final class SharedLog {
    private var log = ReactionLog(JSONFeedEncoder())

    var end: Int { log.end }
    func join() { log.join() }
    func leave() { log.leave() }
    func take(_ step: ReactionStep) { log.take(step) }
    func lose() { log.lose() }
    func tick() -> Bool { log.tick() }
    func step(after held: Int?) -> ReactionLog.Step { log.step(after: held) }
    func finishLoading(_ counts: Reactions?, asOf number: Int) -> Bool {
        log.finishLoading(counts, asOf: number)
    }
}
