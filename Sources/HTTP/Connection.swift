// SPDX-License-Identifier: Apache-2.0
import CEpoll
import Glibc
import Synchronization

/// A client connection: carries out what its `ConnectionState` decides. Used only on its worker's queue.
final class Connection {
    let id: ConnectionID
    let descriptor: Int32
    let peer: SocketAddress
    /// The connection's unit of its client's quota; `nil` if the peer is a trusted proxy, or the connection is refused.
    private var lease: ClientQuotas.Lease?
    /// Set if the connection is over a limit: its first request is answered with this, then it closes.
    private var refusal: RequestFailure?
    var isRefused: Bool { refusal != nil }
    // Strong on purpose: the worker removes the connection when it closes, which breaks the cycle.
    let worker: Worker
    var state: ConnectionState
    var output = OutputQueue()
    /// Whether the whole response is in `output` or sent.
    var isAnswerComplete = false
    /// The current request.
    var exchange: OpenExchange?
    /// The task of `Answer.pending`.
    var task: Task<Void, Never>?
    /// The request of `Answer.parked`.
    var parked: ParkedRequest?
    /// The quota unit of the current long poll, held while it is evaluated again.
    var pollLease: ClientQuotas.Lease?
    /// The quota unit of a stream that is being opened.
    var streamLease: ClientQuotas.Lease?
    /// The stream of `Answer.stream`.
    var stream: OpenStream?
    /// The body that is being received to disk.
    var spool: Spool?
    /// Whether the socket may have input. Edge-triggered epoll reports it once; it holds until a read would block.
    private(set) var isReadable = false
    private(set) var hasHungUp = false
    /// Whether `descriptor` is open. Once closed, the kernel may reuse its number.
    private(set) var isOpen = true

    /// Requests handled before other connections get a turn.
    private static let requestsPerTurn = 16
    /// No further request is begun in a turn in which this much was sent or received.
    private static let bytesPerTurn = 32 * 1024
    /// Bytes received in this turn.
    private var receivedBytes = 0
    /// Bytes sent per turn: with a thousand clients that read large responses, each turn delays all others.
    static let bytesPerSend = 128 * 1024
    /// The same where there are files, whose bytes are not copied: a picture is usually sent in one turn.
    static let fileBytesPerSend = 512 * 1024
    /// Whether a continuation is scheduled after other connections' turns.
    var isSendingLater = false
    /// The load last added to the gauges.
    private var reportedLoad = ClientLoad.none

    init(
        worker: Worker, id: ConnectionID, descriptor: Int32, peer: SocketAddress, lease: ClientQuotas.Lease?
    ) {
        self.worker = worker
        self.id = id
        self.descriptor = descriptor
        self.peer = peer
        self.lease = lease
        state = ConnectionState(limits: worker.context.sharedLimits, now: worker.now)
    }

    /// Refuses the connection: its first request is answered with this failure.
    func refuse(_ failure: RequestFailure) {
        refusal = failure
        lease = nil
        state.refuse(failure)
        updateGauges()
    }

    /// Handles epoll events of the socket.
    func handle(_ events: UInt32) {
        if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { return worker.remove(self) }
        if events & EPOLLRDHUP.rawValue != 0 { hangUp() }
        if events & EPOLLIN.rawValue != 0 { isReadable = true }
        if events & EPOLLOUT.rawValue != 0, !output.isEmpty, isOpen { flush() }
        advance()
    }

    /// The client has closed its sending side (EPOLLRDHUP): cancels pending work, ends a stream, and answers a parked poll.
    private func hangUp() {
        hasHungUp = true
        isReadable = true
        task?.cancel()
        if stream != nil { return worker.remove(self) }
        // It may be a half-close: the client can still read.
        resume(isLast: true)
    }

    /// Does everything that can be done without blocking.
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

    /// Sets when the connection must be checked without an event.
    func updateDeadline() {
        let waiting = min(parked?.deadline ?? .never, stream?.nextHeartbeat ?? .never)
        worker.table.setDeadline(min(state.deadline, waiting), of: id)
        updateGauges()
    }

    /// What the connection holds now; `none` once it is closed.
    var load: ClientLoad {
        guard isOpen else { return .none }
        return ClientLoad(
            connections: isRefused ? 0 : 1, heldBytes: state.heldBytes + output.heldBytes,
            streams: stream == nil ? 0 : 1, parkedRequests: parked == nil ? 0 : 1)
    }

    /// Moves the gauges to the current load.
    ///
    /// - Returns: the server's number of connections if the load changed, otherwise 0.
    @discardableResult
    func updateGauges() -> Int {
        let load = load
        // The common case: nothing changed.
        guard load != reportedLoad else { return 0 }
        defer { reportedLoad = load }
        return worker.context.gauges.move(from: reportedLoad, to: load)
    }

    /// Carries out one action; `false` if there is nothing more to do now.
    private func step() -> Bool {
        switch state.next(at: worker.now) {
        case .wait: return receive()
        case .sendContinue: write(Self.continueLine)
        case .admit(let head): admit(head)
        case .spool(let bytes, let head): write(bytes, ofRequest: head)
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
            // A short read means the receive buffer is empty, unless the end of input is still to be read.
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

    /// Handles a passed deadline.
    func checkDeadline() {
        if state.isStalled(at: worker.now) { worker.context.configuration.onEvent(.writeStalled(peer: peer)) }
        if let parked, parked.deadline <= worker.now { resume(isLast: true) }
        sendHeartbeatIfDue()
        advance()
    }

    /// The topic of the parked request or the stream changed.
    func topicHasChanged() {
        if parked != nil {
            resume(isLast: false)
            advance()
        } else {
            streamHasChanged()
        }
    }

    /// Graceful shutdown: a stream ends properly, requests in flight are answered, then the connection closes. Input that has
    /// arrived but was not read is handled too: closing over it would send a reset.
    func stop() {
        isReadable = true
        advance()
        state.stop()
        if stream != nil { finishStream() }
        resume(isLast: true)
        advance()
    }

    /// The socket is closed: cancels what runs for this client.
    func wasClosed() {
        isOpen = false
        abandonExchange()
        task?.cancel()
        task = nil
        leaveParking()
        endStream()
        dropSpool()
        lease = nil
        output = OutputQueue()
        state.discard()
        updateGauges()
    }
}
