// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Stories

/// A row of `stories`: the story, and what the store alone knows of it.
struct StoryRow {
    let key: Int64
    /// The life of the database and the life of the story in one: a cursor of either other one does not fit.
    let epoch: UInt64
    let ownSeq: Int64
    let linksSeq: Int64
    let activeAt: Timestamp
    var story: Story

    static let columns = """
        key, (SELECT database_epoch.epoch FROM database_epoch), epoch, own_seq, links_seq, active_at, id, slug, seq, update_count, \
        \(StoryContent.columns.list()), published_at, created_at, modified_at, closed_at
        """

    static let insertion = """
        INSERT INTO stories (
            id, slug, epoch, seq, own_seq, links_seq, \(StoryContent.columns.list()), published_at, created_at, modified_at,
            closed_at, active_at)
        VALUES (?, ?, ?, ?, ?, 0, \(StoryContent.columns.places), ?, ?, ?, ?, ?)
        """

    static let replacement = """
        UPDATE stories SET
            slug = ?, \(StoryContent.columns.assignments), published_at = ?, modified_at = ?, closed_at = ?, seq = ?,
            own_seq = ?, active_at = ?
        WHERE key = ?
        """

    init(_ row: inout Row) {
        key = row.integer()
        epoch = UInt64(bitPattern: row.integer() ^ row.integer())
        ownSeq = row.integer()
        linksSeq = row.integer()
        activeAt = row.timestamp()
        let id = row.identifier()
        let slug = Slug(stored: row.text())
        let (seq, updateCount) = (row.integer(), Int(row.integer()))
        let content: StoryContent = row.record()
        story = Story(
            id: id, slug: slug, content: content, publishedAt: row.optionalTimestamp(),
            createdAt: row.timestamp(), modifiedAt: row.timestamp(), closedAt: row.optionalTimestamp(),
            seq: seq,
            updateCount: updateCount)
    }

    /// Where the feed stands.
    var cursor: Version { Version(epoch: epoch, seq: story.seq) }
    /// Where the story's own members stand.
    var ownVersion: Version { Version(epoch: epoch, seq: ownSeq) }
    /// Where the lists of links stand.
    var linksVersion: Version { Version(epoch: epoch, seq: linksSeq) }
    /// The story by its own members, for a caller whose precondition named another state of them.
    var present: PresentState { .story(Versioned(story, ownVersion)) }
    /// The number for the next change.
    var nextSeq: Int64 {
        get throws(StoryError) { try story.seq.storedSuccessor("stories.seq") }
    }

    var position: StoryPosition { StoryPosition(activeAt: activeAt, id: story.id) }
}

extension Transaction {
    /// The story that a path names, if the caller may see it.
    func story(_ reference: StoryReference, for access: Access) throws(StoryError) -> StoryRow {
        guard let row = try seenStory(reference, by: access) else { throw .notFound(.story) }
        return row
    }

    /// Finds a story by a slug that it has or had. The former one is looked for in the same statement, so that a story that is hidden
    /// takes no longer than none.
    private static let bySlug = """
        key = coalesce((SELECT key FROM stories WHERE slug = ?1), (SELECT story FROM former_slugs WHERE slug = ?1))
        """

    /// The story that a path names; `nil` where there is none, or the caller may not see it. What is hidden is left out by the
    /// statement, so that it takes no longer to find nothing.
    func seenStory(_ reference: StoryReference, by access: Access) throws(StoryError) -> StoryRow? {
        let isShown = try maySeeHidden(reference, by: access) ? "" : "AND status <> 'draft'"
        return switch reference {
        case .id(let id):
            try first("SELECT \(StoryRow.columns) FROM stories WHERE id = ? \(isShown)", id) {
                StoryRow(&$0)
            }
        case .slug(let slug):
            try first("SELECT \(StoryRow.columns) FROM stories WHERE \(Self.bySlug) \(isShown)", slug.text) {
                StoryRow(&$0)
            }
        }
    }

    /// Whether the caller sees what the path names also while readers do not.
    private func maySeeHidden(_ reference: StoryReference, by access: Access) throws(StoryError) -> Bool {
        switch (access, reference) {
        case (.reader, _): false
        case (.holder(let grant), _) where grant.stories == nil: true
        case (.holder, .id(let id)): access.seesDrafts(of: id)
        case (.holder, .slug(let slug)):
            try first("SELECT id FROM stories WHERE \(Self.bySlug)", slug.text) { $0.identifier() }
                .map(access.seesDrafts) ?? false
        }
    }

    /// The story that a path names, if the caller may see it and write to it.
    func writableStory(_ reference: StoryReference, for access: Access) throws(StoryError) -> StoryRow {
        let row = try story(reference, for: access)
        try access.requireWrite(to: row.story.id)
        return row
    }

    /// The story that a path names, seen or not.
    func story(_ reference: StoryReference) throws(StoryError) -> StoryRow? {
        switch reference {
        case .id(let id):
            try first("SELECT \(StoryRow.columns) FROM stories WHERE id = ?", id) { StoryRow(&$0) }
        case .slug(let slug):
            try first("SELECT \(StoryRow.columns) FROM stories WHERE \(Self.bySlug)", slug.text) {
                StoryRow(&$0)
            }
        }
    }

    /// The story of a key.
    func story(key: Int64) throws(StoryError) -> StoryRow? {
        try first("SELECT \(StoryRow.columns) FROM stories WHERE key = ?", key) { StoryRow(&$0) }
    }

    /// Records that the story's feed has come to `seq`.
    func advance(
        _ row: StoryRow, to seq: Int64, at now: Timestamp, updatesAdded: Int = 0
    ) throws(StoryError) {
        try run(
            "UPDATE stories SET seq = ?, active_at = ?, update_count = update_count + ? WHERE key = ?",
            seq, now, updatesAdded, row.key)
    }

    /// Has the observer told that the story's feed went on by a change. `firstSeq` and `rendition` are those of a changed update.
    func emit(
        _ change: FeedChange, of row: StoryRow, status: StoryStatus? = nil, firstSeq: Int64? = nil,
        rendition: [UInt8]? = nil
    ) {
        emit(
            .changed(
                row.story.id, status ?? row.story.content.status, epoch: row.epoch, by: change,
                firstSeq: firstSeq, rendition: rendition))
    }
}
