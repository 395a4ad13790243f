internal import Database
internal import Stories

/// A row of `updates`: the update, and what the store alone knows of it.
struct UpdateRow {
    let key: Int64
    /// The number with which readers first saw it.
    let firstSeq: Int64
    var update: Update

    /// A row, all members given.
    init(key: Int64, firstSeq: Int64, update: Update) {
        (self.key, self.firstSeq, self.update) = (key, firstSeq, update)
    }

    static let columns = """
        u.key, u.first_seq, u.id, u.seq, u.title, u.body, u.author, u.sources, u.media, u.tags, u.pinned, \
        u.key_event, u.occurred_at, u.body_html, u.edited, u.published_at, u.created_at, u.modified_at, \
        u.stricken_reason, u.stricken_at
        """

    init(_ row: inout Row) {
        key = row.integer()
        firstSeq = row.integer()
        let (id, seq) = (row.identifier(), row.integer())
        let content = UpdateContent(&row)
        update = Update(
            id: id, seq: seq, content: content, bodyHtml: row.text(), edited: row.bool(),
            publishedAt: row.timestamp(), createdAt: row.timestamp(), modifiedAt: row.timestamp(),
            stricken: Strike(&row))
    }
}

extension Strike {
    init?(_ row: inout Row) {
        let (reason, at) = (row.optionalText(), row.optionalTimestamp())
        guard let reason, let at else { return nil }
        self.init(reason: reason, at: at)
    }
}

extension UpdateContent {
    init(_ row: inout Row) {
        let title = row.optionalText()
        self.init(body: row.text())
        self.title = title
        author = row.optionalText()
        sources = row.list(UpdateSource.init)
        media = row.list(Media.init)
        tags = row.texts()
        pinned = row.bool()
        keyEvent = row.bool()
        occurredAt = row.optionalTimestamp()
    }
}

extension Transaction {
    /// An update of a story that readers see.
    func publishedRow(_ id: Identifier, of story: StoryRow) throws(StoryError) -> UpdateRow? {
        try first(
            "SELECT \(UpdateRow.columns) FROM updates AS u WHERE u.id = ? AND u.story = ?", id, story.key
        ) { UpdateRow(&$0) }
    }

    /// Writes an update that readers did not see until now; gives what they are sent of it.
    @discardableResult
    func insert(
        _ update: Update, key: Int64, firstSeq: Int64, into story: Int64, _ renderer: UpdateRenderer
    ) throws(StoryError) -> [UInt8] {
        let content = update.content
        try run(
            """
            INSERT INTO updates (
                key, story, id, seq, first_seq, title, body, body_html, author, sources, media, tags, pinned, key_event,
                edited, occurred_at, published_at, created_at, modified_at, stricken_reason, stricken_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            key, story, update.id, update.seq, firstSeq, content.title, content.body, update.bodyHtml,
            content.author,
            UpdateSource.column(content.sources), Media.column(content.media), column(content.tags),
            content.pinned, content.keyEvent,
            update.edited, content.occurredAt, update.publishedAt, update.createdAt, update.modifiedAt,
            update.stricken?.reason, update.stricken?.at)
        try insertTags(of: update, key: key, story: story)
        return try keepRendition(of: update, story: story, firstSeq: firstSeq, renderer)
    }

    /// Gives an update its new state; gives what readers are sent of it.
    func replace(
        _ row: UpdateRow, with update: Update, story: Int64, _ renderer: UpdateRenderer
    ) throws(StoryError) -> [UInt8] {
        let content = update.content
        try run(
            """
            UPDATE updates SET
                seq = ?, title = ?, body = ?, body_html = ?, author = ?, sources = ?, media = ?, tags = ?, pinned = ?,
                key_event = ?, edited = ?, occurred_at = ?, modified_at = ?, stricken_reason = ?, stricken_at = ?
            WHERE key = ?
            """,
            update.seq, content.title, content.body, update.bodyHtml, content.author,
            UpdateSource.column(content.sources), Media.column(content.media), column(content.tags),
            content.pinned, content.keyEvent, update.edited,
            content.occurredAt, update.modifiedAt, update.stricken?.reason, update.stricken?.at, row.key)
        let rendition = try keepRendition(of: update, story: story, firstSeq: row.firstSeq, renderer)
        guard !identical(content.tags, row.update.content.tags) else { return rendition }
        try run("DELETE FROM update_tags WHERE update_key = ?", row.key)
        try insertTags(of: update, key: row.key, story: story)
        return rendition
    }

    private func insertTags(of update: Update, key: Int64, story: Int64) throws(StoryError) {
        for tag in Tag.distinct(update.content.tags) {
            try run(
                "INSERT INTO update_tags (story, tag, published_at, id, update_key) VALUES (?, ?, ?, ?, ?)",
                story, Tag.key(tag), update.publishedAt, update.id, key)
        }
    }
}
