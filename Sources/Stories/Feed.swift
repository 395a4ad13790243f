// SPDX-License-Identifier: Apache-2.0
// The feed: a snapshot, and deltas after a cursor. Its invariant: a snapshot with all later deltas applied equals a fresh
// snapshot.

/// Which updates of a story a reader wants. The same filter applies to the snapshot and its deltas.
///
/// Tags match by their keys (``Tag/key(_:)``), compared bytewise as in the store; Swift's `==` would use canonical equivalence.
public struct UpdateFilter: Hashable, Sendable {
    /// Key events only.
    public var keyEventsOnly: Bool
    /// Only updates that have the tag with this key.
    public private(set) var tag: String?
    /// Only updates of this author, by the bytes of the name.
    public var author: String?

    /// All updates by default.
    public init(keyEventsOnly: Bool = false, tag: String? = nil, author: String? = nil) {
        self.keyEventsOnly = keyEventsOnly
        self.tag = tag.map(Tag.key)
        self.author = author
    }

    /// Bytewise equality.
    public static func == (left: UpdateFilter, right: UpdateFilter) -> Bool {
        left.keyEventsOnly == right.keyEventsOnly
            && left.tag.map { Array($0.utf8) } == right.tag.map { Array($0.utf8) }
            && left.author.map { Array($0.utf8) } == right.author.map { Array($0.utf8) }
    }

    /// Hashes the bytes of tag and author.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(keyEventsOnly)
        if let tag { hasher.combine(bytesOf: tag) }
        if let author { hasher.combine(bytesOf: author) }
    }

    /// Whether all updates match.
    public var isOpen: Bool { !keyEventsOnly && tag == nil && author == nil }

    /// Whether the update matches.
    public func matches(_ content: UpdateContent) -> Bool {
        matches(
            keyEvent: content.keyEvent, tagKeys: content.tags.lazy.map(Tag.key), author: content.author)
    }

    /// Whether an update with these properties matches; evaluates `tagKeys` only for a tag filter.
    public func matches(keyEvent: Bool, tagKeys: some Sequence<String>, author: String?) -> Bool {
        (!keyEventsOnly || keyEvent)
            && (tag.map { tag in tagKeys.contains { $0.hasSameBytes(as: tag) } } ?? true)
            && (self.author.map { author?.hasSameBytes(as: $0) ?? false } ?? true)
    }
}

/// Sort order of updates: by `publishedAt`, then by id.
public enum UpdateOrder: String, Hashable, Sendable, CaseIterable {
    case newest, oldest
}

/// A keyset position in the list of updates: the last update of a page.
///
/// It includes the cursor of the first page, so that all pages of one walk return the same cursor; changes made during the
/// walk are in the first delta after it.
public struct UpdatePosition: Hashable, Sendable {
    /// The cursor of the first page.
    public var cursor: Version
    /// `publishedAt` of the last update of the page.
    public var publishedAt: Timestamp
    /// Its id, the tie-breaker.
    public var id: Identifier

    /// Memberwise.
    public init(cursor: Version, publishedAt: Timestamp, id: Identifier) {
        self.cursor = cursor
        self.publishedAt = publishedAt
        self.id = id
    }
}

extension UpdatePosition {
    /// The position after an update.
    public init(_ update: Update, seenAt cursor: Version) {
        self.init(cursor: cursor, publishedAt: update.publishedAt, id: update.id)
    }
}

extension UpdatePosition: CustomStringConvertible {
    /// Opaque to clients: cursor, milliseconds and id, separated by points.
    public var description: String {
        "\(cursor).\(publishedAt.milliseconds).\(id)"
    }

    /// Parses exactly the output of ``description``; `nil` for anything else.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .map { Substring($0) }
        guard parts.count == 3, let cursor = Version(parts[0]), let milliseconds = Int64(parts[1]),
            Timestamp.range.contains(milliseconds), let id = Identifier(parts[2])
        else { return nil }
        self.init(cursor: cursor, publishedAt: Timestamp(milliseconds: milliseconds), id: id)
        guard description.hasSameBytes(as: text) else { return nil }
    }
}

/// Parameters of a snapshot.
public struct SnapshotQuery: Hashable, Sendable {
    /// Which updates to include.
    public var filter: UpdateFilter
    /// Sort order.
    public var order: UpdateOrder
    /// Page size, within ``Limits/pageSize``.
    public var limit: Int
    /// Start after this position.
    public var before: UpdatePosition?

    /// The newest page by default.
    public init(
        filter: UpdateFilter = UpdateFilter(), order: UpdateOrder = .newest,
        limit: Int = Limits.defaultPageSize, before: UpdatePosition? = nil
    ) {
        self.filter = filter
        self.order = order
        self.limit = limit
        self.before = before
    }
}

/// The current state of a story, with one page of its updates.
public struct Snapshot: Hashable, Sendable {
    /// The story.
    public var story: Story
    /// All pinned updates that match the filter, newest first, whatever the page.
    public var pinned: [RenderedUpdate]
    /// A page of updates in the requested order.
    public var updates: [RenderedUpdate]
    /// The cursor from which deltas continue.
    public var cursor: Version
    /// Position of the next page; `nil` on the last.
    public var older: UpdatePosition?

