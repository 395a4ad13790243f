// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Glibc
internal import Migrations
internal import SQLite
public import Stories
public import StoryTables

/// The SQLite engine of a store: one file with a write-ahead log, one writing connection, and a pool of reading ones.
public final class SQLiteEngine: StoreEngine {
    let writer: Writer
    private let readers: ReaderPool
    private let lock: LockFile?
    private let path: String
    /// State for a store to resume from, read when the database was opened.
    public let marks: StoredMarks

    /// The kind of process that opens the database.
    public enum Role: Sendable {
        /// The server; it holds a lock that excludes a second one.
        case server
        /// A command; a server may be running.
        case command
        /// A command that needs an existing database, and does not create one.
        case visitor
    }

    /// Opens the database, creates it if there is none (except as `.visitor`), and migrates it to the current schema.
    ///
    /// At most `commandsPerCommit` waiting writes share a commit.
    public init(
        path: String, role: Role, commandsPerCommit: Int = CommandQueue.defaultCommandsPerCommit,
        now: @escaping @Sendable () -> Timestamp
    ) throws(StoreOpeningError) {
        let path = try Self.resolve(path, creating: role != .visitor)
        self.path = path
        let count = role == .server ? Self.readerConnections : 1
        lock = role == .server ? try LockFile(besideDatabase: path) : nil
        let (opened, connections) = try Self.openAll(path, as: role, readers: count, at: now())
        let connection = opened.connection
        marks = try opening(path) { () throws(DatabaseError) in try StoredMarks(in: connection, at: now()) }
        let readers = ReaderPool(connections)
        let lock = lock
        let databaseEpoch = try opening(path) { () throws(DatabaseError) in
            try DatabaseEpoch(connection, lock: lock, at: now().milliseconds)
        }
        writer = Writer(
            opened, path: path, databaseEpoch: databaseEpoch, commandsPerCommit: commandsPerCommit,
            readers: readers
        ) { () throws(StoreOpeningError) in
            try lock?.holdDatabase(path)
            let (opened, connections) = try Self.openAll(path, as: role, readers: count, at: now())
            readers.replace(by: connections)
            return opened
        }
        self.readers = readers
    }

    /// Enough that a long read does not delay others; each costs a thread while busy, and a page cache.
    static let readerConnections = 4

    /// Returns each migration of this program, and when it was applied to the database at `path` (`nil`: not yet). Changes
    /// nothing.
    public static func migrationStatus(
        path: String
    ) throws(StoreOpeningError) -> [(number: Int, name: String, appliedAt: Timestamp?)] {
        let path = try resolve(path, creating: false)
        // Opened without `settings`: the journal mode would be written to an empty file.
        let connection = try opening(path) { () throws(DatabaseError) in
            try Connection(path: path, mode: .readOnly)
        }
        return try Migrator(path: path, on: connection).status()
    }

    // MARK: Engine

    /// See ``StoreEngine``.
    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws(StoryError) -> Result
    ) async throws(StoryError) -> Result {
        try await readers.read(body)
    }

    /// See ``StoreEngine``.
    public func write<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws(StoryError) -> Result
    ) async throws(StoryError) -> Result {
        try await writer.write(body)
    }

    /// Truncates the write-ahead log; in the database itself `secure_delete` overwrites deleted content at once.
    public func eraseTraces() async -> Bool { await writer.truncateWAL() }

    /// See ``StoreEngine``.
    public func observe(_ observer: @escaping @Sendable ([StoreEvent]) -> Void) {
        writer.observe(observer)
    }

    /// See ``StoreEngine``.
    public var statistics: StoreStatistics {
        var statistics = writer.statistics
        statistics.bytes = DatabaseFile.byteCount(path)
        statistics.logBytes = DatabaseFile.byteCount(path + "-wal")
        return statistics
    }

    /// The reader pool: tasks that read run on the queues of its connections.
    public var executor: (any TaskExecutor)? { readers }

    // MARK: Opening

    /// Returns the canonical path of a database, the same for all processes even if `path` is a symbolic link.
    static func resolve(_ path: String, creating: Bool) throws(StoreOpeningError) -> String {
        if creating {
            // SQLite itself would not report the reason, and would leave files behind that make a retry fail.
            let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
            }
            close(descriptor)
        }
        guard let real = realpath(path, nil) else {
            throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
        }
        defer { free(real) }
        return String(cString: real)
    }

    /// Opens the writing and the reading connections. If the disk has no room for a server's wal-index, falls back to exclusive mode with
    /// the wal-index in memory, so that the server can answer reads, and writes as soon as there is room.
    private static func openAll(
        _ path: String, as role: Role, readers count: Int, at now: Timestamp
    ) throws(StoreOpeningError) -> (OpenedConnection, [Connection]) {
        do throws(StoreOpeningError) {
            return try openAll(path, readers: count, isAlone: false, at: now)
        } catch {
            guard role == .server, case .cannotOpen = error else { throw error }
            do throws(StoreOpeningError) {
                return try openAll(path, readers: count, isAlone: true, at: now)
            } catch let second {
                _ = second  // The first error is the one to report.
                throw error
            }
        }
    }

    private static func openAll(
        _ path: String, readers count: Int, isAlone: Bool, at now: Timestamp
    ) throws(StoreOpeningError) -> (OpenedConnection, [Connection]) {
        let writing = try open(path, mode: .readWrite, isAlone: isAlone)
        try Migrator(path: path, on: writing).migrate(at: now.milliseconds)
        var reading: [Connection] = []
        for _ in 0..<count { reading.append(try open(path, mode: .readOnly, isAlone: isAlone)) }
        return (OpenedConnection(connection: writing, isAlone: isAlone), reading)
    }

    /// Opens a new file or one of Wireroom's. Checks that before applying `settings`, as the journal mode is written to the file.
    private static func open(
        _ path: String, mode: Connection.Mode, isAlone: Bool
    ) throws(StoreOpeningError) -> Connection {
        let connection = try opening(path) { () throws(DatabaseError) in
            try Connection(path: path, mode: mode, isAlone: isAlone)
        }
        try Migrator(path: path, on: connection).check()
        try opening(path) { () throws(DatabaseError) in
            try connection.execute(settings)
            try connection.defineTagKey()
        }
        return connection
    }

    /// `synchronous = FULL` syncs the log at each commit: otherwise a power loss could undo the latest commits.
    /// `secure_delete` overwrites deleted content with zeros, so that a takedown leaves no remains in the file.
    private static let settings = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA foreign_keys = ON;
        PRAGMA trusted_schema = OFF;
        PRAGMA temp_store = MEMORY;
        PRAGMA secure_delete = ON;
        PRAGMA cache_size = -2000
        """
}

/// The writing connection, and whether it is in exclusive mode.
struct OpenedConnection {
    let connection: Connection
    let isAlone: Bool
}

extension TableStore {
    /// Opens a store in the SQLite file at `path`; see ``SQLiteEngine/init(path:role:commandsPerCommit:now:)``.
    public convenience init(
        path: String, role: SQLiteEngine.Role, commandsPerCommit: Int = CommandQueue.defaultCommandsPerCommit,
        renderer: UpdateRenderer, clock: @escaping @Sendable () -> Duration = TableStore.monotonicClock,
        now: @escaping @Sendable () -> Timestamp
    ) throws(StoreOpeningError) {
        let engine = try SQLiteEngine(path: path, role: role, commandsPerCommit: commandsPerCommit, now: now)
        self.init(on: engine, marks: engine.marks, renderer: renderer, clock: clock, now: now)
    }
}
