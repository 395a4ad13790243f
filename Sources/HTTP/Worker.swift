import CEpoll
import Dispatch
import Glibc
import Synchronization

/// What a worker shares with the rest of its server.
struct WorkerContext: Sendable {
    let configuration: ServerConfiguration
    let responder: any Responder
    let counters: Counters
    /// The gauges over all workers, which limits look at.
    let server: ServerGauges
    /// The gauges of this worker.
    let gauges: WorkerGauges
    let shares: ClientShares
    /// Counts answers of no route.
    let unrouted: RouteMeter

    var limits: Limits { configuration.limits }
}

/// A serial queue that owns its listening sockets, its connections and their deadlines for life.
///
/// `@unchecked Sendable`: what is mutable here is touched on `queue` only, which every way in proves by a
/// precondition. `inbox` alone is shared, under its lock.
final class Worker: @unchecked Sendable {
    let context: WorkerContext
    private let queue: DispatchQueue
    let epoll: Epoll
    private var source: (any DispatchSourceRead)?
    private var timer: (any DispatchSourceTimer)?
    /// What other threads have for the connections.
    private let inbox = Mutex<[Job]>([])

    private enum Job: Sendable {
        /// Connections that wait for the topic are to look again.
        case topic(Topic)
        case work(ConnectionID, @Sendable (Connection) -> Void)
    }

    private var listeners: [Listener]
    private var areListenersPaused = false
    /// Connections that are here only to be answered that they are too many.
    var refusals = 0
    /// The connections of each client network, for its share.
    var clients = ClientIndex()
    private var events = [epoll_event](repeating: epoll_event(), count: 512)
    private var onStopped: (@Sendable () -> Void)?
    private var isStopped = false
    var table = ConnectionTable()
    var waiting = WaitingConnections()
    /// The moment of this wake, for reading the clock costs as much as parsing a header line.
    private(set) var now = Instant.now
    var dateLine = DateLine()
    let index: Int
    private var requestNumber: UInt64 = 0
    private var ticksSinceAudit = 0
    /// Where sockets are read into, and heads encoded, one after the other.
    let readBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 32 * 1024, alignment: 16)
    var headBuffer: [UInt8] = []

    /// How often epoll is asked in one wake, so that the timer gets its turn.
    private static let roundsPerWake = 64
    /// How long a wake waits for more. Sleeping here costs one system call; going back to Dispatch to sleep
    /// there costs several, and a change of threads, which with few connections is more than the request
    /// itself.
    private static let pauseMilliseconds: Int32 = 1
    /// Jobs done in one round.
    private static let jobsPerRound = 64
    /// Waiting connections told in one round.
    private static let wakesPerRound = 256
    /// How exact time-outs are.
    private static let tick = DispatchTimeInterval.milliseconds(250)
    /// Ticks from one audit of the gauges to the next: ten seconds.
    private static let ticksPerAudit = 40
    /// Connections closed in one go for want of memory.
    private static let closedPerTick = 32
    /// Tokens from here on are listeners; no table has that many slots.
    private static let firstListenerToken = UInt64(UInt32.max) << 32

    /// nil when the system has no descriptor left for epoll.
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
        // Not before: others may wake a worker that has stopped.
        epoll.closeAll()
    }

    /// Begins to serve.
    ///
    /// The handlers are `@Sendable` and formed outside of any actor: formed in code of the main actor, they
    /// would be bound to it, and crash on Linux when the queue calls them.
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
        // Holds the worker, and with it the descriptor, until the source has let go of that.
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

    /// Runs something for a connection that is still there, from any thread.
    func perform(on id: ConnectionID, _ work: @escaping @Sendable (Connection) -> Void) {
        enqueue(.work(id, work))
    }

    /// Tells the connections that wait for the topic, from any thread.
    func topicHasChanged(_ topic: Topic) { enqueue(.topic(topic)) }

    /// One wake for all jobs that come before it is heard.
    private func enqueue(_ job: Job) {
        let isFirst = inbox.withLock { jobs in
            jobs.append(job)
            return jobs.count == 1
        }
        // Not under the lock, for which the worker would then wait, and for the thread that holds it to have its turn again.
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
            let count = epoll.poll(&events, milliseconds: waiting.areDue ? 0 : Self.pauseMilliseconds)
            wake()
            for index in 0..<count { handle(events[index]) }
            tellWaiting()
            if count == 0, !waiting.areDue { break }
        }
        if waiting.areDue { epoll.wake() }
    }

    /// Has some of those who wait look again; requests that have come meanwhile are answered before the others.
    private func tellWaiting() {
        guard waiting.areDue else { return }
        for id in waiting.takeDue(atMost: Self.wakesPerRound) { table[id]?.topicHasChanged() }
    }

    /// The listeners are watched again at the next tick.
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

    /// Closes clients that hold things up, until there is some room, or the others have waited for long enough: to let go of
    /// what is large takes its time.
    private func shedLoad() {
        var count = 0
        for connection in table.all where count < Self.closedPerTick && context.server.isMemoryScarce {
            if connection.shed() { count += 1 }
        }
    }

    /// Holds the gauges against what the connections in the table hold. A difference is a fault of ours: it stops a debug build; a
    /// release build reports it and goes on with the right values, so that a leak of any kind heals.
    func auditGauges() {
        ticksSinceAudit = 0
        // A turn that was broken off to be gone on with has not brought the gauges up to date yet.
        for connection in table.all { connection.settleLoad() }
        let sum = table.all.reduce(into: ClientLoad.none) { $0 += $1.load }
        guard let found = context.gauges.repair(to: sum) else { return }
        assertionFailure("the gauges say \(found), the connections hold \(sum)")
        context.configuration.onEvent(.gaugesRepaired(detail: "\(found) instead of \(sum)"))
    }

    // MARK: Stopping

    /// Stops gracefully until the deadline, then at once; `onStopped` is called when nothing is open any
    /// more.
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

    /// Takes in first what the kernel has accepted already, for closing would reset it.
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
