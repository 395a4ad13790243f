// SPDX-License-Identifier: Apache-2.0
internal import Crypto
public import Database
public import Migrations

/// Brings a database to the present schema, one migration at a time, each in a transaction of its own and recorded
/// with the SHA-256 of its text.
public struct Migrator {
    private let path: String
    private let database: any MigratableDatabase
    private let migrations: [Migration]

    /// A migrator of the database at `path`, which errors name.
    public init(path: String, database: any MigratableDatabase, migrations: [Migration]) {
        (self.path, self.database, self.migrations) = (path, database, migrations)
    }

    /// Applies what is missing. Refuses a database of another program, of a newer schema or of other migrations.
    public func migrate(at milliseconds: Int64) throws(StoreOpeningError) {
        let done = try applied()
        try opening(path) { () throws(DatabaseError) in try database.prepareForMigrations() }
        for migration in migrations.dropFirst(done.count) {
            try apply(migration, at: milliseconds)
        }
    }

    /// Refuses a database of another program, of a newer schema or of other migrations. Changes nothing.
    public func check() throws(StoreOpeningError) {
        _ = try applied()
    }

    /// When each migration was applied; `nil` for those that are missing.
    public func status() throws(StoreOpeningError) -> [(migration: Migration, appliedAt: Int64?)] {
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

    /// The migrations that the database has, each compared with ours.
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
            if try !isRecorded(migration) {  // Another process may have been quicker.
                try database.execute(String(decoding: migration.sql, as: UTF8.self))
                try record(migration, at: milliseconds)
            }
            try database.execute("COMMIT")
        } catch {
            // An error here would hide the one that is reported.
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

/// A database whose schema can be made and changed.
public protocol MigratableDatabase: Database {
    /// Runs statements without values or rows, one after another.
    func execute(_ script: String) throws(DatabaseError)

    /// Whose tables are there.
    func origin() throws(DatabaseError) -> DatabaseOrigin

    /// Makes ready what migrations call.
    func prepareForMigrations() throws(DatabaseError)

    /// Begins a transaction in which no other migrates, marks the database as ours, and makes the table `migrations` where there is
    /// none.
    func beginMigration() throws(DatabaseError)
}

/// By whom a database was made.
public enum DatabaseOrigin: Sendable {
    /// There is no table yet.
    case empty
    /// By this program, of whatever version.
    case wireroom
    /// By something else.
    case otherProgram
}

/// Runs something of the opening of a database; its errors say why it was not opened.
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
