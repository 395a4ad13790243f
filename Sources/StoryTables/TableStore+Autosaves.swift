// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``AutosaveStore``.
    public func autosaves(
        of story: StoryReference, access: Access
    ) async throws(StoryError) -> [Versioned<Autosave>] {
        try await engine.read { transaction throws(StoryError) in
            let row = try transaction.writableStory(story, for: access)
            return try transaction.rows(
                """
                SELECT \(Autosave.columns) FROM autosaves WHERE story = ? AND holder = ?
                ORDER BY saved_at DESC, key DESC LIMIT ?
                """, row.key, try access.requireKey().actor.key, Limits.autosaves
            ) { .autosave(&$0, in: row) }
        }
    }

    /// See ``AutosaveStore``.
    public func saveAutosave(
        _ name: String, of story: StoryReference, content: String, if precondition: Precondition,
        access: Access
    ) async throws(StoryError) -> Versioned<Autosave> {
        try await engine.write { transaction throws(StoryError) in
            let row = try transaction.writableStory(story, for: access)
            let (holder, now) = (try access.requireKey().actor.key, self.now())
            let present = try transaction.autosave(name, of: row, by: holder)
            try precondition.check(present.map(PresentState.autosave))
            if present == nil { try transaction.makeRoomForAutosave(of: row.key, by: holder, at: now) }
            // By chance: also after a deletion, and under a clock that stands, no former version comes back.
            let version = Int64.random(in: 1...1 << 53)
            try transaction.run(
                """
                INSERT INTO autosaves (story, holder, name, content, version, saved_at) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (story, holder, name)
                DO UPDATE SET content = excluded.content, version = excluded.version, saved_at = excluded.saved_at
                """, row.key, holder, name, content, version, now)
            return Versioned(
                Autosave(name: name, content: content, savedAt: now),
                Version(epoch: row.epoch, seq: version))
        }
    }

    /// See ``AutosaveStore``.
    public func deleteAutosave(
        _ name: String, of story: StoryReference, if precondition: Precondition, access: Access
    ) async throws(StoryError) {
        try await engine.write { transaction throws(StoryError) in
            let row = try transaction.writableStory(story, for: access)
            let holder = try access.requireKey().actor.key
            guard let present = try transaction.autosave(name, of: row, by: holder) else {
                throw .notFound(.autosave)
            }
            try precondition.check(.autosave(present))
            try transaction.deleteAutosave(name, of: row.key, by: holder)
        }
    }
}

extension Transaction {
    /// Deletes the autosave of a text that is published.
    func consumeAutosave(
        of request: WriteRequest?, in story: Int64, by access: Access
    ) throws(StoryError) {
        guard let name = request?.key?.value else { return }
        try deleteAutosave(name, of: story, by: try access.requireKey().actor.key)
    }

    /// Deletes all autosaves of the story of an update that is taken down, and of the stories that it was in before: they may have its
    /// text, in a form that only the program which saved them knows.
    func eraseAutosaves(besides update: Identifier, in story: Int64) throws(StoryError) {
        try run(
            "DELETE FROM autosaves WHERE story = ? OR story IN (SELECT story FROM tombstones WHERE id = ?)",
            story, update)
    }

    fileprivate func autosave(
        _ name: String, of story: StoryRow, by holder: String
    ) throws(StoryError) -> Versioned<Autosave>? {
        try first(
            "SELECT \(Autosave.columns) FROM autosaves WHERE story = ? AND holder = ? AND name = ?",
            story.key,
            holder, name
        ) { .autosave(&$0, in: story) }
    }

    fileprivate func deleteAutosave(
        _ name: String, of story: Int64, by holder: String
    ) throws(StoryError) {
        try run("DELETE FROM autosaves WHERE story = ? AND holder = ? AND name = ?", story, holder, name)
    }

    fileprivate func makeRoomForAutosave(
        of story: Int64, by holder: String, at now: Timestamp
    ) throws(StoryError) {
        try run(
            "DELETE FROM autosaves WHERE saved_at <= ?",
            Timestamp(milliseconds: now.milliseconds - Limits.autosaveMilliseconds))
        let count = try first(
            "SELECT count(*) FROM autosaves WHERE story = ? AND holder = ?", story, holder
        ) { Int($0.integer()) }
        guard let count, count >= Limits.autosaves else { return }
        try run(
            """
            DELETE FROM autosaves WHERE key = (SELECT key FROM autosaves WHERE story = ? AND holder = ?
                ORDER BY saved_at, key LIMIT 1)
            """, story, holder)
    }
}

extension Autosave {
    fileprivate static let columns = "name, content, saved_at, version"
}

extension Versioned<Autosave> {
    fileprivate static func autosave(_ row: inout Row, in story: StoryRow) -> Self {
        let autosave = Autosave(name: row.text(), content: row.text(), savedAt: row.timestamp())
        return Self(autosave, Version(epoch: story.epoch, seq: row.integer()))
    }
}
