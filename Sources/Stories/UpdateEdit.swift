// SPDX-License-Identifier: Apache-2.0
// Pure functions: the effect of a write on an update.

/// An update to be created: its content, and when it is to be published.
public struct NewUpdate: Sendable {
    /// The content set by the patch.
    public private(set) var content: UpdateContent
    /// The requested publication.
    public let publication: Publication
    /// JSON Pointer to its members in the request.
    public let pointer: String
    /// Whether followers are to be notified of it.
    public let notify: Bool
    private let patch: UpdatePatch

    /// Throws `.invalid` if the patch has no body, or its publication is contradictory.
    public init(_ patch: UpdatePatch, at pointer: String = "") throws(StoryError) {
        guard case .set(let body) = patch.body else {
            throw .invalid([ValidationError(pointer + "/body", "is required")])
        }
        var content = UpdateContent(body: body)
        patch.apply(to: &content)
        try patch.requireKeyEvent(in: content, at: pointer)
        (self.content, self.patch, self.pointer) = (content, patch, pointer)
        notify = patch.asksToNotify
        publication = try patch.publication(at: pointer)
    }

    /// The updates of a request. A single patch is the whole body; several are elements of a list.
    public static func all(_ patches: [UpdatePatch]) throws(StoryError) -> [NewUpdate] {
        var made: [NewUpdate] = []
        for (index, patch) in patches.enumerated() {
            made.append(try NewUpdate(patch, at: patches.count == 1 ? "" : "/\(index)"))
        }
        return made
    }

    /// See ``UpdateContent/describeMedia(at:_:)``.
    public mutating func describeMedia(_ asset: MediaLookup) throws(StoryError) -> [ValidationError] {
        try content.describeMedia(at: pointer, asset)
    }

    /// Throws `.invalid` for each whose publication time is not allowed at the current time.
    public static func requireTimes(of updates: [NewUpdate], at now: Timestamp) throws(StoryError) {
        let errors = updates.flatMap { $0.patch.timeErrors(at: $0.pointer, now: now) }
        guard errors.isEmpty else { throw .invalid(errors) }
    }

    /// The draft, if it is not published at once.
    public func draft(id: Identifier, bodyHtml: String, at now: Timestamp) -> Draft {
        Draft(
            id: id, content: content, bodyHtml: bodyHtml, edited: false,
            publishAt: publication.publishAt, createdAt: now, modifiedAt: now, notify: notify)
    }

    /// The update, if it is published at once; `time` is its publication time and sort key.
    public func update(
        id: Identifier, seq: Int64, bodyHtml: String, publishedAt time: Timestamp, at now: Timestamp
    ) -> Update {
        Update(
            id: id, seq: seq, content: content, bodyHtml: bodyHtml, edited: false, publishedAt: time,
            createdAt: now, modifiedAt: time)
    }
}

/// The effect of a patch on an update.
public struct UpdateEdit: Sendable {
    /// The resulting state.
    public enum Effect: Sendable {
        /// A published update changes; it still has its old sequence number here.
        case replace(Update)
        /// It becomes a draft.
        case unpublish(Draft)
        /// A draft is published.
        case publish(Draft)
        /// It stays a draft, changed.
        case keepDraft(Draft)
    }

    /// The resulting state.
    public let effect: Effect
    /// The action in the audit trail.
    public let action: AuditEntry.Action
    /// Whether the story needs room for one more pinned update.
    public let needsPin: Bool
}

extension UpdateEdit.Effect {
    /// The resulting content.
    public var content: UpdateContent {
        switch self {
        case .replace(let update): update.content
        case .unpublish(let draft), .publish(let draft), .keepDraft(let draft): draft.content
        }
    }
}

extension UpdatePatch {
    /// Whether it asks for a notification of followers.
    public var asksToNotify: Bool {
        if case .set(true) = notify { true } else { false }
    }

    /// Whether followers are notified of a published update after this edit, which may change nothing. Drafts keep it for later.
    public func notifiesNow(of update: EditorUpdate, _ edit: UpdateEdit?) -> Bool {
        guard asksToNotify, case .published = update else { return false }
        if case .unpublish? = edit?.effect { return false }
        return true
    }

    /// Throws `.invalid` if followers are to be notified of an update that is no key event.
    func requireKeyEvent(in content: UpdateContent, at base: String = "") throws(StoryError) {
        guard asksToNotify, !content.keyEvent else { return }
        throw .invalid([
            ValidationError(base + "/notify", "must be false or left out unless keyEvent is true")
        ])
    }
}

