// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HTTP

@Suite("Retry-After")
struct RetryAfterTests {
    @Test(
        "spreads those who are refused together evenly, from the least pause to three times that",
        arguments: [1, 5, 30])
    func spreads(least: Int) {
        let pauses = least...least * 3
        var counts: [Int: Int] = [:]
        for _ in 0..<(1_000 * pauses.count) {
            counts[Int(RetryAfter.value(atLeast: least)) ?? 0, default: 0] += 1
        }
        #expect(Set(counts.keys) == Set(pauses))
        // Of 1,000 expected; the standard deviation is 32.
        #expect(counts.values.allSatisfy { (750...1_250).contains($0) }, "\(counts)")
    }
}
