// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``StoryStore``.
    public func search(
        _ search: UpdateSearch, in story: StoryReference, access: Access
    ) async throws(StoryError) -> SearchPage {
        try await engine.read { transaction throws(StoryError) in
            var pass = SearchPass(search: search, transaction: transaction)
            let story = try transaction.writableStory(story, for: access)
            if search.before == nil { try pass.searchDrafts(of: story) }
            let end = try pass.searchPublished(of: story)
            return pass.page(endingAt: end)
        }
    }

    /// See ``StoryStore``.
    public func searchAll(
        _ search: UpdateSearch, access: Access
    ) async throws(StoryError) -> SearchOverview {
        let grant = try access.requireKey()
        return try await engine.read { transaction throws(StoryError) in
            var pass = SearchPass(search: search, transaction: transaction)
            let stories = try transaction.editableStories(by: grant)
            var isComplete = stories.count <= Limits.searchedStories
            for story in stories.prefix(Limits.searchedStories) {
                guard !pass.isSpent else {
                    isComplete = false
                    break
                }
                try pass.searchDrafts(of: story)
                if try pass.searchPublished(of: story) != nil { isComplete = false }
            }
            let best = pass.ranked.prefix(search.limit)
            return SearchOverview(
                found: best.map { .init(update: $0.update, story: $0.story) }, isComplete: isComplete)
        }
    }

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

extension Transaction {
    /// Returns the stories that a key may write to, the one that was changed last first: one more than are searched, if there are so many.
    fileprivate func editableStories(by grant: Grant) throws(StoryError) -> [StoryRow] {
        guard let stories = grant.stories else {
            return try storyRows(
                StoryListQuery(), before: nil, maySeeDrafts: true, count: Limits.searchedStories + 1)
        }
        var found: [StoryRow] = []
        for id in stories { if let row = try story(.id(id)) { found.append(row) } }
        return found.sorted { $0.activeAt > $1.activeAt }
    }
}

/// A search on its way through the updates of stories, within its bounds.
private struct SearchPass {
    struct Match {
        let rank: UpdateSearch.Rank
        let update: EditorUpdate
        let story: Story
    }

    let search: UpdateSearch
    let transaction: Transaction
    /// In the order in which they were found.
    private var matches: [Match] = []
    private var bytes = 0

    init(search: UpdateSearch, transaction: Transaction) {
        (self.search, self.transaction) = (search, transaction)
    }

    /// Rows of a query, so that not many are read in vain at the end of the bytes.
    private static let rowsAtOnce = 100

    /// Whether it has searched as many bytes as one request may.
    var isSpent: Bool { bytes >= Limits.searchedBytes }

    private mutating func look(
        at update: EditorUpdate, of story: StoryRow, stricken: Strike?, bytes count: Int
    ) {
        bytes += count
        guard let rank = search.rank(of: update.content, stricken: stricken) else { return }
        matches.append(Match(rank: rank, update: update, story: story.story))
    }

    /// Searches the drafts, newest first. As they have no position among the published updates, no page goes on among them: those beyond
    /// the bytes are not searched.
    mutating func searchDrafts(of story: StoryRow) throws(StoryError) {
        var position: Identifier?
        while !isSpent {
            let drafts = try drafts(of: story.key, before: position)
            for draft in drafts where !isSpent {
                look(at: .draft(draft), of: story, stricken: draft.stricken, bytes: draft.byteCount)
            }
            guard drafts.count == Self.rowsAtOnce else { return }
            position = drafts.last?.id
        }
    }

    private func drafts(of story: Int64, before position: Identifier?) throws(StoryError) -> [Draft] {
        try transaction.rows(
            """
            SELECT \(DraftRow.columns) FROM drafts AS d WHERE d.story = ? AND (? IS NULL OR d.id < ?)
            ORDER BY d.id DESC LIMIT ?
            """, story, position, position, Self.rowsAtOnce
        ) { DraftRow(&$0).draft }
    }

    /// Searches a stretch of the published updates: up to its end, if that is known, or else to the end of the bytes. Returns where it ends;
    /// `nil` if that is with the last update of the story.
    mutating func searchPublished(of story: StoryRow) throws(StoryError) -> StoryPosition? {
        let (start, end) = (search.before?.start, search.before?.end)
        var position = start
        while true {
            let updates = try updates(of: story.key, after: position)
            for update in updates {
                // One at least, so that each stretch goes further.
                if end == nil, isSpent, position != start { return position }
                if let end, update.position.isAfter(end) { return end }
                position = update.position
                look(at: .published(update), of: story, stricken: update.stricken, bytes: update.byteCount)
            }
            guard updates.count == Self.rowsAtOnce else { return nil }
        }
    }

    private func updates(
        of story: Int64, after position: StoryPosition?
    ) throws(StoryError) -> [Update] {
        try transaction.rows(
            """
            SELECT \(UpdateRow.columns) FROM updates AS u WHERE u.story = ? AND (u.published_at, u.id) < (?, ?)
            ORDER BY u.published_at DESC, u.id DESC LIMIT ?
            """, story, position?.activeAt.milliseconds ?? .max,
            position?.id ?? Identifier(high: 0, low: 0), Self.rowsAtOnce
        ) { UpdateRow(&$0).update }
    }

    /// What was found, the best first; of equal rank in the order in which it was found.
    var ranked: [Match] {
        UpdateSearch.Rank.allCases.flatMap { rank in matches.filter { $0.rank == rank } }
    }

    /// The page of what was found in a stretch of a story, which ends at `end`.
    func page(endingAt end: StoryPosition?) -> SearchPage {
        let left = ranked.filter { !isBefore($0) }
        let page = left.prefix(search.limit)
        let start = search.before?.start
        var older: SearchPosition?
        if left.dropFirst(page.count).contains(where: { $0.place != nil }) {
            let last = page.last { $0.place != nil }
            older = SearchPosition(
                start: start, end: end, rank: last?.rank ?? .wording, found: last?.place)
        } else if let end {
            older = SearchPosition(start: end)
        }
        return SearchPage(updates: page.map(\.update), older: older)
    }

    /// Whether a page before had it already.
    private func isBefore(_ match: Match) -> Bool {
        guard let before = search.before, match.rank <= before.rank else { return false }
        guard match.rank == before.rank else { return true }
        guard let found = before.found, let place = match.place else { return false }
        return !place.isAfter(found)
    }
}

extension SearchPass.Match {
    /// Its place among the published updates; `nil` for a draft.
    fileprivate var place: StoryPosition? {
        if case .published(let update) = update { update.position } else { nil }
    }
}

extension Update {
    fileprivate var position: StoryPosition { StoryPosition(activeAt: publishedAt, id: id) }
}

extension StoryPosition {
    /// Whether it comes later in a list that begins with the newest.
    fileprivate func isAfter(_ other: StoryPosition) -> Bool {
        activeAt == other.activeAt ? id < other.id : activeAt < other.activeAt
    }
}
