/// Reads requests, one after the other, from bytes as they come in.
struct RequestParser {
    /// What was read.
    enum Step {
        /// More bytes are needed.
        case needsMore
        /// A head; its body follows. Given once for a request that has a body.
        case head(RequestHead)
        /// A complete request: its head and its decoded body.
        case request(RequestHead, body: [UInt8])
    }

    private enum Phase {
        /// Before the first byte of a request: mostly all of its head comes at once, and no parser need be kept.
        case start
        case head(HeadParser)
        case fixedBody(RequestHead, remaining: Int)
        case chunkedBody(RequestHead, ChunkedDecoder)
    }

    private let limits: Limits
    private var phase: Phase
    private var body: [UInt8] = []

    init(limits: Limits) {
        self.limits = limits
        phase = .start
    }

    /// The head of the request whose body is being read.
    var head: RequestHead? {
        switch phase {
        case .start, .head: nil
        case .fixedBody(let head, _), .chunkedBody(let head, _): head
        }
    }

    /// Bytes of the body that have come so far.
    var bodyCount: Int { body.count }

    /// Whether it is to be asked for if the body, whose head was just read, is to be read.
    var needsAdmission: Bool {
        switch phase {
        case .start, .head: false
        case .fixedBody(_, let remaining): remaining > limits.freeBodyBytes
        case .chunkedBody: true
        }
    }

    /// Lets the body through, up to so many bytes.
    mutating func admitBody(atMost bytes: Int) throws(RequestFailure) {
        var limits = limits
        limits.bodyBytes = min(bytes, limits.bodyBytes)
        switch phase {
        case .start, .head: break
        case .fixedBody(_, let remaining):
            guard remaining <= limits.bodyBytes else { throw ChunkedDecoder.bodyTooLarge(limits) }
            // An array that grows takes up to twice the room.
            body.reserveCapacity(remaining)
        case .chunkedBody(let head, _): phase = .chunkedBody(head, ChunkedDecoder(limits: limits))
        }
    }

    /// Whether the request that is being read is HEAD, as far as it is read. Its answer has no body, not even one that says
    /// what is wrong with the rest (RFC 9110 §9.3.2).
    var isForHead: Bool {
        if case .head(let parser) = phase { parser.isForHead } else { head?.line.method == .head }
    }

    /// Reads on from `position`, and moves it behind what is done with. What is not done with must be given
    /// again.
    mutating func parse(_ bytes: Span<UInt8>, _ position: inout Int) throws(RequestFailure) -> Step {
        switch phase {
        case .start: return try parseHead(HeadParser(limits: limits), bytes, &position)
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

    /// What is refused here is refused with its head known, so that the answer can be told whose it is.
    private mutating func begin(_ head: RequestHead) throws(RequestFailure) -> Step {
        switch head.framing.body {
        case .length(0) where !head.framing.hasUnknownExpectation: return finish(head)
        case .length(let length): phase = .fixedBody(head, remaining: length)
        case .chunked: phase = .chunkedBody(head, ChunkedDecoder(limits: limits))
        }
        guard !head.framing.hasUnknownExpectation else {
            throw RequestFailure(.expectationFailed, "the only expectation that is known is 100-continue")
        }
        guard case .length(let length) = head.framing.body else { return .head(head) }
        guard length <= limits.bodyBytes else { throw ChunkedDecoder.bodyTooLarge(limits) }
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
