// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``StoryStore``.
    public func search(
        _ search: UpdateSearch, in story: StoryReference, access: Access
    ) async throws(StoryError) -> SearchPage {
        try await engine.read { transaction throws(StoryError) in
            let story = try transaction.writableStory(story, for: access)
            var pass = SearchPass(search: search, transaction: transaction, story: story.key)
            if search.before == nil { try pass.searchDrafts() }
            try pass.searchPublished()
            return SearchPage(updates: pass.found, older: pass.older)
        }
    }
}

extension TableStore {
    /// See ``StoryStore``.
    public func outline(of story: StoryReference, access: Access) async throws(StoryError) -> [OutlineHour] {
        try await engine.read { transaction throws(StoryError) in
            let story = try transaction.writableStory(story, for: access)
            // Answered by an index.
            let places = try transaction.rows(
                "SELECT published_at, id FROM updates WHERE story = ? ORDER BY published_at DESC, id DESC",
                story.key
            ) { (publishedAt: $0.timestamp(), id: $0.identifier()) }
            return OutlineHour.grouping(places)
        }
    }
}

/// A search on its way through the updates of a story, within its bounds.
private struct SearchPass {
    let search: UpdateSearch
    let transaction: Transaction
    let story: Int64
    private(set) var found: [EditorUpdate] = []
    private(set) var older: SearchPosition?
    private var bytes = 0

    init(search: UpdateSearch, transaction: Transaction, story: Int64) {
        (self.search, self.transaction, self.story) = (search, transaction, story)
    }

    /// Rows of a query, so that not many are read in vain once the page is full.
    private static let rowsAtOnce = 100

    private var isFull: Bool { found.count >= search.limit || bytes >= Limits.searchedBytes }

    /// Searches the drafts, newest first, until the page is full. As they have no position among the published updates, no page goes on among
    /// them: those beyond are not searched.
    mutating func searchDrafts() throws(StoryError) {
        var position: Identifier?
        while !isFull {
            let drafts = try drafts(before: position)
            for draft in drafts where !isFull {
                bytes += draft.byteCount
                if search.matches(draft.content, stricken: draft.stricken) { found.append(.draft(draft)) }
            }
            guard drafts.count == Self.rowsAtOnce else { return }
            position = drafts.last?.id
        }
    }

    private func drafts(before position: Identifier?) throws(StoryError) -> [Draft] {
        try transaction.rows(
            """
            SELECT \(DraftRow.columns) FROM drafts AS d WHERE d.story = ? AND (? IS NULL OR d.id < ?)
            ORDER BY d.id DESC LIMIT ?
            """, story, position, position, Self.rowsAtOnce
        ) { DraftRow(&$0).draft }
    }

    mutating func searchPublished() throws(StoryError) {
        var position = search.before
        while true {
            let updates = try updates(after: position)
            for update in updates {
                // One at least, so that each page goes further.
                guard !isFull || position == search.before else {
                    older = position
                    return
                }
                position = SearchPosition(publishedAt: update.publishedAt, id: update.id)
                bytes += update.byteCount
                if search.matches(update.content, stricken: update.stricken) {
                    found.append(.published(update))
                }
            }
            guard updates.count == Self.rowsAtOnce else { return }
        }
    }

    private func updates(after position: SearchPosition?) throws(StoryError) -> [Update] {
        try transaction.rows(
            """
            SELECT \(UpdateRow.columns) FROM updates AS u WHERE u.story = ? AND (u.published_at, u.id) < (?, ?)
            ORDER BY u.published_at DESC, u.id DESC LIMIT ?
            """, story, position?.publishedAt.milliseconds ?? .max,
            position?.id ?? Identifier(high: 0, low: 0), Self.rowsAtOnce
        ) { UpdateRow(&$0).update }
    }
}
