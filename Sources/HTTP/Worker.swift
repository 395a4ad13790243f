// SPDX-License-Identifier: Apache-2.0
import CEpoll
import Dispatch
import Glibc
import Synchronization

/// What a worker shares with the rest of its server.
struct WorkerContext: Sendable {
    let configuration: ServerConfiguration
    let sharedLimits: SharedLimits
    let responder: any Responder
    let counters: Counters
    /// The gauges over all workers, which server-wide limits read.
    let server: ServerGauges
    /// The gauges of this worker.
    let gauges: WorkerGauges
    let quotas: ClientQuotas
    let spoolSlots: SpoolSlots
    /// Counts responses of no route.
    let unrouted: RouteMeter

    var limits: Limits { sharedLimits.values }
}

/// An event loop on a serial queue, which owns its listening sockets, its connections and their deadlines.
///
/// `@unchecked Sendable`: mutable state is used on `queue` only, which every entry point asserts by a precondition. Only
/// `inbox` is shared, under its lock.
final class Worker: @unchecked Sendable {
    let context: WorkerContext
    private let queue: DispatchQueue
    let epoll: Epoll
    private var source: (any DispatchSourceRead)?
    private var timer: (any DispatchSourceTimer)?
    /// Jobs from other threads.
    private let inbox = Mutex<[Job]>([])

    private enum Job: Sendable {
        /// Notify the connections that wait for the topic.
        case topic(Topic)
        case work(ConnectionID, @Sendable (Connection) -> Void)
    }

