// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Migrations
public import Postgres
public import Stories
public import StoryTables

/// The PostgreSQL engine of a store: a database that any number of nodes share. One connection writes, four read, and one follows the
/// commits of other nodes.
public final class PostgresEngine: StoreEngine {
    private let queue: CommandQueue
    private let writer: PostgresWriter
    private let readers: ReaderPool
    private let follower: CommitFollower?
    private let log: CommitLog
    private let clock: DatabaseClock
    /// State for a store to resume from, read when the database was opened.
    public let marks: StoredMarks

    /// Settings of the server that put acknowledged writes at risk, as sentences for the operator.
    public let warnings: [String]

    /// The kind of process that opens the database.
    public enum Role: Sendable {
        /// A node that serves.
        case node
        /// A command, which does not hear of other nodes' commits.
        case command
        /// A command that needs an existing database, and does not create one.
        case visitor
    }

    private static let readerConnections = 4

    /// Opens the database, creates the tables if there are none (except as `.visitor`), and migrates them to the current schema.
    ///
    /// At most `commandsPerCommit` waiting writes share a commit. `correctingClock`: `now` is corrected by the database's clock.
    public init(
        _ address: PostgresAddress, role: Role,
        commandsPerCommit: Int = CommandQueue.defaultCommandsPerCommit,
        correctingClock: Bool = true, now: @escaping @Sendable () -> Timestamp
    ) throws(StoreOpeningError) {
        let name = address.description
        let connection = PostgresConnection(address)
        connection.preparesStatements = false
        let clock = DatabaseClock(now, corrected: correctingClock)
        try Self.migrate(connection, name, as: role, at: now())
        warnings = try opening(name) { () throws(DatabaseError) in try connection.riskySettings() }
        let (marks, known, preparesStatements) = try opening(name) { () throws(DatabaseError) in
            try connection.requireUTF8()
            try connection.run("BEGIN")
            let known = try connection.first(
                "SELECT number, token FROM commits ORDER BY number DESC LIMIT 1"
            ) { LogMark(number: $0.integer(), token: $0.text()) }
            let time = try connection.first(Self.databaseTime) { $0.integer() } ?? now().milliseconds
            clock.set(time)
            let marks = try StoredMarks(in: connection, at: clock.now, countingUptime: !correctingClock)
            try connection.run("COMMIT")
            return (marks, known ?? .none, try !connection.isPooledByTransaction(address))
        }
        self.marks = marks
        self.clock = clock
        connection.preparesStatements = preparesStatements
        queue = CommandQueue(commandsPerCommit: commandsPerCommit)
        log = CommitLog(queue: queue, known: known)
        writer = PostgresWriter(connection, queue: queue, log: log, clock: clock)
        readers = ReaderPool(
            (0..<(role == .node ? Self.readerConnections : 1)).map { _ in
                let reader = PostgresConnection(address)
                reader.preparesStatements = preparesStatements
                return reader
            })
        follower = role == .node ? CommitFollower(address, log: log) : nil
        follower?.start()
    }

    deinit {
        follower?.stop()
    }

    private static let databaseTime =
        "SELECT CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS BIGINT)"

    /// The time of the cluster.
    public var now: @Sendable () -> Timestamp { { [clock] in clock.now } }

    static func migrate(
        _ connection: PostgresConnection, _ name: String, as role: Role, at now: Timestamp
    ) throws(StoreOpeningError) {
        let migrator = Migrator(path: name, database: connection, migrations: Migrations.postgres)
        guard role != .visitor else {
            guard try migrator.status().contains(where: { $0.appliedAt != nil }) else {
                throw .notWireroom(path: name)
            }
            return
        }
        try migrator.migrate(at: now.milliseconds)
        try opening(name) { () throws(DatabaseError) in
            try connection.run(
                """
                INSERT INTO database_epoch (only_row, epoch, created_at, timeline, system)
                SELECT 1, ?, ?, \(WriteLease.timeline), \(WriteLease.system) ON CONFLICT DO NOTHING
                """, Int64.random(in: .min ... .max), now.milliseconds)
        }
    }

    /// Returns each migration of this program, and when it was applied (`nil`: not yet). Changes nothing.
    public static func migrationStatus(
        _ address: PostgresAddress
    ) throws(StoreOpeningError) -> [(number: Int, name: String, appliedAt: Timestamp?)] {
        try Migrator(
            path: address.description, database: PostgresConnection(address), migrations: Migrations.postgres
        ).status()
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
        try await queue.write(to: writer, body)
    }

    /// Always `false`: PostgreSQL keeps the bytes of deleted rows until the operator has the tables rewritten (``erase(_:)``).
    public func eraseTraces() async -> Bool { false }

    /// See ``StoreEngine``.
    public func observe(_ observer: @escaping @Sendable ([StoreEvent]) -> Void) { queue.observe(observer) }

    /// See ``StoreEngine``. The sizes are those of the server, and not known here.
    public var statistics: StoreStatistics {
        var statistics = queue.statistics
        if follower != nil { statistics.followerLagSeconds = log.lagSeconds }
        return statistics
    }

    /// The reader pool: tasks that read run on the queues of its connections.
    public var executor: (any TaskExecutor)? { readers }
}

extension PostgresConnection {
    /// Texts are UTF-8 and compared by their bytes.
    fileprivate func requireUTF8() throws(DatabaseError) {
        let encoding = try first("SELECT current_setting('server_encoding')") { $0.text() } ?? ""
        guard encoding == "UTF8" else {
            throw DatabaseError(
                .cannotOpen,
                message: "the database has the encoding \(encoding); create one with ENCODING 'UTF8'",
                origin: "Wireroom")
        }
    }

    /// Without these two, a server that loses power may lose or damage what it has acknowledged. `synchronous_commit` is not among them:
    /// each write asks for it.
    fileprivate func riskySettings() throws(DatabaseError) -> [String] {
        try rows(
            "SELECT CAST(name AS text) FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off'"
        ) {
            "the PostgreSQL server has \($0.text()) = off: a power loss may lose acknowledged writes"
        }
    }

    /// Whether a pooler gives each transaction another session of the server, which does not know statements prepared before: a second
    /// connection takes the session that this one has just used.
    fileprivate func isPooledByTransaction(_ address: PostgresAddress) throws(DatabaseError) -> Bool {
        let query = "SELECT CAST(pg_backend_pid() AS BIGINT)"
        let other = PostgresConnection(address)
        other.preparesStatements = false
        let first = try first(query) { $0.integer() }
        try other.run("BEGIN")
        _ = try other.first(query) { $0.integer() }
        let second = try self.first(query) { $0.integer() }
        try other.run("ROLLBACK")
        return first != second
    }
}

extension TableStore {
    /// Opens a store in a PostgreSQL database; see ``PostgresEngine/init(_:role:commandsPerCommit:correctingClock:now:)``.
    public convenience init(
        _ address: PostgresAddress, role: PostgresEngine.Role,
        commandsPerCommit: Int = CommandQueue.defaultCommandsPerCommit, renderer: UpdateRenderer,
        clock: @escaping @Sendable () -> Duration = TableStore.monotonicClock, correctingClock: Bool = true,
        now: @escaping @Sendable () -> Timestamp
    ) throws(StoreOpeningError) {
        let engine = try PostgresEngine(
            address, role: role, commandsPerCommit: commandsPerCommit, correctingClock: correctingClock,
            now: now)
        self.init(on: engine, marks: engine.marks, renderer: renderer, clock: clock, now: engine.now)
    }
}
