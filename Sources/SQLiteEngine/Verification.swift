// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import SQLite
internal import Stories
public import StoryTables

extension SQLiteEngine {
    /// What a look at a database has found.
    public struct Report: Sendable {
        /// What it holds.
        public var contents: StoreContents
        /// Migrations applied, and those that this program knows.
        public var schema: (applied: Int, known: Int)
        /// What is not in order, each in a sentence that names the story, the update and the rule.
        public var errors: [String]
    }

    /// Looks at every page and every rule of a database, without changing it: of a running server, of a backup, of a file that may
    /// only be read. Throws where it is no database of Wireroom, or made by a newer program.
    public static func verify(_ path: String) throws(StoreOpeningError) -> Report {
        let connection = try openAsItIs(path)
        let applied = try Migrator(path: path, on: connection).status()
        let schema = (applied.filter { $0.appliedAt != nil }.count, applied.count)
        return try opening(path) { () throws(DatabaseError) in
            // One state from the first look to the last.
            try connection.execute("BEGIN")
            var report = Report(
                contents: try StoreContents(bytes: DatabaseFile.byteCount(path), count: connection.count),
                schema: schema,
                errors: try pageFaults(connection))
            // Rules are about rows, which a damaged file need not have.
            if report.errors.isEmpty, schema.0 == schema.1 {
                try connection.defineTagKey()
                report.errors = try StoreRules.faults(in: connection)
            }
            try connection.execute("COMMIT")
            return report
        }
    }

    private static func pageFaults(_ connection: Connection) throws(DatabaseError) -> [String] {
        let pages = try connection.rows("PRAGMA integrity_check(100)") { $0.text() }.filter { $0 != "ok" }
        let references = try connection.rows("PRAGMA foreign_key_check") {
            "a row of \($0.text()) refers to one that is not there"
        }
        return pages + references
    }
}
