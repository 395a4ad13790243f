// The feed: a snapshot to start from, and the changes after a cursor. The law that ties them: whoever takes a
// snapshot and then applies deltas holds in the end exactly what a fresh snapshot shows.

/// Which updates of a story a reader wants. The same filter goes with the snapshot and with its deltas.
///
/// Tags are compared by their keys (``Tag/key(_:)``), and those by their bytes, as in a store, though Swift's strings may look alike.
public struct UpdateFilter: Hashable, Sendable {
    /// Only key events.
    public var keyEventsOnly: Bool
    /// Only updates that carry the tag of this key.
    public private(set) var tag: String?

    /// Every update, unless told otherwise.
    public init(keyEventsOnly: Bool = false, tag: String? = nil) {
        self.keyEventsOnly = keyEventsOnly
        self.tag = tag.map(Tag.key)
    }

    /// The same wish, to the byte.
    public static func == (left: UpdateFilter, right: UpdateFilter) -> Bool {
        left.keyEventsOnly == right.keyEventsOnly
            && left.tag.map { Array($0.utf8) } == right.tag.map { Array($0.utf8) }
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(keyEventsOnly)
        if let tag { hasher.combine(bytesOf: tag) }
    }

    /// Whether every update is wanted.
    public var isOpen: Bool { !keyEventsOnly && tag == nil }

    /// Whether the update is wanted.
    public func matches(_ content: UpdateContent) -> Bool {
        matches(keyEvent: content.keyEvent, tagKeys: content.tags.lazy.map(Tag.key))
    }

    /// Whether an update with these marks is wanted; looks at no tag where none is asked for.
    public func matches(keyEvent: Bool, tagKeys: some Sequence<String>) -> Bool {
        (!keyEventsOnly || keyEvent)
            && (tag.map { tag in tagKeys.contains { $0.hasSameBytes(as: tag) } } ?? true)
    }
}

/// How updates are listed: by `publishedAt`, and by id where that is the same.
public enum UpdateOrder: String, Hashable, Sendable, CaseIterable {
    case newest, oldest
}

/// Where a page of updates ended, so that the next begins behind it.
///
/// It carries the cursor of the first page: every page of one walk shows the same cursor, and a change made
/// during the walk comes with the first delta after it.
public struct UpdatePosition: Hashable, Sendable {
    /// The cursor.
    public var cursor: Version
    /// When the last update of the page was published.
    public var publishedAt: Timestamp
    /// Which one.
    public var id: Identifier

    /// A place in the list of updates.
    public init(cursor: Version, publishedAt: Timestamp, id: Identifier) {
        self.cursor = cursor
        self.publishedAt = publishedAt
        self.id = id
    }
}

extension UpdatePosition: CustomStringConvertible {
    /// Opaque to clients: cursor, milliseconds and id, joined by points.
    public var description: String {
        "\(cursor).\(publishedAt.milliseconds).\(id)"
    }

    /// Reads exactly what ``description`` writes; `nil` for anything else.
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

/// What a snapshot should show.
public struct SnapshotQuery: Hashable, Sendable {
    /// Which updates are wanted.
    public var filter: UpdateFilter
    /// By which end the list begins.
    public var order: UpdateOrder
    /// Updates a page, in ``Limits/pageSize``.
    public var limit: Int
    /// Begin behind this place.
    public var before: UpdatePosition?

    /// The newest page, unless told otherwise.
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

/// A story as it stands, with a page of its updates.
public struct Snapshot: Hashable, Sendable {
    /// The story.
    public var story: Story
    /// All pinned updates that the filter wants, newest first, also those of other pages.
    public var pinned: [RenderedUpdate]
    /// A page of updates, in the order asked for.
    public var updates: [RenderedUpdate]
    /// Where deltas go on.
    public var cursor: Version
    /// Where the next page begins; `nil` on the last.
    public var older: UpdatePosition?

