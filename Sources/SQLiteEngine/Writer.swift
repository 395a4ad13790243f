// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Dispatch
internal import SQLite
internal import Stories
internal import StoryTables

/// The one connection that writes, on the queue of the line before it.
///
/// Group commit: commands that wait are drained into one transaction, so that they share its fsync; one that is refused leaves the
/// others alone. Answers go out after the commit: what was answered is on disk.
///
/// `@unchecked Sendable`: the connection is touched only on the line's queue.
final class Writer: BatchCommitter, @unchecked Sendable {
    private let line: CommandQueue
    private var connection: Connection
    private var file: DatabaseFile
    private var databaseEpoch: DatabaseEpoch
    private let pendingEvents = PendingEvents()
    /// Opens what the path leads to after the file was exchanged.
    private let reopen: Reopening
    private let readers: ReaderPool
    /// How long the last COMMIT took.
    private var commitTime = Duration.zero
    private var timer: (any DispatchSourceTimer)?
    /// Whether something was deleted of which the log must hold no copy: at first it may have been by a server that was killed
    /// before it got so far.
    private var mustEraseLog = true
    /// Whether a commit has failed that may stand in the log all the same.
    private var mustOverwriteCommit = false
    /// Whether other processes are kept off, because there was no room for what is shared with them.
    private var isAlone: Bool
    /// Whether all connections are closed, and are to be opened anew.
    private var isClosed = false

    typealias Reopening = @Sendable () throws(StoreOpeningError) -> OpenedConnection

    /// How often it is looked whether others have written: well within the second that readers are promised.
    static let watchInterval = DispatchTimeInterval.milliseconds(250)

    /// For how long other commands wait for reads to end, before connections are opened anew.
    private static let closingLimit = DispatchTimeInterval.seconds(2)

    init(
        _ opened: OpenedConnection, path: String, databaseEpoch: DatabaseEpoch, commandsPerCommit: Int,
        readers: ReaderPool,
        reopen: @escaping Reopening
    ) {
        connection = opened.connection
        isAlone = opened.isAlone
        self.readers = readers
        line = CommandQueue(commandsPerCommit: commandsPerCommit)
        self.databaseEpoch = databaseEpoch
        self.reopen = reopen
        file = DatabaseFile(opened: path, isShared: !opened.isAlone)
    }

    deinit {
        timer?.cancel()
    }

    /// Publishes every commit to the observer, and polls for commits of other processes.
    func observe(_ observer: @escaping CommandQueue.Observer) {
        line.observe(observer)
        line.queue.async { @Sendable in self.startWatching() }
    }

    private func startWatching() {
        guard timer == nil else { return }
        let timer = DispatchSource.makeTimerSource(queue: line.queue)
        timer.setEventHandler { @Sendable [weak self] in self?.watch() }
        timer.schedule(deadline: .now(), repeating: Self.watchInterval, leeway: .milliseconds(50))
        timer.activate()
        self.timer = timer
    }

    /// Checks for commits of other processes. Errors are left to the commands, which can report them to a caller.
    private func watch() {
        switch file.look() {
        case .gone, .overwritten: return
        case .replaced, .logLost: return commit([])
        case .same: break
        }
        if isClosed { return commit([]) }
        _ = eraseLogIfAsked(waiting: 0)
        if mustOverwriteCommit { overwriteCommit() }
        if (try? databaseEpoch.hasForeignCommits(connection)) == true { commit([]) }
    }

