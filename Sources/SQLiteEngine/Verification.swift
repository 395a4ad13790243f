// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import SQLite
internal import Stories
public import StoryTables

extension SQLiteEngine {
    /// Checks every page and every rule of a database without changing it; works on that of a running server, on a backup and on a
    /// read-only file. Throws if it is not a Wireroom database, or was created by a newer program.
    public static func verify(_ path: String) throws(StoreOpeningError) -> VerificationReport {
        let connection = try openAsItIs(path)
        let applied = try Migrator(path: path, on: connection).status()
        let schema = (applied.filter { $0.appliedAt != nil }.count, applied.count)
        return try opening(path) { () throws(DatabaseError) in
            // One snapshot for all checks.
            try connection.execute("BEGIN")
            var report = VerificationReport(
                contents: try StoreContents(bytes: DatabaseFile.byteCount(path), count: connection.count),
                schema: schema,
                errors: try pageFaults(connection))
            // The rules query rows, which may be unreadable in a damaged file.
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
