// SPDX-License-Identifier: Apache-2.0
/// Media assets: what is known of them. Their files are stored by the caller, who writes them before ``addMedia(_:idempotency:access:)`` and
/// removes them after a method has returned the asset as deleted. So each asset has its files, and a failure leaves at most a folder that
/// no asset has.
public protocol MediaStore: Sendable {
    /// Adds an asset, with any valid key; its time is the store's. If it is there already, it is returned as it is stored, with the folder
    /// of its first upload, and counts as uploaded now for ``removeOrphanedMedia(olderThan:limit:)``. With `lost`, the folder whose files the
    /// caller has found missing, the stored asset gets the files of this one if it still has that folder. A stored response is replayed only
    /// as long as the asset is there, and not in a lost folder.
    func addMedia(
        _ asset: MediaAsset, insteadOf lost: String?, idempotency: IdempotentWrite<MediaAsset>?,
        access: Access
    ) async throws(StoryError) -> MediaAsset

    /// Notes that the bytes of an asset were uploaded again, with any valid key; as ``addMedia(_:idempotency:access:)`` of an asset that is
    /// there, but without its files. Throws `.notFound(.media)` if it is not there.
    func noteUpload(
        of id: Identifier, idempotency: IdempotentWrite<MediaAsset>?, access: Access
    ) async throws(StoryError) -> MediaAsset

    /// One asset. Throws `.notFound(.media)`.
    func media(_ id: Identifier) async throws(StoryError) -> MediaAsset

    /// Deletes an asset that nothing uses, with any valid key, and returns it as it was. Former settings of the site do not count as a use for
    /// callers who may change the site. Throws `.notFound(.media)` and
    /// `.mediaInUse`, with at most ``Limits/mediaUsesNamed`` uses, those in stories that the caller may write to.
    func deleteMedia(_ id: Identifier, access: Access) async throws(StoryError) -> MediaAsset

    /// Deletes assets that nothing uses and that were last uploaded before a time, at most `limit`, and returns them as they were.
    func removeOrphanedMedia(
        olderThan time: Timestamp, limit: Int
    ) async throws(StoryError) -> [MediaAsset]

    /// The folders of all assets.
    func mediaFolders() async throws(StoryError) -> Set<String>  // ascii: made by the server

    /// The number of assets, and the bytes of all their files.
    func mediaUsage() async throws(StoryError) -> MediaUsage
}

extension MediaStore {
    /// Adds an asset, of which no files were lost.
    public func addMedia(
        _ asset: MediaAsset, idempotency: IdempotentWrite<MediaAsset>?, access: Access
    ) async throws(StoryError) -> MediaAsset {
        try await addMedia(asset, insteadOf: nil, idempotency: idempotency, access: access)
    }
}

/// A place that refers to a media asset: in a list of media, as a story's image, or by its address in a body.
public struct MediaUse: Hashable, Sendable {
    /// The kind of place.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The image of the story.
        case story
        /// A published update.
        case update
        /// A draft.
        case draft
        /// A deleted update that can be restored.
        case bin
        /// A former state of an update, wherever that is now.
        case revision
    }

    /// The kind of place.
    public var kind: Kind
    /// The id of the story.
    public var story: Identifier
    /// The slug of the story.
    public var slug: Slug
    /// The id of the update; `nil` for the image of the story.
    public var update: Identifier?

    /// Memberwise.
    public init(_ kind: Kind, story: Identifier, slug: Slug, update: Identifier?) {
        (self.kind, self.story, self.slug, self.update) = (kind, story, slug, update)
    }
}

/// What all media assets take.
public struct MediaUsage: Hashable, Sendable {
    /// The number of assets.
    public var count: Int
    /// The bytes of all their files.
    public var bytes: Int

    /// Memberwise.
    public init(count: Int, bytes: Int) { (self.count, self.bytes) = (count, bytes) }
}
