// What a write does to an update, decided without a look at any table.

/// What is to become an update: the content of a patch, and when readers are to see it.
public struct NewUpdate: Sendable {
    /// What the patch gives it.
    public let content: UpdateContent
    /// When readers are to see it, as asked for.
    public let publication: Publication
    /// Where its members are in the request: a JSON Pointer.
    public let pointer: String
    private let patch: UpdatePatch

    /// Throws `.invalid` where the patch has no body, or does not tell when the update is to be published.
    public init(_ patch: UpdatePatch, at pointer: String = "") throws(StoryError) {
        guard case .set(let body) = patch.body else {
            throw .invalid([ValidationError(pointer + "/body", "is required")])
        }
        var content = UpdateContent(body: body)
        patch.apply(to: &content)
        (self.content, self.patch, self.pointer) = (content, patch, pointer)
        publication = try patch.publication(at: pointer)
    }

    /// What one request makes. A single patch is the whole body of the request, several are items of a list.
    public static func all(_ patches: [UpdatePatch]) throws(StoryError) -> [NewUpdate] {
        var made: [NewUpdate] = []
        for (index, patch) in patches.enumerated() {
            made.append(try NewUpdate(patch, at: patches.count == 1 ? "" : "/\(index)"))
        }
        return made
    }

    /// Throws `.invalid`, which names each whose time of publication does not fit the clock.
    public static func requireTimes(of updates: [NewUpdate], at now: Timestamp) throws(StoryError) {
        let errors = updates.flatMap { $0.patch.timeErrors(at: $0.pointer, now: now) }
        guard errors.isEmpty else { throw .invalid(errors) }
    }

    /// The draft that it becomes where it is not published at once.
    public func draft(id: Identifier, bodyHtml: String, at now: Timestamp) -> Draft {
        Draft(
            id: id, content: content, bodyHtml: bodyHtml, edited: false,
            publishAt: publication.publishAt, createdAt: now, modifiedAt: now)
    }

    /// The update that it becomes where it is; `time` is its place in the list.
    public func update(
        id: Identifier, seq: Int64, bodyHtml: String, publishedAt time: Timestamp, at now: Timestamp
    ) -> Update {
        Update(
            id: id, seq: seq, content: content, bodyHtml: bodyHtml, edited: false, publishedAt: time,
            createdAt: now, modifiedAt: time)
    }
}

/// What an edit does to an update.
public struct UpdateEdit: Sendable {
    /// Where the update goes, and in which state.
    public enum Effect: Sendable {
        /// Readers get another state of it, which has still its former number.
        case replace(Update)
        /// It is taken back from readers.
        case unpublish(Draft)
        /// It is published.
        case publish(Draft)
        /// It stays a draft, in another state.
        case keepDraft(Draft)
    }

    /// What is to be done.
    public let effect: Effect
    /// What the audit trail calls it.
    public let action: AuditEntry.Action
    /// Whether the story has to have room for one more pinned update.
    public let needsPin: Bool
}

extension UpdatePatch {
    /// What the patch does to an update; `nil` where it changes nothing. `bodyHtml` is that of the body, where the patch names it, and
    /// `wasSeen` says whether readers have ever seen the update. Throws `.invalid` where the time does not fit the clock.
    public func edit(
        _ update: EditorUpdate, bodyHtml: String?, wasSeen: Bool, at now: Timestamp
    ) throws(StoryError) -> UpdateEdit? {
        var content = update.content
        apply(to: &content)
        let errors = timeErrors(now: now)
        guard errors.isEmpty else { throw .invalid(errors) }
        let publication = try publication(from: update.publication).due(at: now)
        guard publication != update.publication || content != update.content else { return nil }
        switch update {
        case .published(let update):
            return update.edit(content, bodyHtml ?? update.bodyHtml, publication, at: now)
        case .draft(let draft):
            return draft.edit(content, bodyHtml ?? draft.bodyHtml, publication, wasSeen: wasSeen, at: now)
        }
    }
}

