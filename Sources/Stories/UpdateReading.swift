// SPDX-License-Identifier: Apache-2.0
/// Reads of updates by editors.
public protocol UpdateReading: Sendable {
    /// One update; drafts only for editors of the story. Throws `.notFound(.update)`.
    func update(
        _ id: Identifier, of story: StoryReference, access: Access
    ) async throws(StoryError) -> Versioned<EditorUpdate>

    /// The drafts of a story, including scheduled ones, by id, newest first. Editors of the story only.
    func drafts(
        of story: StoryReference, limit: Int, before: Identifier?, access: Access
    ) async throws(StoryError) -> DraftList

    /// The deleted updates that can be restored, latest deletion first. Editors of the story only.
    func bin(
        of story: StoryReference, limit: Int, before: BinPosition?, access: Access
    ) async throws(StoryError) -> BinPage

    /// The updates of a story that match a search, also drafts, the best matches first among the ``Limits/searchedBytes`` that one request
    /// searches; the next page goes on from there. Drafts are searched for the first page only, newest first, and those that it has no room
    /// for not at all. Editors of the story only.
    func search(
        _ search: UpdateSearch, in story: StoryReference, access: Access
    ) async throws(StoryError) -> SearchPage

    /// The best matches in all stories that the caller may write to, within ``Limits/searchedBytes`` and ``Limits/searchedStories``.
    func searchAll(_ search: UpdateSearch, access: Access) async throws(StoryError) -> SearchOverview

    /// The hours in which updates of a story were published, newest first, at most ``Limits/outlineHours``. Editors of the story only.
    func outline(of story: StoryReference, access: Access) async throws(StoryError) -> [OutlineHour]

    /// The former states of an update, also of one in the bin, newest first, at most ``Limits/revisions`` and
    /// ``Limits/pageBytes``. Editors of the story only. Throws `.notFound(.update)`.
    func revisions(
        of id: Identifier, of story: StoryReference, access: Access
    ) async throws(StoryError) -> [Update]
}
