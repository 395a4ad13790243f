// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``StoryStore``.
    public func snapshot(
        of story: StoryReference, _ query: SnapshotQuery, access: Access
    ) async throws(StoryError) -> Snapshot {
        try await engine.read { [renderer] transaction throws(StoryError) in
            let story = try transaction.story(story, for: access)
            let cursor = query.before?.cursor ?? story.cursor
            try cursor.requireReached(by: story.cursor)
            let selection = RenderedRow.selection(form: renderer.form, transaction.dialect)
            let (found, hasOlder) = try transaction.page(of: story, query, seenAt: cursor, selection) {
                RenderedRow(&$0)
            }
            let pinned = try transaction.pinned(of: story, query.filter, seenAt: cursor, selection) {
                RenderedRow(&$0)
            }
            let updates = try transaction.rendered(found, renderer)
            let last = hasOlder ? updates.last : nil
            return Snapshot(
                story: story.story, pinned: try transaction.rendered(pinned, renderer), updates: updates,
                cursor: cursor,
                older: last.map { UpdatePosition(cursor: cursor, publishedAt: $0.publishedAt, id: $0.id) })
        }
    }

    /// See ``StoryStore``.
    public func changes(
        of story: StoryReference, _ query: DeltaQuery, access: Access
    ) async throws(StoryError) -> Delta {
        try await engine.read { transaction throws(StoryError) in
            let story = try transaction.story(story, for: access)
            try query.cursor.requireReached(by: story.cursor)
            let page = try transaction.changes(of: story, query, for: access)
            return Delta(
                page, after: query.cursor, status: story.story.content.status, version: story.cursor)
        }
    }
}

extension UpdateFilter {
    /// Condition for key events. `key_event = 1` is a literal so that SQLite can use the partial index of key events.
    fileprivate var keyEventCondition: String { keyEventsOnly ? "AND u.key_event = 1" : "" }

    fileprivate var tables: String {
        tag == nil ? "updates AS u" : "update_tags AS t JOIN updates AS u ON u.key = t.update_key"
    }

    /// The table whose index determines the order.
    fileprivate var ordered: String { tag == nil ? "u" : "t" }

    fileprivate var tagCondition: String { tag == nil ? "AND ? IS NULL" : "AND t.tag = ?" }
}

/// The columns read from updates (`u`), and the tables joined to them.
struct UpdateSelection {
    let columns: String
    var join = ""
}

extension Transaction {
    /// Returns the updates of a page, and whether there are more. Updates published after the walk's cursor are left to the
    /// delta, so that the pages of a walk agree with its cursor.
    func page<Found: PageItem>(
        of story: StoryRow, _ query: SnapshotQuery, seenAt cursor: Version, _ selection: UpdateSelection,
        bytes: Int = Limits.pageBytes, read: (inout Row) -> Found
    ) throws(StoryError) -> (found: [Found], hasMore: Bool) {
        let (filter, isNewest) = (query.filter, query.order == .newest)
        var budget = PageBudget(rows: query.limit, bytes: bytes)
        let table = filter.ordered
        let direction = isNewest ? "DESC" : "ASC"
        let found = try rows(
            """
            SELECT \(selection.columns) FROM \(filter.tables) \(selection.join)
            WHERE \(table).story = ? \(filter.tagCondition) AND (\(table).published_at, \(table).id) \
            \(isNewest ? "<" : ">") (?, ?) AND u.first_seq <= ? \(filter.keyEventCondition)
            \(filter.author == nil ? Self.isByAuthor : Self.isByThatAuthor)
            ORDER BY \(table).published_at \(direction), \(table).id \(direction) LIMIT ?
            """,
            story.key, filter.tag, query.before?.publishedAt.milliseconds ?? (isNewest ? .max : .min),
            query.before?.id ?? Identifier(high: 0, low: 0), cursor.seq, filter.author, filter.author,
            query.limit + 1
        ) { row in budget.take { read(&row) } }
        return (found.compactMap(\.self), budget.isExceeded)
    }

