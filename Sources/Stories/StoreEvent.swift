// SPDX-License-Identifier: Apache-2.0
/// A notification of a store's observers after a commit. Events are in the order of the commits, and within a commit in the
/// order of its changes.
public enum StoreEvent: Sendable {
    /// A story was created.
    case created(Identifier)
    /// A change was added to the feed of a story.
    case changed(FeedStep)
    /// A story was deleted with everything in it.
    case removed(Identifier)
    /// A former slug of a story was released, and no longer refers to it.
    case slugFreed(Slug, of: Identifier)
    /// A reaction count of a story or of one of its updates changed for readers.
    case reacted(ReactionStep)
    /// A key was revoked: it must not be used any longer, also where it was checked before.
    case keyRevoked
    /// Deliveries to webhooks were added to the queue.
    case deliveriesQueued
    /// Cards were queued to be looked up.
    case cardsQueued
    /// A notification to followers was added to the queue.
    case notificationQueued
    /// The settings of the site have changed.
    case siteChanged
    /// Another process has written to the database: any data may have changed.
    case externalWrite
    /// Other nodes of a cluster have committed: these stories have changed, and those have other counts of reactions.
    case externalChanges(Set<Identifier>, reacted: Set<Identifier>)
}

/// One change in the feed of a story.
public struct FeedStep: Sendable {
    /// The id of the story.
    public var story: Identifier
    /// The story's status after the change.
    public var status: StoryStatus
    /// The story's version after the change; its `seq` is that of the change.
    public var version: Version
    /// The changed resource, in its new state.
    public var change: FeedChange
    /// The sequence number with which readers first saw the changed update; for all other changes, that of the change.
    public var firstSeq: Int64
    /// The rendition of the changed update, if it was encoded when it was written.
    public var rendition: [UInt8]?

    /// Memberwise.
    public init(
        story: Identifier, status: StoryStatus, version: Version, change: FeedChange, firstSeq: Int64,
        rendition: [UInt8]? = nil
    ) {
        self.rendition = rendition
        self.story = story
        self.status = status
        self.version = version
        self.change = change
        self.firstSeq = firstSeq
    }
}

/// A reaction count after a change, as visible to readers.
public struct ReactionStep: Hashable, Sendable {
    /// The id of the story.
    public var story: Identifier
    /// The id of the update; `nil` for a reaction to the story itself.
    public var update: Identifier?
    /// The kind of reaction.
    public var kind: ReactionKind
    /// The new count; also 0 if the update is no longer visible.
    public var count: Int

    /// Memberwise.
    public init(story: Identifier, update: Identifier?, kind: ReactionKind, count: Int) {
        self.story = story
        self.update = update
        self.kind = kind
        self.count = count
    }
}
