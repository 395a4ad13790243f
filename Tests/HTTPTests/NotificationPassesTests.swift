// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HTTP

@Suite("Passes of notifications")
struct NotificationPassesTests {
    private let one = Topic()
    private let other = Topic()

    private func subscribers(_ slots: Range<Int>) -> [ConnectionID] {
        slots.map { ConnectionID(slot: $0, generation: 0) }
    }

    /// Takes all notifications, and returns how often each slot was notified.
    private func counts(_ passes: inout NotificationPasses, _ now: [ConnectionID] = []) -> [UInt32: Int] {
        var counts: [UInt32: Int] = [:]
        while !passes.isEmpty {
            for id in passes.take(atMost: 256, { _ in now }) { counts[id.slot, default: 0] += 1 }
        }
        return counts
    }

    @Test("Each subscriber is notified once, in batches")
    func once() {
        var passes = NotificationPasses()
        passes.schedule(ObjectIdentifier(one)) { subscribers(0..<1_000) }
        #expect(passes.take(atMost: 256) { _ in [] }.count == 256)
        let rest = counts(&passes)
        #expect(rest.count == 744 && rest.values.allSatisfy { $0 == 1 })
    }

    @Test(
        "However often a topic changes during its pass, one more pass follows, over those who subscribe by then"
    )
    func again() {
        var passes = NotificationPasses()
        passes.schedule(ObjectIdentifier(one)) { subscribers(0..<300) }
        for _ in 0..<1_000 { passes.schedule(ObjectIdentifier(one)) { subscribers(0..<300) } }
        let counts = counts(&passes, subscribers(200..<400))
        #expect(counts.count == 400)
        #expect((0..<200).allSatisfy { counts[$0] == 1 } && (200..<300).allSatisfy { counts[$0] == 2 })
        passes.schedule(ObjectIdentifier(one)) { subscribers(0..<5) }
        #expect(self.counts(&passes).count == 5, "a later change begins a pass of its own")
    }

    @Test("A topic with few subscribers is not delayed by one with many")
    func turns() {
        var passes = NotificationPasses()
        passes.schedule(ObjectIdentifier(one)) { subscribers(0..<50_000) }
        passes.schedule(ObjectIdentifier(other)) { subscribers(60_000..<60_010) }
        let first = passes.take(atMost: 256) { _ in [] }
        #expect(first.count == 256 && first.count { $0.slot >= 60_000 } == 10)
    }

    @Test("A topic that everybody has left ends its pass")
    func left() {
        var passes = NotificationPasses()
        passes.schedule(ObjectIdentifier(one)) { [] }
        passes.schedule(ObjectIdentifier(one)) { [] }
        #expect(passes.take(atMost: 256) { _ in [] }.isEmpty && passes.isEmpty)
    }
}
