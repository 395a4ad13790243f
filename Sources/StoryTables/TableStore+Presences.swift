// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``PresenceStore``.
    public func announcePresence(
        _ name: String, at update: Identifier, of story: StoryReference, access: Access
    ) async throws(StoryError) -> UpdateEditing {
        try await engine.write { transaction throws(StoryError) in
            let story = try transaction.writableStory(story, for: access)
            let row = try transaction.writableRow(update, of: story, for: access)
            let (editor, now) = (try access.requireKey().actor, self.now())
            try transaction.dropPresences(notSeenAfter: now.milliseconds - Limits.presenceMilliseconds)
            try transaction.keepPresence(name, of: editor, at: update, of: story.key, now)
            return UpdateEditing(
                others: try transaction.presences(at: update, of: story.key, besides: name, of: editor.key),
                modifiedAt: row.update.modifiedAt, modifiedBy: try transaction.lastEditor(of: update))
        }
    }

    /// See ``PresenceStore``.
    public func endPresence(
        _ name: String, at update: Identifier, of story: StoryReference, access: Access
    ) async throws(StoryError) {
        try await engine.write { transaction throws(StoryError) in
            let story = try transaction.writableStory(story, for: access)
            try transaction.run(
                "DELETE FROM presences WHERE story = ? AND update_id = ? AND holder = ? AND name = ?",
                story.key, update, try access.requireKey().actor.key, name)
        }
    }
}

extension Transaction {
    fileprivate func dropPresences(notSeenAfter milliseconds: Int64) throws(StoryError) {
        try run("DELETE FROM presences WHERE seen_at <= ?", milliseconds)
    }

    /// Stores a presence, and drops the first ones of the update beyond the limit.
    fileprivate func keepPresence(
        _ name: String, of editor: Principal, at update: Identifier, of story: Int64, _ now: Timestamp
    ) throws(StoryError) {
        try run(
            """
            INSERT INTO presences (story, update_id, holder, holder_name, name, since, seen_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (story, update_id, holder, name) DO UPDATE SET seen_at = excluded.seen_at
            """, story, update, editor.key, editor.name, name, now, now)
        try run(
            """
            DELETE FROM presences WHERE story = ? AND update_id = ? AND key <= (
                SELECT key FROM presences WHERE story = ? AND update_id = ? ORDER BY key DESC LIMIT 1 OFFSET ?)
            """, story, update, story, update, Limits.presences)
    }

    fileprivate func presences(
        at update: Identifier, of story: Int64, besides name: String, of holder: String
    ) throws(StoryError) -> [Presence] {
        try rows(
            """
            SELECT holder, holder_name, since, seen_at FROM presences
            WHERE story = ? AND update_id = ? AND NOT (holder = ? AND name = ?) ORDER BY key
            """, story, update, holder, name
        ) { row in
            Presence(
                editor: Principal(key: row.text(), name: row.text()), since: row.timestamp(),
                seenAt: row.timestamp())
        }
    }

    /// Returns who changed an update last; a move changes nothing of it.
    fileprivate func lastEditor(of update: Identifier) throws(StoryError) -> Principal? {
        try first(
            """
            SELECT actor, actor_name FROM audit WHERE update_id = ? AND action LIKE 'update.%' AND action <> ?
            ORDER BY number DESC LIMIT 1
            """, update, AuditEntry.Action.moveUpdate.rawValue
        ) { Principal(key: $0.text(), name: $0.text()) }
    }
}
