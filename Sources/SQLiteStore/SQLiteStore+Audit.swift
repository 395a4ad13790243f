internal import SQLite
public import Stories

extension SQLiteStore {
    /// See ``StoryStore``.
    public func auditTrail(
        _ query: AuditQuery, access: Access
    ) async throws(StoryError) -> AuditTrail {
        try access.requireAudit()
        return try await readers.read { session throws(StoryError) in
            let found = try session.auditEntries(query)
            let page = Array(found.prefix(query.limit))
            return AuditTrail(entries: page, older: found.count > query.limit ? page.last?.number : nil)
        }
    }
}

extension Session {
    /// Records who did what, in the transaction of what is done.
    func record(
        _ action: AuditEntry.Action, by actor: Actor, at now: Timestamp, story: Identifier? = nil,
        update: Identifier? = nil, seq: Int64? = nil, members: [String] = [], detail: String? = nil
    ) throws(StoryError) {
        try run(
            """
            INSERT INTO audit (at, actor, actor_name, action, story, update_id, seq, members, detail)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, now, actor.key, actor.name, action.rawValue, story, update, seq, column(members), detail)
    }

    /// One entry more than the page holds, if there are so many. The conditions stand in the text only where they are needed, so
    /// that each has its index.
    fileprivate func auditEntries(_ query: AuditQuery) throws(StoryError) -> [AuditEntry] {
        let story = query.story == nil ? "? IS NULL" : "story = ?"
        let actor = query.key == nil ? "? IS NULL" : "actor = ?"
        return try rows(
            """
            SELECT number, at, actor, actor_name, action, story, update_id, seq, members, detail FROM audit
            WHERE \(story) AND \(actor) AND number < ? ORDER BY number DESC LIMIT ?
            """, query.story, query.key, query.before ?? .max, query.limit + 1
        ) { AuditEntry(&$0) }.compactMap(\.self)
    }
}

extension AuditEntry {
    /// `nil` for an action of a newer program.
    fileprivate init?(_ row: inout Row) {
        let (number, at) = (row.integer(), row.timestamp())
        let actor = Actor(key: row.text(), name: row.text())
        let action = Action(rawValue: row.text())
        let (story, update) = (row.optionalIdentifier(), row.optionalIdentifier())
        let (seq, members, detail) = (row.optionalInteger(), row.texts(), row.optionalText())
        guard let action else { return nil }
        self.init(
            number: number, at: at, actor: actor, action: action, story: story, update: update, seq: seq,
            members: members, detail: detail)
    }
}
