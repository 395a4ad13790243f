// SPDX-License-Identifier: Apache-2.0
public import Database
internal import Migrations
public import SQLite
public import StoryTables

extension Migrator {
    /// A migrator of a database in a file.
    init(path: String, on connection: Connection, migrations: [Migration] = Migrations.sqlite) {
        self.init(path: path, database: connection, migrations: migrations)
    }
}

extension Connection: MigratableDatabase {
    /// "WIRE": marks a file as ours (SQLite file format, offset 68).
    static let applicationID: Int64 = 0x5749_5245

    /// By the application's id in the file, which is set with the first migration.
    public func origin() throws(DatabaseError) -> DatabaseOrigin {
        let id = try first("PRAGMA application_id") { $0.integer() }
        if try first("SELECT count(*) FROM sqlite_schema", read: { $0.integer() }) == 0 { return .empty }
        return id == Self.applicationID ? .wireroom : .otherProgram
    }

    /// Defines the function that migrations and statements call.
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
