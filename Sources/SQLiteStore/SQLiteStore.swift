internal import Migrations
internal import SQLite
public import Stories
internal import Synchronization

/// Stories and keys in one SQLite file: a write-ahead log, one connection that writes, a few that read.
public final class SQLiteStore: StoryStore, KeyStore {
    let writer: Writer
    let readers: Readers
    /// CommonMark to HTML that is safe to show.
    let render: @Sendable (String) -> String
    let now: @Sendable () -> Timestamp
    private let identifiers = Mutex(IdentifierGenerator())
    private let lock: LockFile?

    /// Who opens the database.
    public enum Role: Sendable {
        /// The one server that answers from it: a second one is kept off.
        case server
        /// A command beside the server, or without one.
        case command
    }

    /// Opens the database, makes it where there is none, and brings it to the present schema.
    public init(
        path: String, role: Role, render: @escaping @Sendable (String) -> String,
        now: @escaping @Sendable () -> Timestamp
    ) throws(StoreOpeningError) {
        lock = role == .server ? try LockFile(besideDatabase: path) : nil
        let connection = try Self.open(path, mode: .create)
        let migrator = Migrator(path: path, connection: connection)
        _ = try migrator.status()  // Refuses a file that is not ours before anything in it is changed.
        try Self.execute("PRAGMA journal_mode = WAL", connection, path: path)
        try migrator.migrate(at: now().milliseconds)
        var connections: [Connection] = []
        for _ in 0..<(role == .server ? Self.readerConnections : 1) {
            connections.append(try Self.open(path, mode: .readOnly))
        }
        try Self.beginLife(connection, path: path, at: now())
        writer = Writer(connection)
        readers = Readers(connections)
        self.render = render
        self.now = now
    }

    /// Enough that a long read holds nobody up; each costs a thread while it works, and its page cache.
    static let readerConnections = 4

    /// Each migration of this program, and when the database at `path` got it (milliseconds since 1970; `nil`: not
    /// yet). Changes nothing.
    public static func migrationStatus(
        path: String
    ) throws(StoreOpeningError) -> [(number: Int, name: String, appliedAt: Timestamp?)] {
        let connection = try open(path, mode: .readOnly)
        return try Migrator(path: path, connection: connection).status().map { migration, appliedAt in
            (migration.number, migration.name, appliedAt.map(Timestamp.init(milliseconds:)))
        }
    }

    func nextIdentifier(at now: Timestamp) -> Identifier {
        identifiers.withLock { $0.next(at: now) }
    }

    /// See ``StoryStore``.
    public func checkWritable() async throws(StoryError) {
        try await writer.write { session throws(StoryError) -> Void in
            try session.run("UPDATE life SET epoch = epoch WHERE only_row = 1")
        }
    }

    // MARK: Opening

    private static func open(_ path: String, mode: Connection.Mode) throws(StoreOpeningError) -> Connection {
        let connection: Connection
        do throws(SQLiteError) {
            connection = try Connection(path: path, mode: mode)
        } catch {
            throw .cannotOpen(path: path, reason: error.description)
        }
        try execute(settings, connection, path: path)
        return connection
    }

    private static func execute(
        _ script: String, _ connection: Connection, path: String
    ) throws(StoreOpeningError) {
        do throws(SQLiteError) {
            try connection.execute(script)
        } catch {
            throw error.code == .notADatabase
                ? .notWireroom(path: path) : .cannotOpen(path: path, reason: error.description)
        }
    }

    /// Settings of the connection, which change nothing in the file.
    /// `synchronous = FULL` makes a commit wait for the disk: without it the last ones are lost with the power.
    private static let settings = """
        PRAGMA synchronous = FULL;
        PRAGMA foreign_keys = ON;
        PRAGMA trusted_schema = OFF;
        PRAGMA temp_store = MEMORY
        """

    /// Draws the epoch of a database that has none yet.
    private static func beginLife(
        _ connection: Connection, path: String, at now: Timestamp
    ) throws(StoreOpeningError) {
        do throws(SQLiteError) {
            try connection.run(
                "INSERT OR IGNORE INTO life (only_row, epoch, created_at) VALUES (1, ?, ?)",
                Int64.random(in: .min ... .max), now.milliseconds)
        } catch {
            throw .cannotOpen(path: path, reason: error.description)
        }
    }
}