    /// Memberwise.
    public init(
        story: Story, pinned: [RenderedUpdate], updates: [RenderedUpdate], cursor: Version,
        older: UpdatePosition?
    ) {
        self.story = story
        self.pinned = pinned
        self.updates = updates
        self.cursor = cursor
        self.older = older
    }
}

/// Parameters of a delta.
public struct DeltaQuery: Hashable, Sendable {
    /// The cursor to continue from.
    public var cursor: Version
    /// Which updates to include.
    public var filter: UpdateFilter
    /// Maximum number of changes, within ``Limits/pageSize``.
    public var limit: Int

    /// The changes after a cursor.
    public init(cursor: Version, filter: UpdateFilter = UpdateFilter(), limit: Int = Limits.defaultPageSize) {
        self.cursor = cursor
        self.filter = filter
        self.limit = limit
    }
}

/// The changes after a cursor, by ascending `seq`. Coalesced: each resource at most once, in its current state.
public struct Delta: Hashable, Sendable {
    /// The story's status.
    public var status: StoryStatus
    /// By ascending `seq`.
    public var changes: [FeedChange]
    /// The cursor from which the next delta continues: after the last row that was read.
    public var cursor: Version
    /// Whether more changes are available at once.
    public var more: Bool
    /// The story's current version, which may be ahead of `cursor`.
    public var version: Version

    /// Memberwise.
    public init(
        status: StoryStatus, changes: [FeedChange], cursor: Version, more: Bool, version: Version
    ) {
        self.status = status
        self.changes = changes
        self.cursor = cursor
        self.more = more
        self.version = version
    }
}

/// A change in a feed.
public enum FeedChange: Hashable, Sendable {
    /// Upsert: the update is new or changed.
    case put(Update)
    /// Tombstone: the update is no longer visible.
    case remove(Removal)
    /// The story's own members changed.
    case story(Story, seq: Int64)
    /// The lists of links changed; the complete lists.
    case links(LinkLists, seq: Int64)

    /// The sequence number of the change.
    public var seq: Int64 {
        switch self {
        case .put(let update): update.seq
        case .remove(let removal): removal.seq
        case .story(_, let seq), .links(_, let seq): seq
        }
    }
}

/// The tombstone of an update that is no longer visible to readers.
public struct Removal: Hashable, Sendable {
    /// The reason for the removal.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        /// An editor deleted it.
        case deleted
        /// An editor unpublished it; it may be published again.
        case unpublished
        /// An editor moved it to another story.
        case moved
        /// Taken down permanently: its text is erased everywhere.
        case takedown
        /// It exists, but no longer matches the reader's filter.
        case left
    }

    /// The id of the update.
    public var id: Identifier
    /// The sequence number of the removal.
    public var seq: Int64
    /// The reason.
    public var reason: Reason

    /// Memberwise.
    public init(id: Identifier, seq: Int64, reason: Reason) {
        self.id = id
        self.seq = seq
        self.reason = reason
    }
}

/// Parameters of the list of stories.
public struct StoryListQuery: Hashable, Sendable {
    /// Only stories with this status.
    public var status: StoryStatus?
    /// Only stories that have this tag.
    public var tag: String?
    /// Page size, within ``Limits/pageSize``.
    public var limit: Int
    /// Start after this position.
    public var before: StoryPosition?

    /// All stories visible to the caller by default.
    public init(
        status: StoryStatus? = nil, tag: String? = nil, limit: Int = Limits.defaultPageSize,
        before: StoryPosition? = nil
    ) {
        self.status = status
        self.tag = tag.map(Tag.key)
        self.limit = limit
        self.before = before
    }
}

/// A keyset position in the list of stories, which is sorted by last activity, latest first.
public struct StoryPosition: Hashable, Sendable, CustomStringConvertible {
    /// Last activity of the last story of the page.
    public var activeAt: Timestamp
    /// Its id, the tie-breaker.
    public var id: Identifier

    /// Memberwise.
    public init(activeAt: Timestamp, id: Identifier) {
        self.activeAt = activeAt
        self.id = id
    }

    /// Opaque to clients: milliseconds and id, separated by a point.
    public var description: String { "\(activeAt.milliseconds).\(id)" }

    /// Parses exactly the output of ``description``; `nil` for anything else.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .map { Substring($0) }
        guard parts.count == 2, let milliseconds = Int64(parts[0]), Timestamp.range.contains(milliseconds),
            let id = Identifier(parts[1])
        else { return nil }
        self.init(activeAt: Timestamp(milliseconds: milliseconds), id: id)
        guard description.hasSameBytes(as: text) else { return nil }
    }
}

/// A page of the list of stories (keyset pagination).
public struct StoryList: Hashable, Sendable {
    /// A story with its last activity.
    public struct Entry: Hashable, Sendable {
        /// The story.
        public var story: Story
        /// When the story, its updates or its links last changed for readers.
        public var activeAt: Timestamp

        /// Memberwise.
        public init(_ story: Story, activeAt: Timestamp) {
            self.story = story
            self.activeAt = activeAt
        }
    }

    /// Sorted by last activity, latest first.
    public var entries: [Entry]
    /// Position of the next page; `nil` on the last.
    public var older: StoryPosition?

    /// The stories without their activity.
    public var stories: [Story] { entries.map(\.story) }

    /// Memberwise.
    public init(entries: [Entry], older: StoryPosition?) {
        self.entries = entries
        self.older = older
    }
}
