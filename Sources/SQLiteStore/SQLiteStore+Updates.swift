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
    public func createUpdates(
        of story: StoryReference, _ patches: [UpdatePatch], once: Once<[Versioned<Update>]>?, access: Access
    ) async throws(StoryError) -> [Versioned<Update>] {
        var drafts: [(content: UpdateContent, html: String)] = []
        for (index, patch) in patches.enumerated() {
            guard case .set(let body) = patch.body else {
                throw .invalid([Fault(patches.count == 1 ? "/body" : "/\(index)/body", "is required")])
            }
            var content = UpdateContent(body: body)
            patch.apply(to: &content)
            // Before the queue: it needs nothing of the database.
            drafts.append((content, renderer.html(body)))
        }
        return try await write(once) { [drafts] session throws(StoryError) in
            var row = try session.writableStory(story, for: access)
            let now = self.now()
            var updates: [Versioned<Update>] = []
            for draft in drafts {
                let update = Update(
                    id: self.nextIdentifier(at: now), seq: row.nextSeq, content: draft.content,
                    bodyHtml: draft.html, edited: false, publishedAt: now, createdAt: now, modifiedAt: now)
                _ = try session.insert(update, into: row.key, self.renderer)
                try session.advance(row, to: update.seq, at: now, updatesAdded: 1)
                session.tell(.put(update), of: row)
                updates.append(Versioned(update, Version(epoch: row.epoch, seq: update.seq)))
                row.story.seq = update.seq
            }
            return updates
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
            var update = row.update
            patch.apply(to: &update.content)
            guard !identical(update.content, row.update.content) else { return row.versioned(in: story) }
            update.edited = update.edited || update.content.readsDifferently(from: row.update.content)
            update.bodyHtml = html ?? update.bodyHtml
            return try self.change(row, of: story, to: update, session)
        }
    }

    /// Gives an update its new state, with the next number, and keeps the one before for those who write.
    private func change(
        _ row: UpdateRow, of story: StoryRow, to update: Update, _ session: Session
    ) throws(StoryError) -> Versioned<Update> {
        var update = update
        update.modifiedAt = now()
        update.seq = story.nextSeq
        try session.keepRevision(of: row)
        try session.replace(row, with: update, story: story.key, renderer)
        try session.advance(story, to: update.seq, at: update.modifiedAt)
        session.tell(.put(update), of: story, firstSeq: row.firstSeq)
        return Versioned(update, Version(epoch: story.epoch, seq: update.seq))
    }

    /// See ``StoryStore``.
    public func strikeUpdate(
        _ id: Identifier, of story: StoryReference, reason: String?, if precondition: Precondition,
        once: Once<Versioned<Update>>?, access: Access
    ) async throws(StoryError) -> Versioned<Update> {
        try await write(once) { session throws(StoryError) in
            let story = try session.writableStory(story, for: access)
            let row = try session.update(id, of: story)
            try precondition.check(row.versioned(in: story).version)
            guard row.update.stricken.map({ Array($0.reason.utf8) }) != reason.map({ Array($0.utf8) }) else {
                return row.versioned(in: story)
            }
            var update = row.update
            update.stricken = reason.map { Strike(reason: $0, at: row.update.stricken?.at ?? self.now()) }
            return try self.change(row, of: story, to: update, session)
        }
    }

    /// See ``StoryStore``.
    public func takeDownUpdate(
        _ id: Identifier, of story: StoryReference, reason: String, if precondition: Precondition,
        once: Once<Takedown>?, access: Access
    ) async throws(StoryError) -> Takedown {
        var takedown = try await write(once) { session throws(StoryError) in
            let story = try session.writableStory(story, for: access)
            try session.remove(id, of: story, .takedown, detail: reason, if: precondition, at: self.now())
            try session.forgetAnswers(with: id)
            var left = story.story
            left.seq = story.nextSeq
            left.updateCount -= 1
            return Takedown(story: left, isErased: true)
        }
        takedown.isErased = await writer.eraseLog()
        return takedown
    }

    /// See ``StoryStore``.
    public func revisions(
        of id: Identifier, of story: StoryReference, access: Access
    ) async throws(StoryError) -> [Update] {
        try await readers.read { session throws(StoryError) in
            let story = try session.writableStory(story, for: access)
            return try session.revisions(of: try session.update(id, of: story))
        }
    }

    /// See ``StoryStore``.
    public func deleteUpdate(
        _ id: Identifier, of story: StoryReference, if precondition: Precondition, access: Access
    ) async throws(StoryError) {
        try await writer.write { session throws(StoryError) in
            let story = try session.writableStory(story, for: access)
            try session.remove(id, of: story, .deleted, detail: nil, if: precondition, at: self.now())
        }
    }
}

extension Session {
    /// Removes an update with all that belongs to it, and leaves word for those who hold it.
    fileprivate func remove(
        _ id: Identifier, of story: StoryRow, _ reason: Removal.Reason, detail: String?,
        if precondition: Precondition, at now: Timestamp
    ) throws(StoryError) {
        let row = try update(id, of: story)
        try precondition.check(row.versioned(in: story).version)
        try run("DELETE FROM updates WHERE key = ?", row.key)
        try run("DELETE FROM reactions WHERE story = ? AND update_key = ?", story.key, row.key)
        try run("DELETE FROM visitors WHERE story = ? AND update_key = ?", story.key, row.key)
        try run(
            "INSERT INTO tombstones (story, seq, id, reason, detail) VALUES (?, ?, ?, ?, ?)",
            story.key, story.nextSeq, id, reason.rawValue, detail)
        try advance(story, to: story.nextSeq, at: now, updatesAdded: -1)
        tell(.remove(Removal(id: id, seq: story.nextSeq, reason: reason)), of: story)
    }
}

extension UpdateRow {
    fileprivate func versioned(in story: StoryRow) -> Versioned<Update> {
        Versioned(update, Version(epoch: story.epoch, seq: update.seq))
    }
}
