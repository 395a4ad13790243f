/// What a connection does next, without a socket or a clock: bytes and instants go in, actions come out.
///
/// One request is handled at a time. While one is, nothing is read, so that the kernel holds back a client
/// that sends more; what was read before waits in `input`.
struct ConnectionState {
    /// What the owner of the socket is to do.
    enum Action {
        /// Nothing, until more bytes, the end of input, or the deadline come.
        case wait
        /// Send `100 Continue` (RFC 9110 §10.1.1), then ask again.
        case sendContinue
        /// Ask whether the body that follows is to be read, tell `admit` or `answerWithoutBody`, then ask again.
        case admit(RequestHead)
        /// Answer the request, tell `answered`, then ask again.
        case respond(RequestHead, body: [UInt8])
        /// Answer the failure with `Connection: close`, tell `answered`, then ask again.
        case refuse(RequestFailure, RequestHead?)
        /// End the sending side and go on reading what comes, to throw it away; then ask again.
        case endOutput
        /// Close the socket.
        case close
    }

    private enum Phase: Equatable {
        /// Between requests.
        case idle
        case head
        /// Between a head and its body: it is being asked whether that is wanted.
        case admitting
        case body
        case responding
        /// The last answer is sent; the other side's end is awaited.
        case lingering
        case closed
    }

    private let limits: Limits
    private var phase = Phase.idle
    private var parser: RequestParser
    private var input: [UInt8] = []
    /// How much of `input` is done with.
    private var position = 0
    /// The head of the last request without a body: a poller sends the very same bytes again and again, which mean the same.
    private var lastHead: RequestHead?
    private var hasEnded = false
    private var pendingFailure: RequestFailure?
    private var owesContinue = false
    /// Bytes of the body that is being answered.
    private var answeredBytes = 0
    /// Whether the server stops.
    private(set) var isStopping = false
    private var drainedBytes = 0
    private var readDeadline: Instant
    private var writeDeadline = Instant.never
    /// What the answer to the request at hand has to say about the connection.
    private(set) var option = ConnectionOption.none
    /// Whether the answer at hand goes to a client of HTTP/1.0.
    private(set) var version = HTTPVersion.http11
    /// Whether the answer at hand is one to HEAD, and so has no body.
    private(set) var isForHead = false

    /// A connection that was just accepted.
    init(limits: Limits, now: Instant) {
        self.limits = limits
        parser = RequestParser(limits: limits)
        readDeadline = now + limits.idleTime
    }

    /// When `next` must be asked though nothing has come.
    var deadline: Instant { min(readDeadline, writeDeadline) }

    /// Where the connection is between two requests, with nothing of the next one there: when it will be closed for that. The earlier,
    /// the longer it has been idle.
    var idleDeadline: Instant? { phase == .idle && position == input.count ? readDeadline : nil }

    /// Whether the client took nothing for too long.
    func isStalled(at now: Instant) -> Bool { writeDeadline <= now }

    /// Whether bytes are to be read from the socket now.
    var wantsInput: Bool {
        !hasEnded && phase != .responding && phase != .admitting && phase != .closed
    }

    /// Bytes of the client's that are held.
    var heldBytes: Int { input.count + parser.bodyCount + answeredBytes }

    /// Whether a body is on its way that is larger than is read of anybody.
    var isReadingLargeBody: Bool { phase == .body && heldBytes > limits.freeBodyBytes }

    /// Whether the client has kept a large body or an answer waiting for longer than it may when there is little room.
    func holdsUp(at now: Instant) -> Bool {
        let patience = limits.patienceWhenFull
        return writeDeadline <= now + (limits.stalledWriteTime - patience)
            || isReadingLargeBody && readDeadline <= now + (limits.bodyTime - patience)
    }

    // MARK: What happens

