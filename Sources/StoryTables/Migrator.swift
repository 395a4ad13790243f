// SPDX-License-Identifier: Apache-2.0
internal import Crypto
public import Database
public import Migrations
public import Stories

/// Migrates a database to the current schema. Each migration runs in a separate transaction, and is recorded with the
/// SHA-256 of its text.
public struct Migrator {
    private let path: String
    private let database: any MigratableDatabase
    private let migrations: [Migration]

    /// Creates a migrator for the database at `path`, which is for error messages only.
    public init(path: String, database: any MigratableDatabase, migrations: [Migration]) {
        (self.path, self.database, self.migrations) = (path, database, migrations)
    }

    /// Applies missing migrations. Rejects a database of another program, with a newer schema or with different migrations.
    public func migrate(at milliseconds: Int64) throws(StoreOpeningError) {
        let done = try applied()
        try opening(path) { () throws(DatabaseError) in try database.prepareForMigrations() }
        for migration in migrations.dropFirst(done.count) {
            try apply(migration, at: milliseconds)
        }
    }

    /// Rejects a database of another program, with a newer schema or with different migrations. Changes nothing.
    public func check() throws(StoreOpeningError) {
        _ = try applied()
    }

    /// Returns each migration, and when it was applied; `nil`: not yet.
    public func status() throws(StoreOpeningError) -> [(number: Int, name: String, appliedAt: Timestamp?)] {
        let done = try applied()
        return migrations.enumerated().map { index, migration in
            let appliedAt = index < done.count ? Timestamp(milliseconds: done[index].appliedAt) : nil
            return (migration.number, migration.name, appliedAt)
        }
    }

    private struct Applied {
        let number: Int
        let checksum: String
        let appliedAt: Int64
    }

    /// Returns the migrations recorded in the database, after comparing them with those of this program.
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
        let origin = try opening(path) { () throws(DatabaseError) in try database.origin() }
        switch origin {
        case .empty: return []
        case .otherProgram: throw .notWireroom(path: path)
        case .wireroom: break
        }
        return try opening(path) { () throws(DatabaseError) in
            try database.rows("SELECT number, checksum, applied_at FROM migrations ORDER BY number") {
                Applied(number: Int($0.integer()), checksum: $0.text(), appliedAt: $0.integer())
            }
        }
    }

    private func apply(_ migration: Migration, at milliseconds: Int64) throws(StoreOpeningError) {
        do throws(DatabaseError) {
            try database.beginMigration()
            if try !isRecorded(migration) {  // Another process may have applied it meanwhile.
                try database.execute(String(decoding: migration.sql, as: UTF8.self))
                try record(migration, at: milliseconds)
            }
            try database.execute("COMMIT")
        } catch {
            // Errors of the rollback are ignored: they would mask the original one.
            if database.isInTransaction { try? database.execute("ROLLBACK") }
            throw .failedMigration(
                path: path, number: migration.number, name: migration.name, reason: error.description)
        }
    }

    private func isRecorded(_ migration: Migration) throws(DatabaseError) -> Bool {
        try database.first("SELECT 1 FROM migrations WHERE number = ?", migration.number) { _ in true }
            ?? false
    }

    private func record(_ migration: Migration, at milliseconds: Int64) throws(DatabaseError) {
        try database.run(
            "INSERT INTO migrations (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)",
            migration.number, migration.name, checksum(migration), milliseconds)
    }

    private func checksum(_ migration: Migration) -> String {
        hexadecimal(sha256(migration.sql))
    }
}

/// A database whose schema can be migrated.
public protocol MigratableDatabase: Database {
    /// Runs a script of statements without parameters or results.
    func execute(_ script: String) throws(DatabaseError)

    /// Returns which program created the tables.
    func origin() throws(DatabaseError) -> DatabaseOrigin

    /// Defines the SQL functions that migrations call.
    func prepareForMigrations() throws(DatabaseError)

    /// Begins a transaction that excludes other migrators, marks the database as Wireroom's, and creates the table `migrations` if
    /// it does not exist.
    func beginMigration() throws(DatabaseError)
}

/// The program that created a database.
public enum DatabaseOrigin: Sendable {
    /// None: there are no tables yet.
    case empty
    /// Any version of this program.
    case wireroom
    /// Another program.
    case otherProgram
}

/// Runs a step of opening a database, and maps its errors to ``StoreOpeningError``.
public func opening<Result>(
    _ path: String, _ body: () throws(DatabaseError) -> Result
) throws(StoreOpeningError) -> Result {
    do throws(DatabaseError) {
        return try body()
    } catch {
        throw error.code == .notADatabase
            ? .notWireroom(path: path) : .cannotOpen(path: path, reason: error.description)
    }
}
