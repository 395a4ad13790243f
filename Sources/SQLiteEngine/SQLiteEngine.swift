// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Glibc
internal import Migrations
internal import SQLite
public import Stories
public import StoryTables

/// SQLite as the engine of a store: one file with a write-ahead log, one connection that writes, a few that read.
public final class SQLiteEngine: StoreEngine {
    let writer: Writer
    private let readers: ReaderPool
    private let lock: LockFile?
    private let path: String
    /// What a store goes on from, as the tables had it when they were opened.
    public let marks: StoredMarks

    /// Who opens the database.
    public enum Role: Sendable {
        /// The one server that answers from it: a second one is kept off.
        case server
        /// A command beside the server, or without one.
        case command
        /// A command that has nothing to do where there is no database yet.
        case visitor
    }

    /// Opens the database, makes it where there is none, and brings it to the present schema.
    ///
    /// At most `commandsPerCommit` writes that wait share a commit.
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

    /// Enough that a long read does not hold up others; each costs a thread while it works, and its page cache.
    static let readerConnections = 4

    /// Each migration of this program, and when the database at `path` got it (milliseconds since 1970; `nil`: not
    /// yet). Changes nothing.
    public static func migrationStatus(
        path: String
    ) throws(StoreOpeningError) -> [(number: Int, name: String, appliedAt: Timestamp?)] {
        let path = try resolve(path, creating: false)
        // Without our settings, of which the journal's mode would be written to an empty file.
        let connection = try opening(path) { () throws(DatabaseError) in
            try Connection(path: path, mode: .readOnly)
        }
        return try Migrator(path: path, on: connection).status().map { migration, appliedAt in
            (migration.number, migration.name, appliedAt.map(Timestamp.init(milliseconds:)))
        }
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

    /// Truncates the write-ahead log; what was deleted from the database itself is overwritten at once.
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

    /// Tasks that read run on the connections' own queues.
    public var executor: (any TaskExecutor)? { readers }

    // MARK: Opening

    /// The true path of a database, by which all of its users know it, also where `path` is a link.
    static func resolve(_ path: String, creating: Bool) throws(StoreOpeningError) -> String {
        if creating {
            // SQLite itself would not say why, and leave files behind that keep it from trying again.
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

    /// Opens the connection that writes, and those that read. A server for whose wal-index the disk has no room has it in memory, and
    /// keeps other processes off: so it answers reads, and writes as soon as there is room.
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
                _ = second  // The first error is the one to tell.
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

    /// Opens a file that is ours, or new. Looks before it sets anything, for the journal's mode is written to the file.
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

    /// `synchronous = FULL` makes a commit wait for the disk: without it the last ones are lost with the power.
    /// `secure_delete` overwrites what is deleted, so that a takedown leaves nothing in the file.
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

/// The connection that writes; whether it keeps other processes off.
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
