// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// An edit of one update, published or draft, which may move it between the tables.
struct UpdateChange {
    let story: StoryRow
    let transaction: Transaction
    let renderer: UpdateRenderer
    let now: Timestamp

    /// Applies the effect of an edit. Returns the update, and the sequence number of the change if readers see it.
    func apply(
        _ effect: UpdateEdit.Effect, to row: EditorRow
    ) throws(StoryError) -> (update: Versioned<EditorUpdate>, seq: Int64?) {
        try transaction.keepMediaUses(
            of: effect.content.assets, insteadOf: row.update.content.assets,
            by: MediaUser(story: story.key, update: row.key))
        switch (effect, row) {
        case (.replace(let update), .published(let row)):
            let update = try replace(row, with: update)
            return (update.versioned(in: story), update.seq)
        case (.unpublish(let draft), .published(let row)):
            let made = try transaction.unpublish(row, as: draft, in: story)
            return (made.versioned(in: story), try story.nextSeq)
        case (.publish(let draft), .draft(let row)):
            let update = try transaction.publish(row, as: draft, in: story, at: now, renderer)
            return (update.versioned(in: story), update.seq)
        case (.keepDraft(let draft), .draft(let row)):
            let changed = try row.changed(to: draft)
            try transaction.deleteDraft(row.key)
            try transaction.insert(changed, at: now)
            return (changed.versioned(in: story), nil)
        case (.replace, .draft), (.unpublish, .draft), (.publish, .published), (.keepDraft, .published):
            preconditionFailure("the effect does not match the table of the row")
        }
    }

    /// Replaces the state of a published update at the next sequence number, and keeps the previous state as a revision.
    func replace(_ row: UpdateRow, with update: Update) throws(StoryError) -> Update {
        var update = update.changed(seq: try story.nextSeq, at: now)
        update.cards = try transaction.keepCards(of: .published(update), key: row.key, in: story.key, at: now)
        try transaction.keepRevision(of: row, story: story.key)
        let rendition = try transaction.replace(row, with: update, story: story.key, renderer)
        try transaction.advance(story, to: update.seq, at: now)
        transaction.emit(.put(update), of: story, firstSeq: row.firstSeq, rendition: rendition)
        try transaction.queueDeliveries(
            .updateEdited, of: story, update: update.id, seq: update.seq,
            tags: row.update.content.tags + update.content.tags, at: now)
        return update
    }
}

extension Update {
    func versioned(in story: StoryRow, rendition: [UInt8]? = nil) -> Versioned<EditorUpdate> {
        Versioned(.published(self), Version(epoch: story.epoch, seq: seq), rendition: rendition)
    }
}

extension UpdateRow {
    func versioned(in story: StoryRow) -> Versioned<EditorUpdate> {
        var versioned = update.versioned(in: story)
        versioned.editedAt = editedSeq
        return versioned
    }
}
