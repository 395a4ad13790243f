// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Stories

extension Transaction {
    /// Updates read at once.
    private static let searchedAtOnce = 100

    /// Reads a page of what a reader's search finds, and counts all of it. After ``Limits/searchedBytes`` the next page goes on.
    func search(
        _ search: OverviewSearch, in story: StoryRow, into overview: inout StoryOverview
    ) throws(StoryError) {
        let (matcher, query) = (UpdateSearch(search.text), search.page)
        let cursor = query.before?.cursor ?? story.cursor
        try cursor.requireReached(by: story.cursor)
        var (batch, bytes, count, hasMore) = (query, 0, 0, true)
        batch.limit = Self.searchedAtOnce
        while hasMore, bytes < Limits.searchedBytes {
            let (updates, hasOlder) = try page(
                of: story, batch, seenAt: cursor, UpdateRow.selection, bytes: Limits.searchedBytes - bytes
            ) { UpdateRow(&$0).update }
            for update in updates where matcher.matches(update.content, stricken: update.stricken) {
                count += 1
                if overview.updates.count < query.limit { overview.updates.append(update) }
            }
            bytes += updates.reduce(0) { $0 + $1.byteCount }
            hasMore = hasOlder
            if let last = updates.last { batch.before = UpdatePosition(last, seenAt: cursor) }
        }
        overview.cursor = cursor
        overview.matchCount = hasMore || query.before != nil ? nil : count
        let isFull = count > overview.updates.count
        let last = isFull ? overview.updates.last.map { UpdatePosition($0, seenAt: cursor) } : batch.before
        overview.older = isFull || hasMore ? last : nil
    }
}
