// SPDX-License-Identifier: Apache-2.0
internal import Resources

/// A step of the database schema.
public struct Migration: Sendable {
    /// Its place in the order, from 1 without gaps.
    public let number: Int
    /// What it does, in a word or two; the middle of its file's name.
    public let name: String
    /// SQL in UTF-8. It runs in a transaction of its own and must hold none.
    public let sql: [UInt8]

    /// A step.
    public init(number: Int, name: String, sql: [UInt8]) {
        self.number = number
        self.name = name
        self.sql = sql
    }
}

/// The steps to the present schema. A step that has been released is never changed: a new one is added.
public enum Migrations {
    /// For SQLite, in order: the files `Migrations/NNNN_name.sqlite.sql`.
    public static let sqlite = steps(for: "sqlite")
    /// For PostgreSQL, in order: the files `Migrations/NNNN_name.postgres.sql`.
    public static let postgres = steps(for: "postgres")

    private static func steps(for engine: String) -> [Migration] {
        Resource.all.compactMap { step($0, ending: ".\(engine).sql") }
    }

    private static func step(_ file: Resource, ending: String) -> Migration? {
        let folder = "Migrations/"
        guard file.path.hasPrefix(folder), file.path.hasSuffix(ending) else { return nil }
        let parts = file.path.dropFirst(folder.count).dropLast(ending.count)
            .split(separator: "_", maxSplits: 1)
        guard parts.count == 2, let number = Int(parts[0]) else { return nil }
        return Migration(number: number, name: String(parts[1]), sql: Array(file.bytes))
    }
}
