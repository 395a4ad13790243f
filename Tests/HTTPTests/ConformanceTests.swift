// SPDX-License-Identifier: Apache-2.0
import HTTP
import Support
import Synchronization
import Testing

/// Serialized: each case has a client that blocks a Dispatch thread, and with as many clients as Dispatch has threads no server
/// would make progress.
@Suite("Conformance over sockets", .serialized)
struct ConformanceTests {
    @Test("gives the expected response when sent at once", arguments: Sample.all + Sample.answers)
    func whole(_ sample: Sample) async throws {
        try await Self.exchange(sample, in: [sample.input[...]])
    }

    @Test("gives the same response byte by byte", arguments: Sample.all + Sample.answers)
    func crumbs(_ sample: Sample) async throws { try await Self.exchange(sample, in: sample.crumbs) }

    @Test("gives the same response in two and three parts", arguments: Sample.all + Sample.answers)
    func parts(_ sample: Sample) async throws {
        let (bytes, third) = (sample.input, sample.input.count / 3)
        try await Self.exchange(sample, in: [bytes[..<(bytes.count / 2)], bytes[(bytes.count / 2)...]])
        try await Self.exchange(
            sample, in: [bytes[..<third], bytes[third..<(2 * third)], bytes[(2 * third)...]])
    }

    /// Sends the parts and one more request after them, and checks everything received until the server closes the connection.
    private static func exchange(_ sample: Sample, in parts: [ArraySlice<UInt8>]) async throws {
        let responder = SampleResponder()
        try await withServer(responder, workers: 1) { server, port in
            let client = HTTPClient(port: port)
            for part in parts { try await client.send(Array(part)) }
            try await client.send("GET /after HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            var answers = RawAnswers(try await client.readToEnd())
            let after: [StateDriver.Outcome] = sample.isLast ? [] : [.request("GET /after", body: "")]
            let isForHead = sample.input.starts(with: Array("HEAD ".utf8))
            for (index, outcome) in (sample.outcomes + after).enumerated() {
                let isLast = index == (sample.outcomes + after).count - 1
                try answers.expect(outcome, isLast: isLast, failsWithoutBody: isForHead)
            }
            #expect(answers.rest.isEmpty, "\(String(decoding: answers.rest, as: UTF8.self))")
            #expect(
                responder.requests == (sample.outcomes + after).filter(\.isRequest), "what was carried out")
            #expect(server.statistics.requests == responder.requests.count)
            #expect(server.statistics.acceptedConnections == 1)
        }
    }
}

extension StateDriver.Outcome {
    fileprivate var isRequest: Bool {
        if case .request = self { true } else { false }
    }
}

/// Responds to requests by path, and records them.
final class SampleResponder: Responder {
    private let taken = Mutex<[StateDriver.Outcome]>([])

    /// The requests that reached the responder, in order.
    var requests: [StateDriver.Outcome] { taken.withLock { $0 } }

    func respond(to request: Request) -> Answer {
        let (line, body) = (
            "\(request.method) \(request.target)", String(decoding: request.body, as: UTF8.self)
        )
        taken.withLock { $0.append(.request(line, body: body)) }
        let echo = Response.text(Self.echo(line, body))
        switch request.path {
        case "/204": return .ready(Response(.noContent, body: Array("never sent".utf8)))
        case "/304": return .ready(Response(.notModified, body: Array("never sent".utf8)))
        case "/later": return .pending { .ready(echo) }
        case "/stream":
            let steps = [line, "\n", body].filter { !$0.isEmpty }.map { StreamStep.send([Array($0.utf8)]) }
            return .stream(StreamResponse(topic: Topic(), body: ScriptedBody(steps + [.end])))
        default: return .ready(echo)
        }
    }

    func respond(to failure: RequestFailure, request: Request?, id: RequestID) -> Response { .plain(failure) }

    /// The body of the response to a request.
    static func echo(_ line: String, _ body: String) -> String { "\(line)\n\(body)" }
}
