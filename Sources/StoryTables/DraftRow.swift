// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Stories

/// A row of `drafts`: the draft, and its columns internal to the store.
struct DraftRow {
    /// Row key of the update, the same in every table.
    let key: Int64
    /// Row key of the story.
    let story: Int64
    /// Epoch and number of the draft's version, independent of the story's sequence numbers, which readers see.
    let epoch: UInt64
    private(set) var state: Int64
    /// Sequence numbers of first publication and of removal, if readers have seen the update.
    let seen: (first: Int64, removed: Int64)?
    private(set) var draft: Draft

    static let columns = """
        d.key, d.story, d.epoch, d.state, d.first_seq, d.removed_seq, d.id, \(UpdateContent.columns.list(of: "d")), \
        d.body_html, d.edited, d.publish_at, d.created_at, d.modified_at, d.stricken_reason, d.stricken_at, d.notify
        """

    fileprivate static let insertion = """
        INSERT INTO drafts (
            key, story, id, epoch, state, \(UpdateContent.columns.list()), body_html, edited, publish_at, created_at,
            modified_at, stricken_reason, stricken_at, first_seq, removed_seq, notify)
        VALUES (?, ?, ?, ?, ?, \(UpdateContent.columns.places), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    init(_ row: inout Row) {
        key = row.integer()
        story = row.integer()
        epoch = UInt64(bitPattern: row.integer())
        state = row.integer()
        let (first, removed) = (row.optionalInteger(), row.optionalInteger())
        seen = first.flatMap { first in removed.map { (first, $0) } }
        let id = row.identifier()
        let content: UpdateContent = row.record()
        draft = Draft(
            id: id, content: content, bodyHtml: row.text(), edited: row.bool(),
            publishAt: row.optionalTimestamp(), createdAt: row.timestamp(), modifiedAt: row.timestamp(),
            stricken: Strike(&row), notify: row.bool())
    }

    /// Creates a row with these members.
    init(
        key: Int64, story: Int64, epoch: UInt64, state: Int64, seen: (first: Int64, removed: Int64)?,
        draft: Draft
    ) {
        (self.key, self.story, self.epoch, self.state) = (key, story, epoch, state)
        self.seen = seen
        self.draft = draft
    }

    /// Creates a row of a new draft, with a random epoch.
    init(key: Int64, story: Int64, seen: (first: Int64, removed: Int64)? = nil, draft: Draft) {
        self.init(
            key: key, story: story, epoch: .random(in: 0 ... .max), state: 1, seen: seen, draft: draft)
    }

    /// Returns the row with a changed draft and the next state number.
    func changed(to draft: Draft) throws(StoryError) -> DraftRow {
        var row = self
        row.draft = draft
        row.state = try state.storedSuccessor("drafts.state")
        return row
    }

    func versioned(in story: StoryRow) -> Versioned<EditorUpdate> {
        Versioned(.draft(draft), Version(epoch: story.epoch ^ epoch, seq: state))
    }
}

/// A row of `updates` or `drafts`.
enum EditorRow {
    case published(UpdateRow)
    case draft(DraftRow)

    var key: Int64 {
        switch self {
        case .published(let row): row.key
        case .draft(let row): row.key
        }
    }

    var id: Identifier {
        switch self {
        case .published(let row): row.update.id
        case .draft(let row): row.draft.id
        }
    }

    var update: EditorUpdate {
        switch self {
        case .published(let row): .published(row.update)
        case .draft(let row): .draft(row.draft)
        }
    }

    /// Whether readers have ever seen the update.
    var wasSeen: Bool {
        if case .draft(let row) = self { row.seen != nil } else { true }
    }

    /// Sequence number of the tombstone, for a draft that readers have seen.
    var seenRemoval: Int64? {
        if case .draft(let row) = self { row.seen?.removed } else { nil }
    }

    func versioned(in story: StoryRow) -> Versioned<EditorUpdate> {
        switch self {
        case .published(let row): row.versioned(in: story)
        case .draft(let row): row.versioned(in: story)
        }
    }
}

extension Transaction {
    /// Returns an update of a story; `nil` if there is none that the caller may see. For callers who may not see drafts, `drafts` is not
    /// even queried.
    func findEditorRow(
        _ id: Identifier, of story: StoryRow, for access: Access
    ) throws(StoryError) -> EditorRow? {
        if let row = try publishedRow(id, of: story) { return .published(row) }
        guard access.seesDrafts(of: story.story.id) else { return nil }
        return try first(
            "SELECT \(DraftRow.columns) FROM drafts AS d WHERE d.id = ? AND d.story = ?", id, story.key
        ) { .draft(DraftRow(&$0)) }
    }

    /// Inserts a draft under its key. Its addresses are looked up already, so that its cards are there when it is published.
    func insert(_ row: DraftRow, isNew: Bool = false, at now: Timestamp) throws(StoryError) {
        let draft = row.draft
        _ = try keepCards(of: .draft(draft), key: row.key, in: row.story, isNew: isNew, at: now)
        try run(
            DraftRow.insertion, row.key, row.story, draft.id, Int64(bitPattern: row.epoch), row.state,
            MemberCells(draft.content), draft.bodyHtml, draft.edited, draft.publishAt, draft.createdAt,
            draft.modifiedAt, draft.stricken?.reason, draft.stricken?.at, row.seen?.first, row.seen?.removed,
            draft.notify)
    }

    func deleteDraft(_ key: Int64) throws(StoryError) {
        try run("DELETE FROM drafts WHERE key = ?", key)
    }

    /// Returns an unused key for an update: above those of all updates, drafts and the bin.
    func nextUpdateKey() throws(StoryError) -> Int64 {
        if let next = cache?.nextKey() { return next }
        let last = try first(
            """
            SELECT \(dialect.greatest)(coalesce((SELECT max(key) FROM updates), 0), coalesce((SELECT max(key) FROM drafts), 0),
                coalesce((SELECT max(key) FROM bin), 0))
            """
        ) { $0.integer() }
        let next = try (last ?? 0).storedSuccessor("updates.key")
        cache?.keep(lastKey: next)
        return next
    }
}
