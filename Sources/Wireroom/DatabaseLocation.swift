// SPDX-License-Identifier: Apache-2.0
internal import Postgres
internal import PostgresEngine
internal import SQLiteEngine
internal import Stories
internal import StoryTables

/// Where the database is: what `--database` names.
enum DatabaseLocation: Sendable, CustomStringConvertible {
    /// An SQLite file.
    case file(String)
    /// A PostgreSQL database.
    case postgres(PostgresAddress)

    /// Throws a usage error for an in-memory database, of which each connection would see its own.
    init(_ text: String) throws(CommandError) {
        if let address = PostgresAddress(text) {
            self = .postgres(address)
            return
        }
        guard !text.isEmpty, text != ":memory:", !text.hasPrefix("file:") else {
            throw .usage(
                "wireroom: --database must be the path of a file or a postgres:// address, not \"\(text)\"")
        }
        self = .file(text)
    }

    /// The path, or the address without its password.
    var description: String {
        switch self {
        case .file(let path): path
        case .postgres(let address): address.description
        }
    }

    /// The path, for commands that know SQLite only; otherwise an error that says what to use `instead`.
    func file(orElse instead: String) throws(CommandError) -> String {
        guard case .file(let path) = self else { throw .failure(instead) }
        return path
    }

    /// Calls the body with the tables in an exclusive write transaction, which is committed unless it throws.
    func withTables<Result>(
        creating: Bool, _ body: (any CopyableDatabase) throws(StoreOpeningError) -> Result
    ) throws(StoreOpeningError) -> Result {
        switch self {
        case .file(let path):
            try SQLiteEngine.withTables(path, creating: creating, at: .now, body)
        case .postgres(let address):
            try PostgresEngine.withTables(address, creating: creating, at: .now, body)
        }
    }

    /// Each migration of this program, and when it was applied (`nil`: not yet).
    func migrationStatus() throws(CommandError) -> [(number: Int, name: String, appliedAt: Timestamp?)] {
        try opening { () throws(StoreOpeningError) in
            switch self {
            case .file(let path): try SQLiteEngine.migrationStatus(path: path)
            case .postgres(let address): try PostgresEngine.migrationStatus(address)
            }
        }
    }
}

/// The kind of process that opens a database.
enum StoreRole {
    /// A server.
    case server
    /// A command; servers may be running.
    case command
    /// A command that needs an existing database, and does not create one.
    case visitor

    var ofSQLite: SQLiteEngine.Role {
        switch self {
        case .server: .server
        case .command: .command
        case .visitor: .visitor
        }
    }

    var ofPostgres: PostgresEngine.Role {
        switch self {
        case .server: .node
        case .command: .command
        case .visitor: .visitor
        }
    }
}

extension Arguments {
    /// The database of `--database`.
    var database: DatabaseLocation {
        get throws(CommandError) { try DatabaseLocation(value("database") ?? Option.defaultDatabase) }
    }
}
