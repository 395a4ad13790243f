// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``StoryStore``.
    public func overview(
        of story: StoryReference, _ query: OverviewQuery, access: Access
    ) async throws(StoryError) -> StoryOverview {
        try await engine.read { transaction throws(StoryError) in
            let row = try transaction.story(story, for: access)
            var overview = StoryOverview(story: row.story, cursor: row.cursor)
            switch query {
            case .page(let query): try transaction.read(query, of: row, into: &overview)
            case .search(let search): try transaction.search(search, in: row, into: &overview)
            case .update(let id):
                guard let update = try transaction.publishedRow(id, of: row) else {
                    throw try transaction.absence(of: id, from: row, for: access)
                }
                overview.updates = [update.update]
                overview.newer = try transaction.neighbor(of: update.update, in: row.key, .oldest)
                overview.olderUpdate = try transaction.neighbor(of: update.update, in: row.key, .newest)
            }
            overview.keyEvents = try transaction.keyEvents(of: row.key)
            overview.removals = try transaction.latestRemovals(of: row.key)
            overview.links = try transaction.linkLists(of: row.key, for: access)
            overview.reactions = Reactions(
                story: try transaction.storyReactions(row.key),
                updates: try transaction.updateReactions(of: row.key))
            return overview
        }
    }
}

extension UpdateRow {
    static let selection = UpdateSelection(columns: columns)
}

extension Transaction {
    /// Reads a page of updates and the pinned ones, like ``TableStore/snapshot(of:_:access:)``.
    fileprivate func read(
        _ query: SnapshotQuery, of story: StoryRow, into overview: inout StoryOverview
    ) throws(StoryError) {
        let cursor = query.before?.cursor ?? story.cursor
        try cursor.requireReached(by: story.cursor)
        let (found, hasOlder) = try page(of: story, query, seenAt: cursor, UpdateRow.selection) {
            UpdateRow(&$0).update
        }
        overview.updates = found
        overview.pinned = try pinned(of: story, query.filter, seenAt: cursor, UpdateRow.selection) {
            UpdateRow(&$0).update
        }
        if query.before == nil, !query.filter.isOpen {
            overview.matchCount = try count(of: story, query.filter)
        }
        overview.cursor = cursor
        let last = hasOlder ? found.last : nil
        overview.older = last.map { UpdatePosition(cursor: cursor, publishedAt: $0.publishedAt, id: $0.id) }
    }

    /// Returns the next published update in an order.
    fileprivate func neighbor(
        of update: Update, in story: Int64, _ order: UpdateOrder
    ) throws(StoryError) -> KeyEvent? {
        let (sign, direction) = order == .oldest ? (">", "ASC") : ("<", "DESC")
        return try events(
            """
            story = ? AND (published_at, id) \(sign) (?, ?)
            ORDER BY published_at \(direction), id \(direction) LIMIT 1
            """, story, update.publishedAt, update.id
        ).first
    }

    fileprivate func keyEvents(of story: Int64) throws(StoryError) -> [KeyEvent] {
        try events(
            "story = ? AND key_event = 1 ORDER BY published_at DESC, id DESC LIMIT ?", story,
            Limits.timelineEntries)
    }

    /// Reads updates as a timeline has them; `rest`: the statement after `WHERE`, with its values.
    private func events<each B: Bindable>(
        _ rest: String, _ values: repeat each B
    ) throws(StoryError) -> [KeyEvent] {
        try rows(
            """
            SELECT id, seq, title, CASE WHEN title IS NULL THEN substr(body_html, 1, CAST(? AS INTEGER)) ELSE '' END,
                CASE WHEN title IS NULL THEN media ELSE '[]' END, published_at, stricken_at IS NOT NULL
            FROM updates WHERE \(rest)
            """, Limits.excerptCharacters, repeat each values
        ) { row in
            KeyEvent(
                id: row.identifier(), seq: row.integer(), title: row.optionalText(), excerptHtml: row.text(),
                media: row.media(), publishedAt: row.timestamp(), isRetracted: row.bool())
        }
    }

    fileprivate func latestRemovals(of story: Int64) throws(StoryError) -> [DatedRemoval] {
        try rows(
            "SELECT id, removed_at FROM tombstones WHERE story = ? ORDER BY seq DESC LIMIT ?", story,
            Limits.removals
        ) { DatedRemoval(id: $0.identifier(), at: $0.timestamp()) }
    }
}
