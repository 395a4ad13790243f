// SPDX-License-Identifier: Apache-2.0
/// Writes of stories.
public protocol StoryWriting: Sendable {
    /// Creates a story. Without a slug in the patch, one is derived from the title. Throws `.slugTaken` if the patch's slug
    /// is not free, `.invalid` if there is no title.
    func createStory(
        _ patch: StoryPatch, idempotency: IdempotentWrite<Versioned<Story>>?, access: Access
    ) async throws(StoryError) -> Versioned<Story>

    /// Creates the story with this slug, or replaces all its members (upsert); `created` says which.
    func putStory(
        _ slug: Slug, _ patch: StoryPatch, if precondition: Precondition, access: Access
    ) async throws(StoryError) -> (story: Versioned<Story>, created: Bool)

    /// Patches a story. A patch without effect takes no sequence number.
    func editStory(
        _ story: StoryReference, _ patch: StoryPatch, if precondition: Precondition, access: Access
    ) async throws(StoryError) -> Versioned<Story>

    /// Deletes a story with everything in it. Links of other stories to it become bare titles. Returns the names that it had.
    @discardableResult
    func deleteStory(_ story: StoryReference, if precondition: Precondition, access: Access)
        async throws(StoryError) -> StoryNames

    /// Releases a former slug: it no longer refers to the story, and can be given to another. Returns the names that the
    /// story had. Throws `.notFound(.slug)`, and `.invalid` for the story's current slug.
    @discardableResult
    func freeSlug(
        _ slug: Slug, of story: StoryReference, access: Access
    ) async throws(StoryError) -> StoryNames
}

extension StoryWriting {
    /// Creates a story, without idempotency key.
    public func createStory(
        _ patch: StoryPatch, access: Access
    ) async throws(StoryError) -> Versioned<Story> {
        try await createStory(patch, idempotency: nil, access: access)
    }
}
