// SPDX-License-Identifier: Apache-2.0
/// Incremental parser of consecutive requests.
struct RequestParser {
    /// The result of one step.
    enum Step {
        /// More bytes are needed.
        case needsMore
        /// A head whose body follows. Returned once for a request that has a body.
        case head(RequestHead)
        /// A complete request: its head and its decoded body.
        case request(RequestHead, body: [UInt8])
    }

    private enum Phase {
        /// Before the first byte of a request. Usually its head arrives in one read, and no parser has to be stored.
        case start
        case head(HeadParser)
        case fixedBody(RequestHead, remaining: Int)
        case chunkedBody(RequestHead, ChunkedDecoder)
    }

    private let sharedLimits: SharedLimits
    private var limits: Limits { sharedLimits.values }
    private var phase: Phase
    private var body: [UInt8] = []

    init(limits: SharedLimits) {
        sharedLimits = limits
        phase = .start
    }

    /// The head of the request whose body is being read.
    var head: RequestHead? {
        switch phase {
        case .start, .head: nil
        case .fixedBody(let head, _), .chunkedBody(let head, _): head
        }
    }

    /// Bytes of the body received so far.
    var bodyCount: Int { body.count }

    /// Whether the responder must be asked before the body of this head is read.
    var needsAdmission: Bool {
        switch phase {
        case .start, .head: false
        case .fixedBody(_, let remaining): remaining > limits.freeBodyBytes
        case .chunkedBody: true
        }
    }

    /// Admits the body, up to `bound`. `buffering`: how much of it is held at a time, at most.
    mutating func admitBody(atMost bound: Int, buffering: Int) throws(RequestFailure) {
        switch phase {
        case .start, .head: break
        case .fixedBody(_, let remaining):
            guard remaining <= bound else { throw ChunkedDecoder.bodyTooLarge(bound) }
            // Exact: growth by doubling would allocate up to twice as much.
            body.reserveCapacity(min(remaining, buffering))
        case .chunkedBody(let head, _):
            phase = .chunkedBody(head, ChunkedDecoder(limits: sharedLimits, bodyBytes: bound))
        }
    }

    /// Takes what has been decoded of a body that is not complete, so that the rest needs no more memory.
    mutating func takeBody() -> [UInt8] {
        if case .chunkedBody(let head, var decoder) = phase {
            decoder.hasTaken(body.count)
            phase = .chunkedBody(head, decoder)
        }
        defer { body = [] }
        return body
    }

    /// Makes room for the next bytes of the body.
    mutating func reserveBody(_ bytes: Int) {
        guard case .fixedBody(_, let remaining) = phase else { return body.reserveCapacity(bytes) }
        body.reserveCapacity(min(remaining, bytes))
    }

    /// Whether the current request is HEAD, as far as is known yet. Its response has no body, not even one that describes a
    /// failure (RFC 9110 §9.3.2).
    var isForHead: Bool {
        if case .head(let parser) = phase { parser.isForHead } else { head?.line.method == .head }
    }

    /// Parses from `position` on, and advances it past what was consumed. Bytes that were not consumed must be passed
    /// again.
    mutating func parse(_ bytes: Span<UInt8>, _ position: inout Int) throws(RequestFailure) -> Step {
        switch phase {
        case .start: return try parseHead(HeadParser(limits: sharedLimits), bytes, &position)
        case .head(let parser): return try parseHead(parser, bytes, &position)
        case .fixedBody(let head, let remaining):
            let count = min(remaining, bytes.count - position)
            body.append(bytes, position..<position + count)
            position += count
            if count == remaining { return finish(head) }
            phase = .fixedBody(head, remaining: remaining - count)
            return .needsMore
        case .chunkedBody(let head, var decoder):
            if try decoder.decode(bytes, &position, into: &body) { return finish(head) }
            phase = .chunkedBody(head, decoder)
            return .needsMore
        }
    }

    private mutating func parseHead(
        _ parser: HeadParser, _ bytes: Span<UInt8>, _ position: inout Int
    ) throws(RequestFailure) -> Step {
        var parser = parser
        let head: RequestHead?
        do {
            head = try parser.parse(bytes.extracting(position..<bytes.count))
        } catch {
            phase = .head(parser)
            throw error
        }
        guard let head else {
            phase = .head(parser)
            return .needsMore
        }
        position += parser.position
        return try begin(head)
    }

    /// Failures thrown here keep the head, so that the response can be attributed to its request.
    private mutating func begin(_ head: RequestHead) throws(RequestFailure) -> Step {
        switch head.framing.body {
        case .length(0) where !head.framing.hasUnknownExpectation: return finish(head)
        case .length(let length): phase = .fixedBody(head, remaining: length)
        case .chunked:
            phase = .chunkedBody(head, ChunkedDecoder(limits: sharedLimits, bodyBytes: limits.bodyBytes))
        }
        guard !head.framing.hasUnknownExpectation else {
            throw RequestFailure(.expectationFailed, "the only expectation that is known is 100-continue")
        }
        return .head(head)
    }

    private mutating func finish(_ head: RequestHead) -> Step {
        defer {
            phase = .start
            body = []
        }
        return .request(head, body: body)
    }
}
