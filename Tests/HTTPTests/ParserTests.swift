import Testing

@testable import HTTP

/// One input and what it comes to.
struct Sample: CustomTestStringConvertible, Sendable {
    let rule: String
    let input: String
    let outcomes: [StateDriver.Outcome]

    var testDescription: String { rule }

    /// Input that is accepted as these requests.
    static func accepts(_ rule: String, _ input: String, _ outcomes: StateDriver.Outcome...) -> Sample {
        Sample(rule: rule, input: input, outcomes: outcomes)
    }

    /// Input that is refused with this status and a sentence that has these words.
    static func rejects(_ rule: String, _ input: String, _ status: Int, _ detail: String) -> Sample {
        Sample(rule: rule, input: input, outcomes: [.failure(status, detail)])
    }
}

@Suite("The request parser")
struct ParserTests {
    @Test("accepts what is well formed", arguments: Sample.accepted)
    func accepts(_ sample: Sample) {
        #expect(StateDriver.outcomes(sample.input) == sample.outcomes)
    }

    @Test("refuses what is not, with a sentence that says why", arguments: Sample.rejected)
    func rejects(_ sample: Sample) throws {
        let outcomes = StateDriver.outcomes(sample.input)
        guard case .failure(let status, let detail)? = outcomes.first, outcomes.count == 1,
            case .failure(let wantedStatus, let words)? = sample.outcomes.first
        else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(status == wantedStatus, "\(detail)")
        #expect(detail.contains(words))
    }

    @Test("gives the same outcome byte by byte", arguments: Sample.accepted + Sample.rejected)
    func readsByteByByte(_ sample: Sample) {
        let bytes = Array(sample.input.utf8)
        let single = bytes.indices.map { bytes[$0...$0] }
        #expect(StateDriver.outcomes(single) == StateDriver.outcomes(sample.input))
    }

    @Test(
        "gives the same outcome wherever the input is cut in two",
        arguments: Sample.accepted + Sample.rejected)
    func readsHalves(_ sample: Sample) {
        let bytes = Array(sample.input.utf8)
        let whole = StateDriver.outcomes(sample.input)
        // Samples about limits are long; there every 97th cut has to do.
        for cut in stride(from: 0, through: bytes.count, by: bytes.count > 2000 ? 97 : 1) {
            #expect(StateDriver.outcomes([bytes[..<cut], bytes[cut...]]) == whole, "cut at \(cut)")
        }
    }

    @Test("refuses no sooner than at the limit", arguments: [0, 1])
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
