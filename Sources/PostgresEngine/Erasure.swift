// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Postgres
internal import Stories
public import StoryTables

extension PostgresEngine {
    /// What an erasure has done, and what still may hold deleted text.
    public struct Erasure: Sendable {
        /// What this role may not do; each is an SQL command for the operator.
        public var refused: [String] = []
        /// Where the write-ahead log or copies of the files are kept, as sentences.
        public var elsewhere: [String] = []
    }

    /// Tables that hold text of updates, or did.
    private static let tables = [
        "updates", "renditions", "revisions", "drafts", "bin", "stored_responses", "update_tags",
        "update_requests", "cards", "autosaves", "story_notes",
    ]
    /// Segments of the write-ahead log that a server with default settings keeps for reuse are overwritten or removed after so many.
    private static let walSwitches = 3

    /// Erases what deleted rows have left in the files of the server: rewrites the tables, locking each meanwhile, and lets the server
    /// begin new files of its write-ahead log.
    public static func erase(_ address: PostgresAddress) throws(StoreOpeningError) -> Erasure {
        let (connection, name) = (PostgresConnection(address), address.description)
        connection.preparesStatements = false
        try migrate(connection, name, as: .visitor, at: .init(milliseconds: 0))
        return try opening(name) { () throws(DatabaseError) in
            var erasure = Erasure()
            // VACUUM without FULL leaves the bytes in the gaps between rows.
            for table in tables { try connection.execute("VACUUM (FULL, ANALYZE) \(table)") }
            for _ in 0..<walSwitches { try connection.attempt("SELECT pg_switch_wal()", &erasure) }
            try connection.attempt("CHECKPOINT", &erasure)
            erasure.elsewhere = try connection.keepers()
            return erasure
        }
    }
}

extension PostgresConnection {
    /// Runs a command that the role may not be allowed to run.
    fileprivate func attempt(_ sql: String, _ erasure: inout PostgresEngine.Erasure) throws(DatabaseError) {
        do throws(DatabaseError) {
            try execute(sql)
        } catch {
            // ascii: the SQLSTATE insufficient_privilege
            guard error.origin.hasSuffix("42501") else { throw error }
            if !erasure.refused.contains(sql) { erasure.refused.append(sql) }
        }
    }

    /// Names what keeps the write-ahead log or copies of the files.
    fileprivate func keepers() throws(DatabaseError) -> [String] {
        let slots = try rows("SELECT CAST(slot_name AS text) FROM pg_replication_slots ORDER BY 1") {
            "the replication slot \($0.text()) keeps write-ahead log until its reader has it"
        }
        let standbys = try rows("SELECT DISTINCT application_name FROM pg_stat_replication ORDER BY 1") {
            "the standby \($0.text()) has files and write-ahead log of its own"
        }
        let settings = try rows(
            """
            SELECT CAST(name AS text), setting FROM pg_settings WHERE name = 'archive_mode' AND setting <> 'off'
                OR name = 'wal_recycle' AND setting = 'on' OR name = 'wal_keep_size' AND setting <> '0' ORDER BY 1
            """
        ) { row in
            let (name, value) = (row.text(), row.text())
            return "the setting \(name) = \(value) keeps old write-ahead log"
        }
        return slots + standbys + settings
    }
}
