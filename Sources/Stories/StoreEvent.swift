// SPDX-License-Identifier: Apache-2.0
/// What a store tells its observer after a commit. Events come in the order of the commits, and within one in the order of
/// its changes.
public enum StoreEvent: Sendable {
    /// A story was made.
    case created(Identifier)
    /// The feed of a story went on by one change.
    case changed(FeedStep)
    /// A story was removed with all that belongs to it.
    case removed(Identifier)
    /// A former slug was taken from a story, and leads to it no more.
    case slugFreed(Slug, of: Identifier)
    /// A count of reactions to a story or to one of its updates is another one for readers.
    case reacted(ReactionStep)
    /// Something else than this store has written: everything may be different.
    case externalWrite
}

/// One change of one story's feed.
public struct FeedStep: Sendable {
    /// Which story.
    public var story: Identifier
    /// Where the story is in its life after the change.
    public var status: StoryStatus
    /// Where the feed stands after the change, and the number of the change.
    public var version: Version
    /// What has changed, in its new state.
    public var change: FeedChange
    /// The number with which readers first saw the changed update; that of the change itself for all else.
    public var firstSeq: Int64
    /// What readers are sent of the changed update, where it was encoded for the store already.
    public var rendition: [UInt8]?

    /// A step, all members given.
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

/// One count of reactions, as readers see it after a change.
public struct ReactionStep: Hashable, Sendable {
    /// Of which story.
    public var story: Identifier
    /// To which of its updates; `nil`: to the story itself.
    public var update: Identifier?
    /// Which kind.
    public var kind: ReactionKind
    /// How often it was given, now; 0 also where the update is not to be seen any more.
    public var count: Int

    /// A step, all members given.
    public init(story: Identifier, update: Identifier?, kind: ReactionKind, count: Int) {
        self.story = story
        self.update = update
        self.kind = kind
        self.count = count
    }
}
