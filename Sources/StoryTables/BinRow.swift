// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Stories

/// A row of `bin`: a deleted update, and its columns internal to the store.
struct BinRow {
    /// The update's row before the deletion.
    let row: EditorRow
    /// Sequence number of its tombstone, if readers had seen the update.
    let removedSeq: Int64?
    let deletedAt: Timestamp
    let deletedBy: Principal

    var binned: BinnedUpdate {
        BinnedUpdate(update: row.update, deletedAt: deletedAt, deletedBy: deletedBy)
    }

    static let columns = """
        b.key, b.story, b.first_seq, b.removed_seq, b.seq, b.draft_epoch, b.deleted_at, b.deleted_by, b.deleted_by_name, \
        b.id, \(UpdateContent.columns.list(of: "b")), b.body_html, b.edited, b.published_at, b.publish_at, b.created_at, \
        b.modified_at, b.stricken_reason, b.stricken_at, b.notify, b.edited_seq
        """

    fileprivate static let insertion = """
        INSERT INTO bin (
            key, story, id, deleted_at, deleted_by, deleted_by_name, seq, draft_epoch, \(UpdateContent.columns.list()),
            body_html, edited, published_at, publish_at, created_at, modified_at, stricken_reason, stricken_at, first_seq,
            removed_seq, notify, edited_seq)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, \(UpdateContent.columns.places), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    init(_ row: inout Row) {
        let (key, story) = (row.integer(), row.integer())
        let (first, removed) = (row.optionalInteger(), row.optionalInteger())
        let (seq, epoch) = (row.integer(), row.optionalInteger())
        (removedSeq, deletedAt) = (removed, row.timestamp())
        deletedBy = Principal(key: row.text(), name: row.text())
        let id = row.identifier()
        let content: UpdateContent = row.record()
        let (html, edited) = (row.text(), row.bool())
        let (publishedAt, publishAt) = (row.optionalTimestamp(), row.optionalTimestamp())
        let (createdAt, modifiedAt, stricken) = (row.timestamp(), row.timestamp(), Strike(&row))
        let (notify, editedSeq) = (row.bool(), row.optionalInteger())
        if let publishedAt {
            self.row = .published(
                UpdateRow(
                    key: key, firstSeq: first ?? seq,
                    update: Update(
                        id: id, seq: seq, content: content, bodyHtml: html, edited: edited,
                        publishedAt: publishedAt, createdAt: createdAt, modifiedAt: modifiedAt,
                        stricken: stricken), editedSeq: editedSeq))
        } else {
            self.row = .draft(
                DraftRow(
                    key: key, story: story, epoch: UInt64(bitPattern: epoch ?? 0), state: seq,
                    seen: first.flatMap { first in removed.map { (first, $0) } },
                    draft: Draft(
                        id: id, content: content, bodyHtml: html, edited: edited, publishAt: publishAt,
                        createdAt: createdAt, modifiedAt: modifiedAt, stricken: stricken, notify: notify)))
        }
    }

    /// Creates a row for a newly deleted update; `removedSeq` is the sequence number of its tombstone.
    init(_ row: EditorRow, removedSeq: Int64?, at now: Timestamp, by actor: Principal) {
        self.row = row
        self.removedSeq = removedSeq
        (deletedAt, deletedBy) = (now, actor)
    }
}

/// An update of a story, in any table.
enum StoredUpdate {
    /// Published or a draft.
    case present(EditorRow)
    /// Deleted, but not yet purged from the bin.
    case inBin(BinRow)

    /// The update's row, or its row before the deletion.
    var row: EditorRow {
        switch self {
        case .present(let row): row
        case .inBin(let found): found.row
        }
    }
}

extension Transaction {
    /// Returns an update of a story, also from its bin, for a caller with write access. Throws `.takenDown` and `.notFound`.
    func storedUpdate(
        _ id: Identifier, of story: StoryRow, for access: Access
    ) throws(StoryError) -> StoredUpdate {
        if let row = try findEditorRow(id, of: story, for: access) { return .present(row) }
        if access.seesDrafts(of: story.story.id), let found = try binRow(id, of: story) {
            return .inBin(found)
        }
        return .present(try writableRow(id, of: story, for: access))
    }

    private func binRow(_ id: Identifier, of story: StoryRow) throws(StoryError) -> BinRow? {
        try first(
            "SELECT \(BinRow.columns) FROM bin AS b WHERE b.id = ? AND b.story = ?", id, story.key
        ) { BinRow(&$0) }
    }

    /// Returns a page of a story's bin, latest deletion first, and whether there are more.
    func binRows(
        of story: Int64, limit: Int, before: BinPosition?
    ) throws(StoryError) -> (found: [BinnedUpdate], hasMore: Bool) {
        var budget = PageBudget(rows: limit)
        let found = try rows(
            """
            SELECT \(BinRow.columns) FROM bin AS b WHERE b.story = ? AND (b.deleted_at, b.id) < (?, ?)
            ORDER BY b.deleted_at DESC, b.id DESC LIMIT ?
            """, story, before?.deletedAt.milliseconds ?? .max, before?.id ?? Identifier(high: 0, low: 0),
            limit + 1
        ) { row in budget.take { BinRow(&row).binned } }
        return (found.compactMap(\.self), budget.isExceeded)
    }

    /// Inserts a deleted update.
    func insert(_ binned: BinRow, story: Int64) throws(StoryError) {
        let (update, parts) = (binned.row.update, BinParts(binned))
        try run(
            BinRow.insertion, binned.row.key, story, update.id, binned.deletedAt, binned.deletedBy.key,
            binned.deletedBy.name, parts.seq, parts.draftEpoch, MemberCells(update.content), parts.html,
            parts.edited, parts.publishedAt, parts.publishAt, parts.createdAt, parts.modifiedAt,
            parts.stricken?.reason, parts.stricken?.at, parts.firstSeq, binned.removedSeq, parts.notify,
            parts.editedSeq)
    }

    func deleteFromBin(_ key: Int64) throws(StoryError) {
        try run("DELETE FROM bin WHERE key = ?", key)
    }

    /// Purges at most `count` updates that were deleted up to `moment`, with their dependent rows; returns their number.
    func emptyBin(deletedBy moment: Timestamp, atMost count: Int) throws(StoryError) -> Int {
        let found = try rows(
            "SELECT key, story FROM bin WHERE deleted_at <= ? ORDER BY deleted_at LIMIT ?", moment, count
        ) { (key: $0.integer(), story: $0.integer()) }
        for (key, story) in found {
            try deleteFromBin(key)
            try eraseDependentRows(of: key, in: story)
            try forgetRequest(of: key, in: story)
        }
        return found.count
    }
}

/// Columns that published updates and drafts have under different names.
private struct BinParts {
    let seq: Int64
    let draftEpoch: Int64?
    let firstSeq: Int64?
    let html: String
    let edited: Bool
    let publishedAt: Timestamp?
    let publishAt: Timestamp?
    let createdAt: Timestamp
    let modifiedAt: Timestamp
    let stricken: Strike?
    let notify: Bool
    let editedSeq: Int64?

    init(_ binned: BinRow) {
        switch binned.row {
        case .published(let row):
            let update = row.update
            (seq, draftEpoch, firstSeq) = (update.seq, nil, row.firstSeq)
            (html, edited, publishedAt, publishAt) = (
                update.bodyHtml, update.edited, update.publishedAt, nil
            )
            (createdAt, modifiedAt, stricken) = (update.createdAt, update.modifiedAt, update.stricken)
            (notify, editedSeq) = (false, row.editedSeq)
        case .draft(let row):
            let draft = row.draft
            (seq, draftEpoch) = (row.state, Int64(bitPattern: row.epoch))
            firstSeq = row.seen?.first
            (html, edited, publishedAt, publishAt) = (draft.bodyHtml, draft.edited, nil, draft.publishAt)
            (createdAt, modifiedAt, stricken) = (draft.createdAt, draft.modifiedAt, draft.stricken)
            (notify, editedSeq) = (draft.notify, nil)
        }
    }
}

extension BinnedUpdate: PageItem {
    var byteCount: Int {
        switch update {
        case .published(let update): update.byteCount
        case .draft(let draft): draft.byteCount
        }
    }
}
