// SPDX-License-Identifier: Apache-2.0
public import Database
public import Dispatch
public import Stories
internal import Synchronization

/// A few connections that read, each on a queue of its own. Every read sees one state of the database from its first
/// statement to its last.
///
/// As an executor it runs tasks on those queues, where their reads need no change of threads: a read, and what is made of it,
/// costs one wake there and one back.
public final class ReaderPool: TaskExecutor, Sendable {
    private let state: Mutex<State>
    /// Entered by every connection for as long as it is open.
    private let open = DispatchGroup()

    /// More than this waiting means that the disk does not keep up; callers get 503 and retry.
    static let maximumWaiting = 4_096

    private struct State {
        /// Connections of an earlier generation are closed as soon as they are free.
        var generation = 0
        var idle: [PooledConnection]
        var waiting = Line()
    }

    private typealias Job = @Sendable (any Database) -> Void

    /// Jobs in the order in which they came; to take the first costs the same however many there are.
    private struct Line {
        private var last: [Job] = []
        /// Those that came before, the first at the end.
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

    /// A pool of connections that only read.
    public init(_ connections: consuming [any Database]) {
        let readers = connections.map { [open] in PooledConnection($0, generation: 0, open) }
        state = Mutex(State(idle: readers))
        for reader in readers { reader.join(self) }
    }

    /// Runs a part of a task.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // Not refused, for a task cannot do without: there are no more of them than connections of clients.
        _ = submit(isBounded: false) { _ in job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Lets go of all connections, and waits until they are closed; reads wait in line until there are others
    /// (``replace(by:)``). False where a read takes too long; then it is to be called again.
    public func close(within limit: DispatchTimeInterval) -> Bool {
        letGo()
        return open.wait(timeout: .now() + limit) == .success
    }

    /// Does something with each connection that reads nothing now.
    public func onIdle(_ job: @escaping @Sendable (any Database) -> Void) {
        let idle = state.withLock { $0.idle }
        for reader in idle { reader.run(job) }
    }

    /// Begins another generation, of which there is no connection yet.
    @discardableResult
    private func letGo() -> Int {
        let (generation, old) = state.withLock { state in
            state.generation += 1
            defer { state.idle = [] }
            return (state.generation, state.idle)
        }
        for reader in old { reader.run { _ in } }  // Closed on their own queues.
        return generation
    }

    /// Reads by other connections from now on; reads that are going on end on theirs.
    public func replace(by connections: [any Database]) {
        let generation = letGo()
        for connection in connections {
            let reader = PooledConnection(connection, generation: generation, open)
            reader.join(self)
            reader.run { self.work(through: { _ in }, on: reader, $0) }
        }
    }

    /// Runs the body on a connection that is free, or will be.
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

    /// Does the job, then whatever waits, then lets the reader rest.
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

    private static func transaction<Result>(
        _ connection: any Database, _ body: (Transaction) throws(StoryError) -> Result
    ) -> Swift.Result<Result, StoryError> {
        do throws(DatabaseError) {
            try connection.run(connection.dialect.beginReading)
            let result = Swift.Result { () throws(StoryError) in try body(Transaction(connection)) }
            if connection.isInTransaction { try connection.run("COMMIT") }
            return result
        } catch {
            // Left open, the transaction would stop every later one. The first error is the one to tell.
            if connection.isInTransaction { try? connection.run("ROLLBACK") }
            return .failure(StoryError(error))
        }
    }
}

/// A connection and its queue.
///
/// `@unchecked Sendable`: the connection is touched only on `queue`, as `run` makes sure.
private final class PooledConnection: @unchecked Sendable {
    private let queue = DispatchQueue(label: "wireroom.reader")
    private var connection: (any Database)?
    private let open: DispatchGroup
    let generation: Int

    /// Leads from a queue to its reader.
    private static let key = DispatchSpecificKey<Place>()

    /// Weak, for the reader holds the queue that holds this.
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

    /// Belongs to these readers from now on.
    func join(_ readers: ReaderPool) {
        queue.setSpecific(key: Self.key, value: Place(reader: self, owner: ObjectIdentifier(readers)))
    }

    /// The reader on whose queue this is called, if it is one of these.
    static func current(of readers: ReaderPool) -> PooledConnection? {
        guard let place = DispatchQueue.getSpecific(key: key), place.owner == ObjectIdentifier(readers) else {
            return nil
        }
        return place.reader
    }

    /// Works with the connection at once, on the queue.
    func use<Result>(_ body: (any Database) -> Result) -> Result {
        dispatchPrecondition(condition: .onQueue(queue))
        guard let connection else { preconditionFailure("a reader is closed only when it is let go of") }
        return body(connection)
    }

    func run(_ body: @escaping @Sendable (any Database) -> Void) {
        queue.async { self.use(body) }
    }
}
