import HTTP
import Testing

@testable import API

@Suite("A paced stamp")
struct PacedStampTests {
    private let stamp = PacedStamp()
    private let start = Instant.now

    private func after(_ milliseconds: Int) -> Instant { start + .milliseconds(milliseconds) }

    @Test("moves with the first change after a quiet second, and then with ticks alone")
    func edges() {
        stamp.note(at: after(0))
        #expect(stamp.value == 1)
        for moment in [1, 500, 999] { stamp.note(at: after(moment)) }
        #expect(stamp.value == 1)
        stamp.tick(at: after(999))
        #expect(stamp.value == 2)
        stamp.note(at: after(1_001))
        #expect(stamp.value == 2)
    }

    @Test("does not move with a tick that finds nothing, after which the next change is seen at once")
    func quiet() {
        stamp.note(at: after(0))
        stamp.tick(at: after(1_000))
        #expect(stamp.value == 1)
        stamp.note(at: after(1_000))
        #expect(stamp.value == 2)
    }

    @Test("moves at most once a second and once more, whatever happens")
    func bounded() {
        for moment in 0..<10_000 {
            stamp.note(at: after(moment))
            if moment % 1_000 == 700 { stamp.tick(at: after(moment)) }
        }
        #expect(stamp.value == 11)
    }
}
