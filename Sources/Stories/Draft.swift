// SPDX-License-Identifier: Apache-2.0
/// An update that is not visible to readers: not yet published, or unpublished.
///
/// It has no sequence number and no `publishedAt`; publishing assigns both.
public struct Draft: Hashable, Sendable {
    /// The id, which publishing does not change.
    public var id: Identifier
    /// The editorial content.
    public var content: UpdateContent
    /// The body as safe HTML.
    public var bodyHtml: String
    /// Whether it was modified after readers first saw it.
    public var edited: Bool
    /// The scheduled publication time; `nil` if it is not scheduled.
    public var publishAt: Timestamp?
    /// When it was created.
    public var createdAt: Timestamp
    /// When it last changed.
    public var modifiedAt: Timestamp
    /// The retraction, if it was retracted before it was unpublished.
    public var stricken: Strike?
    /// Whether followers are notified when it is published.
    public var notify: Bool

    /// Memberwise.
    public init(
        id: Identifier, content: UpdateContent, bodyHtml: String, edited: Bool, publishAt: Timestamp?,
        createdAt: Timestamp, modifiedAt: Timestamp, stricken: Strike? = nil, notify: Bool = false
    ) {
        self.id = id
        self.content = content
        self.bodyHtml = bodyHtml
        self.edited = edited
        self.publishAt = publishAt
        self.createdAt = createdAt
        self.modifiedAt = modifiedAt
        self.stricken = stricken
        self.notify = notify
    }
}

/// An update as visible to the editors of its story.
public enum EditorUpdate: Hashable, Sendable {
    /// Visible to readers.
    case published(Update)
    /// Not visible to readers.
    case draft(Draft)

    /// The id, which never changes.
    public var id: Identifier {
        switch self {
        case .published(let update): update.id
        case .draft(let draft): draft.id
        }
    }

    /// The editorial content.
    public var content: UpdateContent {
        switch self {
        case .published(let update): update.content
        case .draft(let draft): draft.content
        }
    }

    /// The body as safe HTML.
    public var bodyHtml: String {
        switch self {
        case .published(let update): update.bodyHtml
        case .draft(let draft): draft.bodyHtml
        }
    }

    /// When it was last changed.
    public var modifiedAt: Timestamp {
        switch self {
        case .published(let update): update.modifiedAt
        case .draft(let draft): draft.modifiedAt
        }
    }

    /// The current publication; `.now` if it is published.
    public var publication: Publication {
        switch self {
        case .published: .now
        case .draft(let draft): draft.publishAt.map(Publication.at) ?? .never
        }
    }
}

/// A page of the drafts of a story (keyset pagination).
public struct DraftList: Equatable, Sendable {
    /// By id, newest first.
    public var drafts: [Draft]
    /// Position of the next page, the last id of this one; `nil` on the last.
    public var older: Identifier?

    /// Memberwise.
    public init(drafts: [Draft], older: Identifier?) {
        self.drafts = drafts
        self.older = older
    }
}

/// The state of an update, as named in requests and responses.
public enum UpdateState: String, Hashable, Sendable, CaseIterable {
    case draft, scheduled, published
}

/// When an update becomes visible to readers.
public enum Publication: Hashable, Sendable {
    /// A draft without a schedule.
    case never
    /// Scheduled for this time.
    case at(Timestamp)
    /// Published, or to be published at once.
    case now

    /// Returns `.now` if it is scheduled for `now` or earlier, otherwise itself.
    public func due(at now: Timestamp) -> Publication {
        if case .at(let time) = self, time <= now { .now } else { self }
    }

    /// The state of an update with this publication.
    public var state: UpdateState {
        switch self {
        case .never: .draft
        case .at: .scheduled
        case .now: .published
        }
    }

    /// The scheduled time; `nil` if it is not scheduled.
    public var publishAt: Timestamp? {
        if case .at(let time) = self { time } else { nil }
    }
}

extension UpdatePatch {
    /// Returns the violations by state and time combined; pointers are below `base`.
    func publicationErrors(at base: String) -> [ValidationError] {
        guard case .set(.draft) = state, case .set(.some) = publishAt else { return [] }
        return [ValidationError(base + "/publishAt", "must be null or left out where the state is \"draft\"")]
    }

    /// Validates the time of publication against the clock: a past one may be a wrong UTC offset, which would break an embargo, so
    /// publishing at once takes an explicit `"state": "published"`.
    public func timeErrors(at base: String = "", now: Timestamp) -> [ValidationError] {
        guard case .set(let time?) = publishAt else { return [] }
        if case .set(.published) = state {
            guard time > now else { return [] }
            return [
                ValidationError(
                    base + "/publishAt",
                    "lies in the future, and the state is \"published\": for later send \"scheduled\"")
            ]
        }
        guard time.milliseconds + Limits.lateMilliseconds < now.milliseconds else { return [] }
        return [
            ValidationError(
                base + "/publishAt",
                "lies in the past (it is \(now)): to publish at once, send the state \"published\"")
        ]
    }

    /// The publication after the patch. `current` is the publication before it; `nil` for a new update, which is published at
    /// once by default. Throws `.invalid` if a schedule has no time, or a published update is given one without a state.
    public func publication(from current: Publication? = nil, at base: String = "") throws(StoryError)
        -> Publication
    {
        switch (state, publishAt) {
        case (.set(.draft), _): return .never
        case (.set(.published), _): return .now
        case (.set(.scheduled), .set(let time?)): return .at(time)
        case (.set(.scheduled), .unchanged):
            if case .at? = current { return current ?? .now }
            throw .invalid([ValidationError(base + "/publishAt", "is required: when is it to be published?")])
        case (.set(.scheduled), .set(nil)):
            throw .invalid([
                ValidationError(base + "/publishAt", "must not be null where the state is \"scheduled\"")
            ])
        case (.unchanged, .set(let time?)):
            guard current != .now else {
                throw .invalid([
                    ValidationError(
                        base + "/publishAt",
                        "cannot be set on a published update; with the state \"scheduled\" it is taken back until then"
                    )
                ])
            }
            return .at(time)
        case (.unchanged, .set(nil)):
            if case .at? = current { return .never }
            return current ?? .now
        case (.unchanged, .unchanged): return current ?? .now
        }
    }
}
