// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Stories

/// A row of `updates`: the update, and its columns internal to the store.
struct UpdateRow {
    let key: Int64
    /// Sequence number at which readers first saw it.
    let firstSeq: Int64
    var update: Update
    /// Sequence number of its last edit, if only its cards have changed since.
    let editedSeq: Int64?

    /// Creates a row with these members.
    init(key: Int64, firstSeq: Int64, update: Update, editedSeq: Int64? = nil) {
        (self.key, self.firstSeq, self.update, self.editedSeq) = (key, firstSeq, update, editedSeq)
    }

    static let columns = """
        u.key, u.first_seq, u.id, u.seq, \(UpdateContent.columns.list(of: "u")), u.body_html, u.edited, u.published_at, \
        u.created_at, u.modified_at, u.stricken_reason, u.stricken_at, u.cards, u.edited_seq
        """

    fileprivate static let insertion = """
        INSERT INTO updates (
            key, story, id, seq, first_seq, \(UpdateContent.columns.list()), body_html, edited, published_at, created_at,
            modified_at, stricken_reason, stricken_at, cards)
        VALUES (?, ?, ?, ?, ?, \(UpdateContent.columns.places), ?, ?, ?, ?, ?, ?, ?, ?)
        """

    fileprivate static let replacement = """
        UPDATE updates SET
            seq = ?, \(UpdateContent.columns.assignments), body_html = ?, edited = ?, modified_at = ?, stricken_reason = ?,
            stricken_at = ?, cards = ?, edited_seq = NULL
        WHERE key = ?
        """

    init(_ row: inout Row) {
        key = row.integer()
        firstSeq = row.integer()
        let (id, seq) = (row.identifier(), row.integer())
        let content: UpdateContent = row.record()
        update = Update(
            id: id, seq: seq, content: content, bodyHtml: row.text(), edited: row.bool(),
            publishedAt: row.timestamp(), createdAt: row.timestamp(), modifiedAt: row.timestamp(),
            stricken: Strike(&row), cards: row.cards())
        editedSeq = row.optionalInteger()
    }
}

extension Strike {
    init?(_ row: inout Row) {
        let (reason, at) = (row.optionalText(), row.optionalTimestamp())
        guard let reason, let at else { return nil }
        self.init(reason: reason, at: at)
    }
}

extension Transaction {
    /// Returns a published update of a story.
    func publishedRow(_ id: Identifier, of story: StoryRow) throws(StoryError) -> UpdateRow? {
        try first(
            "SELECT \(UpdateRow.columns) FROM updates AS u WHERE u.id = ? AND u.story = ?", id, story.key
        ) { UpdateRow(&$0) }
    }

    /// Inserts an update that becomes visible to readers; returns its rendition.
    @discardableResult
    func insert(
        _ update: Update, key: Int64, firstSeq: Int64, into story: Int64, _ renderer: UpdateRenderer
    ) throws(StoryError) -> [UInt8] {
        try runKnown(
            UpdateRow.insertion, key, story, update.id, update.seq, firstSeq, MemberCells(update.content),
            update.bodyHtml, update.edited, update.publishedAt, update.createdAt, update.modifiedAt,
            update.stricken?.reason, update.stricken?.at, column(update.cards))
        cache?.inserted((update.publishedAt, update.id), into: story)
        try insertTags(of: update, key: key, story: story)
        return try insertRendition(of: update, story: story, firstSeq: firstSeq, renderer)
    }

    /// Replaces the state of a published update; returns its rendition.
    func replace(
        _ row: UpdateRow, with update: Update, story: Int64, _ renderer: UpdateRenderer
    ) throws(StoryError) -> [UInt8] {
        try run(
            UpdateRow.replacement, update.seq, MemberCells(update.content), update.bodyHtml, update.edited,
            update.modifiedAt, update.stricken?.reason, update.stricken?.at, column(update.cards), row.key)
        let rendition = try keepRendition(of: update, story: story, firstSeq: row.firstSeq, renderer)
        guard update.content.tags.memberValue != row.update.content.tags.memberValue else { return rendition }
        try run("DELETE FROM update_tags WHERE update_key = ?", row.key)
        try insertTags(of: update, key: row.key, story: story)
        return rendition
    }

    private func insertTags(of update: Update, key: Int64, story: Int64) throws(StoryError) {
        for tag in Tag.distinct(update.content.tags) {
            try runKnown(
                "INSERT INTO update_tags (story, tag, published_at, id, update_key) VALUES (?, ?, ?, ?, ?)",
                story, Tag.key(tag), update.publishedAt, update.id, key)
        }
    }
}
