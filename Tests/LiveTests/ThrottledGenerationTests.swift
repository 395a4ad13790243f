import HTTP
import Testing

@testable import Live

@Suite("A paced stamp")
struct ThrottledGenerationTests {
    private let generation = ThrottledGeneration()
    private let start = Instant.now

    private func after(_ milliseconds: Int) -> Instant { start + .milliseconds(milliseconds) }

    @Test("moves with the first change after a quiet second, and then with ticks alone")
    func edges() {
        generation.note(at: after(0))
        #expect(generation.value == 1)
        for moment in [1, 500, 999] { generation.note(at: after(moment)) }
        #expect(generation.value == 1)
        generation.tick(at: after(999))
        #expect(generation.value == 2)
        generation.note(at: after(1_001))
        #expect(generation.value == 2)
    }

    @Test("does not move with a tick that finds nothing, after which the next change is seen at once")
    func quiet() {
        generation.note(at: after(0))
        generation.tick(at: after(1_000))
        #expect(generation.value == 1)
        generation.note(at: after(1_000))
        #expect(generation.value == 2)
    }

    @Test("moves at most once a second and once more, whatever happens")
    func bounded() {
        for moment in 0..<10_000 {
            generation.note(at: after(moment))
            if moment % 1_000 == 700 { generation.tick(at: after(moment)) }
        }
        #expect(generation.value == 11)
    }
}
