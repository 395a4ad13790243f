// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``SiteStore``.
    public func addFont(
        _ font: SiteFont, content: [UInt8], access: Access
    ) async throws(StoryError) -> (font: SiteFont, isNew: Bool) {
        try access.requireSite()
        let actor = try access.requireKey().actor
        return try await engine.write { transaction throws(StoryError) in
            if let known = try transaction.font(font.id) { return (known, false) }
            let now = self.now()
            try transaction.deleteUnusedFonts(before: now)
            try transaction.requireRoomForFont()
            var added = font
            added.createdAt = now
            try transaction.run(
                "INSERT INTO site_fonts (id, name, content, variable, created_at) VALUES (?, ?, ?, ?, ?)",
                added.id, added.name, content, added.isVariable, now)
            try transaction.record(.addFont, by: actor, at: now, detail: added.id.description)
            return (added, true)
        }
    }

    /// See ``SiteStore``.
    public func fonts(access: Access) async throws(StoryError) -> [SiteFont] {
        try access.requireSite()
        return try await engine.read { transaction throws(StoryError) in try transaction.fonts() }
    }

    /// See ``SiteStore``.
    public func fontContent(_ id: Identifier) async throws(StoryError) -> [UInt8] {
        let content = try await engine.read { transaction throws(StoryError) in
            try transaction.first("SELECT content FROM site_fonts WHERE id = ?", id) {
                $0.withBytes { [UInt8]($0) }
            }
        }
        guard let content else { throw .notFound(.font) }
        return content
    }
}

extension Transaction {
    /// Returns a font; `nil` if there is none.
    fileprivate func font(_ id: Identifier) throws(StoryError) -> SiteFont? {
        try first("SELECT \(SiteFont.columns) FROM site_fonts WHERE id = ?", id) { SiteFont(&$0) }
    }

    func hasFont(_ id: Identifier) throws(StoryError) -> Bool { try font(id) != nil }

    fileprivate func fonts() throws(StoryError) -> [SiteFont] {
        try rows("SELECT \(SiteFont.columns) FROM site_fonts ORDER BY created_at, id") { SiteFont(&$0) }
    }

    /// Deletes fonts that no revision names, a day after they were uploaded.
    fileprivate func deleteUnusedFonts(before now: Timestamp) throws(StoryError) {
        for font in try fonts() where now.milliseconds - font.createdAt.milliseconds > Self.dayMilliseconds {
            // An id has no characters that a pattern gives a meaning to.
            try run(
                """
                DELETE FROM site_fonts WHERE id = ?
                    AND NOT EXISTS (SELECT 1 FROM site_revisions WHERE settings LIKE ?)
                """, font.id, "%\(font.id)%")
        }
    }

    private static let dayMilliseconds: Int64 = 86_400_000

    fileprivate func requireRoomForFont() throws(StoryError) {
        let count = try first("SELECT count(*) FROM site_fonts") { $0.integer() } ?? 0
        guard count < Limits.fonts else {
            throw .invalid([
                ValidationError(
                    "",
                    "cannot be added: there are \(count) fonts, the most; those that no revision names go a day after their upload"
                )
            ])
        }
    }
}

extension SiteFont {
    fileprivate static let columns = "id, name, length(content), variable, created_at"

    fileprivate init(_ row: inout Row) {
        self.init(
            id: row.identifier(), name: row.text(), bytes: Int(row.integer()), isVariable: row.bool(),
            createdAt: row.timestamp())
    }
}