    /// A snapshot, all members given.
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

/// What a delta should show.
public struct DeltaQuery: Hashable, Sendable {
    /// The cursor.
    public var cursor: Version
    /// Which updates are wanted.
    public var filter: UpdateFilter
    /// Changes a page, in ``Limits/pageSize``.
    public var limit: Int

    /// What changed after a cursor.
    public init(cursor: Version, filter: UpdateFilter = UpdateFilter(), limit: Int = Limits.defaultPageSize) {
        self.cursor = cursor
        self.filter = filter
        self.limit = limit
    }
}

/// What changed after a cursor, each thing once, in its present state, by ascending `seq`.
public struct Delta: Hashable, Sendable {
    /// Where the story is in its life.
    public var status: StoryStatus
    /// By ascending `seq`.
    public var changes: [FeedChange]
    /// Where the next delta goes on: behind the last row looked at.
    public var cursor: Version
    /// Whether there is more to ask for at once.
    public var more: Bool
    /// Where the story stands, also where the delta does not get so far.
    public var version: Version

    /// A delta, all members given.
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

/// One change of a feed.
public enum FeedChange: Hashable, Sendable {
    /// The update is new or different: keep this one.
    case put(Update)
    /// The update is to be shown no more.
    case remove(Removal)
    /// Members of the story itself are different.
    case story(Story, seq: Int64)
    /// A list of links is different: these are all of them.
    case links(LinkLists, seq: Int64)

    /// The number of the change.
    public var seq: Int64 {
        switch self {
        case .put(let update): update.seq
        case .remove(let removal): removal.seq
        case .story(_, let seq), .links(_, let seq): seq
        }
    }
}

/// An update that is to be shown no more.
public struct Removal: Hashable, Sendable {
    /// Why.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        /// An editor deleted it.
        case deleted
        /// An editor took it back; it may come again.
        case unpublished
        /// It had to go, for good: its text is erased everywhere.
        case takedown
        /// It still exists but no longer matches the reader's filter.
        case left
    }

    /// Which one.
    public var id: Identifier
    /// The number of the removal.
    public var seq: Int64
    /// Why.
    public var reason: Reason

    /// A removal, all members given.
    public init(id: Identifier, seq: Int64, reason: Reason) {
        self.id = id
        self.seq = seq
        self.reason = reason
    }
}

/// Which stories to list.
public struct StoryListQuery: Hashable, Sendable {
    /// Where the story is in its life.
    public var status: StoryStatus?
    /// Only what carries this tag.
    public var tag: String?
    /// Stories a page, in ``Limits/pageSize``.
    public var limit: Int
    /// Begin behind this place.
    public var before: StoryPosition?

    /// Every story that the caller may see, unless told otherwise.
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

/// Where a page of stories ended: stories are listed by their last activity, the newest first.
public struct StoryPosition: Hashable, Sendable, CustomStringConvertible {
    /// When the last story of the page was last active.
    public var activeAt: Timestamp
    /// Which one.
    public var id: Identifier

    /// A place in the list of stories.
    public init(activeAt: Timestamp, id: Identifier) {
        self.activeAt = activeAt
        self.id = id
    }

    /// Opaque to clients: milliseconds and id, joined by a point.
    public var description: String { "\(activeAt.milliseconds).\(id)" }

    /// Reads exactly what ``description`` writes; `nil` for anything else.
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

/// A page of the list of stories.
public struct StoryList: Hashable, Sendable {
    /// A story, and when anything of it that readers see last changed.
    public struct Entry: Hashable, Sendable {
        /// The story.
        public var story: Story
        /// When it, its updates or its links last changed.
        public var activeAt: Timestamp

        /// A story with the time.
        public init(_ story: Story, activeAt: Timestamp) {
            self.story = story
            self.activeAt = activeAt
        }
    }

    /// The newest activity first.
    public var entries: [Entry]
    /// Where the next page begins; `nil` on the last.
    public var older: StoryPosition?

    /// The stories alone.
    public var stories: [Story] { entries.map(\.story) }

    /// A page, all members given.
    public init(entries: [Entry], older: StoryPosition?) {
        self.entries = entries
        self.older = older
    }
}