    /// Returns how many published updates match a filter.
    func count(of story: StoryRow, _ filter: UpdateFilter) throws(StoryError) -> Int {
        let count = try first(
            """
            SELECT count(*) FROM \(filter.tables) WHERE \(filter.ordered).story = ? \(filter.tagCondition)
            \(filter.keyEventCondition) \(filter.author == nil ? Self.isByAuthor : Self.isByThatAuthor)
            """,
            story.key, filter.tag, filter.author, filter.author
        ) { Int($0.integer()) }
        return count ?? 0
    }

    /// Returns the latest pinned updates that fit into half a page; the others appear only at their places in the list.
    func pinned<Found: PageItem>(
        of story: StoryRow, _ filter: UpdateFilter, seenAt cursor: Version, _ selection: UpdateSelection,
        read: (inout Row) -> Found
    ) throws(StoryError) -> [Found] {
        var budget = PageBudget(rows: Limits.pinnedUpdates, bytes: Limits.pageBytes / 2)
        return try rows(
            """
            SELECT \(selection.columns) FROM updates AS u \(selection.join)
            WHERE u.story = ? AND u.pinned = 1 AND u.first_seq <= ? AND u.key_event >= ? \(Self.hasTag) \
            \(Self.isByAuthor)
            ORDER BY u.published_at DESC, u.id DESC LIMIT ?
            """, story.key, cursor.seq, filter.keyEventsOnly, filter.tag, filter.tag, filter.author,
            filter.author, Limits.pinnedUpdates
        ) { row in budget.take { read(&row) } }.compactMap(\.self)
    }

    /// Condition that an update has the tag of the filter, if there is one.
    private static let hasTag =
        "AND (? IS NULL OR EXISTS (SELECT 1 FROM update_tags AS t WHERE t.update_key = u.key AND t.tag = ?))"

    /// Condition that an update is by the author of the filter, if there is one.
    private static let isByAuthor = "AND (? IS NULL OR u.author = ?)"
    /// The same where there is one, by index.
    private static let isByThatAuthor = "AND ? IS NOT NULL AND u.author = ?"

    /// Returns a page of changes.
    fileprivate func changes(
        of story: StoryRow, _ query: DeltaQuery, for access: Access
    ) throws(StoryError) -> FeedPage {
        let after = query.cursor.seq
        guard story.story.seq > after else {
            return FeedPage(updates: [], hasMoreUpdates: false, others: [], query: query)
        }
        let (updates, hasMore) = try changedUpdates(of: story, query)
        var others = try removals(of: story, after: after, count: query.limit + 1)
        if story.ownSeq > after { others.append(.story(story.story, seq: story.ownSeq)) }
        if story.linksSeq > after {
            others.append(.links(try linkLists(of: story.key, for: access), seq: story.linksSeq))
        }
        return FeedPage(updates: updates, hasMoreUpdates: hasMore, others: others, query: query)
    }

    /// Returns changed updates that match the filter, and those that no longer match but that the reader may have. A non-matching
    /// update published after the cursor was never sent to the reader.
    private func changedUpdates(
        of story: StoryRow, _ query: DeltaQuery
    ) throws(StoryError) -> (changes: [FeedChange], hasMore: Bool) {
        var budget = PageBudget(rows: query.limit)
        let found = try rows(
            """
            SELECT \(UpdateRow.columns) FROM updates AS u WHERE u.story = ? AND u.seq > ?
            AND (u.first_seq <= ? OR (u.key_event >= ? \(Self.hasTag) \(Self.isByAuthor)))
            ORDER BY u.seq LIMIT ?
            """,
            story.key, query.cursor.seq, query.cursor.seq, query.filter.keyEventsOnly, query.filter.tag,
            query.filter.tag, query.filter.author, query.filter.author, query.limit + 1
        ) { row in
            budget.take { FeedChange(UpdateRow(&row).update, for: query.filter) }
        }
        return (found.compactMap(\.self), budget.isExceeded)
    }

    private func removals(
        of story: StoryRow, after seq: Int64, count: Int
    ) throws(StoryError) -> [FeedChange] {
        try rows(
            "SELECT id, seq, reason FROM tombstones WHERE story = ? AND seq > ? ORDER BY seq LIMIT ?",
            story.key, seq, count
        ) { row in
            .remove(
                Removal(
                    id: row.identifier(), seq: row.integer(),
                    reason: Removal.Reason(rawValue: row.text()) ?? .deleted))
        }
    }
}
