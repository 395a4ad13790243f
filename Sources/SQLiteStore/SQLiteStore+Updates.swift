internal import SQLite
public import Stories

extension SQLiteStore {
    /// See ``StoryStore``.
    public func update(
        _ id: Identifier, of story: StoryReference, access: Access
    ) async throws(StoryError) -> Versioned<Update> {
        try await readers.read { session throws(StoryError) in
            let story = try session.story(story, for: access)
            return try session.update(id, of: story).versioned(in: story)
        }
    }

    /// See ``StoryStore``.
    public func createUpdate(
        of story: StoryReference, _ patch: UpdatePatch, access: Access
    ) async throws(StoryError) -> Versioned<Update> {
        guard case .set(let body) = patch.body else { throw .invalid([Fault("/body", "is required")]) }
        var content = UpdateContent(body: body)
        patch.apply(to: &content)
        let html = renderer.html(body)  // Before the queue: it needs nothing of the database.
        return try await writer.write { [content] session throws(StoryError) in
            let story = try session.writableStory(story, for: access)
            let now = self.now()
            let update = Update(
                id: self.nextIdentifier(at: now), seq: story.nextSeq, content: content, bodyHtml: html,
                edited: false, publishedAt: now, createdAt: now, modifiedAt: now)
            _ = try session.insert(update, into: story.key, self.renderer)
            try session.advance(story, to: update.seq, at: now, updatesAdded: 1)
            session.tell(.put(update), of: story)
            return Versioned(update, Version(epoch: story.epoch, seq: update.seq))
        }
    }

    /// See ``StoryStore``.
    public func editUpdate(
        _ id: Identifier, of story: StoryReference, _ patch: UpdatePatch, if precondition: Precondition,
        access: Access
    ) async throws(StoryError) -> Versioned<Update> {
        let html: String? = if case .set(let body) = patch.body { renderer.html(body) } else { nil }
        return try await writer.write { session throws(StoryError) in
            let story = try session.writableStory(story, for: access)
            let row = try session.update(id, of: story)
            try precondition.check(row.versioned(in: story).version)
            var content = row.update.content
            patch.apply(to: &content)
            guard !identical(content, row.update.content) else { return row.versioned(in: story) }
            var update = row.update
            update.edited = update.edited || content.readsDifferently(from: update.content)
            update.content = content
            update.bodyHtml = html ?? update.bodyHtml
            update.modifiedAt = self.now()
            update.seq = story.nextSeq
            try session.replace(row, with: update, story: story.key, self.renderer)
            try session.advance(story, to: update.seq, at: update.modifiedAt)
            session.tell(.put(update), of: story, firstSeq: row.firstSeq)
            return Versioned(update, Version(epoch: story.epoch, seq: update.seq))
        }
    }

    /// See ``StoryStore``.
    public func deleteUpdate(
        _ id: Identifier, of story: StoryReference, if precondition: Precondition, access: Access
    ) async throws(StoryError) {
        try await writer.write { session throws(StoryError) in
            let story = try session.writableStory(story, for: access)
            let row = try session.update(id, of: story)
            try precondition.check(row.versioned(in: story).version)
            try session.run("DELETE FROM updates WHERE key = ?", row.key)
            try session.run("DELETE FROM reactions WHERE story = ? AND update_key = ?", story.key, row.key)
            try session.run(
                "INSERT INTO tombstones (story, seq, id, reason) VALUES (?, ?, ?, ?)",
                story.key, story.nextSeq, id, Removal.Reason.deleted.rawValue)
            try session.advance(story, to: story.nextSeq, at: self.now(), updatesAdded: -1)
            session.tell(.remove(Removal(id: id, seq: story.nextSeq, reason: .deleted)), of: story)
        }
    }
}

extension UpdateRow {
    fileprivate func versioned(in story: StoryRow) -> Versioned<Update> {
        Versioned(update, Version(epoch: story.epoch, seq: update.seq))
    }
}
