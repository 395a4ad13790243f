// SPDX-License-Identifier: Apache-2.0
internal import CSQLite
public import Database

/// A connection to a database file. Not thread-safe: its owner confines it to one queue.
public final class Connection {
    let handle: OpaquePointer
    private var statements: [StatementText: Statement] = [:]

    /// Disables SQLite's memory statistics, whose global lock every allocation on every thread takes. Call before SQLite's
    /// first use.
    private static let isConfigured = csqlite_without_memory_statistics() == SQLITE_OK

    /// How to open a file.
    public enum Mode: Sendable {
        /// Reads and writes; creates the file if it does not exist.
        case create
        /// Reads and writes an existing file.
        case readWrite
        /// Reads an existing file. The file is opened for writing, since WAL readers write to the shared memory, but
        /// statements that write fail (`query_only`).
        case readOnly
    }

    /// Default time to wait for a lock held by another connection (SQLITE_BUSY).
    public static let busyTimeoutMilliseconds: Int32 = 5_000

    /// Sets the busy timeout; 0 fails immediately.
    public func setBusyTimeout(milliseconds: Int32) {
        sqlite3_busy_timeout(handle, milliseconds)
    }

    /// Opens the file at `path`. Waits for a lock of another process for at most `busyTimeoutMilliseconds`.
    ///
    /// - Parameter isAlone: exclusive mode (VFS "unix-excl", sqlite.org/vfs.html): no other process may open the file, and the
    ///   wal-index is on the heap instead of in a file, for which the disk may have no room.
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

    /// Whether closing skips the final checkpoint; otherwise the last connection to close checkpoints and deletes the WAL.
    public var keepsLogOnClose = false {
        didSet { _ = csqlite_keep_log_on_close(handle, keepsLogOnClose ? 1 : 0) }
    }

    deinit {
        statements.removeAll()
        sqlite3_close_v2(handle)
    }

    /// Rows changed by all statements so far, including rolled-back ones.
    public var totalChanges: Int { Int(sqlite3_total_changes64(handle)) }

    /// Runs a script of statements without parameters or results.
    public func execute(_ script: String) throws(DatabaseError) {
        let result = sqlite3_exec(handle, script, nil, nil, nil)
        guard result == SQLITE_OK else { throw error(result) }
    }

    /// A cached prepared statement; prepared once per connection.
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
    /// SQLite's dialect.
    public var dialect: Dialect { .sqlite }

    /// SQLite rolls back by itself after some errors, such as a full disk.
    public var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Runs a statement that returns no rows.
    public func run(_ sql: String, values: [Value]) throws(DatabaseError) {
        let statement = try statement(sql)
        defer { statement.reset() }
        try statement.bind(values)
        while try statement.step() {}
    }

    /// Runs a statement that returns no rows; returns the number of changed rows.
    public func changes(_ sql: String, values: [Value]) throws(DatabaseError) -> Int {
        try run(sql, values: values)
        return Int(sqlite3_changes64(handle))
    }

    /// Calls the body with each row of a query, until it returns false.
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