    /// Runs the body in a transaction; its result is on disk when this returns.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws(StoryError) -> Result
    ) async throws(StoryError) -> Result {
        try await line.write(to: self, body)
    }

    /// Moves the whole log into the database and cuts it, so that nothing is left of what was deleted. False where reads held it
    /// for too long; then it is tried again, without waiting, with every look for others' commits.
    func truncateWAL() async -> Bool {
        await withCheckedContinuation { continuation in
            line.queue.async { @Sendable in
                self.mustEraseLog = true
                continuation.resume(returning: self.eraseLogIfAsked(waiting: 1_000))
            }
        }
    }

    /// Other commands wait meanwhile, so it must not take long.
    private func eraseLogIfAsked(waiting milliseconds: Int32) -> Bool {
        guard mustEraseLog else { return true }
        // Moved into a database that is not its own, the log would do harm.
        guard file.look() == .same, !isClosed else { return false }
        connection.setBusyTimeout(milliseconds: milliseconds)
        defer { connection.setBusyTimeout(milliseconds: Connection.busyTimeoutMilliseconds) }
        // An error is like a log that is held: nothing is erased yet.
        let isHeld = try? connection.first("PRAGMA wal_checkpoint(TRUNCATE)") { $0.integer() }
        mustEraseLog = isHeld != 0
        return !mustEraseLog
    }

    /// Commits commands together.
    func commit(_ batch: [Command]) {
        dispatchPrecondition(condition: .onQueue(line.queue))
        var writes = 0
        let failure = transaction { () throws(DatabaseError) in
            writes = try run(batch)
            // What was refused, or changed nothing, needs no disk.
            if writes > 0 { try databaseEpoch.count(in: connection) }
        }
        let events = pendingEvents.take()
        if writes > 0 { line.note(writes, failed: failure != nil, took: commitTime) }
        if failure == nil {
            if isAlone, writes > 0 { joinOthers() }
            line.publish(databaseEpoch.sawExternalWrite ? [.externalWrite] + events : events)
            databaseEpoch.wasCommitted(counted: writes > 0)
        }
        for command in batch { command.finish(failure) }
    }

    /// There is room again: opens the connections anew, so that other processes are let in. Where it does not work yet, the next commit
    /// tries again.
    private func joinOthers() {
        guard (try? closeAll()) != nil else { return }
        try? openAnew()
    }

    /// What was done so far. From any thread.
    var statistics: StoreStatistics { line.statistics }

    /// Runs the commands and returns how many of them changed something. If one is refused halfway, all are rolled back and run again,
    /// each in a savepoint.
    private func run(_ batch: [Command]) throws(DatabaseError) -> Int {
        let runner = CommandRunner(connection: connection, pendingEvents: pendingEvents)
        if let writes = try runner.runTogether(batch) { return writes }
        try connection.run("ROLLBACK")
        pendingEvents.cut(to: 0)
        try begin()
        // Which may have opened another connection.
        return try CommandRunner(connection: connection, pendingEvents: pendingEvents).runApart(batch)
    }

    /// Runs the body between BEGIN and COMMIT; gives the error if the transaction came to nothing.
    private func transaction(_ body: () throws(DatabaseError) -> Void) -> StoryError? {
        do throws(DatabaseError) {
            try requireFile()
            try begin()
            try body()
        } catch {
            rollBack()
            return StoryError(error)
        }
        let began = ContinuousClock.now
        defer { commitTime = began.duration(to: .now) }
        do throws(DatabaseError) {
            try connection.run("COMMIT")
            mustOverwriteCommit = false
        } catch {
            rollBack()
            overwriteCommit()
            return StoryError(error)
        }
        return keepCommit()
    }

    /// A commit into a log that was removed meanwhile would not be found again: it is checkpointed into the database before it
    /// is acknowledged.
    private func keepCommit() -> StoryError? {
        guard file.look() == .logLost else { return nil }
        do throws(DatabaseError) {
            try saveLog()
            return nil
        } catch {
            return StoryError(error)
        }
    }

    /// A commit that fails when the log is synced stands whole in the log, where the next start would find it, though its callers
    /// got an error. Another commit, of the commit count alone, replaces it, and is retried until it succeeds.
    private func overwriteCommit() {
        mustOverwriteCommit = true
        do throws(DatabaseError) {
            try connection.run("BEGIN IMMEDIATE")
            try databaseEpoch.commitAlone(on: connection)
            mustOverwriteCommit = false
        } catch {
            rollBack()
        }
    }

    /// Begins a transaction, and looks what others did. What cannot even be looked at is not the file that was opened, though
    /// it has its name: one of an older schema was copied into it, for one.
    private func begin() throws(DatabaseError) {
        try connection.run("BEGIN IMMEDIATE")
        do throws(DatabaseError) {
            try databaseEpoch.look(at: connection)
        } catch {
            guard error.code == .other else { throw error }
            rollBack()
            try closeAll()
            try openAnew()
            try connection.run("BEGIN IMMEDIATE")
            try databaseEpoch.look(at: connection)
        }
    }

    /// Deleted files still accept writes, which would be lost.
    private func requireFile() throws(DatabaseError) {
        switch file.look() {
        case .same: if isClosed { try openAnew() }
        case .gone: throw .fileGone
        case .replaced:
            file.removeStaleLog()
            try openAnew()
        case .logLost:
            if isClosed { return try openAnew() }
            try saveLog()
            try closeAll()
            try openAnew()
        case .overwritten:
            connection.keepsLogOnClose = true
            readers.onIdle { ($0 as? Connection)?.keepsLogOnClose = true }
            throw .fileOverwritten
        }
    }

    /// Moves into the database what only the open connections can reach: its log, or wal-index, is not where others find it.
    private func saveLog() throws(DatabaseError) {
        guard try connection.first("PRAGMA wal_checkpoint(TRUNCATE)", read: { $0.integer() }) == 0 else {
            throw .logHeld
        }
    }

    /// All connections share one wal-index: a new one must not work beside an old one that has another log.
    private func closeAll() throws(DatabaseError) {
        guard readers.close(within: Self.closingLimit) else { throw .logHeld }
        connection = try Connection(path: ":memory:", mode: .create)
        isClosed = true
        file.close()
    }

    /// Opens what the path leads to, and brings it to the present schema.
    private func openAnew() throws(DatabaseError) {
        // Closing its descriptor later would release the locks that the new connections have on the same wal-index.
        file.close()
        do throws(StoreOpeningError) {
            let opened = try reopen()
            (connection, isAlone, isClosed) = (opened.connection, opened.isAlone, false)
        } catch {
            throw DatabaseError(sqlite: DatabaseError.cannotOpenCode, message: error.description)
        }
        file = DatabaseFile(opened: file.path, isShared: !isAlone)
        databaseEpoch.fileWasReplaced()
    }

    private func rollBack() {
        guard connection.isInTransaction else { return }
        // Nothing better can be done about an error here: the next BEGIN will fail, and say so to its callers.
        try? connection.run("ROLLBACK")
    }
}

extension DatabaseError {
    /// SQLITE_CANTOPEN.
    fileprivate static let cannotOpenCode: Int32 = 14
    /// SQLITE_BUSY: reads hold what is to be opened anew.
    fileprivate static let logHeld = DatabaseError(
        sqlite: 5, message: "the log was removed, and reads hold it still")
    fileprivate static let fileOverwritten = DatabaseError(
        sqlite: cannotOpenCode,
        message: """
            the database file was changed without SQLite while it was open; nothing is written until a restart. Copy it aside with \
            the files with the ends -wal and -shm. If it was only touched, start again; if another file was copied over it, remove \
            -wal and -shm and put a backup back with wireroom restore
            """)
    fileprivate static let fileGone = DatabaseError(
        sqlite: cannotOpenCode, message: "the database file is not where it was")
}
