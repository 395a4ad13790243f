/// Stories, as they are listed and found.
public protocol StoryReading: Sendable {
    /// Stories by their last activity, the newest first.
    func stories(_ query: StoryListQuery, access: Access) async throws(StoryError) -> StoryList

    /// One story; its version is that of its own members.
    func story(_ story: StoryReference, access: Access) async throws(StoryError) -> StoryDetail

    /// All names of the story: each leads to it.
    func names(of story: StoryReference, access: Access) async throws(StoryError) -> StoryNames
}

/// A story with what a reader of it alone wants to know.
public struct StoryDetail: Hashable, Sendable {
    /// The story.
    public var story: Story
    /// The version of the story's own members.
    public var version: Version
    /// How often readers reacted.
    public var reactions: ReactionCounts

    /// A story, all members given.
    public init(story: Story, version: Version, reactions: ReactionCounts) {
        self.story = story
        self.version = version
        self.reactions = reactions
    }
}

/// The names of a story, each of which leads to it.
public struct StoryNames: Hashable, Sendable {
    /// Its id, which never changes.
    public var id: Identifier
    /// Its slug.
    public var slug: Slug
    /// The slugs that it had before, in alphabetical order.
    public var formerSlugs: [Slug]

    /// Names, all members given.
    public init(id: Identifier, slug: Slug, formerSlugs: [Slug] = []) {
        self.id = id
        self.slug = slug
        self.formerSlugs = formerSlugs
    }
}
