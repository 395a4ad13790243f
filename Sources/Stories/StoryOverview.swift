// What a page for people shows at once: a story with everything that belongs to it.

/// What of a story is wanted.
public enum OverviewQuery: Hashable, Sendable {
    /// A page of updates.
    case page(SnapshotQuery)
    /// One update alone.
    case update(Identifier)
}

/// A story as it stands, with a page of its updates and all that goes with them, read at one moment.
public struct StoryOverview: Hashable, Sendable {
    /// The story.
    public var story: Story
    /// All pinned updates that the filter wants, newest first, also those of other pages.
    public var pinned: [Update] = []
    /// The updates asked for, in the order asked for.
    public var updates: [Update] = []
    /// The story's turning points, newest first, at most ``Limits/timelineEntries``.
    public var keyEvents: [KeyEvent] = []
    /// What was removed of late, the latest first, at most ``Limits/removals``.
    public var removals: [DatedRemoval] = []
    /// The lists of links.
    public var links = LinkLists()
    /// The counts of the story and of all its updates.
    public var reactions = Reactions()
    /// Where deltas go on.
    public var cursor: Version
    /// Where the next page begins; `nil` on the last.
    public var older: UpdatePosition?

    /// A story and nothing that belongs to it.
    public init(story: Story, cursor: Version) {
        self.story = story
        self.cursor = cursor
    }
}

/// A turning point, as a list of them names it.
public struct KeyEvent: Hashable, Sendable {
    /// Which update.
    public var id: Identifier
    /// The number of its last change.
    public var seq: Int64
    /// Its headline.
    public var title: String?
    /// Where it has no headline: the beginning of its body as HTML, enough for one to be made of it.
    public var excerptHtml: String
    /// What goes with it, where it has no headline.
    public var media: [Media]
    /// When it was published.
    public var publishedAt: Timestamp
    /// Whether it was retracted.
    public var isRetracted: Bool

    /// A turning point, all members given.
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

/// A removal with its time, for feeds that tell when a thing went.
public struct DatedRemoval: Hashable, Sendable {
    /// Which update.
    public var id: Identifier
    /// When readers lost it.
    public var at: Timestamp

    /// A removal, all members given.
    public init(id: Identifier, at: Timestamp) {
        self.id = id
        self.at = at
    }
}

/// A story as the list of all stories shows it to readers.
public struct StoryIndexEntry: Hashable, Sendable {
    /// The story.
    public var story: Story
    /// When anything of it last changed.
    public var activeAt: Timestamp
    /// Updates published in the last hour: its pace.
    public var hourlyUpdates: Int
    /// How often readers reacted to it.
    public var reactions: ReactionCounts

    /// A story, all members given.
    public init(story: Story, activeAt: Timestamp, hourlyUpdates: Int, reactions: ReactionCounts) {
        self.story = story
        self.activeAt = activeAt
        self.hourlyUpdates = hourlyUpdates
        self.reactions = reactions
    }
}

/// The stories that readers see, the newest activity first.
public struct StoryIndex: Hashable, Sendable {
    /// Stories that move, at most ``Limits/pageSize``'s upper bound; none where the page is not the first.
    public var live: [StoryIndexEntry]
    /// A page of stories that are closed.
    public var closed: [StoryIndexEntry]
    /// Where the next page of closed ones begins; `nil` on the last.
    public var older: StoryPosition?

    /// A page, all members given.
    public init(live: [StoryIndexEntry], closed: [StoryIndexEntry], older: StoryPosition?) {
        self.live = live
        self.closed = closed
        self.older = older
    }
}
