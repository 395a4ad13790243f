// SPDX-License-Identifier: Apache-2.0
/// The state machine of a connection, without a socket or a clock: bytes and instants in, actions out.
///
/// One request at a time. While it is being handled nothing is read, so TCP flow control applies back-pressure to a client that
/// pipelines more; pipelined bytes that were already read wait in `input`.
struct ConnectionState {
    /// What the owner of the socket must do next.
    enum Action {
        /// Wait for input, end of input, or the deadline.
        case wait
        /// Send `100 Continue` (RFC 9110 §10.1.1), then call `next` again.
        case sendContinue
        /// Ask whether to read the body that follows, call `admit` or `answerWithoutBody`, then `next` again.
        case admit(RequestHead)
        /// Write these bytes of the body to disk, call `spooled`, then `next` again. With a head they are the last: respond to that
        /// request once they are written, and call `answered`.
        case spool([UInt8], RequestHead?)
        /// Respond to the request, call `answered`, then `next` again.
        case respond(RequestHead, body: [UInt8])
        /// Respond to the failure with `Connection: close`, call `answered`, then `next` again.
        case refuse(RequestFailure, RequestHead?)
        /// Shut down the sending side, keep reading and discard the input; then call `next` again.
        case endOutput
        /// Close the socket.
        case close
    }

    private enum Phase: Equatable {
        /// Keep-alive: between two requests.
        case idle
        case head
        /// Head read; admission of the body is being decided.
        case admitting
        case body
        /// Part of the body is being written to disk.
        case spooling
        case responding
        /// Last response sent; waiting for the client to close.
        case lingering
        case closed
    }

    private let sharedLimits: SharedLimits
    private var limits: Limits { sharedLimits.values }
    private var phase = Phase.idle
    private var parser: RequestParser
    private var input: [UInt8] = []
    /// Offset of the first byte of `input` that is not consumed.
    private var position = 0
    /// The last head without a body, to skip parsing when a poller sends the same bytes again.
    private var lastHead: RequestHead?
    private var hasEnded = false
    private var pendingFailure: RequestFailure?
    private var owesContinue = false
    /// Whether the body goes to disk.
    private var isSpooled = false
    /// Size of the body of the request being handled, or of the part that is being written to disk.
    private var answeredBytes = 0
    /// Whether the server is shutting down.
    private(set) var isStopping = false
    private var drainedBytes = 0
    private var readDeadline: Instant
    private var writeDeadline = Instant.never
    /// The connection option that the current response must send.
    private(set) var option = ConnectionOption.none
    /// The HTTP version of the current request.
    private(set) var version = HTTPVersion.http11
    /// Whether the current request is HEAD, whose response has no body.
    private(set) var isForHead = false

    /// A connection that was just accepted.
    init(limits: SharedLimits, now: Instant) {
        sharedLimits = limits
        parser = RequestParser(limits: limits)
        readDeadline = now + limits.values.idleTime
    }

    /// When `next` must be called even if nothing happens.
    var deadline: Instant { min(readDeadline, writeDeadline) }

    /// When a keep-alive connection without a buffered request is closed for idleness; `nil` otherwise. The least recently
    /// used has the earliest.
    var idleDeadline: Instant? { phase == .idle && position == input.count ? readDeadline : nil }

    /// Whether the client has not read its response for `stalledWriteTime`.
    func isStalled(at now: Instant) -> Bool { writeDeadline <= now }

    /// Whether to read from the socket now.
    var wantsInput: Bool {
        switch phase {
        case .idle, .head, .body, .lingering: !hasEnded
        case .admitting, .spooling, .responding, .closed: false
        }
    }

    /// Bytes held of this client's requests.
    var heldBytes: Int { input.count + parser.bodyCount + answeredBytes }

    /// Whether a body above `freeBodyBytes`, which needs admission, is being read to memory.
    var isReadingLargeBody: Bool { phase == .body && !isSpooled && heldBytes > limits.freeBodyBytes }

    /// Whether the client has been slower, with a large body or in reading a response, than is allowed under memory pressure.
    func isSlow(at now: Instant) -> Bool {
        let patience = limits.stallTimeUnderPressure
        return writeDeadline <= now + (limits.stalledWriteTime - patience)
            || isReadingLargeBody && readDeadline <= now + (limits.bodyTime - patience)
    }

    // MARK: Events

