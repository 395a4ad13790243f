internal import Stories

/// One change of one update, wherever the update stands and is to stand after it.
struct Edit {
    let story: StoryRow
    let transaction: Transaction
    let renderer: UpdateRenderer
    let now: Timestamp

    /// What has become of the update, what that is called, and the number that readers hear of it by.
    typealias CommandResult = (update: Versioned<EditorUpdate>, action: AuditEntry.Action, seq: Int64?)

    /// Gives a published update other content, or takes it back. `html` is that of the body, where it is another one.
    func change(
        _ row: UpdateRow, _ content: UpdateContent, _ html: String?, _ publication: Publication
    ) throws(StoryError) -> CommandResult {
        var update = row.update
        update.edited = update.edited || content.readsDifferently(from: update.content)
        update.content = content
        update.bodyHtml = html ?? update.bodyHtml
        guard publication != .now else {
            if content.pinned, !row.update.content.pinned { try transaction.requireRoomForPin(in: story) }
            let update = try replace(row, with: update)
            return (update.versioned(in: story), .editUpdate, update.seq)
        }
        let draft = Draft(
            id: update.id, content: content, bodyHtml: update.bodyHtml, edited: update.edited,
            publishAt: publication.publishAt, createdAt: update.createdAt,
            modifiedAt: max(now, update.createdAt),
            stricken: update.stricken)
        let made = try transaction.unpublish(row, as: draft, in: story)
        return (made.versioned(in: story), .unpublishUpdate, try story.nextSeq)
    }

    /// Gives a draft other content or another time, or publishes it.
    func change(
        _ row: DraftRow, _ content: UpdateContent, _ html: String?, _ publication: Publication
    ) throws(StoryError) -> CommandResult {
        var draft = row.draft
        if row.seen != nil {
            draft.edited = draft.edited || content.readsDifferently(from: draft.content)
        }
        draft.content = content
        draft.bodyHtml = html ?? draft.bodyHtml
        draft.publishAt = publication.publishAt
        draft.modifiedAt = max(now, draft.createdAt)
        if publication == .now {
            if content.pinned { try transaction.requireRoomForPin(in: story) }
            let update = try transaction.publish(row, as: draft, in: story, at: now, renderer)
            return (update.versioned(in: story), .publishUpdate, update.seq)
        }
        let changed = try row.changed(to: draft)
        try transaction.deleteDraft(row.key)
        try transaction.insert(changed)
        let isSameTime = draft.publishAt == row.draft.publishAt
        return (changed.versioned(in: story), isSameTime ? .editUpdate : publication.action, nil)
    }

    /// Gives a published update its new state, with the next number, and keeps the one before for those who write.
    func replace(_ row: UpdateRow, with update: Update) throws(StoryError) -> Update {
        var update = update
        update.modifiedAt = max(now, update.publishedAt, update.createdAt)
        update.seq = try story.nextSeq
        try transaction.keepRevision(of: row, story: story.key)
        try transaction.replace(row, with: update, story: story.key, renderer)
        try transaction.advance(story, to: update.seq, at: now)
        transaction.emit(.put(update), of: story, firstSeq: row.firstSeq)
        return update
    }
}

extension Update {
    func versioned(in story: StoryRow) -> Versioned<EditorUpdate> {
        Versioned(.published(self), Version(epoch: story.epoch, seq: seq))
    }
}

extension UpdateRow {
    func versioned(in story: StoryRow) -> Versioned<EditorUpdate> {
        update.versioned(in: story)
    }
}
