internal import SQLite
public import Stories

extension SQLiteStore {
    /// See ``StoryStore``.
    public func digest(
        of story: StoryReference, _ query: DigestQuery, access: Access
    ) async throws(StoryError) -> Digest {
        try await readers.read { session throws(StoryError) in
            let row = try session.story(story, for: access)
            var digest = Digest(story: row.story, cursor: row.cursor)
            switch query {
            case .page(let query): try session.read(query, of: row, into: &digest)
            case .update(let id):
                guard let update = try session.publishedRow(id, of: row) else { throw .notFound(.update) }
                digest.updates = [update.update]
            }
            digest.keyEvents = try session.keyEvents(of: row.key)
            digest.removals = try session.latestRemovals(of: row.key)
            digest.links = try session.linkLists(of: row.key, for: access)
            digest.reactions = Reactions(
                story: try session.storyReactions(row.key), updates: try session.updateReactions(of: row.key))
            return digest
        }
    }

    /// See ``StoryStore``.
    public func frontPage(before: StoryPosition?) async throws(StoryError) -> FrontPage {
        let hourAgo = Timestamp(milliseconds: now().milliseconds - 3_600_000)
        return try await readers.read { session throws(StoryError) in
            let live =
                before == nil ? try session.frontRows(.live, before: nil, Limits.pageSize.upperBound) : []
            let closed = try session.frontRows(.closed, before: before, Limits.defaultPageSize + 1)
            let page = closed.prefix(Limits.defaultPageSize)
            return FrontPage(
                live: try session.front(live, since: hourAgo),
                closed: try session.front(Array(page), since: hourAgo),
                older: closed.count > page.count ? page.last?.position : nil)
        }
    }
}

extension UpdateRow {
    fileprivate static let selection = UpdateSelection(columns: columns)
}

extension Session {
    /// A page of updates with the pinned ones, as ``SQLiteStore/snapshot(of:_:access:)`` has them.
    fileprivate func read(
        _ query: SnapshotQuery, of story: StoryRow, into digest: inout Digest
    ) throws(StoryError) {
        let cursor = query.before?.cursor ?? story.cursor
        try story.requireLife(of: cursor)
        let (found, hasOlder) = try page(of: story, query, seenAt: cursor, UpdateRow.selection) {
            UpdateRow(&$0).update
        }
        digest.updates = found
        digest.pinned = try pinned(of: story, query.filter, seenAt: cursor, UpdateRow.selection) {
            UpdateRow(&$0).update
        }
        digest.cursor = cursor
        let last = hasOlder ? found.last : nil
        digest.older = last.map { UpdatePosition(cursor: cursor, publishedAt: $0.publishedAt, id: $0.id) }
    }

    fileprivate func keyEvents(of story: Int64) throws(StoryError) -> [KeyEvent] {
        try rows(
            """
            SELECT id, seq, title, CASE WHEN title IS NULL THEN substr(body_html, 1, ?) ELSE '' END,
                CASE WHEN title IS NULL THEN media ELSE '[]' END, published_at, stricken_at IS NOT NULL
            FROM updates WHERE story = ? AND key_event = 1 ORDER BY published_at DESC, id DESC LIMIT ?
            """, Limits.excerptCharacters, story, Limits.timelineEntries
        ) { row in
            KeyEvent(
                id: row.identifier(), seq: row.integer(), title: row.optionalText(), excerptHtml: row.text(),
                media: row.list(Media.init), publishedAt: row.timestamp(), isRetracted: row.bool())
        }
    }

    fileprivate func latestRemovals(of story: Int64) throws(StoryError) -> [DatedRemoval] {
        try rows(
            "SELECT id, removed_at FROM tombstones WHERE story = ? ORDER BY seq DESC LIMIT ?", story,
            Limits.removals
        ) { DatedRemoval(id: $0.identifier(), at: $0.timestamp()) }
    }

    fileprivate func frontRows(
        _ status: StoryStatus, before: StoryPosition?, _ count: Int
    ) throws(StoryError) -> [StoryRow] {
        try storyRows(StoryListQuery(status: status), before: before, maySeeDrafts: false, count: count)
    }

    fileprivate func front(_ rows: [StoryRow], since start: Timestamp) throws(StoryError) -> [FrontStory] {
        var stories: [FrontStory] = []
        for row in rows {
            let recent = try first(
                "SELECT count(*) FROM updates WHERE story = ? AND published_at > ?", row.key, start
            ) { Int($0.integer()) }
            stories.append(
                FrontStory(
                    story: row.story, activeAt: row.activeAt, hourlyUpdates: recent ?? 0,
                    reactions: try storyReactions(row.key)))
        }
        return stories
    }
}
