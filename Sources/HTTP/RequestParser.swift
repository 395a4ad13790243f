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
        case head(HeadParser)
        case fixedBody(RequestHead, remaining: Int)
        case chunkedBody(RequestHead, ChunkedDecoder)
    }

    private let limits: Limits
    private var phase: Phase
    private var body: [UInt8] = []

    init(limits: Limits) {
        self.limits = limits
        phase = .head(HeadParser(limits: limits))
    }

    /// The head of the request whose body is being read.
    var head: RequestHead? {
        switch phase {
        case .head: nil
        case .fixedBody(let head, _), .chunkedBody(let head, _): head
        }
    }

    /// Reads on from `position`, and moves it behind what is done with. What is not done with must be given
    /// again.
    mutating func parse(_ bytes: Span<UInt8>, _ position: inout Int) throws(RequestFailure) -> Step {
        switch phase {
        case .head(var parser):
            let head = try parser.parse(bytes.extracting(position..<bytes.count))
            guard let head else {
                phase = .head(parser)
                return .needsMore
            }
            position += parser.position
            return try begin(head)
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

    /// What is refused here is refused with its head known, so that the answer can be told whose it is.
    private mutating func begin(_ head: RequestHead) throws(RequestFailure) -> Step {
        switch head.framing.body {
        case .length(let length): phase = .fixedBody(head, remaining: length)
        case .chunked: phase = .chunkedBody(head, ChunkedDecoder(limits: limits))
        }
        guard !head.framing.hasUnknownExpectation else {
            throw RequestFailure(.expectationFailed, "the only expectation that is known is 100-continue")
        }
        guard case .length(let length) = head.framing.body else { return .head(head) }
        guard length <= limits.bodyBytes else { throw ChunkedDecoder.bodyTooLarge(limits) }
        return length == 0 ? finish(head) : .head(head)
    }

    private mutating func finish(_ head: RequestHead) -> Step {
        defer {
            phase = .head(HeadParser(limits: limits))
            body = []
        }
        return .request(head, body: body)
    }
}
