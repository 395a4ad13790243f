// SPDX-License-Identifier: Apache-2.0
public import Database
internal import Stories

/// Consistency checks of a store's tables beyond the schema's constraints.
public enum StoreRules {
    /// Returns the violations, each as a sentence that names the story, the update and the rule; at most 100 per rule.
    public static func faults(in database: any Database) throws(DatabaseError) -> [String] {
        var errors: [String] = []
        for rule in rules(database.dialect) {
            errors += try database.rows(rule.breakers + " LIMIT 100") {
                "story \($0.text()): \(rule.fault)\($0.text())"
            }
        }
        return errors + (try strays(in: database)) + (try webhookFaults(in: database))
            + (try cardFaults(in: database)) + (try TagRule.faults(in: database))
            + (try MediaRules.faults(in: database))
    }

    private static func webhookFaults(in database: any Database) throws(DatabaseError) -> [String] {
        let id = "lower(\(database.dialect.hexadecimal("d.id")))"
        return try database.rows(
            """
            SELECT \(id) FROM deliveries AS d
            WHERE d.status = 'waiting' AND d.due_at IS NULL AND NOT EXISTS (SELECT 1 FROM deliveries AS e
                WHERE e.hook = d.hook AND e.story = d.story AND e.status = 'waiting' AND e.number < d.number)
            LIMIT 100
            """
        ) { "a delivery would never be sent: \($0.text())" }
    }

    private static func cardFaults(in database: any Database) throws(DatabaseError) -> [String] {
        let unused = try database.rows(
            "SELECT c.url FROM cards AS c WHERE NOT EXISTS (SELECT 1 FROM card_uses WHERE card = c.key) LIMIT 100"
        ) { "a card is kept of no update: \($0.text())" }
        let without = try database.rows(
            """
            SELECT x.update_key FROM card_uses AS x WHERE NOT EXISTS (SELECT 1 FROM cards WHERE key = x.card)
                OR NOT EXISTS (SELECT 1 FROM updates WHERE key = x.update_key)
                    AND NOT EXISTS (SELECT 1 FROM drafts WHERE key = x.update_key)
                    AND NOT EXISTS (SELECT 1 FROM bin WHERE key = x.update_key) LIMIT 100
            """
        ) { "the use of a card has no card or no update: the key \($0.integer())" }
        let pictures = try database.rows(
            """
            SELECT c.url FROM cards AS c WHERE c.thumbnail IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM media_assets WHERE id = c.thumbnail) LIMIT 100
            """
        ) { "the thumbnail of a card is not there: \($0.text())" }
        return unused + without + pictures
    }

    /// Tables whose rows belong to the story that they name, and those whose rows belong to a webhook. Not every engine has a foreign key
    /// for each.
    private static let owned =
        [
            "autosaves", "presences",
            "updates", "update_tags", "tombstones", "links", "reactions", "visitors", "drafts", "bin",
            "revisions", "update_requests", "media_uses", "card_uses", "push_subscriptions",
            "push_notifications", "story_notes",
        ].map { (table: $0, column: "story", owners: "stories", owner: "story") }
        + ["webhook_keys", "deliveries"]
        .map { (table: $0, column: "hook", owners: "webhooks", owner: "webhook") }
        + ["notification", "subscription"]
        .map { (table: "push_retries", column: $0, owners: "push_\($0)s", owner: $0) }

    private static func strays(in database: any Database) throws(DatabaseError) -> [String] {
        var errors: [String] = []
        for (table, column, owners, owner) in owned {
            errors += try database.rows(
                """
                SELECT DISTINCT x.\(column) FROM \(table) AS x
                WHERE NOT EXISTS (SELECT 1 FROM \(owners) WHERE key = x.\(column)) LIMIT 100
                """
            ) {
                "table \(table): there are rows of a \(owner) that does not exist, with the key \($0.integer())"
            }
        }
        return errors
    }

    private struct Rule {
        /// Message for a violation, to which the second column of the query is appended.
        let fault: String
        /// Query for violations: the slug of the story, and the value concerned.
        let breakers: String
    }

    private static func rules(_ dialect: Dialect) -> [Rule] {
        let id = "lower(\(dialect.hexadecimal("x.id")))"
        return [numberRule(dialect)] + storyRules + placeRules(id) + belongingRules
    }

