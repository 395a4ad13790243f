internal import Crypto
internal import Migrations
internal import SQLite

/// Brings a database to the present schema, one migration at a time, each in a transaction of its own and recorded
/// with the SHA-256 of its text.
struct Migrator {
    let path: String
    let connection: Connection
    var migrations = Migrations.sqlite

    /// "WIRE": marks a file as ours (SQLite file format, offset 68).
    static let applicationID: Int64 = 0x5749_5245

    /// Applies what is missing. Refuses a file of another program, of a newer schema or of other migrations.
    func migrate(at milliseconds: Int64) throws(StoreOpeningError) {
        let done = try applied()
        try opening(path) { () throws(SQLiteError) in try connection.defineTagKey() }
        for migration in migrations.dropFirst(done.count) {
            try apply(migration, at: milliseconds)
        }
    }

    /// Refuses a file of another program, of a newer schema or of other migrations. Changes nothing.
    func check() throws(StoreOpeningError) {
        _ = try applied()
    }

    /// When each migration was applied; `nil` for those that are missing.
    func status() throws(StoreOpeningError) -> [(migration: Migration, appliedAt: Int64?)] {
        let done = try applied()
        return migrations.enumerated().map { index, migration in
            (migration, index < done.count ? done[index].appliedAt : nil)
        }
    }

    private struct Applied {
        let number: Int
        let checksum: String
        let appliedAt: Int64
    }

    /// The migrations that the file has, each compared with ours.
    private func applied() throws(StoreOpeningError) -> [Applied] {
        let done = try recorded()
        guard done.count <= migrations.count else {
            throw .newerThanProgram(path: path, schema: done.count, known: migrations.count)
        }
        for (applied, migration) in zip(done, migrations)
        where applied.number != migration.number || applied.checksum != checksum(migration) {
            throw .changedMigration(path: path, number: migration.number, name: migration.name)
        }
        return done
    }

    private func recorded() throws(StoreOpeningError) -> [Applied] {
        let (id, tables) = try opening(path) { () throws(SQLiteError) in
            try (
                connection.first("PRAGMA application_id") { $0.integer() },
                connection.first("SELECT count(*) FROM sqlite_schema") { $0.integer() }
            )
        }
        if tables == 0 { return [] }
        guard id == Self.applicationID else { throw .notWireroom(path: path) }
        return try opening(path) { () throws(SQLiteError) in
            try connection.rows("SELECT number, checksum, applied_at FROM migrations ORDER BY number") {
                Applied(number: Int($0.integer()), checksum: $0.text(), appliedAt: $0.integer())
            }
        }
    }

    private func apply(_ migration: Migration, at milliseconds: Int64) throws(StoreOpeningError) {
        do throws(SQLiteError) {
            try connection.execute("BEGIN IMMEDIATE")
            try connection.execute(Self.bookkeeping)
            if try !isRecorded(migration) {  // Another process may have been quicker.
                try connection.execute(String(decoding: migration.sql, as: UTF8.self))
                try record(migration, at: milliseconds)
            }
            try connection.execute("COMMIT")
        } catch {
            // An error here would hide the one that is to be told.
            if !connection.isAutocommit { try? connection.execute("ROLLBACK") }
            throw .failedMigration(
                path: path, number: migration.number, name: migration.name, reason: error.description)
        }
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

    private func isRecorded(_ migration: Migration) throws(SQLiteError) -> Bool {
        try connection.first("SELECT 1 FROM migrations WHERE number = ?", migration.number) { _ in true }
            ?? false
    }

    private func record(_ migration: Migration, at milliseconds: Int64) throws(SQLiteError) {
        try connection.run(
            "INSERT INTO migrations (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)",
            migration.number, migration.name, checksum(migration), milliseconds)
    }

    private func checksum(_ migration: Migration) -> String {
        hexadecimal(sha256(migration.sql))
    }
}
