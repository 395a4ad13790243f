// SPDX-License-Identifier: Apache-2.0
public import Database
public import Dispatch
public import Stories
internal import Synchronization

/// A pool of read-only connections, each on its own queue. Every read runs in a transaction, and so sees a snapshot of the
/// database.
///
/// As a task executor it runs tasks on those queues, where their reads need no thread switch: reading and processing the result
/// costs one switch there and one back.
public final class ReaderPool: TaskExecutor, Sendable {
    private let state: Mutex<State>
    /// Entered by each connection while it is open.
    private let open = DispatchGroup()

    /// Bound of the queue, for back-pressure: beyond it the disk does not keep up, and callers get 503 and retry.
    static let maximumWaiting = 4_096

    private struct State {
        /// Connections of an earlier generation are closed once they are idle.
        var generation = 0
        var idle: [PooledConnection]
        var waiting = Line()
    }

    private typealias Job = @Sendable (any Database) -> Void

    /// A first-in, first-out queue of jobs with amortized constant-time removal.
    private struct Line {
        private var last: [Job] = []
        /// The jobs before `last`, in reverse order.
        private var first: [Job] = []

        var count: Int { first.count + last.count }

        mutating func append(_ job: @escaping Job) { last.append(job) }

        mutating func popFirst() -> Job? {
            if first.isEmpty {
                first = last.reversed()
                last = []
            }
            return first.popLast()
        }
    }

    /// Creates a pool of read-only connections.
    public init(_ connections: consuming [any Database]) {
        let readers = connections.map { [open] in PooledConnection($0, generation: 0, open) }
        state = Mutex(State(idle: readers))
        for reader in readers { reader.join(self) }
    }

    /// Runs a job of a task.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // Never refused, as the task could not continue. There are at most as many as client connections.
        _ = submit(isBounded: false) { _ in job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Releases all connections, and waits at most `limit` until they are closed; new reads queue until ``replace(by:)`` brings
    /// others. Returns `false` if reads take longer; call it again then.
    public func close(within limit: DispatchTimeInterval) -> Bool {
        releaseConnections()
        return open.wait(timeout: .now() + limit) == .success
    }

    /// Runs a job on each idle connection.
    public func onIdle(_ job: @escaping @Sendable (any Database) -> Void) {
        let idle = state.withLock { $0.idle }
        for reader in idle { reader.run(job) }
    }

    /// Releases the connections, and starts a new generation without any.
    @discardableResult
    private func releaseConnections() -> Int {
        let (generation, old) = state.withLock { state in
            state.generation += 1
            defer { state.idle = [] }
            return (state.generation, state.idle)
        }
        for reader in old { reader.run { _ in } }  // Closed on their own queues.
        return generation
    }

    /// Replaces the connections; reads in progress finish on the old ones.
    public func replace(by connections: [any Database]) {
        let generation = releaseConnections()
        for connection in connections {
            let reader = PooledConnection(connection, generation: generation, open)
            reader.join(self)
            reader.run { self.work(through: { _ in }, on: reader, $0) }
        }
    }

    /// Runs the body in a read transaction, on the first idle connection.
    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws(StoryError) -> Result
    ) async throws(StoryError) -> Result {
        if let reader = PooledConnection.current(of: self) {
            return try reader.use { Self.transaction($0, body) }.get()
        }
        let outcome: Swift.Result<Result, StoryError> = await withCheckedContinuation { continuation in
            let accepted = submit { connection in
                continuation.resume(returning: Self.transaction(connection, body))
            }
            if !accepted { continuation.resume(returning: .failure(.storage(.busy))) }
        }
        return try outcome.get()
    }

