internal import SQLite
public import Stories

extension SQLiteStore {
    /// See ``StoryStore``.
    public func update(
        _ id: Identifier, of story: StoryReference, access: Access
    ) async throws(StoryError) -> Versioned<EditorUpdate> {
        try await readers.read { transaction throws(StoryError) in
            let story = try transaction.story(story, for: access)
            return try transaction.deskRow(id, of: story, for: access).versioned(in: story)
        }
    }

    /// See ``StoryStore``.
    public func createUpdates(
        of story: StoryReference, _ patches: [UpdatePatch],
        idempotency: IdempotentWrite<[Versioned<EditorUpdate>]>?,
        access: Access
    ) async throws(StoryError) -> [Versioned<EditorUpdate>] {
        let place = { @Sendable (index: Int) in patches.count == 1 ? "" : "/\(index)" }
        var news: [NewUpdate] = []
        for (index, patch) in patches.enumerated() {
            let base = place(index)
            guard case .set(let body) = patch.body else {
                throw .invalid([ValidationError(base + "/body", "is required")])
            }
            var content = UpdateContent(body: body)
            patch.apply(to: &content)
            news.append(
                NewUpdate(content: content, publication: try patch.publication(at: base), place: base))
        }
        // Before the queue: it needs nothing of the database.
        let rendered = try await renderer.html(of: news.map(\.content.body)) { place($0) + "/body" }
        for (index, html) in rendered.enumerated() { news[index].html = html }
        return try await write(idempotency) { [news] transaction throws(StoryError) in
            var row = try transaction.writableStory(story, for: access)
            try transaction.requireNotTakenDown(idempotency?.request)
            let now = self.now()
            let errors = patches.enumerated().flatMap { $1.timeErrors(at: place($0), now: now) }
            guard errors.isEmpty else { throw .invalid(errors) }
            var made: [Versioned<EditorUpdate>] = []
            for (member, new) in news.enumerated() {
                let key = try transaction.nextUpdateKey()
                made.append(try self.make(new, key: key, in: row, at: now, access, transaction))
                try transaction.keepRequest(idempotency?.request, member: member, of: key, in: row.key)
                if case .published(let update)? = made.last?.value { row.story.seq = update.seq }
            }
            return made
        }
    }

    /// What is to become an update.
    private struct NewUpdate: Sendable {
        let content: UpdateContent
        var html = ""
        let publication: Publication
        /// Where its members are in the request.
        let place: String
    }

    private func make(
        _ new: NewUpdate, key: Int64, in story: StoryRow, at now: Timestamp, _ access: Access,
        _ transaction: Transaction
    ) throws(StoryError) -> Versioned<EditorUpdate> {
        let html = renderer.html(new.html, placedIn: story.story.id)
        let (id, publication) = (nextIdentifier(at: now), new.publication.due(at: now))
        guard publication == .now else {
            let row = DraftRow(
                key: key, story: story.key,
                draft: Draft(
                    id: id, content: new.content, bodyHtml: html, edited: false,
                    publishAt: publication.publishAt, createdAt: now, modifiedAt: now))
            try transaction.insert(row)
            try transaction.record(publication.action, by: access, at: now, story: story.story.id, update: id)
            return row.versioned(in: story)
        }
        if new.content.pinned { try transaction.requireRoomForPin(in: story, at: new.place) }
        let time = try transaction.publicationTime(of: id, in: story.key, at: now)
        let update = Update(
            id: id, seq: try story.nextSeq, content: new.content, bodyHtml: html, edited: false,
            publishedAt: time, createdAt: now, modifiedAt: time)
        try transaction.insert(update, key: key, firstSeq: update.seq, into: story.key, renderer)
        try transaction.advance(story, to: update.seq, at: time, updatesAdded: 1)
        transaction.emit(.put(update), of: story)
        try transaction.record(
            .publishUpdate, by: access, at: now, story: story.story.id, update: update.id, seq: update.seq)
        return update.versioned(in: story)
    }