    /// Bytes have come.
    mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        if phase == .lingering {
            drainedBytes += bytes.count
        } else {
            input.append(contentsOf: bytes)
        }
    }

    /// The client has ended its side. It may still read answers to what it has sent.
    mutating func receiveEnd() { hasEnded = true }

    /// The body may come, up to so many bytes.
    mutating func admit(atMost bytes: Int, at now: Instant) {
        guard phase == .admitting, let head = parser.head else { return }
        enter(.body, now + limits.bodyTime)
        owesContinue = head.framing.expectsContinue
        do {
            try parser.admitBody(atMost: bytes)
        } catch {
            pendingFailure = error
        }
    }

    /// The request is being answered without its body. Nobody knows where the next one would begin, so it is the last answer.
    mutating func answerWithoutBody() {
        guard phase == .admitting else { return }
        beginLastAnswer(parser.head)
    }

    /// A refusal that does not come from the client's bytes: the server has too many connections, or holds too much.
    mutating func refuse(_ failure: RequestFailure) { pendingFailure = failure }

    /// The server stops: no further requests on this connection.
    mutating func stop() {
        isStopping = true
        closeAfterAnswer()
    }

    /// The answer at hand is to be the last one of the connection.
    mutating func closeAfterAnswer() {
        if phase == .responding { option = .close }
    }

    /// Bytes wait for the client, who took some of them now, or (`.never`) none are left.
    mutating func outputProgressed(isEmpty: Bool, at now: Instant) {
        writeDeadline = isEmpty ? .never : now + limits.stalledWriteTime
    }

    /// The answer at hand has been taken by the kernel to its last byte.
    mutating func answered(at now: Instant) {
        guard phase == .responding else { return }
        answeredBytes = 0
        if option == .close {
            phase = .lingering
            // A client that holds on must not hold up a stop for long.
            readDeadline = now + (isStopping ? limits.lingerTimeAtStop : limits.lingerTime)
            input = []
            needsEndOfOutput = true
        } else {
            phase = .idle
            readDeadline = now + limits.idleTime
        }
    }

    private var needsEndOfOutput = false

    // MARK: What is to be done

    /// What is to be done at this moment. To be asked until it says `wait` or `close`.
    mutating func next(at now: Instant) -> Action {
        if writeDeadline <= now { return close() }
        switch phase {
        case .idle, .head, .body: return readOn(at: now)
        case .responding, .admitting: return .wait
        case .lingering: return linger(at: now)
        case .closed: return .close
        }
    }

    private mutating func readOn(at now: Instant) -> Action {
        if let pendingFailure { return refuse(pendingFailure, parser.head) }
        if owesContinue {
            owesContinue = false
            return .sendContinue
        }
        if isStopping, phase == .idle, position == input.count { return close() }
        if phase == .idle {
            if position == input.count { return waitForMore(at: now) }
            if let head = repeatedHead() { return respond(head, []) }
        }
        do {
            switch try parse() {
            case .needsMore: return waitForMore(at: now)
            case .head(let head):
                enter(.admitting, .never)
                releaseInput()
                if parser.needsAdmission { return .admit(head) }
                admit(atMost: .max, at: now)
                return readOn(at: now)
            case .request(let head, let body):
                let isKept = !head.framing.hasBody && head.bytes.count <= Self.repeatedHeadBytes
                lastHead = isKept ? head : nil
                return respond(head, body)
            }
        } catch {
            return refuse(error, parser.head)
        }
    }

    private mutating func respond(_ head: RequestHead, _ body: [UInt8]) -> Action {
        releaseInput()
        begin(head)
        answeredBytes = body.count
        return .respond(head, body: body)
    }

    /// The last head, if the same bytes have come once more.
    private mutating func repeatedHead() -> RequestHead? {
        guard let lastHead, input.count - position >= lastHead.bytes.count else { return nil }
        let isRepeated = input.withUnsafeBytes { input in
            lastHead.bytes.withUnsafeBytes { head in
                UnsafeRawBufferPointer(rebasing: input[position..<position + head.count]).equals(head)
            }
        }
        guard isRepeated else { return nil }
        position += lastHead.bytes.count
        return lastHead
    }

    /// Longer heads are not kept for comparison: idle connections must be cheap.
    private static let repeatedHeadBytes = 2 * 1024

    /// Lets go of the last head: nothing more comes soon.
    mutating func forgetHead() { lastHead = nil }

    /// On its own, so that the second reference to `input` is gone before that is changed.
    private mutating func parse() throws(RequestFailure) -> RequestParser.Step {
        let received = input
        return try parser.parse(received.span, &position)
    }

    private mutating func waitForMore(at now: Instant) -> Action {
        if hasEnded { return close() }
        if phase == .idle, position < input.count { enter(.head, now + limits.headerTime) }
        releaseInput()
        guard readDeadline <= now else { return .wait }
        switch phase {
        case .head:
            return refuse(RequestFailure(.requestTimeout, "the request head did not come in time"), nil)
        case .body:
            return refuse(
                RequestFailure(.requestTimeout, "the request body did not come in time"), parser.head)
        default: return close()
        }
    }

    private mutating func linger(at now: Instant) -> Action {
        if needsEndOfOutput {
            needsEndOfOutput = false
            return hasEnded ? close() : .endOutput
        }
        let isOver = hasEnded || drainedBytes > limits.lingerBytes || readDeadline <= now
        return isOver ? close() : .wait
    }

    // MARK: Changes of phase

    private mutating func enter(_ phase: Phase, _ deadline: Instant) {
        self.phase = phase
        readDeadline = deadline
    }

    private mutating func begin(_ head: RequestHead) {
        enter(.responding, .never)
        version = head.line.version
        isForHead = head.line.method == .head
        option = Self.option(head.line.version, head.framing, isStopping: isStopping)
    }

    /// RFC 9112 §9.3: what the two versions keep, and what they want to be told.
    private static func option(_ version: HTTPVersion, _ framing: Framing, isStopping: Bool)
        -> ConnectionOption
    {
        if framing.wantsClose || isStopping { return .close }
        guard version == .http10 else { return .none }
        return framing.wantsKeepAlive ? .keepAlive : .close
    }

    /// After a refusal nobody knows where the next request would begin, so it is the last answer.
    private mutating func refuse(_ failure: RequestFailure, _ head: RequestHead?) -> Action {
        pendingFailure = nil
        beginLastAnswer(head)
        return .refuse(failure, head)
    }

    private mutating func beginLastAnswer(_ head: RequestHead?) {
        enter(.responding, .never)
        version = head?.line.version ?? .http11
        isForHead = parser.isForHead
        option = .close
        // What it holds of a body is of no use any more.
        parser = RequestParser(limits: limits)
    }

    private mutating func close() -> Action {
        discard()
        return .close
    }

    /// The socket is closed, or is to be: lets go of all that is held for the client.
    mutating func discard() {
        enter(.closed, .never)
        parser = RequestParser(limits: limits)
        (input, position, answeredBytes) = ([], 0, 0)
        lastHead = nil
    }

    /// Lets go of what is done with; an idle connection holds no buffer.
    private mutating func releaseInput() {
        if position == input.count {
            input = []
            position = 0
        } else if position > input.count / 2 {
            input.removeFirst(position)
            position = 0
        }
    }
}