    private var listeners: [Listener]
    private var areListenersPaused = false
    /// Connections that are open only to be sent a refusal.
    var refusals = 0
    /// The connections of each client network, for LRU eviction.
    var clients = ClientIndex()
    private var events = [epoll_event](repeating: epoll_event(), count: 512)
    private var onStopped: (@Sendable () -> Void)?
    private var isStopped = false
    var table = ConnectionTable()
    var waiting = WaitingConnections()
    /// The time of this wake: reading the clock costs as much as parsing a header line.
    private(set) var now = Instant.now
    var dateLine = DateLine()
    let index: Int
    private var requestNumber: UInt64 = 0
    private var ticksSinceAudit = 0
    /// Buffers for reading and for encoding heads, shared by all connections of the worker.
    let readBuffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: ConnectionState.readBytes, alignment: 16)
    var headBuffer: [UInt8] = []

    /// Calls of `epoll_wait` per wake, so that the timer gets its turn.
    private static let roundsPerWake = 64
    /// Timeout of `epoll_wait` within a wake. Blocking here costs one system call; returning to Dispatch to block costs several
    /// and a change of threads, which with few connections is more than the request itself.
    private static let pauseMilliseconds: Int32 = 1
    /// Jobs run per round.
    private static let jobsPerRound = 64
    /// Waiting connections notified per round.
    private static let wakesPerRound = 256
    /// Resolution of timeouts.
    private static let tick = DispatchTimeInterval.milliseconds(250)
    /// Ticks between two audits of the gauges: ten seconds.
    private static let ticksPerAudit = 40
    /// Connections shed per tick under memory pressure.
    private static let shedPerTick = 32
    /// Tokens from here on are listeners: the table never has that many slots.
    private static let firstListenerToken = UInt64(UInt32.max) << 32

    /// `nil` if there is no descriptor left for epoll.
    init?(context: WorkerContext, listeners: [Listener], index: Int) {
        guard let epoll = Epoll() else { return nil }
        self.context = context
        self.listeners = listeners
        self.epoll = epoll
        self.index = index
        queue = DispatchQueue(label: "HTTP worker \(index)")
    }

    deinit {
        readBuffer.deallocate()
        // Not earlier: other threads may wake a worker that has stopped.
        epoll.closeAll()
    }

    /// Begins to serve.
    ///
    /// The handlers are `@Sendable` and formed outside any actor: formed on the main actor they would be isolated to it, and the
    /// runtime check would crash on Linux when the queue calls them.
    func start() {
        queue.async { @Sendable in
            self.watchListeners()
            self.startSource()
            self.startTimer()
        }
    }

    private func watchListeners() {
        for (index, listener) in listeners.enumerated() {
            _ = epoll.addListener(listener.descriptor, token: Self.firstListenerToken + UInt64(index))
        }
    }

    private func startSource() {
        let source = DispatchSource.makeReadSource(fileDescriptor: epoll.descriptor, queue: queue)
        source.setEventHandler { @Sendable in self.drain() }
        // Retains the worker, and with it the descriptor, until the source is cancelled.
        source.setCancelHandler { @Sendable in self.source = nil }
        source.activate()
        self.source = source
    }

    private func startTimer() {
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.setEventHandler { @Sendable in self.checkDeadlines() }
        timer.schedule(deadline: .now() + Self.tick, repeating: Self.tick, leeway: .milliseconds(50))
        timer.activate()
        self.timer = timer
    }

    /// Runs a job for a connection if it is still open. Safe from any thread.
    func perform(on id: ConnectionID, _ work: @escaping @Sendable (Connection) -> Void) {
        enqueue(.work(id, work))
    }

    /// Notifies the connections that wait for the topic. Safe from any thread.
    func topicHasChanged(_ topic: Topic) { enqueue(.topic(topic)) }

    /// Coalesces wake-ups: only the first job in an empty inbox wakes the worker.
    private func enqueue(_ job: Job) {
        let isFirst = inbox.withLock { jobs in
            jobs.append(job)
            return jobs.count == 1
        }
        // Outside the lock: otherwise the woken worker would block on it at once.
        if isFirst { epoll.wake() }
    }

    private func wake() {
        dispatchPrecondition(condition: .onQueue(queue))
        now = .now
        dateLine.update()
    }

    private func drain() {
        wake()
        for _ in 0..<Self.roundsPerWake where !isStopped {
            let count = epoll.poll(&events, milliseconds: waiting.hasDue ? 0 : Self.pauseMilliseconds)
            wake()
            for index in 0..<count { handle(events[index]) }
            notifyWaiting()
            if count == 0, !waiting.hasDue { break }
        }
        if waiting.hasDue { epoll.wake() }
    }

    /// Notifies one batch of waiting connections; requests that arrived meanwhile are served before the next batch.
    private func notifyWaiting() {
        guard waiting.hasDue else { return }
        for id in waiting.takeDue(atMost: Self.wakesPerRound) { table[id]?.topicHasChanged() }
    }

    /// Stops watching the listeners until the next tick.
    func pauseListeners() { setListeners(arePaused: true) }

    private func setListeners(arePaused: Bool) {
        areListenersPaused = arePaused
        for (index, listener) in listeners.enumerated() {
            let token = Self.firstListenerToken + UInt64(index)
            epoll.setListener(listener.descriptor, token: token, isArmed: !arePaused)
        }
    }

    private func handle(_ event: epoll_event) {
        let token = event.data.u64
        if token == Epoll.wakeToken {
            doJobs()
        } else if token < Self.firstListenerToken {
            table[ConnectionID(token: token)]?.handle(event.events)
        } else if listeners.indices.contains(Int(token - Self.firstListenerToken)) {
            acceptConnections(from: listeners[Int(token - Self.firstListenerToken)].descriptor)
        }
    }

    private func doJobs() {
        let (jobs, areMore) = inbox.withLock { all in
            let jobs = Array(all.prefix(Self.jobsPerRound))
            all.removeFirst(jobs.count)
            return (jobs, !all.isEmpty)
        }
        if areMore { epoll.wake() }
        for job in jobs {
            switch job {
            case .topic(let topic): waiting.schedule(topic)
            case .work(let id, let work): if let connection = table[id] { work(connection) }
            }
        }
    }

    /// The id of the next request.
    func nextRequestID(_ head: RequestHead?) -> RequestID {
        requestNumber += 1
        return RequestID(head, worker: index, number: requestNumber)
    }

    private func checkDeadlines() {
        wake()
        if areListenersPaused { setListeners(arePaused: false) }
        for connection in table.overdue(at: now) { connection.checkDeadline() }
        if context.server.isMemoryExceeded { shedLoad() }
        ticksSinceAudit += 1
        if ticksSinceAudit >= Self.ticksPerAudit { auditGauges() }
    }

    /// Load shedding: closes stalled clients until usage falls below the low watermark, at most `shedPerTick` per tick, since
    /// freeing large buffers takes time.
    private func shedLoad() {
        var count = 0
        for connection in table.all where count < Self.shedPerTick && context.server.isMemoryScarce {
            if connection.shed() { count += 1 }
        }
    }

    /// Reconciles the gauges with the connections' state. A difference is a bug: it stops a debug build; a release build
    /// reports it and continues with the correct values, so that a leak of any kind heals.
    func auditGauges() {
        ticksSinceAudit = 0
        // A connection whose turn was interrupted has not updated the gauges yet.
        for connection in table.all { connection.updateGauges() }
        let sum = table.all.reduce(into: ClientLoad.none) { $0 += $1.load }
        guard let found = context.gauges.repair(to: sum) else { return }
        assertionFailure("the gauges say \(found), the connections hold \(sum)")
        context.configuration.onEvent(.gaugesRepaired(detail: "\(found) instead of \(sum)"))
    }

    // MARK: Stopping

    /// Graceful shutdown until the deadline, then closes what is open; calls `onStopped` when no connection is left.
    func stop(until deadline: DispatchTime, onStopped: @escaping @Sendable () -> Void) {
        queue.async { @Sendable in
            self.wake()
            self.onStopped = onStopped
            self.closeListeners()
            for connection in self.table.all { connection.stop() }
            if self.table.isEmpty { self.finishStopping() }
        }
        queue.asyncAfter(deadline: deadline) { @Sendable [weak self] in
            guard let self else { return }
            for connection in table.all { remove(connection) }
        }
    }

    /// First accepts what is in the backlog: closing the listener would reset those connections.
    private func closeListeners() {
        for listener in listeners {
            acceptConnections(from: listener.descriptor)
            close(listener.descriptor)
        }
        listeners = []
    }

    /// The last connection has closed.
    func becameEmpty() {
        auditGauges()
        finishStopping()
    }

    private func finishStopping() {
        guard let onStopped, !isStopped else { return }
        isStopped = true
        timer?.cancel()
        source?.cancel()
        onStopped()
    }
}
