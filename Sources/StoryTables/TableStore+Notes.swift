// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``StoryStore``.
    public func notes(of story: StoryReference, access: Access) async throws(StoryError) -> [StoryNote] {
        try await engine.read { transaction throws(StoryError) in
            try transaction.notes(of: try transaction.writableStory(story, for: access))
        }
    }

    /// See ``StoryStore``.
    public func writeNote(
        _ text: String, to story: StoryReference, access: Access
    ) async throws(StoryError) -> [StoryNote] {
        try await engine.write { transaction throws(StoryError) in
            let story = try transaction.writableStory(story, for: access)
            let notes = try transaction.notes(of: story)
            guard !(notes.first?.text ?? "").hasSameBytes(as: text) else { return notes }
            let number = try (notes.first?.number ?? 0).storedSuccessor("story_notes.number")
            let note = StoryNote(
                number: number, text: text, at: self.now(), author: try access.requireKey().actor)
            try transaction.insert(note, of: story)
            try transaction.record(
                text.isEmpty ? .clearNote : .writeNote, by: access, at: note.at, story: story.story.id)
            return Array(([note] + notes).prefix(Limits.notes))
        }
    }
}

extension Transaction {
    fileprivate func notes(of story: StoryRow) throws(StoryError) -> [StoryNote] {
        try rows(
            """
            SELECT number, text, at, author, author_name FROM story_notes WHERE story = ?
            ORDER BY number DESC LIMIT ?
            """, story.key, Limits.notes
        ) { row in
            StoryNote(
                number: row.integer(), text: row.text(), at: row.timestamp(),
                author: Principal(key: row.text(), name: row.text()))
        }
    }

    /// Inserts a note, and deletes the oldest beyond the limit.
    fileprivate func insert(_ note: StoryNote, of story: StoryRow) throws(StoryError) {
        try run(
            "INSERT INTO story_notes (story, number, text, at, author, author_name) VALUES (?, ?, ?, ?, ?, ?)",
            story.key, note.number, note.text, note.at, note.author.key, note.author.name)
        try run(
            "DELETE FROM story_notes WHERE story = ? AND number <= ?", story.key,
            note.number - Int64(Limits.notes))
    }
}
