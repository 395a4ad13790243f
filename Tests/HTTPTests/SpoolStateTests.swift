// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

@testable import HTTP

/// Spooled bodies in the state machine, without a socket or a disk.
@Suite("The state machine with spooled bodies")
struct SpoolStateTests {
    private static func driver(limit: Int = 30_000_000) -> StateDriver {
        var driver = StateDriver()
        driver.spoolLimit = limit
        return driver
    }

    private static func head(_ length: Int) -> String {
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\n"
    }

    @Test("25 MB may come slowly, as long as there is progress; a stall is refused after 30 seconds")
    func slowly() {
        var driver = Self.driver()
        let (size, part) = (25_000_000, [UInt8](repeating: 120, count: 32_768))
        driver.receive(Self.head(size))
        var sent = 0
        // 64 KiB in 58 seconds is a little more than 1 KB a second.
        while size - sent > part.count {
            driver.receive(part[...])
            driver.pass(.seconds(14))
            sent += part.count
        }
        #expect(driver.outcomes.isEmpty)
        driver.receive(part[..<(size - sent)])
        #expect(driver.requests.count == 1 && driver.requests[0].body.count == size)

        var stalled = Self.driver()
        stalled.receive(Self.head(size))
        stalled.receive(part[...])
        stalled.receive(part[...])
        stalled.receive(part[..<1_000])
        stalled.pass(.seconds(29))
        #expect(stalled.outcomes.isEmpty)
        stalled.pass(.seconds(1))
        #expect(stalled.outcomes == [.failure(408, "the request body did not come in time")])
    }

    @Test("While a part is written nothing is read, there is no deadline, and memory is bounded")
    func writing() {
        let state = ConnectionState(limits: SharedLimits(Limits()), now: Instant(nanoseconds: 0))
        var (live, now) = (state, Instant(nanoseconds: 0))
        Array(Self.head(1_000_000).utf8).withUnsafeBytes { live.receive($0) }
        guard case .admit = live.next(at: now) else { return #expect(Bool(false), "no admission") }
        live.admit(atMost: 1_000_000, isSpooled: true, at: now)
        var written = 0
        while true {
            switch live.next(at: now) {
            case .wait:
                [UInt8](repeating: 1, count: 32_768).withUnsafeBytes { live.receive($0) }
            case .spool(let bytes, let head):
                #expect(bytes.count <= 96 * 1024 && live.heldBytes <= 128 * 1024)
                #expect(!live.wantsInput && live.deadline == .never && !live.isReadingLargeBody)
                written += bytes.count
                now = now + .seconds(3600)
                live.spooled(at: now)
                guard head == nil else { return #expect(written == 1_000_000) }
                #expect(live.wantsInput && live.deadline == now + .seconds(30))
            default: return #expect(Bool(false), "another action")
            }
        }
    }

    @Test("The outcome does not depend on how the bytes are split, with either framing", arguments: 0..<20)
    func splits(seed: Int) {
        var chance = SeededGenerator(seed: UInt64(seed))
        let body = [UInt8](repeating: 120, count: .random(in: 20_000...300_000, using: &chance))
        let coded = SpoolFixture.chunked(body, sizes: [.random(in: 1...100_000, using: &chance), 7])
        let chunked = Array("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".utf8) + coded
        let wire =
            chunked + Array(Self.head(body.count).utf8) + body
            + Array("GET /x HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
        var (driver, rest) = (Self.driver(limit: body.count), wire[...])
        while !rest.isEmpty {
            let part = rest.prefix(.random(in: 1...32_768, using: &chance))
            driver.receive(part)
            rest = rest.dropFirst(part.count)
        }
        #expect(driver.requests.map(\.body) == [body, body, []])
        var tight = Self.driver(limit: body.count - 1)
        tight.receive(chunked[...])
        #expect(tight.requests.isEmpty)
        #expect(tight.outcomes == [.failure(413, "the body is longer than \(body.count - 1) bytes")])
    }
}
