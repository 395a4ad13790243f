// SPDX-License-Identifier: Apache-2.0
import Foundation
import Stories
import Support
import Testing

@Suite("Identifiers")
struct IdentifierTests {
    @Test("are formatted like a lower-case Foundation UUID and parsed in either case")
    func text() {
        for _ in 0..<1_000 {
            let uuid = UUID()
            let text = uuid.uuidString
            let id = Identifier(text)
            #expect(id?.description == text.lowercased())
            #expect(Identifier(text.lowercased()) == id)
        }
        #expect(Identifier(high: 0, low: 0).description == "00000000-0000-0000-0000-000000000000")
        #expect(Identifier(high: .max, low: .max).description == "ffffffff-ffff-ffff-ffff-ffffffffffff")
    }

    @Test(
        "are rejected in any other form",
        arguments: [
            "", "0", "01900000-0000-7000-8000-00000000000", "01900000-0000-7000-8000-0000000000000",
            "019000000000700080000000000000000000", "0190000-00000-7000-8000-000000000000",
            "01900000-0000-7000-8000-00000000000g", "01900000_0000_7000_8000_000000000000",
            "{1900000-0000-7000-8000-00000000000}", "01900000-0000-7000-8000-00000000000é",
            "01900000-0000-7000-8000-0000000000\u{FF10}", "+1900000-0000-7000-8000-000000000000",
        ])
    func refuses(text: String) {
        #expect(Identifier(text) == nil)
    }

    @Test("sort like their texts")
    func order() {
        var random = SeededGenerator()
        for _ in 0..<1_000 {
            let high = UInt64.random(in: 0...1, using: &random)
            let ids = (0..<2).map { _ in Identifier(high: high, low: .random(in: 0 ... .max, using: &random))
            }
            #expect((ids[0] < ids[1]) == (ids[0].description < ids[1].description), "seed \(random.seed)")
        }
    }

    @Test("are generated as version 7 of RFC 9562, with their time")
    func form() {
        var generator = IdentifierGenerator()
        let now = Timestamp(milliseconds: 1_795_466_820_123)
        let id = generator.next(at: now)
        #expect(id.high >> 16 == UInt64(now.milliseconds))
        #expect(Array(id.description)[14] == "7")
        #expect("89ab".contains(Array(id.description)[19]))
    }

    @Test(
        "are generated in increasing order",
        arguments: [
            ("in the same millisecond, past the end of the counter", [0]),
            ("while the clock advances", [1]), ("while the clock runs backwards", [-1]),
            ("while the clock jumps", [50, -2_000, 0, 0, 3, -1]),
        ] as [(String, [Int64])])
    func increase(_: String, steps: [Int64]) {
        var generator = IdentifierGenerator()
        let clock = ManualClock()
        var last = generator.next(at: clock.now)
        for step in 0..<20_000 {
            clock.advance(milliseconds: steps[step % steps.count])
            let next = generator.next(at: clock.now)
            guard next > last, next.high >> 12 & 15 == 7, next.low >> 62 == 2 else {
                Issue.record("\(next) came after \(last)")
                return
            }
            last = next
        }
    }

    @Test("can be generated for times before 1970")
    func early() {
        var generator = IdentifierGenerator()
        let first = generator.next(at: Timestamp(milliseconds: -5))
        #expect(generator.next(at: Timestamp(milliseconds: -4)) > first)
    }

    @Test("of two generators at the same time differ")
    func unique() {
        let now = ManualClock().now
        let ids = (0..<2_000).map { _ in
            var generator = IdentifierGenerator()
            return generator.next(at: now)
        }
        #expect(Set(ids).count == ids.count)
    }
}
