// SPDX-License-Identifier: Apache-2.0
public import Database

/// Copies all tables of a store from one database to another, of the same or of another engine, so that ids, sequence numbers and cursors
/// are kept.
public enum TableCopy {
    /// The tables, each after those that it refers to. Not `migrations` and the commit log, which belong to their database.
    static let tables = [
        "database_epoch", "stories", "updates", "update_tags", "tombstones", "links", "reactions", "visitors",
        "secrets", "keys", "key_stories", "stored_responses", "drafts", "bin", "revisions", "audit",
        "update_requests",
        "takedowns", "former_slugs", "markup", "renditions", "webhooks", "webhook_keys", "deliveries",
        "media_assets", "media_uses", "autosaves", "presences", "snippets",
        "cards", "card_uses", "story_notes",
        "push_keys", "push_subscriptions", "push_notifications", "push_retries",
        "site_revisions", "site_media", "site_fonts",
    ]

    /// Copies all rows within the open transactions of both databases. Returns the number of rows copied.
    ///
    /// - Parameter target: a migrated database without stories.
    public static func copy(
        from source: any CopyableDatabase, to target: any CopyableDatabase
    ) throws(DatabaseError) -> Int {
        let stories = try target.first("SELECT count(*) FROM stories") { $0.integer() } ?? 0
        guard stories == 0 else {
            throw DatabaseError(.other, message: "the target holds stories already", origin: "Wireroom")
        }
        var count = 0
        for table in tables { count += try copy(table, from: source, to: target) }
        try target.finishCopy()
        return count
    }

    private static func copy(
        _ table: String, from source: any CopyableDatabase, to target: any CopyableDatabase
    ) throws(DatabaseError) -> Int {
        let (given, taken) = (try source.columns(of: table), try target.columns(of: table))
        // What only one engine has describes its own storage.
        let columns = given.filter { column in taken.contains { $0.name == column.name } }
        let names = columns.map(\.name).joined(separator: ", ")
        // Rows that the migrations have made.
        if ["database_epoch", "markup"].contains(table) {
            return try copyOnlyRow(table, columns, names, from: source, to: target)
        }
        let places = columns.map { _ in "?" }.joined(separator: ", ")
        var count = 0
        var failure: DatabaseError?
        try source.forEachRow(of: "SELECT \(names) FROM \(table)", values: []) { row in
            do throws(DatabaseError) {
                try target.run(
                    "INSERT INTO \(table) (\(names)) VALUES (\(places))",
                    values: row.values(columns.map(\.kind)))
                count += 1
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        return try requireCount(count, in: table, of: target)
    }

    private static func copyOnlyRow(
        _ table: String, _ columns: [CopiedColumn], _ names: String, from source: any CopyableDatabase,
        to target: any CopyableDatabase
    ) throws(DatabaseError) -> Int {
        let found = try source.first("SELECT \(names) FROM \(table)") { $0.values(columns.map(\.kind)) }
        guard let found else { return 0 }
        let assignments = columns.map { $0.name + " = ?" }.joined(separator: ", ")
        try target.run("UPDATE \(table) SET \(assignments)", values: found)
        return 1
    }

    /// Checks that the target has as many rows as were copied.
    private static func requireCount(
        _ count: Int, in table: String, of target: any CopyableDatabase
    ) throws(DatabaseError) -> Int {
        let found = try target.first("SELECT count(*) FROM \(table)") { Int($0.integer()) } ?? 0
        guard found == count else {
            throw DatabaseError(
                .other, message: "\(count) rows of \(table) were copied, but the target has \(found)",
                origin: "Wireroom")
        }
        return count
    }
}

/// A column, and how its values are read.
public struct CopiedColumn: Sendable {
    let name: String
    let kind: Value.Kind

    /// Creates a column from the name of its type in SQL.
    public init(name: String, type: String) {
        self.name = name
        kind =
            switch type.lowercased() {
            case "text": .text
            case "blob", "bytea": .bytes
            default: .integer
            }
    }
}

/// A database whose tables can be copied.
public protocol CopyableDatabase: Database {
    /// Returns the columns of a table.
    func columns(of table: String) throws(DatabaseError) -> [CopiedColumn]

    /// Called after all rows were inserted, for example to set the generators of keys.
    func finishCopy() throws(DatabaseError)
}

extension Row {
    /// Returns the next columns as values of these kinds.
    mutating func values(_ kinds: [Value.Kind]) -> [Value] {
        kinds.map { kind in
            switch kind {
            case .integer: optionalInteger().value
            case .text: optionalText().value
            case .bytes: optionalBytes().value
            }
        }
    }
}
