internal import SQLite
internal import Stories

extension SQLiteStore {
    /// What a look at a database has found.
    public struct Report: Sendable {
        /// What it holds.
        public var contents: Contents
        /// Migrations applied, and those that this program knows.
        public var schema: (applied: Int, known: Int)
        /// What is not in order, each in a sentence that names the story, the update and the rule.
        public var errors: [String]
    }

    /// Looks at every page and every rule of a database, without changing it: of a running server, of a backup, of a file that may
    /// only be read. Throws where it is no database of Wireroom, or made by a newer program.
    public static func verify(_ path: String) throws(StoreOpeningError) -> Report {
        let connection = try openAsItIs(path)
        let applied = try Migrator(path: path, connection: connection).status()
        let schema = (applied.filter { $0.appliedAt != nil }.count, applied.count)
        return try opening(path) { () throws(SQLiteError) in
            // One state from the first look to the last.
            try connection.execute("BEGIN")
            var report = Report(
                contents: Contents(
                    stories: try connection.count("stories"), updates: try connection.count("updates"),
                    drafts: try connection.count("drafts"), binned: try connection.count("bin"),
                    bytes: DatabaseFile.byteCount(path)),
                schema: schema,
                errors: try pageFaults(connection))
            // Rules are about rows, which a damaged file need not have.
            if report.errors.isEmpty, schema.0 == schema.1 { report.errors = try ruleFaults(connection) }
            try connection.execute("COMMIT")
            return report
        }
    }

    private static func pageFaults(_ connection: Connection) throws(SQLiteError) -> [String] {
        let pages = try connection.rows("PRAGMA integrity_check(100)") { $0.text() }.filter { $0 != "ok" }
        let references = try connection.rows("PRAGMA foreign_key_check") {
            "a row of \($0.text()) refers to one that is not there"
        }
        return pages + references
    }

    private static func ruleFaults(_ connection: Connection) throws(SQLiteError) -> [String] {
        var errors: [String] = []
        try connection.defineTagKey()
        for rule in rules {
            errors += try connection.rows(rule.breakers + " LIMIT 100") {
                "story \($0.text()): \(rule.fault)\($0.text())"
            }
        }
        return errors
    }

    private struct Rule {
        /// What is wrong with a row that the query gives, up to what it is about.
        let fault: String
        /// Gives the slug of the story, and what of it, where the rule is broken.
        let breakers: String
    }

    private static let id = "lower(hex(x.id))"

