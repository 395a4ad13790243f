// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``StoryStore``.
    public func storyIndex(_ query: StoryIndexQuery) async throws(StoryError) -> StoryIndex {
        let hourAgo = Timestamp(milliseconds: now().milliseconds - 3_600_000)
        return try await engine.read { transaction throws(StoryError) in
            let live =
                query.before == nil
                ? try transaction.frontRows(.live, query, atMost: Limits.pageSize.upperBound) : FrontRows()
            let closed = try transaction.frontRows(.closed, query, atMost: Limits.defaultPageSize)
            let isWhole = query.before == nil && live.next == nil && closed.next == nil
            return StoryIndex(
                live: try transaction.front(live.rows, since: hourAgo),
                closed: try transaction.front(closed.rows, since: hourAgo), older: closed.next,
                matchCount: isWhole && !query.isOpen ? live.rows.count + closed.rows.count : nil)
        }
    }
}

extension TableStore {
    /// See ``StoryStore``.
    public func storyAddresses(from start: Int, atMost count: Int) async throws(StoryError) -> StoryAddresses
    {
        try await engine.read { transaction throws(StoryError) in
            let entries = try transaction.rows(
                """
                SELECT slug, active_at, modified_at FROM stories WHERE status <> 'draft'
                ORDER BY id LIMIT ? OFFSET ?
                """, count, start
            ) {
                StoryAddresses.Entry(
                    slug: Slug(stored: $0.text()), changedAt: max($0.timestamp(), $0.timestamp()))
            }
            let all = try transaction.first("SELECT count(*) FROM stories WHERE status <> 'draft'") {
                Int($0.integer())
            }
            return StoryAddresses(entries: entries, count: all ?? 0)
        }
    }
}

/// Stories of one status, as they are listed.
private struct FrontRows {
    var rows: [StoryRow] = []
    /// Where to go on; `nil` after the last.
    var next: StoryPosition?
}

extension Transaction {
    /// Stories read at once by a search.
    private static let indexedAtOnce = 100

    fileprivate func frontRows(
        _ status: StoryStatus, _ query: StoryIndexQuery, atMost count: Int
    ) throws(StoryError) -> FrontRows {
        let list = StoryListQuery(status: status, tag: query.tag)
        let before = status == .closed ? query.before : nil
        guard let text = query.text else {
            let rows = try storyRows(list, before: before, maySeeDrafts: false, count: count + 1)
            let page = Array(rows.prefix(count))
            return FrontRows(rows: page, next: rows.count > count ? page.last?.position : nil)
        }
        let matcher = UpdateSearch(text)
        var (found, looked) = (FrontRows(next: before), 0)
        while looked < Limits.searchedIndexStories {
            let rows = try storyRows(
                list, before: found.next, maySeeDrafts: false, count: Self.indexedAtOnce)
            for row in rows where matcher.matches(row.story.content.searchable, stricken: nil) {
                guard found.rows.count < count else {
                    found.next = found.rows.last?.position
                    return found
                }
                found.rows.append(row)
            }
            guard rows.count == Self.indexedAtOnce else { return FrontRows(rows: found.rows) }
            found.next = rows.last?.position
            looked += rows.count
        }
        return found
    }

    fileprivate func front(_ rows: [StoryRow], since start: Timestamp) throws(StoryError) -> [StoryIndexEntry]
    {
        var stories: [StoryIndexEntry] = []
        for row in rows {
            let recent = try first(
                "SELECT count(*) FROM updates WHERE story = ? AND published_at > ?", row.key, start
            ) { Int($0.integer()) }
            stories.append(
                StoryIndexEntry(
                    story: row.story, activeAt: row.activeAt, hourlyUpdates: recent ?? 0,
                    reactions: try storyReactions(row.key)))
        }
        return stories
    }
}
