// SPDX-License-Identifier: Apache-2.0
public import Database
internal import Migrations
public import SQLite
public import StoryTables

extension Migrator {
    /// Creates a migrator for an SQLite database.
    init(path: String, on connection: Connection, migrations: [Migration] = Migrations.sqlite) {
        self.init(path: path, database: connection, migrations: migrations)
    }
}

extension Connection: MigratableDatabase {
    /// "WIRE": the application id in the header of a Wireroom database (SQLite file format, offset 68).
    static let applicationID: Int64 = 0x5749_5245

    /// Determined by the application id in the file header, which the first migration sets.
    public func origin() throws(DatabaseError) -> DatabaseOrigin {
        let id = try first("PRAGMA application_id") { $0.integer() }
        if try first("SELECT count(*) FROM sqlite_schema", read: { $0.integer() }) == 0 { return .empty }
        return id == Self.applicationID ? .wireroom : .otherProgram
    }

    /// Defines the SQL function `tag_key`, which migrations and statements call.
    public func prepareForMigrations() throws(DatabaseError) { try defineTagKey() }

    /// Begins a transaction that excludes other writers.
    public func beginMigration() throws(DatabaseError) {
        try execute("BEGIN IMMEDIATE")
        try execute(Self.bookkeeping)
    }

    private static let bookkeeping = """
        PRAGMA application_id = \(applicationID);
        CREATE TABLE IF NOT EXISTS migrations (
            number     INTEGER PRIMARY KEY,
            name       TEXT    NOT NULL,
            checksum   TEXT    NOT NULL,
            applied_at INTEGER NOT NULL
        ) STRICT
        """
}