extension Update {
    fileprivate func edit(
        _ content: UpdateContent, _ bodyHtml: String, _ publication: Publication, at now: Timestamp
    ) -> UpdateEdit {
        var update = self
        update.edited = edited || content.readsDifferently(from: self.content)
        (update.content, update.bodyHtml) = (content, bodyHtml)
        guard publication != .now else {
            let isNewlyPinned = content.pinned && !self.content.pinned
            return UpdateEdit(effect: .replace(update), action: .editUpdate, needsPin: isNewlyPinned)
        }
        let draft = Draft(
            id: id, content: content, bodyHtml: bodyHtml, edited: update.edited,
            publishAt: publication.publishAt, createdAt: createdAt, modifiedAt: max(now, createdAt),
            stricken: stricken)
        return UpdateEdit(effect: .unpublish(draft), action: .unpublishUpdate, needsPin: false)
    }

    /// The update in its next state, with the story's next number, and changed now: never before it was there, so that followers of
    /// feeds take it for newer also where the clock was set back.
    public func changed(seq: Int64, at now: Timestamp) -> Update {
        var update = self
        update.seq = seq
        update.modifiedAt = max(now, publishedAt, createdAt)
        return update
    }

    /// The update retracted in the open for this reason, or with `nil` not retracted any more; `nil` where nothing would change. A
    /// retraction whose reason is corrected keeps its time.
    public func retracted(_ reason: String?, at now: Timestamp) -> Update? {
        guard stricken.map({ Array($0.reason.utf8) }) != reason.map({ Array($0.utf8) }) else { return nil }
        var update = self
        update.stricken = reason.map { Strike(reason: $0, at: stricken?.at ?? max(now, publishedAt)) }
        return update
    }
}

extension Draft {
    fileprivate func edit(
        _ content: UpdateContent, _ bodyHtml: String, _ publication: Publication, wasSeen: Bool,
        at now: Timestamp
    ) -> UpdateEdit {
        var draft = self
        if wasSeen { draft.edited = edited || content.readsDifferently(from: self.content) }
        (draft.content, draft.bodyHtml) = (content, bodyHtml)
        draft.publishAt = publication.publishAt
        draft.modifiedAt = max(now, createdAt)
        guard publication != .now else {
            return UpdateEdit(effect: .publish(draft), action: .publishUpdate, needsPin: content.pinned)
        }
        let action = draft.publishAt == publishAt ? .editUpdate : publication.action
        return UpdateEdit(effect: .keepDraft(draft), action: action, needsPin: false)
    }

    /// The update that it becomes when it is published; `time` is its place in the list.
    public func published(seq: Int64, at time: Timestamp) -> Update {
        Update(
            id: id, seq: seq, content: content, bodyHtml: bodyHtml, edited: edited, publishedAt: time,
            createdAt: createdAt, modifiedAt: max(time, createdAt), stricken: stricken)
    }
}

extension AuditEntry.Action {
    /// What it is called to retract an update for a reason, or with `nil` to take the retraction back.
    public static func retraction(_ reason: String?) -> AuditEntry.Action {
        reason == nil ? .unstrikeUpdate : .strikeUpdate
    }
}

extension Publication {
    /// What the audit trail calls it to make an update so, or to give a draft this time.
    public var action: AuditEntry.Action {
        switch self {
        case .never: .draftUpdate
        case .at: .scheduleUpdate
        case .now: .publishUpdate
        }
    }
}

/// The updates that a story keeps on top.
public enum PinnedUpdates {
    /// Whether one more may be pinned besides so many.
    public static func hasRoom(besides count: Int) -> Bool { count < Limits.pinnedUpdates }

    /// Throws `.invalid` where no more may be pinned; `base` is where the update's members are.
    public static func requireRoom(besides count: Int, at base: String = "") throws(StoryError) {
        guard !hasRoom(besides: count) else { return }
        throw .invalid([
            ValidationError(
                base + "/pinned",
                "a story can have \(Limits.pinnedUpdates) pinned updates; unpin one first")
        ])
    }
}
