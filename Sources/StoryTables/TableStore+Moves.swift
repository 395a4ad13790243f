// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``StoryStore``.
    public func moveUpdates(
        _ ids: [Identifier], of story: StoryReference, to target: MoveTarget,
        idempotency: IdempotentWrite<MovedUpdates>?, access: Access
    ) async throws(StoryError) -> MovedUpdates {
        try await write(idempotency) { transaction throws(StoryError) in
            let now = self.now()
            let source = try transaction.writableStory(story, for: access)
            let destination = try self.destination(target, besides: source, access, transaction)
            var move = UpdateMove(
                transaction: transaction, renderer: self.renderer, now: now, access: access,
                source: source, destination: destination)
            try move.move(ids)
            let moved = move.destination
            return MovedUpdates(
                source: try transaction.names(of: source), target: Versioned(moved.story, moved.ownVersion),
                ids: ids)
        }
    }

    /// Returns the story to move to, which is made if it is a new one.
    private func destination(
        _ target: MoveTarget, besides source: StoryRow, _ access: Access, _ transaction: Transaction
    ) throws(StoryError) -> StoryRow {
        switch target {
        case .story(let reference):
            guard let row = try transaction.seenStory(reference, by: access) else {
                throw .invalid([ValidationError("/to", "does not name an existing story")])
            }
            guard row.key != source.key else {
                throw .invalid([ValidationError("/to", "must be another story than that of the updates")])
            }
            try access.requireWrite(to: row.story.id)
            return row
        case .newStory(let patch):
            try access.requireCreation()
            let made = try insertStory(patch, access, transaction)
            return try transaction.story(.id(made.value.id), for: access)
        }
    }
}

/// A move of updates between two stories. Both rows are kept at the numbers of their last changes.
private struct UpdateMove {
    let transaction: Transaction
    let renderer: UpdateRenderer
    let now: Timestamp
    let access: Access
    var source: StoryRow
    var destination: StoryRow

    mutating func move(_ ids: [Identifier]) throws(StoryError) {
        for (index, row) in try rows(ids) {
            let seq: Int64?
            switch row {
            case .published(let row): seq = try move(row, at: "/ids/\(index)")
            case .draft(let row): seq = try move(row)
            }
            try record(row.id, seq: seq)
        }
    }

    /// The rows to move, with their places in the request. Those that are there already are left out: the request is a repeat.
    private func rows(_ ids: [Identifier]) throws(StoryError) -> [(index: Int, row: EditorRow)] {
        var (found, errors) = ([(index: Int, row: EditorRow)](), [ValidationError]())
        for (index, id) in ids.enumerated() {
            if let row = try transaction.findEditorRow(id, of: source, for: access) {
                found.append((index, row))
            } else if try transaction.findEditorRow(id, of: destination, for: access) == nil {
                errors.append(ValidationError("/ids/\(index)", "does not name an update of the story"))
            }
        }
        guard errors.isEmpty else { throw .invalid(errors) }
        return found
    }

    /// Moves a published update, and returns the number of its removal.
    private mutating func move(_ row: UpdateRow, at pointer: String) throws(StoryError) -> Int64 {
        if row.update.content.pinned { try transaction.requireRoomForPin(in: destination, at: pointer) }
        let former = try transaction.tombstone(of: row.update.id, in: destination)
        let removed = try source.nextSeq
        try transaction.removePublished(row, of: source, .moved, detail: nil, at: now)
        source.story.seq = removed
        try transaction.moveDependentRows(of: row.key, from: source.key, to: destination.key)
        if let former { try transaction.deleteTombstone(former.removed, of: destination.key) }
        try insert(row, firstSeq: former?.first)
        return removed
    }

