/// Updates, as those who write them find them.
public protocol UpdateReading: Sendable {
    /// One update; a draft only for those who may write to the story. Throws `.notFound(.update)`.
    func update(
        _ id: Identifier, of story: StoryReference, access: Access
    ) async throws(StoryError) -> Versioned<EditorUpdate>

    /// The drafts of a story, also those that wait for their time, by id from the newest on; for those who may write to it.
    func drafts(
        of story: StoryReference, limit: Int, before: Identifier?, access: Access
    ) async throws(StoryError) -> DraftList

    /// The deleted updates of a story that can be restored, the latest deletion first; for those who may write to it.
    func bin(
        of story: StoryReference, limit: Int, before: BinPosition?, access: Access
    ) async throws(StoryError) -> BinPage

    /// What an update, also one in the bin, was before each of its changes, the newest first, at most ``Limits/revisions`` and
    /// ``Limits/pageBytes``; for those who may write to the story. Throws `.notFound(.update)`.
    func revisions(
        of id: Identifier, of story: StoryReference, access: Access
    ) async throws(StoryError) -> [Update]
}
