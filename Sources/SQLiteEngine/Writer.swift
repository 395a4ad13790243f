// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Dispatch
internal import SQLite
internal import Stories
internal import StoryTables

/// The single writer: a connection used only on the queue of its ``CommandQueue``.
///
/// Group commit: waiting commands are drained into one transaction, so that they share its fsync; one that fails does not affect the
/// others. Callers are answered after the commit, so that acknowledged writes are on disk.
///
/// `@unchecked Sendable`: the mutable state is used only on the command queue's dispatch queue.
final class Writer: BatchCommitter, @unchecked Sendable {
    private let line: CommandQueue
    private var connection: Connection
    private var file: DatabaseFile
    private var databaseEpoch: DatabaseEpoch
    private let pendingEvents = PendingEvents()
    /// For one transaction: other processes may write between two.
    private let cache = WriterCache()
    /// Opens all connections again, after the file was replaced for example.
    private let reopen: Reopening
    private let readers: ReaderPool
    /// Duration of the last COMMIT.
    private var commitTime = Duration.zero
    private var timer: (any DispatchSourceTimer)?
    /// Whether the log must be truncated because it may contain deleted content: initially `true`, as a previous server may have been
    /// killed before truncating it.
    private var mustEraseLog = true
    /// Whether a failed commit may nevertheless be in the log.
    private var mustOverwriteCommit = false
    /// Whether the connections are in exclusive mode, because the disk had no room for a shared wal-index.
    private var isAlone: Bool
    /// Whether all connections are closed and have to be reopened.
    private var isClosed = false

    typealias Reopening = @Sendable () throws(StoreOpeningError) -> OpenedConnection

    /// Poll interval for commits of other processes, well below the second promised to readers.
    static let watchInterval = DispatchTimeInterval.milliseconds(250)

    /// Maximum time to wait for reads to end before reopening connections; other commands wait meanwhile.
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

    /// Adds an observer of all commits, and polls for commits of other processes.
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

    /// Checks for commits of other processes. Errors are left to commands, which can report them to a caller.
    private func watch() {
        switch file.look() {
        case .gone, .overwritten: return
        case .replaced, .logLost: return commit([])
        case .same: break
        }
        if isClosed { return commit([]) }
        _ = eraseLogIfAsked(waiting: 0)
        if mustOverwriteCommit { overwriteCommit() }
        // After an error the next poll looks again.
        if (try? databaseEpoch.hasForeignCommits(connection)) == true { commit([]) }
    }