    private func submit(isBounded: Bool = true, _ job: @escaping @Sendable (any Database) -> Void) -> Bool {
        enum Next { case run(PooledConnection), wait, refuse }
        let next = state.withLock { state -> Next in
            if let reader = state.idle.popLast() { return .run(reader) }
            guard !isBounded || state.waiting.count < Self.maximumWaiting else { return .refuse }
            state.waiting.append(job)
            return .wait
        }
        switch next {
        case .run(let reader): reader.run { self.work(through: job, on: reader, $0) }
        case .wait: break
        case .refuse: return false
        }
        return true
    }

    /// Runs the job, then waiting jobs, then returns the reader to the pool.
    private func work(
        through job: @Sendable (any Database) -> Void, on reader: PooledConnection, _ connection: any Database
    ) {
        job(connection)
        while let next = nextJob(for: reader) { next(connection) }
    }

    private func nextJob(for reader: PooledConnection) -> (@Sendable (any Database) -> Void)? {
        state.withLock { state in
            guard reader.generation == state.generation else { return nil }
            if let job = state.waiting.popFirst() { return job }
            state.idle.append(reader)
            return nil
        }
    }

    /// Runs the body in a transaction. A connection that turns out to be lost, for example since a fail-over, is made again once.
    private static func transaction<Result>(
        _ connection: any Database, _ body: (Transaction) throws(StoryError) -> Result
    ) -> Swift.Result<Result, StoryError> {
        let (result, wasLost) = attempt(connection, body)
        return wasLost ? attempt(connection, body).result : result
    }

    private static func attempt<Result>(
        _ connection: any Database, _ body: (Transaction) throws(StoryError) -> Result
    ) -> (result: Swift.Result<Result, StoryError>, wasLost: Bool) {
        do throws(DatabaseError) {
            try connection.run(connection.dialect.beginReading)
            let result = Swift.Result { () throws(StoryError) in try body(Transaction(connection)) }
            let wasLost = connection.isLost
            if connection.isInTransaction { try connection.run(wasLost ? "ROLLBACK" : "COMMIT") }
            return (result, wasLost)
        } catch {
            let wasLost = connection.isLost
            // An open transaction would make every later BEGIN fail. The original error is the one to report.
            if connection.isInTransaction { try? connection.run("ROLLBACK") }
            return (.failure(StoryError(error)), wasLost)
        }
    }
}

/// A connection and its queue.
///
/// `@unchecked Sendable`: the connection is used only on `queue`, which `run` and `use` ensure.
private final class PooledConnection: @unchecked Sendable {
    private let queue = DispatchQueue(label: "wireroom.reader")
    private var connection: (any Database)?
    private let open: DispatchGroup
    let generation: Int

    /// Key for the reader of a queue.
    private static let key = DispatchSpecificKey<Place>()

    /// Weak, to avoid a reference cycle: the reader owns the queue that holds this.
    private struct Place: @unchecked Sendable {
        weak var reader: PooledConnection?
        let owner: ObjectIdentifier
    }

    init(_ connection: any Database, generation: Int, _ open: DispatchGroup) {
        open.enter()
        self.connection = connection
        self.generation = generation
        self.open = open
    }

    deinit {
        connection = nil
        open.leave()
    }

    /// Makes this a reader of the pool.
    func join(_ readers: ReaderPool) {
        queue.setSpecific(key: Self.key, value: Place(reader: self, owner: ObjectIdentifier(readers)))
    }

    /// Returns the reader on whose queue this is called, if it belongs to the pool.
    static func current(of readers: ReaderPool) -> PooledConnection? {
        guard let place = DispatchQueue.getSpecific(key: key), place.owner == ObjectIdentifier(readers) else {
            return nil
        }
        return place.reader
    }

    /// Calls the body with the connection, synchronously; must be called on the queue.
    func use<Result>(_ body: (any Database) -> Result) -> Result {
        dispatchPrecondition(condition: .onQueue(queue))
        guard let connection else { preconditionFailure("the connection is closed only in deinit") }
        return body(connection)
    }

    func run(_ body: @escaping @Sendable (any Database) -> Void) {
        queue.async { self.use(body) }
    }
}
