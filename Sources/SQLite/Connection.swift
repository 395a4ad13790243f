internal import CSQLite
public import Database

/// A connection to a database file. Not for two threads: whoever makes it keeps it on one queue.
public final class Connection {
    let handle: OpaquePointer
    private var statements: [StatementText: Statement] = [:]

    /// SQLite need not count its memory, for which every allocation on every thread takes one lock. Only before its first use.
    private static let isConfigured = csqlite_without_memory_statistics() == SQLITE_OK

    /// How to open a file.
    public enum Mode: Sendable {
        /// Reads and writes, and makes the file where there is none.
        case create
        /// Reads and writes a file that exists.
        case readWrite
        /// Reads a file that exists. It is opened for writing, as the shared memory of a write-ahead log asks,
        /// but refuses statements that write.
        case readOnly
    }

    /// For how long a lock held by another is waited for, unless told otherwise.
    public static let busyTimeoutMilliseconds: Int32 = 5_000

    /// Waits for locks at most so long from now on; 0: not at all.
    public func setBusyTimeout(milliseconds: Int32) {
        sqlite3_busy_timeout(handle, milliseconds)
    }

    /// Opens the file at `path`. With `isAlone` no other process may have it open, and the wal-index is in memory instead of a file, for
    /// which the disk may have no room (sqlite.org/vfs.html, "unix-excl"). A lock held by another process is waited for, at most `busyTimeoutMilliseconds`.
    public init(
        path: String, mode: Mode, isAlone: Bool = false,
        busyTimeoutMilliseconds: Int32 = Connection.busyTimeoutMilliseconds
    ) throws(DatabaseError) {
        _ = Self.isConfigured
        let create = mode == .create ? SQLITE_OPEN_CREATE : 0
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | create
        var opened: OpaquePointer?
        let result = sqlite3_open_v2(path, &opened, flags, isAlone ? "unix-excl" : nil)
        guard result == SQLITE_OK, let opened else {
            let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(opened)
            throw DatabaseError(sqlite: result, message: message)
        }
        handle = opened
        sqlite3_busy_timeout(handle, busyTimeoutMilliseconds)
        if mode == .readOnly { try execute("PRAGMA query_only = ON") }
    }

    /// Whether closing leaves the write-ahead log as it is; otherwise the last connection moves it into the database.
    public var keepsLogOnClose = false {
        didSet { _ = csqlite_keep_log_on_close(handle, keepsLogOnClose ? 1 : 0) }
    }

    deinit {
        statements.removeAll()
        sqlite3_close_v2(handle)
    }

    /// How many rows all statements so far have touched, also those that were taken back.
    public var totalChanges: Int { Int(sqlite3_total_changes64(handle)) }

    /// Runs statements without values or rows, one after another.
    public func execute(_ script: String) throws(DatabaseError) {
        let result = sqlite3_exec(handle, script, nil, nil, nil)
        guard result == SQLITE_OK else { throw error(result) }
    }

    /// A statement, prepared once in the life of the connection.
    private func statement(_ sql: String) throws(DatabaseError) -> Statement {
        let text = StatementText(sql)
        if let known = statements[text] { return known }
        var prepared: OpaquePointer?
        let result = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard result == SQLITE_OK, let prepared else { throw error(result) }
        let statement = Statement(prepared)
        statements[text] = statement
        return statement
    }

    private func error(_ result: Int32) -> DatabaseError {
        DatabaseError(sqlite: result, message: String(cString: sqlite3_errmsg(handle)))
    }
}

extension Connection: Database {
    /// SQLite's.
    public var dialect: Dialect { .sqlite }

    /// SQLite ends a transaction by itself on some errors, a full disk for one.
    public var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Runs a statement that gives no rows, at once.
    public func run(_ sql: String, values: [Value]) throws(DatabaseError) {
        let statement = try statement(sql)
        defer { statement.reset() }
        try statement.bind(values)
        while try statement.step() {}
    }

    /// Runs a statement that gives no rows, and says how many rows it touched.
    public func changes(_ sql: String, values: [Value]) throws(DatabaseError) -> Int {
        try run(sql, values: values)
        return Int(sqlite3_changes64(handle))
    }

    /// Hands each row that a statement gives to the body, until that returns false.
    public func forEachRow(
        of sql: String, values: [Value], _ body: (inout Row) -> Bool
    ) throws(DatabaseError) {
        let statement = try statement(sql)
        defer { statement.reset() }
        try statement.bind(values)
        while try statement.step() {
            var row = Row(statement)
            guard body(&row) else { return }
        }
    }
}

/// The text of a statement, hashed by its length alone: a program has few statements, most of a length of their own, and to hash
/// hundreds of bytes costs more than to compare them.
private struct StatementText: Hashable {
    private let sql: String

    init(_ sql: String) { self.sql = sql }

    func hash(into hasher: inout Hasher) { hasher.combine(sql.utf8.count) }
}
