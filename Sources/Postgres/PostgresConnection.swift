// SPDX-License-Identifier: Apache-2.0
internal import CPostgres
public import Database
internal import Glibc

/// A connection to a PostgreSQL server, in pipeline mode: statements without a result are sent with the next one that has a result, so
/// that they cost no round trip of their own. Connects when it is first used, and again after the connection was lost. Not thread-safe.
public final class PostgresConnection: Database {
    private let address: PostgresAddress
    private var handle: OpaquePointer?
    private var statements: [StatementText: PreparedText] = [:]
    /// What the names of prepared statements begin with. Behind a pooler a session may know those of other connections.
    private let prefix = "wireroom_" + String(UInt64.random(in: 0 ... .max), radix: 16)
    /// What was sent and not answered yet, in order.
    private var pending: [Pending] = []
    /// What is sent before the next statement that is not held back.
    private var inserts = InsertBatch()
    /// The first error since the last BEGIN; the server refuses all until a ROLLBACK.
    public private(set) var failure: DatabaseError?
    /// Statements that may have changed something, since the connection was made.
    public private(set) var writes = 0
    private var writesAtBegin = 0
    /// Round trips since the connection was made, for tests.
    public private(set) var roundTrips = 0
    /// Whether a transaction is open.
    public private(set) var isInTransaction = false
    /// Whether statements are prepared by name. Set to `false` when a session does not know one that was prepared, because a pooler gives
    /// each transaction another session; the connection is then lost once.
    public var preparesStatements = true

    /// If set, queries without parameters are read by a cursor within a transaction, this many rows at a time. The body that gets the rows
    /// must not use the connection.
    public var rowsPerFetch: Int?

    private enum Pending {
        case prepare(StatementText)
        case statement
        case sync
    }

    /// Creates a connection that is not made yet.
    public init(_ address: PostgresAddress) {
        self.address = address
    }

    deinit {
        close()
    }

    /// See ``Database``.
    public private(set) var isLost = false

    /// PostgreSQL's dialect.
    public var dialect: Dialect { .postgres }

    /// Closes the connection; the next statement makes it again.
    public func close() {
        if let handle { cpostgres_finish(handle) }
        (handle, isInTransaction, failure) = (nil, false, nil)
        (pending, inserts) = ([], InsertBatch())
        statements = [:]
    }

    /// Whether there is a connection, which may have broken since it was last used.
    public var isConnected: Bool { handle != nil }

    /// The socket, for waiting for notifications; `nil` while there is no connection.
    public var socket: Int32? { handle.map { cpostgres_socket($0) } }

