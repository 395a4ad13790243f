// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``StoryStore``.
    public func deleteUpdate(
        _ id: Identifier, of story: StoryReference, intoBin: Bool, if precondition: Precondition,
        access: Access
    ) async throws(StoryError) {
        try await engine.write { transaction throws(StoryError) in
            let (story, now) = (try transaction.writableStory(story, for: access), self.now())
            let row = try transaction.writableRow(id, of: story, for: access)
            try precondition.check(.update(row.versioned(in: story)))
            let seq = try transaction.take(row, from: story, .deleted, detail: nil, at: now)
            if intoBin {
                let actor = try access.requireKey().actor
                let removed = seq ?? row.seenRemoval
                try transaction.insert(
                    BinRow(row, removedSeq: removed, at: now, by: actor), story: story.key)
            } else {
                try transaction.eraseDependentRows(of: row.key, in: story.key)
                try transaction.forgetRequest(of: row.key, in: story.key)
            }
            try transaction.record(
                .deleteUpdate, by: access, at: now, story: story.story.id, update: id, seq: seq)
        }
    }

    /// See ``StoryStore``.
    public func restoreUpdate(
        _ id: Identifier, of story: StoryReference, if precondition: Precondition,
        idempotency: IdempotentWrite<Versioned<EditorUpdate>>?, access: Access
    ) async throws(StoryError) -> Versioned<EditorUpdate> {
        try await write(idempotency) { transaction throws(StoryError) in
            let (story, now) = (try transaction.writableStory(story, for: access), self.now())
            let stored = try transaction.storedUpdate(id, of: story, for: access)
            let former = stored.row.versioned(in: story)
            try precondition.check(.update(former))
            guard case .inBin(let binned) = stored else { return former }
            let restored = try transaction.restore(binned, to: story, at: now, self.renderer)
            var seq: Int64?
            if case .published(let update) = restored.value { seq = update.seq }
            try transaction.record(
                .restoreUpdate, by: access, at: now, story: story.story.id, update: id, seq: seq)
            return restored
        }
    }

    /// See ``StoryStore``.
    public func bin(
        of story: StoryReference, limit: Int, before: BinPosition?, access: Access
    ) async throws(StoryError) -> BinPage {
        try await engine.read { transaction throws(StoryError) in
            let story = try transaction.writableStory(story, for: access)
            let (found, hasMore) = try transaction.binRows(of: story.key, limit: limit, before: before)
            return BinPage(updates: found, older: hasMore ? found.last?.position : nil)
        }
    }

    /// See ``StoryStore``.
    @discardableResult
    public func emptyBin(olderThan time: BinTime, atMost count: Int) async throws(StoryError) -> Int {
        let moment = time.start(at: now())
        // Checked on a reader, as there is usually nothing to write.
        let isAnyDue = try await engine.read { transaction throws(StoryError) in
            try transaction.first("SELECT 1 FROM bin WHERE deleted_at <= ? LIMIT 1", moment) { _ in true }
                ?? false
        }
        guard isAnyDue else { return 0 }
        return try await engine.write { transaction throws(StoryError) in
            try transaction.emptyBin(deletedBy: moment, atMost: count)
        }
    }
}

extension Transaction {
    /// Restores an update from the bin; a published one gets the story's next sequence number and its former place in the list.
    fileprivate func restore(
        _ binned: BinRow, to story: StoryRow, at now: Timestamp, _ renderer: UpdateRenderer
    ) throws(StoryError) -> Versioned<EditorUpdate> {
        try deleteFromBin(binned.row.key)
        switch binned.row {
        case .draft(let row):
            let restored = try row.changed(to: row.draft.restored(at: now))
            try insert(restored, at: now)
            return restored.versioned(in: story)
        case .published(let row):
            if row.update.content.pinned { try requireRoomForPin(in: story) }
            var update = row.update.changed(seq: try story.nextSeq, at: now)
            update.cards = try keepCards(of: .published(update), key: row.key, in: story.key, at: now)
            if let removed = binned.removedSeq { try deleteTombstone(removed, of: story.key) }
            let rendition = try insert(
                update, key: row.key, firstSeq: row.firstSeq, into: story.key, renderer)
            try advance(story, to: update.seq, at: now, updatesAdded: 1)
            emit(.put(update), of: story, firstSeq: row.firstSeq, rendition: rendition)
            try queueDeliveries(
                .updatePublished, of: story, update: update.id, seq: update.seq, tags: update.content.tags,
                at: now)
            try emitReactions(to: update.id, key: row.key, of: story, areSeen: true)
            return update.versioned(in: story)
        }
    }

    /// Deletes the tombstone of a restored update.
    func deleteTombstone(_ seq: Int64, of story: Int64) throws(StoryError) {
        try run("DELETE FROM tombstones WHERE story = ? AND seq = ?", story, seq)
    }

    /// Deletes the rows that depend on a permanently removed update: reactions, visitors, revisions, uses of media, and cards that no other
    /// update has.
    func eraseDependentRows(of key: Int64, in story: Int64) throws(StoryError) {
        for table in ["reactions", "visitors", "revisions", "media_uses"] {
            try run("DELETE FROM \(table) WHERE story = ? AND update_key = ?", story, key)
        }
        try forgetCards(of: key)
    }

    /// Deletes the fingerprint of the request that created an update.
    func forgetRequest(of key: Int64, in story: Int64) throws(StoryError) {
        try run("DELETE FROM update_requests WHERE story = ? AND update_key = ?", story, key)
    }
}
