// SPDX-License-Identifier: Apache-2.0
/// Import and export of whole stories.
public protocol DocumentStore: Sendable {
    /// Creates a story from a document. Keeps the document's ids if all are free; otherwise the story and its updates all get new
    /// ids, and `idsKept` is false. Updates that were taken down are omitted. Throws `.slugTaken` and `.slugReserved` if the
    /// document's slug is not free.
    func importStory(
        _ document: StoryDocument, idempotency: IdempotentWrite<ImportedStory>?, access: Access
    ) async throws(StoryError) -> ImportedStory

    /// Exports the whole story.
    func exportStory(_ story: StoryReference, access: Access) async throws(StoryError) -> StoryDocument
}

extension DocumentStore {
    /// Creates a story from a document, without idempotency key.
    public func importStory(
        _ document: StoryDocument, access: Access
    ) async throws(StoryError) -> ImportedStory {
        try await importStory(document, idempotency: nil, access: access)
    }
}

/// The result of an import.
public struct ImportedStory: Sendable {
    /// The story.
    public var story: Versioned<Story>
    /// Whether the document's ids were free and kept.
    public var idsKept: Bool
    /// Indices, from 0, of updates that were omitted because they had been taken down.
    public var takenDown: [Int]

    /// Memberwise.
    public init(story: Versioned<Story>, idsKept: Bool, takenDown: [Int] = []) {
        self.story = story
        self.idsKept = idsKept
        self.takenDown = takenDown
    }
}