    /// See ``StoryStore``.
    public func editUpdate(
        _ id: Identifier, of story: StoryReference, _ patch: UpdatePatch, if precondition: Precondition,
        access: Access
    ) async throws(StoryError) -> Versioned<EditorUpdate> {
        let html: String? =
            if case .set(let body) = patch.body { try await renderer.html(of: body) } else { nil }
        return try await writer.write { transaction throws(StoryError) in
            let story = try transaction.writableStory(story, for: access)
            let row = try transaction.writableRow(id, of: story, for: access)
            let present = row.versioned(in: story)
            try precondition.check(.update(present))
            var content = present.value.content
            patch.apply(to: &content)
            let now = self.now()
            let errors = patch.timeErrors(now: now)
            guard errors.isEmpty else { throw .invalid(errors) }
            let publication = try patch.publication(from: present.value.publication).due(at: now)
            guard publication != present.value.publication || !identical(content, present.value.content)
            else {
                return present
            }
            let edit = Edit(story: story, transaction: transaction, renderer: self.renderer, now: now)
            let html = html.map { self.renderer.html($0, placedIn: story.story.id) }
            let outcome =
                switch row {
                case .published(let row): try edit.change(row, content, html, publication)
                case .draft(let row): try edit.change(row, content, html, publication)
                }
            try transaction.record(
                outcome.action, by: access, at: now, story: story.story.id, update: id, seq: outcome.seq,
                members: patch.memberNames)
            return outcome.update
        }
    }

    /// See ``StoryStore``.
    public func strikeUpdate(
        _ id: Identifier, of story: StoryReference, reason: String?, if precondition: Precondition,
        idempotency: IdempotentWrite<Versioned<EditorUpdate>>?, access: Access
    ) async throws(StoryError) -> Versioned<EditorUpdate> {
        try await write(idempotency) { transaction throws(StoryError) in
            let story = try transaction.writableStory(story, for: access)
            let found = try transaction.writableRow(id, of: story, for: access)
            try precondition.check(.update(found.versioned(in: story)))
            guard case .published(let row) = found else { throw .unpublished }
            guard row.update.stricken.map({ Array($0.reason.utf8) }) != reason.map({ Array($0.utf8) }) else {
                return found.versioned(in: story)
            }
            let now = self.now()
            var update = row.update
            update.stricken = reason.map {
                Strike(reason: $0, at: row.update.stricken?.at ?? max(now, row.update.publishedAt))
            }
            let edit = Edit(story: story, transaction: transaction, renderer: self.renderer, now: now)
            update = try edit.replace(row, with: update)
            try transaction.record(
                reason == nil ? .unstrikeUpdate : .strikeUpdate, by: access, at: now, story: story.story.id,
                update: id, seq: update.seq)
            return update.versioned(in: story)
        }
    }

    /// See ``StoryStore``.
    public func revisions(
        of id: Identifier, of story: StoryReference, access: Access
    ) async throws(StoryError) -> [Update] {
        try await readers.read { transaction throws(StoryError) in
            let story = try transaction.writableStory(story, for: access)
            let stored = try transaction.storedUpdate(id, of: story, for: access)
            return try transaction.revisions(of: id, key: stored.row.key)
        }
    }
}

extension Transaction {
    /// Takes an update out of the table that it stands in; readers of a published one are left word. Gives the number of that.
    func take(
        _ row: EditorRow, from story: StoryRow, _ reason: Removal.Reason, detail: String?, at now: Timestamp
    ) throws(StoryError) -> Int64? {
        switch row {
        case .published(let row):
            try removePublished(row, of: story, reason, detail: detail, at: now)
            return try story.nextSeq
        case .draft(let row):
            // Readers who knew it have been told that it is gone.
            try deleteDraft(row.key)
            return nil
        }
    }

    /// Takes an update away from readers, and leaves word for those who hold it.
    func removePublished(
        _ row: UpdateRow, of story: StoryRow, _ reason: Removal.Reason, detail: String?, at now: Timestamp
    ) throws(StoryError) {
        let seq = try story.nextSeq
        try run("DELETE FROM updates WHERE key = ?", row.key)
        try tellReactions(to: row.update.id, key: row.key, of: story, areSeen: false)
        try run(
            "INSERT INTO tombstones (story, seq, id, reason, detail, removed_at) VALUES (?, ?, ?, ?, ?, ?)",
            story.key, seq, row.update.id, reason.rawValue, detail, now)
        try advance(story, to: seq, at: now, updatesAdded: -1)
        emit(.remove(Removal(id: row.update.id, seq: seq, reason: reason)), of: story)
    }
}

extension Publication {
    /// What it is called in the audit trail.
    var action: AuditEntry.Action {
        switch self {
        case .never: .draftUpdate
        case .at: .scheduleUpdate
        case .now: .publishUpdate
        }
    }
}
