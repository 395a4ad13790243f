// SPDX-License-Identifier: Apache-2.0
/// Reads of a story's feed and of the overviews derived from it.
public protocol FeedReading: Sendable {
    /// A page of a snapshot. Throws `.cursorExpired` if `before` is of another epoch.
    func snapshot(
        of story: StoryReference, _ query: SnapshotQuery, access: Access
    ) async throws(StoryError) -> Snapshot

    /// The changes after the query's cursor. Throws `.cursorExpired` if the cursor is of another epoch or ahead of the story.
    func changes(
        of story: StoryReference, _ query: DeltaQuery, access: Access
    ) async throws(StoryError) -> Delta

    /// A consistent snapshot of a story with all related data. Throws `.cursorExpired` if `before` is of another epoch, and
    /// `.notFound(.update)`.
    func overview(
        of story: StoryReference, _ query: OverviewQuery, access: Access
    ) async throws(StoryError) -> StoryOverview

    /// A page of the readers' story index.
    func storyIndex(_ query: StoryIndexQuery) async throws(StoryError) -> StoryIndex

    /// The addresses of stories that readers may see: `count` at most, from a place in their list on.
    func storyAddresses(from start: Int, atMost count: Int) async throws(StoryError) -> StoryAddresses
}
