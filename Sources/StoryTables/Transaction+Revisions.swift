// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Stories

extension Transaction {
    /// Under the number of the edit that made the state, whatever cards came after it.
    private static let revisionInsertion = """
        INSERT INTO revisions (
            story, update_key, seq, \(UpdateContent.columns.list()), body_html, edited, published_at, created_at, modified_at,
            stricken_reason, stricken_at)
        SELECT story, key, coalesce(edited_seq, seq), \(UpdateContent.columns.list()), body_html, edited, published_at, created_at,
            modified_at, stricken_reason, stricken_at
        FROM updates WHERE key = ?
        """

    /// Selects revisions in the order of ``UpdateRow/columns``.
    private static let revisionSelection = """
        SELECT r.update_key, r.seq, ?, r.seq, \(UpdateContent.columns.list(of: "r")), r.body_html, r.edited, r.published_at,
            r.created_at, r.modified_at, r.stricken_reason, r.stricken_at, '[]', NULL
        FROM revisions AS r WHERE r.update_key = ? ORDER BY r.seq DESC
        """

    /// Stores the current state of a published update as a revision, and deletes the oldest revisions beyond the limit.
    func keepRevision(of row: UpdateRow, story: Int64) throws(StoryError) {
        try run(Self.revisionInsertion, row.key)
        let seq = row.editedSeq ?? row.update.seq
        try keepMediaUses(
            of: row.update.content.assets, by: MediaUser(story: story, update: row.key, seq: seq))
        try run(
            """
            DELETE FROM revisions WHERE update_key = ? AND seq <= (
                SELECT seq FROM revisions WHERE update_key = ? ORDER BY seq DESC LIMIT 1 OFFSET ?)
            """, row.key, row.key, Limits.revisions)
    }

    /// Returns the previous states of an update, newest first, as many as fit into one response.
    func revisions(of id: Identifier, key: Int64) throws(StoryError) -> [Update] {
        var budget = PageBudget(rows: Limits.revisions)
        return try rows(Self.revisionSelection, id, key) { row in
            budget.take {
                var update = UpdateRow(&row).update
                // Those of another story have numbers below any of this one.
                update.seq = max(update.seq, 1)
                return update
            }
        }.compactMap(\.self)
    }

    /// Renumbers the revisions of an update below all numbers of the story that it moves to, in the same order, so that those to come
    /// are after them. The shift is so large that no number is that of another revision on the way.
    func renumberRevisions(of key: Int64) throws(StoryError) {
        let bounds = try first(
            """
            SELECT min(seq), max(seq) FROM (SELECT seq FROM revisions WHERE update_key = ?
                UNION ALL SELECT seq FROM media_uses WHERE update_key = ? AND seq <> 0) AS numbers
            """, key, key
        ) { (least: $0.optionalInteger(), most: $0.optionalInteger()) }
        guard let least = bounds?.least, let most = bounds?.most else { return }
        let (width, overflow) = most.subtractingReportingOverflow(min(least, 0))
        guard !overflow, width < .max else { throw .storage(.corrupt("revisions.seq is \(least)")) }
        for table in ["revisions", "media_uses"] {
            try run(
                "UPDATE \(table) SET seq = seq - ? WHERE update_key = ? AND seq <> 0", width + 1, key)
        }
    }
}
