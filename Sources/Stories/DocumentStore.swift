/// Whole stories, as they are carried from store to store.
public protocol DocumentStore: Sendable {
    /// Creates a story from a document. Ids of the document are kept where they are free; if one is not, the
    /// story and its updates all get new ones, and `idsKept` is false. Updates that were taken down are left out. Throws `.slugTaken`
    /// and `.slugReserved` where the document names a slug that is not free.
    func importStory(
        _ document: StoryDocument, idempotency: IdempotentWrite<ImportedStory>?, access: Access
    ) async throws(StoryError) -> ImportedStory

    /// The whole story as a document.
    func exportStory(_ story: StoryReference, access: Access) async throws(StoryError) -> StoryDocument
}

extension DocumentStore {
    /// Creates a story from a document, each time that it is asked.
    public func importStory(
        _ document: StoryDocument, access: Access
    ) async throws(StoryError) -> ImportedStory {
        try await importStory(document, idempotency: nil, access: access)
    }
}

/// A story that was created from a document.
public struct ImportedStory: Sendable {
    /// The story.
    public var story: Versioned<Story>
    /// Whether the document's ids were free, and kept.
    public var idsKept: Bool
    /// Updates of the document that were taken down here, and so left out: their places, from 0.
    public var takenDown: [Int]

    /// An import, all members given.
    public init(story: Versioned<Story>, idsKept: Bool, takenDown: [Int] = []) {
        self.story = story
        self.idsKept = idsKept
        self.takenDown = takenDown
    }
}