    private static let rules = [
        Rule(
            fault: "its number is not that of its last change, but ",
            breakers: """
                SELECT s.slug, s.seq FROM stories AS s WHERE s.seq <> max(s.own_seq, s.links_seq,
                    coalesce((SELECT max(seq) FROM updates WHERE story = s.key), 0),
                    coalesce((SELECT max(seq) FROM tombstones WHERE story = s.key), 0))
                """),
        Rule(
            fault: "a number was given twice: ",
            breakers: """
                SELECT s.slug, n.seq FROM stories AS s JOIN (
                    SELECT story, seq FROM updates UNION ALL SELECT story, seq FROM tombstones
                    UNION ALL SELECT key, own_seq FROM stories
                    UNION ALL SELECT key, links_seq FROM stories WHERE links_seq > 0
                ) AS n ON n.story = s.key GROUP BY s.key, n.seq HAVING count(*) > 1
                """),
        Rule(
            fault: "it does not have as many updates as it says: ",
            breakers: """
                SELECT s.slug, s.update_count FROM stories AS s
                WHERE s.update_count <> (SELECT count(*) FROM updates WHERE story = s.key)
                """),
        Rule(
            fault: "the time of its closing does not fit its status: ",
            breakers: """
                SELECT s.slug, s.status FROM stories AS s WHERE (s.status = 'closed') <> (s.closed_at IS NOT NULL)
                """),
        Rule(
            fault: "an update is there and removed: ",
            breakers: """
                SELECT s.slug, \(id) FROM updates AS x JOIN stories AS s ON s.key = x.story
                WHERE EXISTS (SELECT 1 FROM tombstones WHERE story = x.story AND id = x.id)
                """),
        Rule(
            fault: "a draft is published too: ",
            breakers: """
                SELECT s.slug, \(id) FROM drafts AS x JOIN stories AS s ON s.key = x.story
                WHERE EXISTS (SELECT 1 FROM updates WHERE key = x.key OR id = x.id)
                """),
        Rule(
            fault: "a deleted update is there too: ",
            breakers: """
                SELECT s.slug, \(id) FROM bin AS x JOIN stories AS s ON s.key = x.story
                WHERE EXISTS (SELECT 1 FROM updates WHERE key = x.key OR id = x.id)
                    OR EXISTS (SELECT 1 FROM drafts WHERE key = x.key OR id = x.id)
                """),
        Rule(
            fault: "readers were not told of a deletion: ",
            breakers: """
                SELECT s.slug, \(id) FROM bin AS x JOIN stories AS s ON s.key = x.story
                WHERE x.removed_seq IS NOT NULL AND NOT EXISTS
                    (SELECT 1 FROM tombstones WHERE story = x.story AND seq = x.removed_seq AND id = x.id)
                """),
        Rule(
            fault: "a deleted update was taken down, and is kept: ",
            breakers: """
                SELECT s.slug, \(id) FROM bin AS x JOIN stories AS s ON s.key = x.story
                WHERE EXISTS (SELECT 1 FROM takedowns WHERE update_id = x.id)
                """),
        Rule(
            fault: "its slug is also kept as a former one: ",
            breakers: "SELECT s.slug, f.since FROM former_slugs AS f JOIN stories AS s ON s.slug = f.slug"),
        Rule(
            fault: "an update cannot be found by its tags: ",
            breakers: """
                SELECT s.slug, \(id) FROM updates AS x JOIN stories AS s ON s.key = x.story
                WHERE (SELECT count(DISTINCT tag_key(value)) FROM json_each(x.tags))
                    <> (SELECT count(*) FROM update_tags WHERE update_key = x.key)
                OR EXISTS (SELECT 1 FROM json_each(x.tags) WHERE tag_key(value)
                    NOT IN (SELECT tag FROM update_tags WHERE update_key = x.key))
                """),
        Rule(
            fault: "what readers were sent of an update is kept without it: ",
            breakers: """
                SELECT coalesce((SELECT slug FROM stories WHERE key = r.key >> 32), '?'), r.key & 4294967295
                FROM renditions AS r WHERE NOT EXISTS
                    (SELECT 1 FROM updates WHERE story = r.key >> 32 AND first_seq = r.key & 4294967295)
                """),
        Rule(
            fault: "former states are kept of no update: ",
            breakers: """
                SELECT s.slug, r.update_key FROM revisions AS r JOIN stories AS s ON s.key = r.story
                WHERE NOT EXISTS (SELECT 1 FROM updates WHERE key = r.update_key)
                    AND NOT EXISTS (SELECT 1 FROM drafts WHERE key = r.update_key)
                    AND NOT EXISTS (SELECT 1 FROM bin WHERE key = r.update_key)
                """),
        Rule(
            fault: "the request of no update is kept: ",
            breakers: """
                SELECT s.slug, r.update_key FROM update_requests AS r JOIN stories AS s ON s.key = r.story
                WHERE NOT EXISTS (SELECT 1 FROM updates WHERE key = r.update_key)
                    AND NOT EXISTS (SELECT 1 FROM drafts WHERE key = r.update_key)
                    AND NOT EXISTS (SELECT 1 FROM bin WHERE key = r.update_key)
                """),
        Rule(
            fault: "more visitors than reactions are counted: ",
            breakers: """
                SELECT s.slug, v.kind FROM visitors AS v JOIN stories AS s ON s.key = v.story
                GROUP BY v.story, v.update_key, v.kind HAVING count(*) > coalesce((SELECT count FROM reactions
                    WHERE story = v.story AND update_key = v.update_key AND kind = v.kind), 0)
                """),
    ]
}
