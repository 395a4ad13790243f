/// Updates, as they are written.
public protocol UpdateWriting: Sendable {
    /// Makes updates, all or none, in the order of the patches: published unless a patch says otherwise. Throws `.invalid`
    /// where one has no body.
    func createUpdates(
        of story: StoryReference, _ patches: [UpdatePatch],
        idempotency: IdempotentWrite<[Versioned<EditorUpdate>]>?,
        access: Access
    ) async throws(StoryError) -> [Versioned<EditorUpdate>]

    /// Changes the members that the patch names, publishes a draft or takes an update back. A patch that changes nothing
    /// takes no number. Throws `.notFound(.update)`.
    func editUpdate(
        _ id: Identifier, of story: StoryReference, _ patch: UpdatePatch, if precondition: Precondition,
        access: Access
    ) async throws(StoryError) -> Versioned<EditorUpdate>

    /// Retracts an update in the open, for this reason, or with `nil` takes the retraction back. Where nothing would change no
    /// number is taken. Throws `.notFound(.update)`, and `.unpublished` for a draft.
    func strikeUpdate(
        _ id: Identifier, of story: StoryReference, reason: String?, if precondition: Precondition,
        idempotency: IdempotentWrite<Versioned<EditorUpdate>>?, access: Access
    ) async throws(StoryError) -> Versioned<EditorUpdate>

    /// Deletes an update; readers get a `remove`. Where `intoBin` says so it can be restored until the bin is emptied. Throws
    /// `.notFound(.update)`, also for one in the bin.
    func deleteUpdate(
        _ id: Identifier, of story: StoryReference, intoBin: Bool, if precondition: Precondition,
        access: Access
    ) async throws(StoryError)

    /// Brings a deleted update back: a published one at its former place with the story's next number, a draft as a draft; with its
    /// reactions and revisions. One that is not deleted is left as it is. The precondition is about the version that it had. Throws
    /// `.notFound(.update)` where it is gone for good, and `.invalid` where it is pinned and the story has no room for it.
    func restoreUpdate(
        _ id: Identifier, of story: StoryReference, if precondition: Precondition,
        idempotency: IdempotentWrite<Versioned<EditorUpdate>>?, access: Access
    ) async throws(StoryError) -> Versioned<EditorUpdate>

    /// Removes an update for good, also one in the bin: its text, media, reactions and revisions are erased from the storage. The
    /// reason is for those who write. Throws `.notFound(.update)`.
    func takeDownUpdate(
        _ id: Identifier, of story: StoryReference, reason: String, if precondition: Precondition,
        idempotency: IdempotentWrite<Takedown>?, access: Access
    ) async throws(StoryError) -> Takedown
}

extension UpdateWriting {
    /// Makes an update. Throws `.invalid` where the patch has no body.
    public func createUpdate(
        of story: StoryReference, _ patch: UpdatePatch, access: Access
    ) async throws(StoryError) -> Versioned<EditorUpdate> {
        try await createUpdates(of: story, [patch], idempotency: nil, access: access)[0]
    }

    /// Deletes an update into the bin.
    public func deleteUpdate(
        _ id: Identifier, of story: StoryReference, if precondition: Precondition, access: Access
    ) async throws(StoryError) {
        try await deleteUpdate(id, of: story, intoBin: true, if: precondition, access: access)
    }
}

/// What a takedown has done.
public struct Takedown: Hashable, Sendable {
    /// The update that is gone.
    public var update: Identifier
    /// The names of its story.
    public var story: StoryNames
    /// Whether no trace of the text is left in the storage. Where reads held parts of it too long, it is erased as soon as
    /// they end.
    public var isErased: Bool

    /// A takedown, all members given.
    public init(update: Identifier, story: StoryNames, isErased: Bool) {
        self.update = update
        self.story = story
        self.isErased = isErased
    }
}
