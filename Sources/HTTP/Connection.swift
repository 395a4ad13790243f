import CEpoll
import Glibc
import Synchronization

/// A client's socket: carries out what its `ConnectionState` decides. Touched on its worker's queue only.
final class Connection {
    let id: ConnectionID
    let descriptor: Int32
    let peer: SocketAddress
    /// Its place in its client's share; nil where the peer is a trusted proxy, or the connection is refused.
    private var lease: ClientShares.Lease?
    /// Set where the connection is too many: it is here only to be answered that.
    private var refusal: RequestFailure?
    var isRefused: Bool { refusal != nil }
    /// The worker lets go of the connection when it closes, which ends the cycle.
    let worker: Worker
    var state: ConnectionState
    var output = OutputQueue()
    /// Whether the whole answer at hand is in `output` or beyond.
    var isAnswerComplete = false
    /// The request at hand.
    var exchange: OpenExchange?
    /// The work behind `Answer.pending`.
    var task: Task<Void, Never>?
    /// The request behind `Answer.parked`.
    var parked: ParkedRequest?
    /// The place of the request at hand among the polls that wait: kept while it looks again.
    var pollLease: ClientShares.Lease?
    /// The stream behind `Answer.stream`.
    var stream: OpenStream?
    /// Whether the socket may have bytes: epoll says so once, and it holds until a read finds nothing.
    private(set) var isReadable = false
    private(set) var hasHungUp = false
    /// Whether `descriptor` is still this connection's: once closed, its number may be another's.
    private(set) var isOpen = true

    /// Requests handled in one go before other connections get their turn.
    private static let requestsPerTurn = 16
    /// Nothing more is taken up in the same go once so much was sent or received.
    private static let bytesPerTurn = 32 * 1024
    /// Received since the turn began.
    private var receivedBytes = 0
    /// Bytes handed to the kernel in one go: with a thousand clients who ask for much, each turn adds to what all others wait.
    static let bytesPerSend = 128 * 1024
    /// Whether more is handed over when the others had their turn.
    var isSendingLater = false
    /// What the gauges know of this connection.
    private var settledLoad = ClientLoad.none

    init(
        worker: Worker, id: ConnectionID, descriptor: Int32, peer: SocketAddress, lease: ClientShares.Lease?
    ) {
        self.worker = worker
        self.id = id
        self.descriptor = descriptor
        self.peer = peer
        self.lease = lease
        state = ConnectionState(limits: worker.context.limits, now: worker.now)
    }

    /// The connection is too many: whatever it asks, it is answered this.
    func refuse(_ failure: RequestFailure) {
        refusal = failure
        lease = nil
        state.refuse(failure)
        settleLoad()
    }

    /// Something has happened to the socket.
    func handle(_ events: UInt32) {
        if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { return worker.remove(self) }
        if events & EPOLLRDHUP.rawValue != 0 { hangUp() }
        if events & EPOLLIN.rawValue != 0 { isReadable = true }
        if events & EPOLLOUT.rawValue != 0, !output.isEmpty, isOpen { flush() }
        advance()
    }

    /// The client has ended its side: nobody waits for a change any more, nor most likely for slow work.
    private func hangUp() {
        hasHungUp = true
        isReadable = true
        task?.cancel()
        if stream != nil { return worker.remove(self) }
        // It may have closed that side only, and still read what there is.
        resume(isLast: true)
    }

    /// Does all that can be done now.
    func advance() {
        let counters = worker.context.counters
        let sent = counters.bytesSent.load(ordering: .relaxed)
        receivedBytes = 0
        for _ in 0..<Self.requestsPerTurn {
            guard isOpen, step() else { return updateDeadline() }
            let sentBytes = counters.bytesSent.load(ordering: .relaxed) - sent
            if sentBytes + receivedBytes >= Self.bytesPerTurn { break }
        }
        worker.continueLater(id)
    }

    /// Tells the table when to look at this connection though nothing has happened.
    func updateDeadline() {
        let waiting = min(parked?.deadline ?? .never, stream?.nextHeartbeat ?? .never)
        worker.table.setDeadline(min(state.deadline, waiting), of: id)
        settleLoad()
    }

    /// What this connection holds now: nothing once it is closed, whatever is still done to it.
    var load: ClientLoad {
        guard isOpen else { return .none }
        return ClientLoad(
            connections: isRefused ? 0 : 1, heldBytes: state.heldBytes + output.byteCount,
            streams: stream == nil ? 0 : 1, parkedRequests: parked == nil ? 0 : 1)
    }

    /// Brings the gauges up to what this connection holds now.
    ///
    /// - Returns: the connections of the whole server where they have changed, otherwise 0.
    @discardableResult
    func settleLoad() -> Int {
        let load = load
        // Mostly nothing has changed.
        guard load != settledLoad else { return 0 }
        defer { settledLoad = load }
        return worker.context.gauges.move(from: settledLoad, to: load)
    }

    /// One action; false when there is nothing left to do for now.
    private func step() -> Bool {
        switch state.next(at: worker.now) {
        case .wait: return receive()
        case .sendContinue: write(Self.continueLine)
        case .admit(let head): admit(head)
        case .respond(let head, let body): answer(head, body)
        case .refuse(let failure, let head): answer(failure, head)
        case .endOutput: shutdown(descriptor, Int32(SHUT_WR))
        case .close:
            worker.remove(self)
            return false
        }
        return true
    }

    private static let continueLine = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    private func receive() -> Bool {
        guard isReadable, state.wantsInput else { return false }
        let buffer = worker.readBuffer
        switch Socket.receive(descriptor, into: buffer) {
        case .bytes(let count):
            receivedBytes += count
            state.receive(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            if state.isReadingLargeBody, worker.context.server.isMemoryExceeded { state.refuse(.memoryFull) }
            // A short read has emptied the socket, unless its end is still to be read.
            isReadable = count == buffer.count || hasHungUp
            return true
        case .end:
            isReadable = false
            state.receiveEnd()
            return true
        case .nothingNow:
            isReadable = false
            return false
        case .failed:
            worker.remove(self)
            return false
        }
    }

    /// The deadline has passed.
    func checkDeadline() {
        if state.isStalled(at: worker.now) { worker.context.configuration.onEvent(.writeStalled(peer: peer)) }
        if let parked, parked.deadline <= worker.now { resume(isLast: true) }
        sendHeartbeatIfDue()
        advance()
    }

    /// What this connection waits for has changed.
    func topicHasChanged() {
        if parked != nil {
            resume(isLast: false)
            advance()
        } else {
            streamHasChanged()
        }
    }

    /// The server stops: a stream ends properly, all else is answered and then closed. So is what has arrived
    /// and was not read yet, for closing would reset it.
    func stop() {
        isReadable = true
        advance()
        state.stop()
        if stream != nil { finishStream() }
        resume(isLast: true)
        advance()
    }

    /// The socket is closed: whoever works for this client can stop.
    func wasClosed() {
        isOpen = false
        abandonExchange()
        task?.cancel()
        task = nil
        leaveParking()
        endStream()
        lease = nil
        output = OutputQueue()
        state.discard()
        settleLoad()
    }
}
