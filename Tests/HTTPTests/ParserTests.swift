// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HTTP

@Suite("The request parser")
struct ParserTests {
    private static func driver(_ parts: [ArraySlice<UInt8>]) -> StateDriver {
        var driver = StateDriver()
        for part in parts { driver.receive(part) }
        return driver
    }

    @Test("accepts well-formed requests, and rejects others with a reason", arguments: Sample.all)
    func keepsTheRules(_ sample: Sample) {
        let driver = Self.driver([sample.input[...]])
        let isMet =
            driver.outcomes.count == sample.outcomes.count
            && zip(driver.outcomes, sample.outcomes).allSatisfy { $0.fits($1) }
        #expect(isMet, "\(driver.outcomes)")
        #expect(driver.hasEndedOutput == sample.isLast)
    }

    @Test("has the same outcome byte by byte", arguments: Sample.all)
    func readsByteByByte(_ sample: Sample) {
        let single = sample.input.indices.map { sample.input[$0...$0] }
        let (parts, whole) = (Self.driver(single), Self.driver([sample.input[...]]))
        #expect(parts.outcomes == whole.outcomes)
        #expect(parts.hasEndedOutput == whole.hasEndedOutput)
    }

    @Test("has the same outcome for any split of the input", arguments: Sample.all)
    func readsHalves(_ sample: Sample) {
        let bytes = sample.input
        let whole = StateDriver.outcomes([bytes[...]])
        // Samples about limits are long; there, only every 97th split is tried.
        for cut in stride(from: 0, through: bytes.count, by: bytes.count > 2000 ? 97 : 1) {
            #expect(StateDriver.outcomes([bytes[..<cut], bytes[cut...]]) == whole, "cut at \(cut)")
        }
    }

    @Test("has at least 250 samples with unique names, each citing its section")
    func citesItsRules() {
        #expect(Sample.all.count >= 250)
        #expect(Set(Sample.all.map(\.rule)).count == Sample.all.count)
        for sample in Sample.all {
            #expect(sample.rule.wholeMatch(of: /RFC \d{4} §\d+(\.\d+)*: .+/) != nil, "\(sample.rule)")
        }
    }

    @Test("the limit of the head may be below that of the request line")
    func keepsSmallHeads() {
        var limits = Limits()
        limits.headBytes = 10
        let outcomes = StateDriver.outcomes("GET /a HTTP/1.1\r\nHost: x\r\n\r\n", limits: limits)
        #expect(outcomes == [.failure(431, "the head is longer than 10 bytes")])
    }

    @Test("rejects at the limit, not below it", arguments: [0, 1])
    func keepsLimits(over: Int) {
        let target = "/" + String(repeating: "a", count: Limits().targetBytes - 1 + over)
        let long = StateDriver.outcomes("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect((long == [.request("GET \(target)", body: "")]) == (over == 0))
        let fields = (0..<99 + over).map { "X: \($0)\r\n" }.joined()
        let many = StateDriver.outcomes("GET / HTTP/1.1\r\nHost: x\r\n\(fields)\r\n")
        #expect((many == [.request("GET /", body: "")]) == (over == 0))
        let start = "GET / HTTP/1.1\r\nHost: x\r\nX: "
        let filler = String(repeating: "b", count: Limits().headBytes - start.utf8.count - 4 + over)
        #expect(
            (StateDriver.outcomes("\(start)\(filler)\r\n\r\n") == [.request("GET /", body: "")])
                == (over == 0))
        let body = String(repeating: "c", count: 8 + over)
        var limits = Limits()
        limits.bodyBytes = 8
        let head = "PUT / HTTP/1.1\r\nHost: x\r\n"
        for framed in [
            "Content-Length: \(body.utf8.count)\r\n\r\n\(body)",
            "Transfer-Encoding: chunked\r\n\r\n4\r\ncccc\r\n\(4 + over)\r\n\(body.dropFirst(4))\r\n0\r\n\r\n",
        ] {
            let outcome = StateDriver.outcomes(head + framed, limits: limits).first
            #expect((outcome == .request("PUT /", body: body)) == (over == 0))
        }
    }
}
