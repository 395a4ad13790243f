/// Stories, as they are written.
public protocol StoryWriting: Sendable {
    /// Creates a story. Without a slug in the patch one is made from the title.
    /// Throws `.slugTaken` where the patch names one that is not free, `.invalid` where it has no title.
    func createStory(
        _ patch: StoryPatch, idempotency: IdempotentWrite<Versioned<Story>>?, access: Access
    ) async throws(StoryError) -> Versioned<Story>

    /// Creates the story of this slug, or replaces all members of it; `created` tells which.
    func putStory(
        _ slug: Slug, _ patch: StoryPatch, if precondition: Precondition, access: Access
    ) async throws(StoryError) -> (story: Versioned<Story>, created: Bool)

    /// Changes the members that the patch names. A patch that changes nothing takes no number.
    func editStory(
        _ story: StoryReference, _ patch: StoryPatch, if precondition: Precondition, access: Access
    ) async throws(StoryError) -> Versioned<Story>

    /// Removes the story and all that belongs to it. Links of other stories to it become bare titles. Gives the names that it had.
    @discardableResult
    func deleteStory(_ story: StoryReference, if precondition: Precondition, access: Access)
        async throws(StoryError) -> StoryNames

    /// Takes a former slug from a story: it leads nowhere from then on, and may be given to another. Gives the names that the story
    /// had. Throws `.notFound(.slug)`, and `.invalid` for the story's present slug.
    @discardableResult
    func freeSlug(
        _ slug: Slug, of story: StoryReference, access: Access
    ) async throws(StoryError) -> StoryNames
}

extension StoryWriting {
    /// Creates a story, each time that it is asked.
    public func createStory(
        _ patch: StoryPatch, access: Access
    ) async throws(StoryError) -> Versioned<Story> {
        try await createStory(patch, idempotency: nil, access: access)
    }
}