    /// Runs the body in a transaction; its result is on disk when this returns.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws(StoryError) -> Result
    ) async throws(StoryError) -> Result {
        try await line.write(to: self, body)
    }

    /// Checkpoints and truncates the log, so that no deleted content is left in it. Returns `false` if reads blocked it for too
    /// long; it is then retried, without waiting, at every poll for external commits.
    func truncateWAL() async -> Bool {
        await withCheckedContinuation { continuation in
            line.queue.async { @Sendable in
                self.mustEraseLog = true
                continuation.resume(returning: self.eraseLogIfAsked(waiting: 1_000))
            }
        }
    }

    /// Truncates the log if required; returns whether none of it is left to erase. Commands wait meanwhile, hence the short time-out.
    private func eraseLogIfAsked(waiting milliseconds: Int32) -> Bool {
        guard mustEraseLog else { return true }
        // Checkpointing the log into a different database would corrupt it.
        guard file.look() == .same, !isClosed else { return false }
        connection.setBusyTimeout(milliseconds: milliseconds)
        defer { connection.setBusyTimeout(milliseconds: Connection.busyTimeoutMilliseconds) }
        // An error counts as blocked: nothing was erased.
        let isHeld = try? connection.first("PRAGMA wal_checkpoint(TRUNCATE)") { $0.integer() }
        mustEraseLog = isHeld != 0
        return !mustEraseLog
    }

    /// Commits a batch of commands in one transaction (group commit).
    func commit(_ batch: [Command]) {
        dispatchPrecondition(condition: .onQueue(line.queue))
        var writes = 0
        let failure = transaction { () throws(DatabaseError) in
            writes = try run(batch)
            // A batch that changed nothing needs no sync.
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

    /// Leaves exclusive mode, because there is room again: reopens the connections, so that other processes can open the file. After a
    /// failure the next commit retries.
    private func joinOthers() {
        guard (try? closeAll()) != nil else { return }
        try? reopenFile()
    }

    /// The statistics so far. Thread-safe.
    var statistics: StoreStatistics { line.statistics }

    /// Runs the commands, and returns how many changed something. If one fails halfway, all are rolled back and run again, each in
    /// a savepoint.
    private func run(_ batch: [Command]) throws(DatabaseError) -> Int {
        let runner = CommandRunner(connection: connection, pendingEvents: pendingEvents, cache: cache)
        if let writes = try runner.runTogether(batch) { return writes }
        try connection.run("ROLLBACK")
        pendingEvents.cut(to: 0)
        try begin()
        // Not `runner`: `begin` may have opened another connection.
        return try CommandRunner(connection: connection, pendingEvents: pendingEvents, cache: cache).runApart(
            batch)
    }

    /// Runs the body between BEGIN and COMMIT; returns the error if the transaction failed.
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

    /// Checkpoints a commit before it is acknowledged if its log was removed meanwhile, because it would be lost otherwise.
    private func keepCommit() -> StoryError? {
        guard file.look() == .logLost else { return nil }
        do throws(DatabaseError) {
            try saveLog()
            return nil
        } catch {
            return StoryError(error)
        }
    }

    /// Overwrites a failed commit. If only the sync of the log failed, the commit is complete in the log, and the next start would
    /// recover it although its callers got an error. A commit of the commit count alone replaces it, and is retried until it succeeds.
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

    /// Begins a transaction, and checks for external commits. If the epoch cannot even be read, the file is not the one that was opened,
    /// although it has the same name: for example, one with an older schema was copied into it.
    private func begin() throws(DatabaseError) {
        cache.clear()
        try connection.run("BEGIN IMMEDIATE")
        do throws(DatabaseError) {
            try databaseEpoch.look(at: connection)
        } catch {
            guard error.code == .other else { throw error }
            rollBack()
            try closeAll()
            try reopenFile()
            try connection.run("BEGIN IMMEDIATE")
            try databaseEpoch.look(at: connection)
        }
    }

    /// Ensures that the path still leads to the open file, reopening it if needed: writes to a deleted file would be lost.
    private func requireFile() throws(DatabaseError) {
        switch file.look() {
        case .same: if isClosed { try reopenFile() }
        case .gone: throw .fileGone
        case .replaced:
            file.removeStaleLog()
            try reopenFile()
        case .logLost:
            if isClosed { return try reopenFile() }
            try saveLog()
            try closeAll()
            try reopenFile()
        case .overwritten:
            connection.keepsLogOnClose = true
            readers.onIdle { ($0 as? Connection)?.keepsLogOnClose = true }
            throw .fileOverwritten
        }
    }

    /// Checkpoints the log while the open connections still have it: its path, or that of the wal-index, no longer leads to it.
    private func saveLog() throws(DatabaseError) {
        guard try connection.first("PRAGMA wal_checkpoint(TRUNCATE)", read: { $0.integer() }) == 0 else {
            throw .logHeld
        }
    }

    /// Closes all connections, because they share one wal-index: a new one must not be used beside an old one with another log.
    private func closeAll() throws(DatabaseError) {
        guard readers.close(within: Self.closingLimit) else { throw .logHeld }
        connection = try Connection(path: ":memory:", mode: .create)
        isClosed = true
        file.close()
    }

    /// Opens the file that the path now leads to, and migrates it to the current schema.
    private func reopenFile() throws(DatabaseError) {
        // Closing its descriptor later would release the POSIX locks of the new connections on the same wal-index.
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
        // An error is ignored: the next BEGIN will fail and report it to its callers.
        try? connection.run("ROLLBACK")
    }
}

extension DatabaseError {
    /// SQLITE_CANTOPEN.
    fileprivate static let cannotOpenCode: Int32 = 14
    /// SQLITE_BUSY: reads still use the connections or the log.
    fileprivate static let logHeld = DatabaseError(
        sqlite: 5, message: "the log was removed, and reads still use it")
    fileprivate static let fileOverwritten = DatabaseError(
        sqlite: cannotOpenCode,
        message: """
            the database file was changed without SQLite while it was open; nothing is written until a restart. Copy it aside with \
            the files that end in -wal and -shm. If it was only touched, start again; if another file was copied over it, remove \
            -wal and -shm and put a backup back with wireroom restore
            """)
    fileprivate static let fileGone = DatabaseError(
        sqlite: cannotOpenCode, message: "the database file is not where it was")
}