    /// Inserts a published update at its place in the list, with the next number of the story.
    private mutating func insert(_ row: UpdateRow, firstSeq: Int64?) throws(StoryError) {
        var update = row.update.changed(seq: try destination.nextSeq, at: now)
        update.cards = try transaction.keepCards(
            of: .published(update), key: row.key, in: destination.key, at: now)
        let firstSeq = firstSeq ?? update.seq
        let rendition = try transaction.insert(
            update, key: row.key, firstSeq: firstSeq, into: destination.key, renderer)
        try transaction.advance(destination, to: update.seq, at: now, updatesAdded: 1)
        transaction.emit(.put(update), of: destination, firstSeq: firstSeq, rendition: rendition)
        try transaction.queueDeliveries(
            .updatePublished, of: destination, update: update.id, seq: update.seq, tags: update.content.tags,
            at: now)
        try transaction.emitReactions(to: update.id, key: row.key, of: destination, areSeen: true)
        destination.story.seq = update.seq
        destination.story.updateCount += 1
    }

    /// Moves a draft. No reader of the new story has seen it, unless it was there before.
    private func move(_ row: DraftRow) throws(StoryError) -> Int64? {
        if let seen = row.seen {
            try transaction.keepFirstSeq(seen.first, ofTombstone: seen.removed, in: source)
        }
        try transaction.deleteDraft(row.key)
        try transaction.moveDependentRows(of: row.key, from: source.key, to: destination.key)
        let former = try transaction.tombstone(of: row.draft.id, in: destination)
        let moved = DraftRow(
            key: row.key, story: destination.key, epoch: row.epoch, state: row.state, seen: former,
            draft: row.draft)
        try transaction.insert(moved, at: now)
        return nil
    }

    private func record(_ id: Identifier, seq: Int64?) throws(StoryError) {
        let (from, to) = (source.story.id, destination.story.id)
        try transaction.record(
            .moveUpdate, by: access, at: now, story: from, update: id, seq: seq, detail: "to \(to)")
        try transaction.record(
            .moveUpdate, by: access, at: now, story: to, update: id,
            seq: seq == nil ? nil : destination.story.seq, detail: "from \(from)")
    }
}

extension Transaction {
    /// The numbers of the tombstone that a story has of an update: those with which readers first saw it, and of its removal.
    fileprivate func tombstone(
        of id: Identifier, in story: StoryRow
    ) throws(StoryError) -> (first: Int64, removed: Int64)? {
        try first(
            "SELECT coalesce(first_seq, seq), seq FROM tombstones WHERE story = ? AND id = ? ORDER BY seq LIMIT 1",
            story.key, id
        ) { (first: $0.integer(), removed: $0.integer()) }
    }

    /// Notes with which number readers first saw what was removed, for a tombstone that does not know it.
    fileprivate func keepFirstSeq(
        _ first: Int64, ofTombstone seq: Int64, in story: StoryRow
    ) throws(StoryError) {
        try run("UPDATE tombstones SET first_seq = ? WHERE story = ? AND seq = ?", first, story.key, seq)
    }

    /// Gives the rows that hang on an update to the story that it moves to.
    fileprivate func moveDependentRows(
        of key: Int64, from source: Int64, to destination: Int64
    ) throws(StoryError) {
        for table in ["reactions", "visitors", "revisions", "media_uses", "card_uses", "update_requests"] {
            try run(
                "UPDATE \(table) SET story = ? WHERE story = ? AND update_key = ?", destination, source, key)
        }
        try renumberRevisions(of: key)
    }

    /// The error for an update that a story does not have: where it was moved to, if the caller may see that, or else that there is none.
    func absence(
        of id: Identifier, from story: StoryRow, for access: Access
    ) throws(StoryError) -> StoryError {
        let isRemoved = try first(
            "SELECT 1 FROM tombstones WHERE story = ? AND id = ? LIMIT 1", story.key, id
        ) { _ in true }
        guard isRemoved != nil,
            let key = try first("SELECT story FROM updates WHERE id = ?", id, read: { $0.integer() }),
            let place = try self.story(key: key),
            access.sees(place.story.id, status: place.story.content.status)
        else { return .notFound(.update) }
        return .moved(to: place.story.slug)
    }
}
