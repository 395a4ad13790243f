// SPDX-License-Identifier: Apache-2.0
public import Database
public import Postgres
public import Stories
public import StoryTables

extension PostgresEngine {
    /// Opens a database for copying its tables from or to it; calls the body with it in a transaction that holds the write lease, so that
    /// no node can write meanwhile, and which is committed unless the body throws. `creating`: creates and migrates the tables.
    public static func withTables<Result>(
        _ address: PostgresAddress, creating: Bool, at now: Timestamp,
        _ body: (any CopyableDatabase) throws(StoreOpeningError) -> Result
    ) throws(StoreOpeningError) -> Result {
        let (connection, name) = (PostgresConnection(address), address.description)
        connection.preparesStatements = false
        try migrate(connection, name, as: creating ? .command : .visitor, at: now)
        try opening(name) { () throws(DatabaseError) in
            try connection.run("BEGIN")
            try connection.run("SELECT only_row FROM database_epoch FOR UPDATE")
        }
        connection.rowsPerFetch = rowsPerFetch
        let result = try body(connection)
        try opening(name) { () throws(DatabaseError) in try connection.run("COMMIT") }
        return result
    }
}

private let rowsPerFetch = 1_000

extension PostgresConnection: CopyableDatabase {
    /// As the schema declares them.
    public func columns(of table: String) throws(DatabaseError) -> [CopiedColumn] {
        try rows(
            """
            SELECT CAST(column_name AS text), CAST(data_type AS text) FROM information_schema.columns
            WHERE table_schema = current_schema() AND table_name = ? ORDER BY ordinal_position
            """, table
        ) { CopiedColumn(name: $0.text(), type: $0.text()) }
    }

    /// Sets the generators of keys behind the keys that were copied.
    public func finishCopy() throws(DatabaseError) {
        let generated = try rows(
            """
            SELECT CAST(c.relname AS text), CAST(a.attname AS text) FROM pg_attribute AS a
            JOIN pg_class AS c ON c.oid = a.attrelid
            WHERE a.attidentity <> '' AND c.relnamespace = CAST(current_schema() AS regnamespace) ORDER BY 1
            """
        ) { (table: $0.text(), column: $0.text()) }
        for (table, column) in generated {
            try run(
                """
                SELECT setval(pg_get_serial_sequence('\(table)', '\(column)'), coalesce(max(\(column)), 0) + 1, false)
                FROM \(table)
                """)
        }
        try flush()
    }
}