    private static func numberRule(_ dialect: Dialect) -> Rule {
        Rule(
            fault: "its number is not that of its last change, but ",
            breakers: """
                SELECT s.slug, s.seq FROM stories AS s WHERE s.seq <> \(dialect.greatest)(s.own_seq, s.links_seq,
                    coalesce((SELECT max(seq) FROM updates WHERE story = s.key), 0),
                    coalesce((SELECT max(seq) FROM tombstones WHERE story = s.key), 0))
                """)
    }

    private static let storyRules = [
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
            fault: "its slug is also kept as a former one: ",
            breakers: "SELECT s.slug, f.since FROM former_slugs AS f JOIN stories AS s ON s.slug = f.slug"
        ),
    ]

    /// Rules about the table that an update is in, of which there is only one; `id` is the SQL expression for its id as text.
    private static func placeRules(_ id: String) -> [Rule] {
        [
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
        ]
    }

    /// Rules for rows that depend on updates.
    private static let belongingRules = [
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
                GROUP BY s.key, v.story, v.update_key, v.kind HAVING count(*) > coalesce((SELECT count FROM reactions
                    WHERE story = v.story AND update_key = v.update_key AND kind = v.kind), 0)
                """),
    ]
}

/// The rule that stories and updates can be found by their tags. Checked here, because engines cannot make the keys of tags.
private enum TagRule {
    private static let perRead = 1_000

    static func faults(in database: any Database) throws(DatabaseError) -> [String] {
        let stories = try database.rows("SELECT slug, tags, tag_keys FROM stories ORDER BY key") { row in
            (slug: row.text(), tags: row.texts(), keys: row.texts())
        }
        var faults = stories.filter { !agree($0.keys, $0.tags) }.map {
            "story \($0.slug): it cannot be found by its tags"
        }
        var last: Int64 = .min
        while faults.count < 100 {
            let updates = try self.updates(after: last, in: database)
            guard let end = updates.last?.key else { break }
            let tags = try database.rows(
                "SELECT update_key, tag FROM update_tags WHERE update_key > ? AND update_key <= ?", last, end
            ) { ($0.integer(), $0.text()) }
            let keys = Dictionary(grouping: tags, by: \.0).mapValues { $0.map(\.1) }
            faults += updates.filter { !agree(keys[$0.key] ?? [], $0.tags) }.map {
                "story \($0.slug): an update cannot be found by its tags: \($0.id)"
            }
            last = end
        }
        return faults
    }

    private static func updates(
        after key: Int64, in database: any Database
    ) throws(DatabaseError) -> [(key: Int64, slug: String, id: Identifier, tags: [String])] {
        try database.rows(
            """
            SELECT x.key, s.slug, x.id, x.tags FROM updates AS x JOIN stories AS s ON s.key = x.story
            WHERE x.key > ? ORDER BY x.key LIMIT ?
            """, key, perRead
        ) { ($0.integer(), $0.text(), $0.identifier(), $0.texts()) }
    }

    private static func agree(_ keys: [String], _ tags: [String]) -> Bool {
        Set(keys.map { Array($0.utf8) }) == Set(tags.map { Array(Tag.key($0).utf8) })
    }
}

/// The result of a verification.
public struct VerificationReport: Sendable {
    /// Row counts and size of the database.
    public var contents: StoreContents
    /// Number of applied migrations, and of those known to this program.
    public var schema: (applied: Int, known: Int)
    /// The errors found, each as a sentence; a violated rule names the story and the update.
    public var errors: [String]

    /// Memberwise.
    public init(contents: StoreContents, schema: (applied: Int, known: Int), errors: [String]) {
        (self.contents, self.schema, self.errors) = (contents, schema, errors)
    }
}

/// The contents of a database, as counts.
public struct StoreContents: Hashable, Sendable {
    /// Numbers of stories, published updates, drafts, and deleted updates in the bin.
    public var stories = 0, updates = 0, drafts = 0, binned = 0
    /// Size of the storage in bytes.
    public var bytes = 0

    /// Creates empty contents.
    public init() {}

    /// Creates the contents by calling `count` for each table.
    public init(
        bytes: Int, count: (_ table: String) throws(DatabaseError) -> Int
    ) throws(DatabaseError) {
        (stories, updates) = (try count("stories"), try count("updates"))
        (drafts, binned) = (try count("drafts"), try count("bin"))
        self.bytes = bytes
    }
}
