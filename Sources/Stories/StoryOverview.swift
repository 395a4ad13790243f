// SPDX-License-Identifier: Apache-2.0
// The read model of HTML pages and syndication formats: a story with everything that belongs to it.

/// What part of a story to read.
public enum OverviewQuery: Hashable, Sendable {
    /// A page of updates.
    case page(SnapshotQuery)
    /// A page of the updates that a reader's search finds.
    case search(OverviewSearch)
    /// A single update.
    case update(Identifier)
}

/// A search by readers among the published updates of a story.
public struct OverviewSearch: Hashable, Sendable {
    /// What must occur in them; see ``UpdateSearch``.
    public let text: String
    /// Among which updates, in which order, and where to go on.
    public var page: SnapshotQuery

    /// Memberwise.
    public init(_ text: String, in page: SnapshotQuery = SnapshotQuery()) {
        self.text = text
        self.page = page
    }

    /// Bytewise equality of the text.
    public static func == (left: OverviewSearch, right: OverviewSearch) -> Bool {
        left.text.hasSameBytes(as: right.text) && left.page == right.page
    }

    /// Hashes the bytes of the text.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(bytesOf: text)
        hasher.combine(page)
    }
}

/// A consistent snapshot of a story, a page of its updates, and all related data.
public struct StoryOverview: Hashable, Sendable {
    /// The story.
    public var story: Story
    /// All pinned updates that match the filter, newest first, whatever the page.
    public var pinned: [Update] = []
    /// The requested updates, in the requested order.
    public var updates: [Update] = []
    /// How many updates match the filter or the search; `nil` of all updates, of a further page, and where not all were searched.
    public var matchCount: Int?
    /// The timeline of key events, newest first, at most ``Limits/timelineEntries``.
    public var keyEvents: [KeyEvent] = []
    /// Recent tombstones, latest first, at most ``Limits/removals``.
    public var removals: [DatedRemoval] = []
    /// The lists of links.
    public var links = LinkLists()
    /// The reaction counts of the story and of all its updates.
    public var reactions = Reactions()
    /// The cursor from which deltas continue.
    public var cursor: Version
    /// Position of the next page; `nil` on the last.
    public var older: UpdatePosition?
    /// Of a single update: the one published after it, if any, as in a timeline.
    public var newer: KeyEvent?
    /// Of a single update: the one published before it, if any, as in a timeline.
    public var olderUpdate: KeyEvent?

    /// A story without related data.
    public init(story: Story, cursor: Version) {
        self.story = story
        self.cursor = cursor
    }
}

/// An entry of the timeline of key events; also a neighbour of a single update.
public struct KeyEvent: Hashable, Sendable {
    /// The id of the update.
    public var id: Identifier
    /// The sequence number of its last change.
    public var seq: Int64
    /// Its headline.
    public var title: String?
    /// If it has no headline: the beginning of its body as HTML, from which one is derived.
    public var excerptHtml: String
    /// Its media, if it has no headline.
    public var media: [Media]
    /// When it was published.
    public var publishedAt: Timestamp
    /// Whether it was retracted.
    public var isRetracted: Bool

    /// Memberwise.
    public init(
        id: Identifier, seq: Int64, title: String?, excerptHtml: String = "", media: [Media] = [],
        publishedAt: Timestamp, isRetracted: Bool
    ) {
        self.id = id
        self.seq = seq
        self.title = title
        self.excerptHtml = excerptHtml
        self.media = media
        self.publishedAt = publishedAt
        self.isRetracted = isRetracted
    }
}

/// A tombstone with its time, for syndication formats.
public struct DatedRemoval: Hashable, Sendable {
    /// The id of the update.
    public var id: Identifier
    /// When it was removed.
    public var at: Timestamp

    /// Memberwise.
    public init(id: Identifier, at: Timestamp) {
        self.id = id
        self.at = at
    }
}

/// An entry of the readers' story index.
public struct StoryIndexEntry: Hashable, Sendable {
    /// The story.
    public var story: Story
    /// Last activity.
    public var activeAt: Timestamp
    /// Updates published in the last hour: the change rate.
    public var hourlyUpdates: Int
    /// Reaction counts of the story.
    public var reactions: ReactionCounts

    /// Memberwise.
    public init(story: Story, activeAt: Timestamp, hourlyUpdates: Int, reactions: ReactionCounts) {
        self.story = story
        self.activeAt = activeAt
        self.hourlyUpdates = hourlyUpdates
        self.reactions = reactions
    }
}

/// The readers' story index, by last activity, latest first.
public struct StoryIndex: Hashable, Sendable {
    /// Open stories, at most ``Limits/pageSize``'s upper bound; only on the first page.
    public var live: [StoryIndexEntry]
    /// A page of closed stories.
    public var closed: [StoryIndexEntry]
    /// Position of the next page of closed stories; `nil` on the last.
    public var older: StoryPosition?
    /// How many stories match; `nil` of all stories, of a further page, and where not all were searched.
    public var matchCount: Int?

    /// Memberwise.
    public init(
        live: [StoryIndexEntry], closed: [StoryIndexEntry], older: StoryPosition?, matchCount: Int? = nil
    ) {
        self.live = live
        self.closed = closed
        self.older = older
        self.matchCount = matchCount
    }
}
