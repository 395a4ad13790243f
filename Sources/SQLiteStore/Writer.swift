internal import Dispatch
internal import SQLite
internal import Stories
internal import Synchronization

/// The one connection that writes, on a queue of its own.
///
/// Group commit: commands that wait are drained into one transaction, so that they share its fsync; one that is refused leaves the
/// others alone. Answers go out after the commit: what was answered is on disk.
///
/// `@unchecked Sendable`: the connection is touched only on `queue`, as `drain` makes sure.
final class Writer: @unchecked Sendable {
    private let queue = DispatchQueue(label: "wireroom.writer")
    private var connection: Connection
    private var file: DatabaseFile
    private var databaseEpoch: DatabaseEpoch
    private let pendingEvents = PendingEvents()
    /// Opens what the path leads to after the file was exchanged.
    private let reopen: Reopening
    private let readers: ReaderPool
    private let waiting = Mutex(Waiting())
    private let observers = Mutex<[Observer]>([])
    private let figures = Mutex(StoreStatistics())
    /// How long the last COMMIT took.
    private var commitTime = Duration.zero
    private let commandsPerCommit: Int
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

    typealias Observer = @Sendable ([StoreEvent]) -> Void
    typealias Reopening = @Sendable () throws(StoreOpeningError) -> OpenedConnection

    /// More than this waiting means that the disk does not keep up; callers are told to come again.
    static let maximumWaiting = 4_096
    /// How often it is looked whether others have written: well within the second that readers are promised.
    static let watchInterval = DispatchTimeInterval.milliseconds(250)

    /// For how long other commands wait for reads to end, before connections are opened anew.
    private static let closingLimit = DispatchTimeInterval.seconds(2)

    private struct Waiting {
        var commands: [Command] = []
        var isDraining = false
    }

    init(
        _ opened: OpenedConnection, path: String, databaseEpoch: DatabaseEpoch, commandsPerCommit: Int,
        readers: ReaderPool,
        reopen: @escaping Reopening
    ) {
        connection = opened.connection
        isAlone = opened.isAlone
        self.readers = readers
        self.commandsPerCommit = commandsPerCommit
        self.databaseEpoch = databaseEpoch
        self.reopen = reopen
        file = DatabaseFile(opened: path, isShared: !opened.isAlone)
    }

    deinit {
        timer?.cancel()
    }

    /// Has the observer told of every commit, and looks regularly for those of others.
    func observe(_ observer: @escaping Observer) {
        observers.withLock { $0.append(observer) }
        queue.async { @Sendable in self.startWatching() }
    }

    private func startWatching() {
        guard timer == nil else { return }
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.setEventHandler { @Sendable [weak self] in self?.watch() }
        timer.schedule(deadline: .now(), repeating: Self.watchInterval, leeway: .milliseconds(50))
        timer.activate()
        self.timer = timer
    }

