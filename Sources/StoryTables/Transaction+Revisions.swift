internal import Database
internal import Stories

extension Transaction {
    /// Keeps what a published update is before it changes, and lets go of the oldest that there are too many of.
    func keepRevision(of row: UpdateRow, story: Int64) throws(StoryError) {
        try run(
            """
            INSERT INTO revisions SELECT story, key, seq, title, body, body_html, author, sources, media, tags, pinned,
                key_event, edited, occurred_at, published_at, created_at, modified_at, stricken_reason, stricken_at
            FROM updates WHERE key = ?
            """, row.key)
        try run(
            """
            DELETE FROM revisions WHERE update_key = ? AND seq <= (
                SELECT seq FROM revisions WHERE update_key = ? ORDER BY seq DESC LIMIT 1 OFFSET ?)
            """, row.key, row.key, Limits.revisions)
    }

    /// What an update was before each of its changes, the newest first, as far as one answer holds them.
    func revisions(of id: Identifier, key: Int64) throws(StoryError) -> [Update] {
        var budget = PageBudget(rows: Limits.revisions)
        return try rows(
            """
            SELECT r.update_key, r.seq, ?, r.seq, r.title, r.body, r.author, r.sources, r.media, r.tags, r.pinned, r.key_event,
                r.occurred_at, r.body_html, r.edited, r.published_at, r.created_at, r.modified_at, r.stricken_reason,
                r.stricken_at
            FROM revisions AS r WHERE r.update_key = ? ORDER BY r.seq DESC
            """, id, key
        ) { row in budget.take { UpdateRow(&row).update } }.compactMap(\.self)
    }
}
