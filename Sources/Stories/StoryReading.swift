// SPDX-License-Identifier: Apache-2.0
/// Reads and lists stories.
public protocol StoryReading: Sendable {
    /// Stories by last activity, latest first.
    func stories(_ query: StoryListQuery, access: Access) async throws(StoryError) -> StoryList

    /// One story, with the version of its own members.
    func story(_ story: StoryReference, access: Access) async throws(StoryError) -> StoryDetail

    /// The id and all slugs of a story.
    func names(of story: StoryReference, access: Access) async throws(StoryError) -> StoryNames
}

/// A story with the data of its own resource.
public struct StoryDetail: Hashable, Sendable {
    /// The story.
    public var story: Story
    /// The version of the story's own members, for its entity tag.
    public var version: Version
    /// The story's reaction counts.
    public var reactions: ReactionCounts

    /// Memberwise.
    public init(story: Story, version: Version, reactions: ReactionCounts) {
        self.story = story
        self.version = version
        self.reactions = reactions
    }
}

/// All names of a story; each refers to it in paths.
public struct StoryNames: Hashable, Sendable {
    /// Its id, which never changes.
    public var id: Identifier
    /// Its current slug.
    public var slug: Slug
    /// Its former slugs, sorted alphabetically.
    public var formerSlugs: [Slug]

    /// Memberwise.
    public init(id: Identifier, slug: Slug, formerSlugs: [Slug] = []) {
        self.id = id
        self.slug = slug
        self.formerSlugs = formerSlugs
    }
}