    /// Looks for commits of others. Trouble is left to the commands, which have somebody to tell it to.
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
        let outcome = await withCheckedContinuation { continuation in
            let outcome = CommandResult<Result>()
            submit(
                Command(
                    perform: { transaction in outcome.keep(from: transaction, body) },
                    finish: { failure in continuation.resume(returning: outcome.value(unless: failure)) }))
        }
        return try outcome.get()
    }

    /// Moves the whole log into the database and cuts it, so that nothing is left of what was deleted. False where reads held it
    /// for too long; then it is tried again, without waiting, with every look for others' commits.
    func truncateWAL() async -> Bool {
        await withCheckedContinuation { continuation in
            queue.async { @Sendable in
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

    /// Puts a command into the line, and wakes the queue if nobody is at work.
    private func submit(_ command: Command) {
        enum Next { case wake, wait, refuse }
        let next = waiting.withLock { waiting -> Next in
            guard waiting.commands.count < Self.maximumWaiting else { return .refuse }
            waiting.commands.append(command)
            defer { waiting.isDraining = true }
            return waiting.isDraining ? .wait : .wake
        }
        switch next {
        case .wake: queue.async { self.drain() }
        case .wait: break
        case .refuse: command.finish(.storage(.busy))
        }
    }

    private func drain() {
        dispatchPrecondition(condition: .onQueue(queue))
        while let batch = nextBatch() { commit(batch) }
    }

    private func nextBatch() -> [Command]? {
        waiting.withLock { waiting in
            guard !waiting.commands.isEmpty else {
                waiting.isDraining = false
                return nil
            }
            let batch = Array(waiting.commands.prefix(commandsPerCommit))
            waiting.commands.removeFirst(batch.count)
            return batch
        }
    }

    private func commit(_ batch: [Command]) {
        var writes = 0
        let failure = transaction { () throws(SQLiteError) in
            writes = try run(batch)
            // What was refused, or changed nothing, needs no disk.
            if writes > 0 { try databaseEpoch.count(in: connection) }
        }
        let events = pendingEvents.take()
        if writes > 0 { note(writes, failed: failure != nil) }
        if failure == nil {
            if isAlone, writes > 0 { joinOthers() }
            publish(databaseEpoch.sawExternalWrite ? [.externalWrite] + events : events)
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

    private func note(_ writes: Int, failed: Bool) {
        let seconds = commitTime / .seconds(1)
        figures.withLock { figures in
            figures.commitSeconds += seconds
            figures.commits += failed ? 0 : 1
            figures.committedWrites += failed ? 0 : writes
            figures.failedCommits += failed ? 1 : 0
        }
    }

    /// What was done so far. From any thread.
    var statistics: StoreStatistics {
        var statistics = figures.withLock { $0 }
        statistics.waitingWrites = waiting.withLock { $0.commands.count }
        return statistics
    }

    private func publish(_ events: [StoreEvent]) {
        guard !events.isEmpty else { return }
        for observer in observers.withLock({ $0 }) { observer(events) }
    }

    /// Runs the commands; says how many of them have changed something. Where one is refused halfway, all are taken back and run again,
    /// each in a savepoint.
    private func run(_ batch: [Command]) throws(SQLiteError) -> Int {
        let runner = CommandRunner(connection: connection, pendingEvents: pendingEvents)
        if let writes = try runner.runTogether(batch) { return writes }
        try connection.run("ROLLBACK")
        pendingEvents.cut(to: 0)
        try begin()
        // Which may have opened another connection.
        return try CommandRunner(connection: connection, pendingEvents: pendingEvents).runApart(batch)
    }

    /// Runs the body between BEGIN and COMMIT; gives the error if the transaction came to nothing.
    private func transaction(_ body: () throws(SQLiteError) -> Void) -> StoryError? {
        do throws(SQLiteError) {
            try requireFile()
            try begin()
            try body()
        } catch {
            rollBack()
            return StoryError(error)
        }
        let began = ContinuousClock.now
        defer { commitTime = began.duration(to: .now) }
        do throws(SQLiteError) {
            try connection.run("COMMIT")
            mustOverwriteCommit = false
        } catch {
            rollBack()
            overwriteCommit()
            return StoryError(error)
        }
        return keepCommit()
    }

    /// A commit into a log that was removed meanwhile would not be found again: it is moved into the database before anybody is told
    /// of it.
    private func keepCommit() -> StoryError? {
        guard file.look() == .logLost else { return nil }
        do throws(SQLiteError) {
            try saveLog()
            return nil
        } catch {
            return StoryError(error)
        }
    }

    /// A commit that fails when the log is synced stands whole in the log, where the next start would find it, though its callers
    /// are told that nothing was done. Another commit, of the count of commits alone, takes its place; until one is seen to have gone
    /// well it is tried again.
    private func overwriteCommit() {
        mustOverwriteCommit = true
        do throws(SQLiteError) {
            try connection.run("BEGIN IMMEDIATE")
            try databaseEpoch.commitAlone(on: connection)
            mustOverwriteCommit = false
        } catch {
            rollBack()
        }
    }

    /// Begins a transaction, and looks what others did. What cannot even be looked at is not the file that was opened, though
    /// it has its name: one of an older schema was copied into it, for one.
    private func begin() throws(SQLiteError) {
        try connection.run("BEGIN IMMEDIATE")
        do throws(SQLiteError) {
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

    /// Files that are gone still take writes, which nobody would find again.
    private func requireFile() throws(SQLiteError) {
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
            readers.keepLogOnClose()
            throw .fileOverwritten
        }
    }

    /// Moves into the database what only the open connections can reach: its log, or wal-index, is not where others find it.
    private func saveLog() throws(SQLiteError) {
        guard try connection.first("PRAGMA wal_checkpoint(TRUNCATE)", read: { $0.integer() }) == 0 else {
            throw .logHeld
        }
    }

    /// All connections share one wal-index: a new one must not work beside an old one that has another log.
    private func closeAll() throws(SQLiteError) {
        guard readers.close(within: Self.closingLimit) else { throw .logHeld }
        connection = try Connection(path: ":memory:", mode: .create)
        isClosed = true
        file.close()
    }

    /// Opens what the path leads to, and brings it to the present schema.
    private func openAnew() throws(SQLiteError) {
        // Closed later, its descriptor would let go of the locks that the new connections have on the same wal-index.
        file.close()
        do throws(StoreOpeningError) {
            let opened = try reopen()
            (connection, isAlone, isClosed) = (opened.connection, opened.isAlone, false)
        } catch {
            throw SQLiteError(extendedCode: SQLiteError.cannotOpenCode, message: error.description)
        }
        file = DatabaseFile(opened: file.path, isShared: !isAlone)
        databaseEpoch.fileWasReplaced()
    }

    private func rollBack() {
        guard !connection.isAutocommit else { return }
        // Nothing better can be done about an error here: the next BEGIN will fail, and say so to its callers.
        try? connection.run("ROLLBACK")
    }
}

extension SQLiteError {
    /// SQLITE_CANTOPEN.
    fileprivate static let cannotOpenCode: Int32 = 14
    /// SQLITE_BUSY: reads hold what is to be opened anew.
    fileprivate static let logHeld = SQLiteError(
        extendedCode: 5, message: "the log was removed, and reads hold it still")
    fileprivate static let fileOverwritten = SQLiteError(
        extendedCode: cannotOpenCode,
        message: """
            the database file was changed without SQLite while it was open; nothing is written until a restart. Copy it aside with \
            the files with the ends -wal and -shm. If it was only touched, start again; if another file was copied over it, remove \
            -wal and -shm and put a backup back with wireroom restore
            """)
    fileprivate static let fileGone = SQLiteError(
        extendedCode: cannotOpenCode, message: "the database file is not where it was")
}
