// SPDX-License-Identifier: Apache-2.0
public import Database
internal import Migrations
public import Postgres
public import StoryTables

extension PostgresConnection: MigratableDatabase {
    /// Determined by the tables in the schema that new tables are created in.
    public func origin() throws(DatabaseError) -> DatabaseOrigin {
        let tables = try rows(
            "SELECT CAST(tablename AS text) FROM pg_tables WHERE schemaname = current_schema()"
        ) {
            $0.text()
        }
        if tables.isEmpty { return .empty }
        return tables.contains("migrations") && tables.contains("database_epoch") ? .wireroom : .otherProgram
    }

    /// Nothing: the migrations need no functions of the program.
    public func prepareForMigrations() throws(DatabaseError) {}

    /// Begins a transaction that excludes other migrators, also those of other nodes.
    public func beginMigration() throws(DatabaseError) {
        try execute("BEGIN")
        // Not a lock on a table, which might not exist yet. The number is "WIRE" in ASCII.
        try execute("SELECT pg_advisory_xact_lock(1464422981)")
        try execute(
            """
            CREATE TABLE IF NOT EXISTS migrations (
                number     BIGINT PRIMARY KEY,
                name       TEXT   NOT NULL,
                checksum   TEXT   NOT NULL,
                applied_at BIGINT NOT NULL
            )
            """)
    }
}
