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
        try keepMediaUses(
            of: row.update.content.assets, by: MediaUser(story: story, update: row.key, seq: row.update.seq))
        try run(
            """
            DELETE FROM revisions WHERE update_key = ? AND seq <= (
                SELECT seq FROM revisions WHERE update_key = ? ORDER BY seq DESC LIMIT 1 OFFSET ?)
            """, row.key, row.key, Limits.revisions)
    }

    /// Returns the previous states of an update, newest first, as many as fit into one response.
    func revisions(of id: Identifier, key: Int64) throws(StoryError) -> [Update] {
        var budget = PageBudget(rows: Limits.revisions)
        return try rows(Self.revisionSelection, id, key) { row in budget.take { UpdateRow(&row).update } }
            .compactMap(\.self)
    }
}
