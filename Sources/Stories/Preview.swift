// SPDX-License-Identifier: Apache-2.0
/// What whoever has an address may look at for a while, as readers will see it: a story, or one of its updates that is not published.
public struct Preview: Hashable, Sendable {
    /// The id of the story.
    public var story: Identifier
    /// The id of the update; `nil` for the story alone.
    public var update: Identifier?
    /// When the address ends.
    public var expiresAt: Timestamp
    /// Whether the story was a draft when the address was made. If it was not and is one now, it was hidden since.
    public var isOfDraft: Bool
    /// The public part of the API key that the address was made with.
    public var key: String

    /// Memberwise.
    public init(
        story: Identifier, update: Identifier?, expiresAt: Timestamp, isOfDraft: Bool, key: String
    ) {
        (self.story, self.update, self.expiresAt) = (story, update, expiresAt)
        (self.isOfDraft, self.key) = (isOfDraft, key)
    }

    /// What can be read by its address: nothing but the one story.
    public var access: Access { .holder(Grant(role: .editor, stories: [story])) }
}

/// Addresses of previews. They hold references only, authenticated by a secret of the database: nothing is stored for them but an entry of
/// the audit trail, and what is deleted or taken down is at once no longer shown.
public protocol PreviewStore: Sendable {
    /// Returns a token for a preview that ends after ``Limits/previewMilliseconds``, for those who may write to the story. Throws
    /// `.notFound(.update)`.
    func previewToken(
        of story: StoryReference, update: Identifier?, access: Access
    ) async throws(StoryError) -> (token: String, preview: Preview)

    /// Returns what a token is for; `nil` if it has expired, or was not made here, or if its story was deleted or hidden, or its key revoked,
    /// since it was made.
    func preview(_ token: String) async throws(StoryError) -> Preview?
}
