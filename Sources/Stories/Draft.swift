// SPDX-License-Identifier: Apache-2.0
/// An update that no reader sees: not yet, or not any more.
///
/// It has no number and no `publishedAt`: it takes both when it is published.
public struct Draft: Hashable, Sendable {
    /// Its id, which it keeps when it is published.
    public var id: Identifier
    /// What editors write.
    public var content: UpdateContent
    /// The body as HTML that is safe to put into a page.
    public var bodyHtml: String
    /// Whether readers knew another text of it.
    public var edited: Bool
    /// When it is to be published; `nil` if it is not scheduled.
    public var publishAt: Timestamp?
    /// When it was made.
    public var createdAt: Timestamp
    /// When it last changed.
    public var modifiedAt: Timestamp
    /// The retraction that readers knew.
    public var stricken: Strike?

    /// A draft, all members given.
    public init(
        id: Identifier, content: UpdateContent, bodyHtml: String, edited: Bool, publishAt: Timestamp?,
        createdAt: Timestamp, modifiedAt: Timestamp, stricken: Strike? = nil
    ) {
        self.id = id
        self.content = content
        self.bodyHtml = bodyHtml
        self.edited = edited
        self.publishAt = publishAt
        self.createdAt = createdAt
        self.modifiedAt = modifiedAt
        self.stricken = stricken
    }
}

/// An update as those who write to its story see it.
public enum EditorUpdate: Hashable, Sendable {
    /// Readers see it too.
    case published(Update)
    /// Readers do not.
    case draft(Draft)

    /// Its id, which never changes.
    public var id: Identifier {
        switch self {
        case .published(let update): update.id
        case .draft(let draft): draft.id
        }
    }

    /// What editors write.
    public var content: UpdateContent {
        switch self {
        case .published(let update): update.content
        case .draft(let draft): draft.content
        }
    }

    /// Whether readers see it, or when they will.
    public var publication: Publication {
        switch self {
        case .published: .now
        case .draft(let draft): draft.publishAt.map(Publication.at) ?? .never
        }
    }
}

/// A page of the drafts of a story.
public struct DraftList: Equatable, Sendable {
    /// The newest first, by id.
    public var drafts: [Draft]
    /// The next page begins behind this one; `nil` on the last.
    public var older: Identifier?

    /// A page, all members given.
    public init(drafts: [Draft], older: Identifier?) {
        self.drafts = drafts
        self.older = older
    }
}

/// Where an update is in its life, as requests and answers name it.
public enum UpdateState: String, Hashable, Sendable, CaseIterable {
    case draft, scheduled, published
}

/// When readers are to see an update.
public enum Publication: Hashable, Sendable {
    /// A draft without a schedule.
    case never
    /// From a moment on.
    case at(Timestamp)
    /// At once.
    case now

    /// The same once a moment has come: what is due is due at once.
    public func due(at now: Timestamp) -> Publication {
        if case .at(let time) = self, time <= now { .now } else { self }
    }

    /// The name for it.
    public var state: UpdateState {
        switch self {
        case .never: .draft
        case .at: .scheduled
        case .now: .published
        }
    }

    /// The moment, where there is one.
    public var publishAt: Timestamp? {
        if case .at(let time) = self { time } else { nil }
    }
}

extension UpdatePatch {
    /// What is wrong with the state and the time together; places are below `base`.
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

    /// When readers are to see the update if they are to see it by `current` now; a new one has none, and is published at
    /// once unless the patch says otherwise. Throws `.invalid` where that does not tell.
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