    /// Takes all notifications received so far, without waiting; returns their payloads, of which at most 63 bytes are kept.
    public func takeNotifications() throws(DatabaseError) -> [String] {
        guard let handle else { throw DatabaseError(connection: nil) }
        guard cpostgres_consume_input(handle) != 0 else { throw lost() }
        var payloads: [String] = []
        var payload = [CChar](repeating: 0, count: 64)
        while cpostgres_take_notification(handle, &payload, Int32(payload.count)) != 0 {
            payloads.append(
                String(decoding: payload.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        return payloads
    }

    // MARK: Database

    /// Sends a statement. Within a transaction it is not waited for, and its errors are thrown by the next one that is; COMMIT is waited
    /// for if anything was written.
    public func run(_ sql: String, values: [Value]) throws(DatabaseError) {
        if sql.hasPrefix("BEGIN") {  // ascii: statements of this program
            try begin(sql)
        } else if sql == "COMMIT" {
            try commit()
        } else if sql == "ROLLBACK" {
            try rollBack()
        } else if isInTransaction, text(sql, values).multiRow != nil {
            if let failure { throw failure }
            inserts.add(values, of: sql)
            writes += 1
            if inserts.isFull { try sendInserts() }
        } else {
            try send(sql, values)
            if !isInTransaction || pending.count >= Self.maximumPending { try flush() }
        }
    }

    /// Statements sent and not waited for, at most: their results would fill the memory.
    private static let maximumPending = 4_096

    /// Runs a statement, and waits for it; returns the number of changed rows.
    public func changes(_ sql: String, values: [Value]) throws(DatabaseError) -> Int {
        try send(sql, values)
        return try receive()?.changedRows ?? 0
    }

    /// Calls the body with each row of a query, until it returns `false`.
    public func forEachRow(
        of sql: String, values: [Value], _ body: (inout Row) -> Bool
    ) throws(DatabaseError) {
        if let rowsPerFetch, isInTransaction, values.isEmpty { return try fetch(sql, rowsPerFetch, body) }
        try send(sql, values)
        try receive()?.forEachRow(body)
    }

    /// Reads the rows of a query by a cursor, so that they need not all fit into memory.
    private func fetch(
        _ sql: String, _ rowsPerFetch: Int, _ body: (inout Row) -> Bool
    ) throws(DatabaseError) {
        try send("DECLARE fetched NO SCROLL CURSOR FOR \(sql)", [])
        var (count, goesOn) = (rowsPerFetch, true)
        while goesOn, count == rowsPerFetch {
            try send("FETCH \(rowsPerFetch) FROM fetched", [])
            count = 0
            try receive()?.forEachRow { row in
                count += 1
                goesOn = body(&row)
                return goesOn
            }
        }
        try send("CLOSE fetched", [])
    }

    /// Sends all statements that were held back, and waits for all that were sent.
    public func flush() throws(DatabaseError) {
        try sendInserts()
        if !pending.isEmpty { _ = try receive() }
    }

    /// Runs a script of statements, by the simple protocol.
    public func execute(_ script: String) throws(DatabaseError) {
        try flush()
        let handle = try connected()
        _ = cpostgres_exit_pipeline_mode(handle)
        defer { _ = cpostgres_enter_pipeline_mode(handle) }
        guard let result = cpostgres_exec(handle, script) else { throw lost() }
        defer { cpostgres_clear(result) }
        isInTransaction = cpostgres_transaction_status(handle) != CPOSTGRES_IDLE
        let status = cpostgres_result_status(result)
        guard status == CPOSTGRES_COMMAND_OK || status == CPOSTGRES_TUPLES_OK else {
            throw DatabaseError(result: result)
        }
    }

    // MARK: Transactions

    private func begin(_ sql: String) throws(DatabaseError) {
        if let handle, cpostgres_status(handle) != CPOSTGRES_OK { close() }
        try send(sql, [])
        (isInTransaction, failure, writesAtBegin) = (true, nil, writes)
    }

    private func commit() throws(DatabaseError) {
        if let failure { throw failure }
        let isRead = writes == writesAtBegin
        try send("COMMIT", [])
        if isRead {
            try sync()
            isInTransaction = false
        } else {
            _ = try receive()
            isInTransaction = false
        }
    }

    private func rollBack() throws(DatabaseError) {
        (failure, inserts) = (nil, InsertBatch())
        do throws(DatabaseError) {
            // What a failed statement has left in the pipeline.
            if !pending.isEmpty { _ = try? receive() }
            failure = nil
            try send("ROLLBACK", [])
            _ = try receive()
            isInTransaction = false
        } catch {
            // The server rolls back by itself when the connection ends.
            close()
        }
    }

    // MARK: Pipeline

    private func send(_ sql: String, _ values: [Value]) throws(DatabaseError) {
        if let failure { throw failure }
        try sendInserts()
        if !text(sql, values).isRead { writes += 1 }
        try send(sql, .values(values))
    }

    /// Sends the rows that were held back.
    private func sendInserts() throws(DatabaseError) {
        guard !inserts.isEmpty else { return }
        for group in inserts.take() {
            if group.rows.count > 1, let statement = text(group.sql, group.rows[0]).multiRow {
                try send(statement, .arrays(group.columns))
            } else {
                try send(group.sql, .values(group.rows[0]))
            }
        }
    }

    /// Returns a statement as this connection knows it.
    private func text(_ sql: String, _ values: [Value]) -> PreparedText {
        text(StatementText(sql), sql, .values(values))
    }

    private func text(_ key: StatementText, _ sql: String, _ parameters: Parameters) -> PreparedText {
        if let known = statements[key] { return known }
        let text = PreparedText(sql, name: "\(prefix)_\(statements.count)", parameters: parameters)
        statements[key] = text
        return text
    }

    private func send(_ sql: String, _ parameters: Parameters) throws(DatabaseError) {
        let handle = try connected()
        let key = StatementText(sql)
        let text = self.text(key, sql, parameters)
        if preparesStatements, !text.isPrepared {
            let count = Int32(text.types.count)
            guard cpostgres_send_prepare(handle, text.name, text.sql, count, text.types) != 0
            else { throw lost() }
            statements[key]?.isPrepared = true
            pending.append(.prepare(key))
        }
        let values = EncodedValues(parameters)
        let wasSent = values.withPointers { addresses, lengths, formats in
            let count = Int32(values.count)
            return if preparesStatements {
                cpostgres_send_prepared(handle, text.name, count, addresses, lengths, formats)
            } else {
                cpostgres_send_params(handle, text.sql, count, text.types, addresses, lengths, formats)
            }
        }
        guard wasSent != 0 else { throw lost() }
        pending.append(.statement)
    }

    /// Ends the pipeline, so that the server answers, and sends all that is still in memory.
    private func sync() throws(DatabaseError) {
        let handle = try connected()
        guard cpostgres_pipeline_sync(handle) != 0 else { throw lost() }
        pending.append(.sync)
        roundTrips += 1
        while true {
            let left = cpostgres_flush(handle)
            if left == 0 { return }
            guard left > 0 else { throw lost() }
            // The server may wait for its answers to be read before it reads on.
            var descriptor = pollfd(fd: cpostgres_socket(handle), events: Int16(POLLIN | POLLOUT), revents: 0)
            guard poll(&descriptor, 1, -1) >= 0 || errno == EINTR else { throw lost() }
            if descriptor.revents & Int16(POLLIN) != 0, cpostgres_consume_input(handle) == 0 { throw lost() }
        }
    }

    /// Waits for all statements that were sent; returns the result of the last one. Throws the error of the first that failed.
    private func receive() throws(DatabaseError) -> QueryResult? {
        try sync()
        let handle = try connected()
        var last: QueryResult?
        var error: DatabaseError?
        for item in pending {
            guard let result = cpostgres_get_result(handle) else { throw lost() }
            if case .sync = item {
                cpostgres_clear(result)
                continue
            }
            switch cpostgres_result_status(result) {
            case Int32(CPOSTGRES_COMMAND_OK), Int32(CPOSTGRES_TUPLES_OK): last = QueryResult(result)
            case Int32(CPOSTGRES_PIPELINE_ABORTED):
                forget(item)
                cpostgres_clear(result)
            default:
                forget(item)
                if error == nil { error = DatabaseError(result: result) }
                let trouble = StatementTrouble(result)
                cpostgres_clear(result)
                if trouble == .unknown { preparesStatements = false }
                if trouble != nil || cpostgres_status(handle) != CPOSTGRES_OK { throw lost(because: error) }
            }
            // Each result is followed by the end of its statement.
            while let more = cpostgres_get_result(handle) { cpostgres_clear(more) }
        }
        pending = []
        if let error {
            if isInTransaction { failure = error }
            throw error
        }
        return last
    }

    /// A statement that was not prepared has to be prepared again.
    private func forget(_ item: Pending) {
        if case .prepare(let key) = item { statements[key]?.isPrepared = false }
    }

    // MARK: Connection

    private func connected() throws(DatabaseError) -> OpaquePointer {
        if let handle { return handle }
        // The transaction is gone with its connection.
        if isInTransaction { throw failure ?? DatabaseError(connection: nil) }
        let made = try address.connect()
        guard cpostgres_status(made) == CPOSTGRES_OK, cpostgres_set_nonblocking(made, 1) == 0,
            cpostgres_enter_pipeline_mode(made) != 0
        else {
            defer { cpostgres_finish(made) }
            throw DatabaseError(connection: made)
        }
        (handle, isLost) = (made, false)
        return made
    }

    /// Gives the connection up. A transaction stays open for its owner, and fails, until it is rolled back.
    private func lost(because known: DatabaseError? = nil) -> DatabaseError {
        let error = known ?? DatabaseError(connection: handle)
        let wasInTransaction = isInTransaction
        close()
        let lost = DatabaseError(.cannotOpen, message: error.message, origin: error.origin)
        if wasInTransaction { (isInTransaction, failure) = (true, lost) }
        isLost = true
        return lost
    }
}
