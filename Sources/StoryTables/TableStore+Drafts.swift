// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``StoryStore``.
    public func drafts(
        of story: StoryReference, limit: Int, before: Identifier?, access: Access
    ) async throws(StoryError) -> DraftList {
        try await engine.read { transaction throws(StoryError) in
            let story = try transaction.writableStory(story, for: access)
            var budget = PageBudget(rows: limit)
            let found = try transaction.rows(
                """
                SELECT \(DraftRow.columns) FROM drafts AS d WHERE d.story = ? AND (? IS NULL OR d.id < ?)
                ORDER BY d.id DESC LIMIT ?
                """, story.key, before, before, limit + 1
            ) { row in budget.take { DraftRow(&row).draft } }
            let page = found.compactMap(\.self)
            return DraftList(drafts: page, older: budget.isExceeded ? page.last?.id : nil)
        }
    }

    /// See ``StoryStore``.
    @discardableResult
    public func publishDueUpdates() async throws(StoryError) -> Int {
        let now = now()
        // Checked on a reader, as there is usually nothing to write.
        guard try await engine.read({ transaction throws(StoryError) in try transaction.isAnyDue(at: now) })
        else {
            return 0
        }
        return try await engine.write { transaction throws(StoryError) in
            try transaction.releaseDue(at: now, self.renderer)
        }
    }
}

extension Transaction {
    fileprivate func isAnyDue(at now: Timestamp) throws(StoryError) -> Bool {
        try first("SELECT 1 FROM drafts WHERE publish_at <= ? LIMIT 1", now) { _ in true } ?? false
    }

    /// Publishes due drafts in the order of their times, in one transaction, because their places in the list depend on each other.
    /// Published updates are no longer drafts, so that none is published twice, whatever the clock does.
    fileprivate func releaseDue(at now: Timestamp, _ renderer: UpdateRenderer) throws(StoryError) -> Int {
        let due = try rows(
            """
            SELECT \(DraftRow.columns) FROM drafts AS d WHERE d.publish_at <= ? ORDER BY d.publish_at, d.key
            """, now
        ) { DraftRow(&$0) }
        for (row, time) in zip(due, Publication.times(ofDue: due.map(\.draft.publishAt), at: now)) {
            guard let story = try story(key: row.story) else { continue }
            var draft = row.draft
            // Drops the pin if there is no room: no caller can be given an error, and publishing matters more.
            if draft.content.pinned { draft.content.pinned = try hasRoomForPin(in: story) }
            let update = try publish(row, as: draft, in: story, at: time, renderer)
            try record(
                .publishUpdate, by: .schedule, at: now, story: story.story.id, update: update.id,
                seq: update.seq)
        }
        return due.count
    }

    /// Publishes `draft` at the story's next sequence number; `time` determines its place in the list.
    func publish(
        _ row: DraftRow, as draft: Draft, in story: StoryRow, at time: Timestamp, _ renderer: UpdateRenderer
    ) throws(StoryError) -> Update {
        let time = try publicationTime(of: draft.id, in: story.key, at: time)
        var update = draft.published(seq: try story.nextSeq, at: time)
        update.cards = try keepCards(of: .published(update), key: row.key, in: story.key, at: time)
        try deleteDraft(row.key)
        if let removed = row.seen?.removed {
            try deleteTombstone(removed, of: story.key)
        }
        let firstSeq = row.seen?.first ?? update.seq
        let rendition = try insert(update, key: row.key, firstSeq: firstSeq, into: story.key, renderer)
        try advance(story, to: update.seq, at: time, updatesAdded: 1)
        emit(.put(update), of: story, firstSeq: firstSeq, rendition: rendition)
        try queueDeliveries(
            .updatePublished, of: story, update: update.id, seq: update.seq, tags: update.content.tags,
            at: time)
        if draft.notify { try queueNotification(of: draft.id, in: story, at: time) }
        if row.seen != nil { try emitReactions(to: update.id, key: row.key, of: story, areSeen: true) }
        return update
    }

    /// Turns a published update back into a draft; readers get a `remove`.
    func unpublish(
        _ row: UpdateRow, as draft: Draft, in story: StoryRow
    ) throws(StoryError) -> DraftRow {
        try keepRevision(of: row, story: story.key)
        try removePublished(row, of: story, .unpublished, detail: nil, at: draft.modifiedAt)
        let made = DraftRow(
            key: row.key, story: story.key, seen: (first: row.firstSeq, removed: try story.nextSeq),
            draft: draft)
        try insert(made, at: draft.modifiedAt)
        return made
    }
}
