internal import Glibc
internal import Migrations
internal import SQLite
public import Stories
internal import Synchronization

/// Stories and keys in one SQLite file: a write-ahead log, one connection that writes, a few that read.
public final class SQLiteStore: StoryStore, KeyStore {
    let writer: Writer
    let readers: ReaderPool
    let renderer: UpdateRenderer
    let now: @Sendable () -> Timestamp
    /// Milliseconds that go on only while a store is open, by which idempotency keys age.
    let uptimeMilliseconds: @Sendable () -> Int64
    private let identifiers: Mutex<IdentifierGenerator>
    private let lock: LockFile?
    private let path: String

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
        path: String, role: Role, commandsPerCommit: Int = SQLiteStore.defaultCommandsPerCommit,
        renderer: UpdateRenderer, clock: @escaping @Sendable () -> Duration = SQLiteStore.monotonicClock,
        now: @escaping @Sendable () -> Timestamp
    ) throws(StoreOpeningError) {
        let path = try Self.resolve(path, creating: role != .visitor)
        self.path = path
        let count = role == .server ? Self.readerConnections : 1
        lock = role == .server ? try LockFile(besideDatabase: path) : nil
        let (opened, connections) = try Self.openAll(path, as: role, readers: count, at: now())
        let connection = opened.connection
        let highest = try opening(path) { () throws(SQLiteError) in
            try connection.highestIdentifier(at: now())
        }
        identifiers = Mutex(IdentifierGenerator(above: highest))
        uptimeMilliseconds = try Self.uptime(connection, path: path, clock, now())
        let readers = ReaderPool(connections)
        let lock = lock
        let databaseEpoch = try opening(path) { () throws(SQLiteError) in
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
        self.renderer = renderer
        self.now = now
    }

    /// Time that never goes backwards, since some moment.
    public static let monotonicClock: @Sendable () -> Duration = {
        [start = ContinuousClock.now] in start.duration(to: .now)
    }

    /// Goes on from the youngest stored response: what passed while no store was open does not count.
    private static func uptime(
        _ connection: Connection, path: String, _ clock: @escaping @Sendable () -> Duration, _ now: Timestamp
    ) throws(StoreOpeningError) -> @Sendable () -> Int64 {
        let youngest = try opening(path) { () throws(SQLiteError) in
            try connection.first("SELECT max(created_at) FROM stored_responses") { $0.optionalInteger() }
                ?? nil
        }
        let (base, start) = (youngest ?? now.milliseconds, clock())
        return { base &+ Int64((clock() - start) / .milliseconds(1)) }
    }

    /// More than this in one commit would make the first of them wait for the last.
    public static let defaultCommandsPerCommit = 256

    /// Enough that a long read holds nobody up; each costs a thread while it works, and its page cache.
    static let readerConnections = 4

    /// Each migration of this program, and when the database at `path` got it (milliseconds since 1970; `nil`: not
    /// yet). Changes nothing.
    public static func migrationStatus(
        path: String
    ) throws(StoreOpeningError) -> [(number: Int, name: String, appliedAt: Timestamp?)] {
        let path = try resolve(path, creating: false)
        // Without our settings, of which the journal's mode would be written to an empty file.
        let connection = try opening(path) { () throws(SQLiteError) in
            try Connection(path: path, mode: .readOnly)
        }
        return try Migrator(path: path, connection: connection).status().map { migration, appliedAt in
            (migration.number, migration.name, appliedAt.map(Timestamp.init(milliseconds:)))
        }
    }

    /// See ``StoryStore``.
    public var executor: (any TaskExecutor)? { readers }

    /// See ``StoryStore``.
    public var time: Timestamp { now() }

    func nextIdentifier(at now: Timestamp) -> Identifier {
        identifiers.withLock { $0.next(at: now) }
    }

    /// See ``StoryStore``.
    public var statistics: StoreStatistics {
        var statistics = writer.statistics
        statistics.bytes = DatabaseFile.byteCount(path)
        statistics.logBytes = DatabaseFile.byteCount(path + "-wal")
        return statistics
    }

    /// See ``StoryStore``.
    public func observe(_ observer: @escaping @Sendable ([StoreEvent]) -> Void) {
        writer.observe(observer)
    }

    /// See ``StoryStore``.
    public func checkWritable() async throws(StoryError) {
        try await writer.write { transaction throws(StoryError) -> Void in
            try transaction.run("UPDATE database_epoch SET epoch = epoch WHERE only_row = 1")
        }
    }

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
        try Migrator(path: path, connection: writing).migrate(at: now.milliseconds)
        var reading: [Connection] = []
        for _ in 0..<count { reading.append(try open(path, mode: .readOnly, isAlone: isAlone)) }
        return (OpenedConnection(connection: writing, isAlone: isAlone), reading)
    }

    /// Opens a file that is ours, or new. Looks before it sets anything, for the journal's mode is written to the file.
    private static func open(
        _ path: String, mode: Connection.Mode, isAlone: Bool
    ) throws(StoreOpeningError) -> Connection {
        let connection = try opening(path) { () throws(SQLiteError) in
            try Connection(path: path, mode: mode, isAlone: isAlone)
        }
        try Migrator(path: path, connection: connection).check()
        try opening(path) { () throws(SQLiteError) in
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

/// Runs something of the opening of a database; its errors say why it was not opened.
func opening<Result>(
    _ path: String, _ body: () throws(SQLiteError) -> Result
) throws(StoreOpeningError) -> Result {
    do throws(SQLiteError) {
        return try body()
    } catch {
        throw error.code == .notADatabase
            ? .notWireroom(path: path) : .cannotOpen(path: path, reason: error.description)
    }
}
