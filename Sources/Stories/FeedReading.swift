/// The feed of a story, and all that is shown with it.
public protocol FeedReading: Sendable {
    /// The story as it stands, with a page of its updates. Throws `.cursorExpired` where `before` is of another
    /// life of the story.
    func snapshot(
        of story: StoryReference, _ query: SnapshotQuery, access: Access
    ) async throws(StoryError) -> Snapshot

    /// What changed after the query's cursor. Throws `.cursorExpired` where the cursor is of another life of the
    /// story or ahead of it.
    func changes(
        of story: StoryReference, _ query: DeltaQuery, access: Access
    ) async throws(StoryError) -> Delta

    /// The story as it stands, with a page of its updates and all that belongs to it, for pages and feeds that show it whole.
    /// Throws `.cursorExpired` where `before` is of another life of the story, and `.notFound(.update)`.
    func overview(
        of story: StoryReference, _ query: OverviewQuery, access: Access
    ) async throws(StoryError) -> StoryOverview

    /// The stories that readers see; `before` is where the page of closed ones before this ended.
    func storyIndex(before: StoryPosition?) async throws(StoryError) -> StoryIndex
}