extension UpdatePatch {
    /// See ``UpdateContent/describeMedia(at:_:)``; for the media that the patch sets.
    public mutating func describeMedia(_ asset: MediaLookup) throws(StoryError) -> [ValidationError] {
        guard case .set(var media) = self.media, !media.isEmpty else { return [] }
        let errors = try media.describe(at: "/media", asset)
        self.media = .set(media)
        return errors
    }

    /// The effect of the patch; `nil` if nothing changes. `bodyHtml` is the rendered body if the patch sets one, `wasSeen`
    /// whether the update was ever visible. Throws `.invalid` if the publication time is not allowed at the current time.
    public func edit(
        _ update: EditorUpdate, bodyHtml: String?, wasSeen: Bool, at now: Timestamp
    ) throws(StoryError) -> UpdateEdit? {
        var content = update.content
        apply(to: &content)
        let errors = timeErrors(now: now)
        guard errors.isEmpty else { throw .invalid(errors) }
        let publication = try publication(from: update.publication).due(at: now)
        try requireKeyEvent(in: content)
        switch update {
        case .published(let update):
            guard publication != .now || content != update.content else { return nil }
            return update.edit(
                content, bodyHtml ?? update.bodyHtml, publication, notify: asksToNotify, at: now)
        case .draft(var draft):
            let notified = notified(draft, content)
            guard publication != update.publication || content != draft.content || notified != draft.notify
            else { return nil }
            draft.notify = notified
            return draft.edit(content, bodyHtml ?? draft.bodyHtml, publication, wasSeen: wasSeen, at: now)
        }
    }
}

extension UpdatePatch {
    /// Whether followers will be notified of a draft with this content. One that is no longer a key event is published quietly.
    private func notified(_ draft: Draft, _ content: UpdateContent) -> Bool {
        if case .set(let notify) = notify { notify } else { draft.notify && content.keyEvent }
    }
}

extension Update {
    fileprivate func edit(
        _ content: UpdateContent, _ bodyHtml: String, _ publication: Publication, notify: Bool,
        at now: Timestamp
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
            stricken: stricken, notify: notify)
        return UpdateEdit(effect: .unpublish(draft), action: .unpublishUpdate, needsPin: false)
    }

    /// The changed update, at the story's next sequence number. Its modification time never decreases, so that feed readers
    /// treat it as newer even if the wall clock was set back.
    public func changed(seq: Int64, at now: Timestamp) -> Update {
        var update = self
        update.seq = seq
        update.modifiedAt = max(now, publishedAt, createdAt)
        return update
    }

    /// The update retracted for this reason, or with `nil` no longer retracted; `nil` if nothing changes. Correcting the
    /// reason keeps the time of the retraction.
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

    /// The published update; `time` is its publication time and sort key.
    public func published(seq: Int64, at time: Timestamp) -> Update {
        Update(
            id: id, seq: seq, content: content, bodyHtml: bodyHtml, edited: edited, publishedAt: time,
            createdAt: createdAt, modifiedAt: max(time, createdAt), stricken: stricken)
    }
}

extension AuditEntry.Action {
    /// The action of retracting an update, or with `nil` of undoing it.
    public static func retraction(_ reason: String?) -> AuditEntry.Action {
        reason == nil ? .unstrikeUpdate : .strikeUpdate
    }
}

extension Publication {
    /// The action of creating an update with this publication, or of giving it to a draft.
    public var action: AuditEntry.Action {
        switch self {
        case .never: .draftUpdate
        case .at: .scheduleUpdate
        case .now: .publishUpdate
        }
    }
}

/// The limit of pinned updates.
public enum PinnedUpdates {
    /// Whether one more update may be pinned besides `count`.
    public static func hasRoom(besides count: Int) -> Bool { count < Limits.pinnedUpdates }

    /// Throws `.invalid` if no more updates may be pinned; `base` points to the update's members.
    public static func requireRoom(besides count: Int, at base: String = "") throws(StoryError) {
        guard !hasRoom(besides: count) else { return }
        throw .invalid([
            ValidationError(
                base + "/pinned",
                "a story can have \(Limits.pinnedUpdates) pinned updates; unpin one first")
        ])
    }
}