    /// Bytes were received.
    mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        if phase == .lingering {
            drainedBytes += bytes.count
        } else {
            input.append(contentsOf: bytes)
        }
    }

    /// End of input. It may be a half-close, after which the client still reads.
    mutating func receiveEnd() { hasEnded = true }

    /// Admits the body, up to `bytes`; to memory, where `Limits.bodyBytes` is a limit too, or to disk.
    mutating func admit(atMost bytes: Int, isSpooled: Bool = false, at now: Instant) {
        guard phase == .admitting, let head = parser.head else { return }
        enter(.body, now + limits.bodyTime)
        owesContinue = head.framing.expectsContinue
        self.isSpooled = isSpooled
        do {
            let bound = isSpooled ? bytes : min(bytes, limits.bodyBytes)
            try parser.admitBody(atMost: bound, buffering: isSpooled ? Self.bufferBytes : .max)
        } catch {
            pendingFailure = error
        }
    }

    /// Bytes of a spooled body that are collected before they are written.
    private static let spoolBytes = 64 * 1024
    /// Bytes that are received at a time, at most.
    static let readBytes = 32 * 1024
    private static let bufferBytes = spoolBytes + readBytes

    /// What `Action.spool` asked for has been done, or has failed.
    mutating func spooled(at now: Instant) {
        answeredBytes = 0
        guard phase == .spooling else { return }
        // A slow client is tolerated as long as it makes progress.
        enter(.body, now + limits.bodyTime)
        parser.reserveBody(Self.bufferBytes)
    }

    /// The request is answered without reading its body, so the next request cannot be located: the response is the last.
    mutating func answerWithoutBody() {
        guard phase == .admitting else { return }
        beginLastAnswer(parser.head)
    }

    /// Refuses for a reason outside the client's bytes: connection limit, quota or memory limit.
    mutating func refuse(_ failure: RequestFailure) { pendingFailure = failure }

    /// Graceful shutdown: no further requests on this connection.
    mutating func stop() {
        isStopping = true
        closeAfterAnswer()
    }

    /// Makes the current response the last.
    mutating func closeAfterAnswer() {
        if phase == .responding { option = .close }
    }

    /// Some output was accepted by the kernel: restarts the write deadline, or clears it if nothing is left.
    mutating func outputProgressed(isEmpty: Bool, at now: Instant) {
        writeDeadline = isEmpty ? .never : now + limits.stalledWriteTime
    }

    /// The current response has been accepted by the kernel completely.
    mutating func answered(at now: Instant) {
        guard phase == .responding else { return }
        answeredBytes = 0
        if option == .close {
            phase = .lingering
            // A client that does not close must not delay a shutdown for long.
            readDeadline = now + (isStopping ? limits.lingerTimeAtStop : limits.lingerTime)
            input = []
            needsEndOfOutput = true
        } else {
            phase = .idle
            readDeadline = now + limits.idleTime
        }
    }

    private var needsEndOfOutput = false

    // MARK: Decisions

    /// The next action. Call it again until it returns `wait` or `close`.
    mutating func next(at now: Instant) -> Action {
        if writeDeadline <= now { return close() }
        switch phase {
        case .idle, .head, .body: return readOn(at: now)
        case .responding, .admitting, .spooling: return .wait
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
            case .needsMore:
                if isSpooled, parser.bodyCount >= Self.spoolBytes { return spool() }
                return waitForMore(at: now)
            case .head(let head):
                enter(.admitting, .never)
                releaseInput()
                if parser.needsAdmission { return .admit(head) }
                admit(atMost: .max, at: now)
                return readOn(at: now)
            case .request(let head, let body):
                if isSpooled { return spool(body, last: head) }
                let isKept = !head.framing.hasBody && head.bytes.count <= Self.repeatedHeadBytes
                lastHead = isKept ? head : nil
                return respond(head, body)
            }
        } catch {
            return refuse(error, parser.head)
        }
    }

    private mutating func spool() -> Action {
        releaseInput()
        enter(.spooling, .never)
        let bytes = parser.takeBody()
        answeredBytes = bytes.count
        return .spool(bytes, nil)
    }

    private mutating func spool(_ bytes: [UInt8], last head: RequestHead) -> Action {
        releaseInput()
        begin(head)
        answeredBytes = bytes.count
        return .spool(bytes, head)
    }

    private mutating func respond(_ head: RequestHead, _ body: [UInt8]) -> Action {
        releaseInput()
        begin(head)
        answeredBytes = body.count
        return .respond(head, body: body)
    }

    /// The last head, if the input begins with the same bytes.
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

    /// Longer heads are not kept: idle connections must stay small.
    private static let repeatedHeadBytes = 2 * 1024

    /// Frees the cached head of a connection that has become idle.
    mutating func dropCachedHead() { lastHead = nil }

    /// A function of its own, so that the second reference to `input` ends before `input` is mutated (no copy on write).
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

    // MARK: Transitions

    private mutating func enter(_ phase: Phase, _ deadline: Instant) {
        self.phase = phase
        readDeadline = deadline
    }

    private mutating func begin(_ head: RequestHead) {
        enter(.responding, .never)
        isSpooled = false
        version = head.line.version
        isForHead = head.line.method == .head
        option = Self.option(head.line.version, head.framing, isStopping: isStopping)
    }

    /// Which connection option to send (RFC 9112 §9.3): HTTP/1.1 is persistent by default, HTTP/1.0 is not.
    private static func option(_ version: HTTPVersion, _ framing: Framing, isStopping: Bool)
        -> ConnectionOption
    {
        if framing.wantsClose || isStopping { return .close }
        guard version == .http10 else { return .none }
        return framing.wantsKeepAlive ? .keepAlive : .close
    }

    /// After a refusal the next request cannot be located, so the response is the last.
    private mutating func refuse(_ failure: RequestFailure, _ head: RequestHead?) -> Action {
        pendingFailure = nil
        beginLastAnswer(head)
        return .refuse(failure, head)
    }

    private mutating func beginLastAnswer(_ head: RequestHead?) {
        enter(.responding, .never)
        isSpooled = false
        version = head?.line.version ?? .http11
        isForHead = parser.isForHead
        option = .close
        // Frees the partial body.
        parser = RequestParser(limits: sharedLimits)
    }

    private mutating func close() -> Action {
        discard()
        return .close
    }

    /// The socket is closed, or is about to be: frees all buffers.
    mutating func discard() {
        enter(.closed, .never)
        parser = RequestParser(limits: sharedLimits)
        (input, position, answeredBytes) = ([], 0, 0)
        lastHead = nil
    }

    /// Frees consumed input; an idle connection holds no buffer.
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
