// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Stories

/// A row of `stories`: the story, and its columns internal to the store.
struct StoryRow {
    let key: Int64
    /// The epochs of the database and of the story combined, so that a change of either invalidates cursors.
    let epoch: UInt64
    let ownSeq: Int64
    let linksSeq: Int64
    var activeAt: Timestamp
    var story: Story

    static let columns = """
        key, (SELECT database_epoch.epoch FROM database_epoch), epoch, own_seq, links_seq, active_at, id, slug, seq, update_count, \
        \(StoryContent.columns.list()), published_at, created_at, modified_at, closed_at
        """

    static let insertion = """
        INSERT INTO stories (
            id, slug, epoch, seq, own_seq, links_seq, \(StoryContent.columns.list()), tag_keys, published_at, created_at,
            modified_at, closed_at, active_at)
        VALUES (?, ?, ?, ?, ?, 0, \(StoryContent.columns.places), ?, ?, ?, ?, ?, ?)
        """

    static let replacement = """
        UPDATE stories SET
            slug = ?, \(StoryContent.columns.assignments), tag_keys = ?, published_at = ?, modified_at = ?, closed_at = ?, seq = ?,
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

    /// The cursor of the feed.
    var cursor: Version { Version(epoch: epoch, seq: story.seq) }
    /// The version of the story's own members.
    var ownVersion: Version { Version(epoch: epoch, seq: ownSeq) }
    /// The version of the lists of links.
    var linksVersion: Version { Version(epoch: epoch, seq: linksSeq) }
    /// The current state of the story's own members, to check preconditions against.
    var present: PresentState { .story(Versioned(story, ownVersion)) }
    /// Sequence number of the next change.
    var nextSeq: Int64 {
        get throws(StoryError) { try story.seq.storedSuccessor("stories.seq") }
    }

    var position: StoryPosition { StoryPosition(activeAt: activeAt, id: story.id) }
}

extension Transaction {
    /// Returns the story of a reference. Throws `.notFound` if there is none or the caller may not see it.
    func story(_ reference: StoryReference, for access: Access) throws(StoryError) -> StoryRow {
        guard let row = try seenStory(reference, by: access) else { throw .notFound(.story) }
        return row
    }

    /// Condition for a story by its current or a former slug. One statement for both, so that a hidden story takes no longer than none
    /// (timing side channel).
    private static let bySlug = """
        key = coalesce((SELECT key FROM stories WHERE slug = ?1), (SELECT story FROM former_slugs WHERE slug = ?1))
        """

    /// Returns the story of a reference, or `nil` if there is none or the caller may not see it. Hidden stories are excluded by the
    /// SQL condition, so that timing does not reveal them.
    func seenStory(_ reference: StoryReference, by access: Access) throws(StoryError) -> StoryRow? {
        // A hidden story that the caller may not see takes as long as one that is read, so that timing does not reveal it.
        if let row = cache?.story(reference), access.sees(row.story.id, status: row.story.content.status) {
            return row
        }
        let row = try readStory(reference, seenBy: access)
        if let row { cache?.keep(row, as: reference) }
        return row
    }

    private func readStory(
        _ reference: StoryReference, seenBy access: Access
    ) throws(StoryError) -> StoryRow? {
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

    /// Returns whether the caller may see the story of a reference even if it is hidden from readers.
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

    /// Returns the story of a reference if the caller may see it and write to it.
    func writableStory(_ reference: StoryReference, for access: Access) throws(StoryError) -> StoryRow {
        let row = try story(reference, for: access)
        try access.requireWrite(to: row.story.id)
        return row
    }

    /// Returns the story of a reference, regardless of access.
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

    /// Returns the story with this row key.
    func story(key: Int64) throws(StoryError) -> StoryRow? {
        try first("SELECT \(StoryRow.columns) FROM stories WHERE key = ?", key) { StoryRow(&$0) }
    }

    /// Advances the sequence number of the story's feed to `seq`.
    func advance(
        _ row: StoryRow, to seq: Int64, at now: Timestamp, updatesAdded: Int = 0
    ) throws(StoryError) {
        let isDeferred = cache?.advance(row.key, to: seq, at: now, updatesAdded: updatesAdded) ?? false
        if !isDeferred { try runKnown(DeferredWrites.advancement, seq, now, updatesAdded, row.key) }
    }

    /// Emits a change of the story's feed. `firstSeq` and `rendition` are those of a changed update.
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
