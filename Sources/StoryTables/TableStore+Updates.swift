// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``StoryStore``.
    public func update(
        _ id: Identifier, of story: StoryReference, access: Access
    ) async throws(StoryError) -> Versioned<EditorUpdate> {
        try await engine.read { transaction throws(StoryError) in
            let story = try transaction.story(story, for: access)
            guard let row = try transaction.findEditorRow(id, of: story, for: access) else {
                throw try transaction.absence(of: id, from: story, for: access)
            }
            return row.versioned(in: story)
        }
    }

    /// See ``StoryStore``.
    public func createUpdates(
        of story: StoryReference, _ patches: [UpdatePatch],
        idempotency: IdempotentWrite<[Versioned<EditorUpdate>]>?,
        access: Access
    ) async throws(StoryError) -> [Versioned<EditorUpdate>] {
        let news = try NewUpdate.all(patches)
        // Rendered before the write is enqueued, as it does not need the database.
        let bodies = try await renderer.html(of: news.map(\.content.body)) { news[$0].pointer + "/body" }
        return try await write(idempotency) { transaction throws(StoryError) in
            var row = try transaction.writableStory(story, for: access)
            try transaction.requireNotTakenDown(idempotency?.request)
            let now = self.now()
            try NewUpdate.requireTimes(of: news, at: now)
            var made: [Versioned<EditorUpdate>] = []
            for (member, new) in try transaction.describingMedia(of: news).enumerated() {
                let key = try transaction.nextUpdateKey()
                let html = self.renderer.html(bodies[member], placedIn: row.story.id)
                made.append(try self.make(new, html, key: key, in: row, at: now, access, transaction))
                try transaction.keepRequest(idempotency?.request, member: member, of: key, in: row.key)
                try transaction.keepMediaUses(
                    of: new.content.assets, by: MediaUser(story: row.key, update: key))
                if case .published(let update)? = made.last?.value { row.story.seq = update.seq }
            }
            try transaction.consumeAutosave(of: idempotency?.request, in: row.key, by: access)
            return made
        }
    }

    private func make(
        _ new: NewUpdate, _ html: String, key: Int64, in story: StoryRow, at now: Timestamp, _ access: Access,
        _ transaction: Transaction
    ) throws(StoryError) -> Versioned<EditorUpdate> {
        let (id, publication) = (nextIdentifier(at: now), new.publication.due(at: now))
        guard publication == .now else {
            let draft = new.draft(id: id, bodyHtml: html, at: now)
            let row = DraftRow(key: key, story: story.key, draft: draft)
            try transaction.insert(row, isNew: true, at: now)
            try transaction.record(publication.action, by: access, at: now, story: story.story.id, update: id)
            return row.versioned(in: story)
        }
        if new.content.pinned { try transaction.requireRoomForPin(in: story, at: new.pointer) }
        let time = try transaction.publicationTime(of: id, in: story.key, at: now)
        var update = new.update(id: id, seq: try story.nextSeq, bodyHtml: html, publishedAt: time, at: now)
        update.cards = try transaction.keepCards(
            of: .published(update), key: key, in: story.key, isNew: true, at: now)
        let rendition = try transaction.insert(
            update, key: key, firstSeq: update.seq, into: story.key, renderer)
        try transaction.advance(story, to: update.seq, at: time, updatesAdded: 1)
        transaction.emit(.put(update), of: story, rendition: rendition)
        try transaction.queueDeliveries(
            .updatePublished, of: story, update: id, seq: update.seq, tags: update.content.tags, at: now)
        if new.notify { try transaction.queueNotification(of: id, in: story, at: now) }
        try transaction.record(
            .publishUpdate, by: access, at: now, story: story.story.id, update: update.id, seq: update.seq)
        return update.versioned(in: story, rendition: rendition)
    }

    /// See ``StoryStore``.
    public func editUpdate(
        _ id: Identifier, of story: StoryReference, _ patch: UpdatePatch, if precondition: Precondition,
        access: Access
    ) async throws(StoryError) -> Versioned<EditorUpdate> {
        let html: String? =
            if case .set(let body) = patch.body { try await renderer.html(of: body) } else { nil }
        return try await engine.write { transaction throws(StoryError) in
            let story = try transaction.writableStory(story, for: access)
            let row = try transaction.writableRow(id, of: story, for: access)
            let present = row.versioned(in: story)
            try precondition.check(.update(present))
            let now = self.now()
            let placed = html.map { self.renderer.html($0, placedIn: story.story.id) }
            let edit = try transaction.describingMedia(of: patch).edit(
                present.value, bodyHtml: placed, wasSeen: row.wasSeen, at: now)
            if patch.notifiesNow(of: present.value, edit) {
                try transaction.queueNotification(of: id, in: story, at: now)
            }
            guard let edit else { return present }
            if edit.needsPin { try transaction.requireRoomForPin(in: story) }
            let change = UpdateChange(
                story: story, transaction: transaction, renderer: self.renderer, now: now)
            let (changed, seq) = try change.apply(edit.effect, to: row)
            try transaction.record(
                edit.action, by: access, at: now, story: story.story.id, update: id, seq: seq,
                members: patch.memberNames)
            return changed
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
            let now = self.now()
            guard let retracted = row.update.retracted(reason, at: now) else {
                return found.versioned(in: story)
            }
            let change = UpdateChange(
                story: story, transaction: transaction, renderer: self.renderer, now: now)
            let update = try change.replace(row, with: retracted)
            try transaction.record(
                .retraction(reason), by: access, at: now, story: story.story.id, update: id, seq: update.seq)
            return update.versioned(in: story)
        }
    }

    /// See ``StoryStore``.
    public func revisions(
        of id: Identifier, of story: StoryReference, access: Access
    ) async throws(StoryError) -> [Update] {
        try await engine.read { transaction throws(StoryError) in
            let story = try transaction.writableStory(story, for: access)
            let stored = try transaction.storedUpdate(id, of: story, for: access)
            return try transaction.revisions(of: id, key: stored.row.key)
        }
    }
}

extension Transaction {
    /// Removes an update from its table. If it is published, readers get a tombstone, whose sequence number is returned.
    func take(
        _ row: EditorRow, from story: StoryRow, _ reason: Removal.Reason, detail: String?, at now: Timestamp
    ) throws(StoryError) -> Int64? {
        switch row {
        case .published(let row):
            try removePublished(row, of: story, reason, detail: detail, at: now)
            return try story.nextSeq
        case .draft(let row):
            // Readers who had seen it got a tombstone when it was unpublished.
            try deleteDraft(row.key)
            return nil
        }
    }

    /// Deletes a published update, and inserts a tombstone for readers who have it.
    func removePublished(
        _ row: UpdateRow, of story: StoryRow, _ reason: Removal.Reason, detail: String?, at now: Timestamp
    ) throws(StoryError) {
        let seq = try story.nextSeq
        try run("DELETE FROM updates WHERE key = ?", row.key)
        try emitReactions(to: row.update.id, key: row.key, of: story, areSeen: false)
        try run(
            """
            INSERT INTO tombstones (story, seq, id, reason, detail, removed_at, first_seq) VALUES (?, ?, ?, ?, ?, ?, ?)
            """, story.key, seq, row.update.id, reason.rawValue, detail, now, row.firstSeq)
        try advance(story, to: seq, at: now, updatesAdded: -1)
        emit(.remove(Removal(id: row.update.id, seq: seq, reason: reason)), of: story)
        try queueDeliveries(
            reason == .takedown ? .updateTakenDown : .updateRemoved, of: story, update: row.update.id,
            seq: seq, tags: row.update.content.tags, at: now)
    }
}
