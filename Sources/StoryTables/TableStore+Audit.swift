// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``StoryStore``.
    public func auditTrail(
        _ query: AuditQuery, access: Access
    ) async throws(StoryError) -> AuditTrail {
        try access.requireAudit()
        return try await engine.read { transaction throws(StoryError) in
            let found = try transaction.auditEntries(query)
            let page = Array(found.prefix(query.limit))
            return AuditTrail(entries: page, older: found.count > query.limit ? page.last?.number : nil)
        }
    }
}

extension Transaction {
    /// Records an action of a key's holder on a story.
    func record(
        _ action: AuditEntry.Action, by access: Access, at now: Timestamp, story: Identifier,
        update: Identifier? = nil, seq: Int64? = nil, members: [String] = [], detail: String? = nil
    ) throws(StoryError) {
        try record(
            action, by: try access.requireKey().actor, at: now, story: story, update: update, seq: seq,
            members: members, detail: detail)
    }

    /// Records an action in the audit trail, in the same transaction as the action.
    func record(
        _ action: AuditEntry.Action, by actor: Principal, at now: Timestamp, story: Identifier? = nil,
        update: Identifier? = nil, seq: Int64? = nil, members: [String] = [], detail: String? = nil
    ) throws(StoryError) {
        try runKnown(
            """
            INSERT INTO audit (at, actor, actor_name, action, story, update_id, seq, members, detail)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, now, actor.key, actor.name, action.rawValue, story, update, seq, column(members), detail)
    }

    /// Returns the entries of a page, and one more if there is one. Each condition is in the SQL text only if needed, so that the planner
    /// can use the index for it.
    fileprivate func auditEntries(_ query: AuditQuery) throws(StoryError) -> [AuditEntry] {
        let story = query.story == nil ? "? IS NULL" : "story = ?"
        let update = query.update == nil ? "? IS NULL" : "update_id = ?"
        let actor = query.key == nil ? "? IS NULL" : "actor = ?"
        let action = query.action == nil ? "? IS NULL" : "action = ?"
        return try rows(
            """
            SELECT number, at, actor, actor_name, action, story, update_id, seq, members, detail FROM audit
            WHERE \(story) AND \(update) AND \(actor) AND \(action) AND number < ? ORDER BY number DESC LIMIT ?
            """, query.story, query.update, query.key, query.action?.rawValue, query.before ?? .max,
            query.limit + 1
        ) { AuditEntry(&$0) }
    }
}

extension AuditEntry {
    fileprivate init(_ row: inout Row) {
        self.init(
            number: row.integer(), at: row.timestamp(),
            actor: Principal(key: row.text(), name: row.text()), action: row.text(),
            story: row.optionalIdentifier(), update: row.optionalIdentifier(), seq: row.optionalInteger(),
            members: row.texts(), detail: row.optionalText())
    }
}
