// SPDX-License-Identifier: Apache-2.0
/// Writes of updates.
public protocol UpdateWriting: Sendable {
    /// Creates updates atomically, in the order of the patches; published unless a patch says otherwise. Throws `.invalid` if
    /// one has no body.
    func createUpdates(
        of story: StoryReference, _ patches: [UpdatePatch],
        idempotency: IdempotentWrite<[Versioned<EditorUpdate>]>?,
        access: Access
    ) async throws(StoryError) -> [Versioned<EditorUpdate>]

    /// Patches, publishes or unpublishes an update. A patch without effect takes no sequence number. Throws `.notFound(.update)`.
    func editUpdate(
        _ id: Identifier, of story: StoryReference, _ patch: UpdatePatch, if precondition: Precondition,
        access: Access
    ) async throws(StoryError) -> Versioned<EditorUpdate>

    /// Retracts an update visibly for this reason, or with `nil` undoes the retraction. Takes no sequence number if nothing
    /// changes. Throws `.notFound(.update)`, and `.unpublished` for a draft.
    func strikeUpdate(
        _ id: Identifier, of story: StoryReference, reason: String?, if precondition: Precondition,
        idempotency: IdempotentWrite<Versioned<EditorUpdate>>?, access: Access
    ) async throws(StoryError) -> Versioned<EditorUpdate>

    /// Deletes an update; readers get a tombstone (`remove`). With `intoBin` it can be restored until its retention ends. Throws
    /// `.notFound(.update)`, also for one in the bin.
    func deleteUpdate(
        _ id: Identifier, of story: StoryReference, intoBin: Bool, if precondition: Precondition,
        access: Access
    ) async throws(StoryError)

    /// Restores a deleted update with its reactions and revisions: a published one at its former position with the story's
    /// next sequence number, a draft as a draft. Idempotent for one that is not deleted. The precondition applies to its last
    /// version. Throws `.notFound(.update)` if it was purged, and `.invalid` if it is pinned and the story has no room for
    /// it.
    func restoreUpdate(
        _ id: Identifier, of story: StoryReference, if precondition: Precondition,
        idempotency: IdempotentWrite<Versioned<EditorUpdate>>?, access: Access
    ) async throws(StoryError) -> Versioned<EditorUpdate>

    /// Moves updates, published ones and drafts, with their reactions, revisions, cards and uses of media, to another story, atomically and in
    /// this order. They keep id, content and `publishedAt`. Readers of the old story get a `remove` for the reason `moved`, those of the new
    /// one a `put`. Idempotent for those that are there already. Throws `.invalid`, with pointers into the request's body, if one is
    /// nowhere, if there is no story to move to, if it is the same one, or if it has no room for another pinned update; `.forbidden`
    /// unless the caller may write to both.
    func moveUpdates(
        _ ids: [Identifier], of story: StoryReference, to target: MoveTarget,
        idempotency: IdempotentWrite<MovedUpdates>?, access: Access
    ) async throws(StoryError) -> MovedUpdates

    /// Takes an update down, also from the bin: its text, media, reactions and revisions are erased from the storage, with the media
    /// assets that nothing else uses. The reason is shown to editors. Throws `.notFound(.update)`.
    func takeDownUpdate(
        _ id: Identifier, of story: StoryReference, reason: String, if precondition: Precondition,
        idempotency: IdempotentWrite<Takedown>?, access: Access
    ) async throws(StoryError) -> Takedown
}

extension UpdateWriting {
    /// Creates an update. Throws `.invalid` if the patch has no body.
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

/// The result of a takedown.
public struct Takedown: Hashable, Sendable {
    /// The id of the update.
    public var update: Identifier
    /// The names of its story.
    public var story: StoryNames
    /// The names of the stories that it was moved away from, of which caches may hold it.
    public var formerStories: [StoryNames]
    /// Whether the text is erased from the storage already. If readers held parts of the WAL for too long, it is erased as
    /// soon as they finish.
    public var isErased: Bool
    /// The media assets that only this update used, which are erased with it: their files are for the caller to remove.
    public var erasedMedia: [MediaAsset]

    /// Memberwise.
    public init(
        update: Identifier, story: StoryNames, formerStories: [StoryNames] = [], isErased: Bool,
        erasedMedia: [MediaAsset] = []
    ) {
        self.update = update
        self.story = story
        self.formerStories = formerStories
        self.isErased = isErased
        self.erasedMedia = erasedMedia
    }
}
