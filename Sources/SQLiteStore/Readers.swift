internal import Dispatch
internal import SQLite
internal import Stories
internal import Synchronization

/// A few connections that read, each on a queue of its own. Every read sees one state of the database from its first
/// statement to its last.
final class Readers: Sendable {
    private let state: Mutex<State>

    /// More than this waiting means that the disk does not keep up; callers are told to come again.
    static let maximumWaiting = 4_096

    private struct State {
        /// Connections of an earlier set are let go of as soon as they are free.
        var generation = 0
        var idle: [Reader]
        var waiting: [@Sendable (Connection) -> Void] = []
    }

    init(_ connections: consuming [Connection]) {
        let readers = connections.map { Reader($0, generation: 0) }
        state = Mutex(State(idle: readers))
    }

    /// Reads by other connections from now on; reads that are going on end on theirs.
    func replace(by connections: [Connection]) {
        let (generation, old) = state.withLock { state in
            state.generation += 1
            defer { state.idle = [] }
            return (state.generation, state.idle)
        }
        for reader in old { reader.run { _ in } }  // Closed on their own queues.
        for connection in connections {
            let reader = Reader(connection, generation: generation)
            reader.run { self.work(through: { _ in }, on: reader, $0) }
        }
    }

    /// Runs the body on a connection that is free, or will be.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (Session) throws(StoryError) -> Result
    ) async throws(StoryError) -> Result {
        let outcome: Swift.Result<Result, StoryError> = await withCheckedContinuation { continuation in
            let accepted = submit { connection in
                continuation.resume(returning: Self.transaction(connection, body))
            }
            if !accepted { continuation.resume(returning: .failure(.storage(.busy))) }
        }
        return try outcome.get()
    }

    private func submit(_ job: @escaping @Sendable (Connection) -> Void) -> Bool {
        enum Next { case run(Reader), wait, refuse }
        let next = state.withLock { state -> Next in
            if let reader = state.idle.popLast() { return .run(reader) }
            guard state.waiting.count < Self.maximumWaiting else { return .refuse }
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
        through job: @Sendable (Connection) -> Void, on reader: Reader, _ connection: Connection
    ) {
        job(connection)
        while let next = nextJob(for: reader) { next(connection) }
    }

    private func nextJob(for reader: Reader) -> (@Sendable (Connection) -> Void)? {
        state.withLock { state in
            guard reader.generation == state.generation else { return nil }
            guard !state.waiting.isEmpty else {
                state.idle.append(reader)
                return nil
            }
            return state.waiting.removeFirst()
        }
    }

    private static func transaction<Result>(
        _ connection: Connection, _ body: (Session) throws(StoryError) -> Result
    ) -> Swift.Result<Result, StoryError> {
        do throws(SQLiteError) {
            try connection.run("BEGIN")
            let result = Swift.Result { () throws(StoryError) in try body(Session(connection)) }
            if !connection.isAutocommit { try connection.run("COMMIT") }
            return result
        } catch {
            // Left open, the transaction would stop every later one. The first error is the one to tell.
            if !connection.isAutocommit { try? connection.run("ROLLBACK") }
            return .failure(StoryError(error))
        }
    }
}

/// A connection and its queue.
///
/// `@unchecked Sendable`: the connection is touched only on `queue`, as `run` makes sure.
private final class Reader: @unchecked Sendable {
    private let queue = DispatchQueue(label: "wireroom.reader")
    private let connection: Connection
    let generation: Int

    init(_ connection: Connection, generation: Int) {
        self.connection = connection
        self.generation = generation
    }

    func run(_ body: @escaping @Sendable (Connection) -> Void) {
        queue.async {
            dispatchPrecondition(condition: .onQueue(self.queue))
            body(self.connection)
        }
    }
}
