// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Stories

/// An update as needed for a page: its stored rendition, if there is one, and its place in the list.
struct RenderedRow {
    let key: Int64
    let form: Int64
    let rendered: RenderedUpdate
    /// Bytes of the body if the rendition has to be made; otherwise 0.
    let unrenderedBytes: Int

    static func selection(form: Int, _ dialect: Dialect) -> UpdateSelection {
        UpdateSelection(
            columns: """
                u.key, u.id, u.published_at, r.form, r.bytes, CASE WHEN r.form = \(form) THEN 0
                ELSE \(dialect.byteCount("u.body")) + \(dialect.byteCount("u.body_html")) END
                """,
            join: "LEFT JOIN renditions AS r ON r.key = (u.story << 32) | u.first_seq")
    }

    init(_ row: inout Row) {
        key = row.integer()
        let (id, publishedAt) = (row.identifier(), row.timestamp())
        form = row.optionalInteger() ?? Self.noForm
        rendered = RenderedUpdate(id: id, publishedAt: publishedAt, bytes: row.withBytes { [UInt8]($0) })
        unrenderedBytes = Int(row.integer())
    }

    private static let noForm: Int64 = -1
}

extension Transaction {
    /// Returns the updates of rows; makes renditions that are missing or have another form.
    func rendered(
        _ rows: [RenderedRow], _ renderer: UpdateRenderer
    ) throws(StoryError) -> [RenderedUpdate] {
        var updates = rows.map(\.rendered)
        for (index, row) in rows.enumerated() where row.form != renderer.form {
            let found = try first(
                "SELECT \(UpdateRow.columns) FROM updates AS u WHERE u.key = ?", row.key
            ) { UpdateRow(&$0).update }
            if let found { updates[index].bytes = renderer.rendition(found) }
        }
        return updates
    }

    /// Stores the rendition of an update that is inserted, and returns it.
    func insertRendition(
        of update: Update, story: Int64, firstSeq: Int64, _ renderer: UpdateRenderer
    ) throws(StoryError) -> [UInt8] {
        let rendition = renderer.rendition(update)
        try runKnown(
            "INSERT INTO renditions (key, form, bytes) VALUES (?, ?, ?)", story << 32 | firstSeq,
            renderer.form, rendition)
        return rendition
    }

    /// Stores the rendition of an update that is there, and returns it.
    @discardableResult
    func keepRendition(
        of update: Update, story: Int64, firstSeq: Int64, _ renderer: UpdateRenderer
    ) throws(StoryError) -> [UInt8] {
        let rendition = renderer.rendition(update)
        try run(
            """
            INSERT INTO renditions (key, form, bytes) VALUES (?, ?, ?)
            ON CONFLICT (key) DO UPDATE SET form = excluded.form, bytes = excluded.bytes
            """, story << 32 | firstSeq, renderer.form, rendition)
        return rendition
    }
}
