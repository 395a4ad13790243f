/// Where stories are kept.
///
/// A former slug stays its story's, and names it in every method, until it is freed or the story is deleted. From then on it is
/// reserved: a story gets it only where it is named.
///
/// Every method throws ``StoryError`` and nothing else, and acts as one: it sees one state of the store, and what
/// it writes is committed and on disk when it returns, or not done at all. `story` names a story by id or slug;
/// where there is none, or where `access` may not see it, every method throws `.notFound(.story)`. Methods that
/// write throw `.forbidden` where the caller sees the story but may not change it, `.stale` where a precondition
/// does not hold, and `.storage` when the store is in trouble. Input has passed its rules (`errors`) before. Methods that take
/// `idempotency` throw `.replayed` where the same was done before, and `.otherRequest` where its key was used for something else. Writes to an
/// update that was taken down throw `.takenDown`, and so do repeats of the request that made it.
public protocol StoryStore: Sendable {
    // MARK: Stories

    /// Stories by their last activity, the newest first.
    func stories(_ query: StoryListQuery, access: Access) async throws(StoryError) -> StoryList

    /// One story; its version is that of its own members.
    func story(_ story: StoryReference, access: Access) async throws(StoryError) -> StoryDetail

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

    /// All names of the story: each leads to it.
    func names(of story: StoryReference, access: Access) async throws(StoryError) -> StoryNames

    /// Takes a former slug from a story: it leads nowhere from then on, and may be given to another. Gives the names that the story
    /// had. Throws `.notFound(.slug)`, and `.invalid` for the story's present slug.
    @discardableResult
    func freeSlug(
        _ slug: Slug, of story: StoryReference, access: Access
    ) async throws(StoryError) -> StoryNames

    // MARK: The feed

    /// The story as it stands, with a page of its updates. Throws `.cursorExpired` where `before` is of another
    /// life of the story.
    func snapshot(
        of story: StoryReference, _ query: SnapshotQuery, access: Access
    ) async throws(StoryError) -> Snapshot

    /// What changed after the query's cursor. Throws `.cursorExpired` where the cursor is of another life of the
    /// story or ahead of it.
    func changes(
        of story: StoryReference, _ query: DeltaQuery, access: Access
    ) async throws(StoryError) -> Delta

    /// The story as it stands, with a page of its updates and all that belongs to it, for pages and feeds that show it whole.
    /// Throws `.cursorExpired` where `before` is of another life of the story, and `.notFound(.update)`.
    func overview(
        of story: StoryReference, _ query: OverviewQuery, access: Access
    ) async throws(StoryError) -> StoryOverview

    /// The stories that readers see; `before` is where the page of closed ones before this ended.
    func storyIndex(before: StoryPosition?) async throws(StoryError) -> StoryIndex

    // MARK: Updates

    /// One update; a draft only for those who may write to the story. Throws `.notFound(.update)`.
    func update(
        _ id: Identifier, of story: StoryReference, access: Access
    ) async throws(StoryError) -> Versioned<EditorUpdate>

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

    /// The drafts of a story, also those that wait for their time, by id from the newest on; for those who may write to it.
    func drafts(
        of story: StoryReference, limit: Int, before: Identifier?, access: Access
    ) async throws(StoryError) -> DraftList

    /// Publishes every update whose time has come, in the order of their times; says how many. To be called regularly.
    @discardableResult
    func publishDueUpdates() async throws(StoryError) -> Int

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

    /// The deleted updates of a story that can be restored, the latest deletion first; for those who may write to it.
    func bin(
        of story: StoryReference, limit: Int, before: BinPosition?, access: Access
    ) async throws(StoryError) -> BinPage

    /// Erases updates that were deleted so long ago, at most so many, the oldest deletion first; says how many. To be called
    /// regularly.
    @discardableResult
    func emptyBin(olderThan time: BinTime, atMost count: Int) async throws(StoryError) -> Int

    /// Retracts an update in the open, for this reason, or with `nil` takes the retraction back. Where nothing would change no
    /// number is taken. Throws `.notFound(.update)`, and `.unpublished` for a draft.
    func strikeUpdate(
        _ id: Identifier, of story: StoryReference, reason: String?, if precondition: Precondition,
        idempotency: IdempotentWrite<Versioned<EditorUpdate>>?, access: Access
    ) async throws(StoryError) -> Versioned<EditorUpdate>

    /// Removes an update for good, also one in the bin: its text, media, reactions and revisions are erased from the storage. The
    /// reason is for those who write. Throws `.notFound(.update)`.
    func takeDownUpdate(
        _ id: Identifier, of story: StoryReference, reason: String, if precondition: Precondition,
        idempotency: IdempotentWrite<Takedown>?, access: Access
    ) async throws(StoryError) -> Takedown

    /// What an update, also one in the bin, was before each of its changes, the newest first, at most ``Limits/revisions`` and
    /// ``Limits/pageBytes``; for those who may write to the story. Throws `.notFound(.update)`.
    func revisions(
        of id: Identifier, of story: StoryReference, access: Access
    ) async throws(StoryError) -> [Update]

    // MARK: Links and reactions

    /// All lists of links; the version is that of the last change to any of them.
    func links(of story: StoryReference, access: Access) async throws(StoryError) -> Versioned<LinkLists>

    /// Replaces one list. Throws `.invalid` where a link names a story that the caller does not see.
    func replaceLinks(
        _ kind: LinkKind, of story: StoryReference, with links: [Link], if precondition: Precondition,
        access: Access
    ) async throws(StoryError) -> Versioned<LinkLists>

    /// The counts of a story and of all its updates.
    func reactions(of story: StoryReference, access: Access) async throws(StoryError) -> Reactions

    /// Counts a reaction to the story, or to one of its updates: of a visitor only the first. Throws `.notFound(.update)`.
    func react(
        _ kind: ReactionKind, to update: Identifier?, of story: StoryReference, by visitor: Visitor?,
        idempotency: IdempotentWrite<ReactionOutcome>?, access: Access
    ) async throws(StoryError) -> ReactionOutcome

    /// Takes a visitor's reaction back, if there is one. Throws `.notFound(.update)`.
    func takeBackReaction(
        _ kind: ReactionKind, to update: Identifier?, of story: StoryReference, by visitor: Visitor,
        access: Access
    ) async throws(StoryError) -> ReactionOutcome

    // MARK: Whole stories

    /// Creates a story from a document. Ids of the document are kept where they are free; if one is not, the
    /// story and its updates all get new ones, and `idsKept` is false. Updates that were taken down are left out. Throws `.slugTaken`
    /// and `.slugReserved` where the document names a slug that is not free.
    func importStory(
        _ document: StoryDocument, idempotency: IdempotentWrite<ImportedStory>?, access: Access
    ) async throws(StoryError) -> ImportedStory

    /// The whole story as a document.
    func exportStory(_ story: StoryReference, access: Access) async throws(StoryError) -> StoryDocument

    // MARK: The machine room

    /// Who did what, the latest first. Throws `.forbidden` for all but admins of the whole store.
    func auditTrail(_ query: AuditQuery, access: Access) async throws(StoryError) -> AuditTrail

    /// Where a task that reads runs best: on it a read goes straight to the storage, without a change of threads. `nil`
    /// where that makes no difference.
    var executor: (any TaskExecutor)? { get }

    /// What the clock says by which the store writes times.
    var time: Timestamp { get }

    /// Has `observer` told of every commit from now on, before its writers are answered and after it can be read, and of
    /// what others write to the same storage, within a second; for as long as the store lives. It is called on the store's own
    /// queue and must not block.
    func observe(_ observer: @escaping @Sendable ([StoreEvent]) -> Void)

    /// What the store has done, and how large it is. Does not block for long, and not on writes.
    var statistics: StoreStatistics { get }

    /// Proves that the store can be written: throws `.storage` where it cannot.
    func checkWritable() async throws(StoryError)
}

/// A story with what a reader of it alone wants to know.
public struct StoryDetail: Hashable, Sendable {
    /// The story.
    public var story: Story
    /// The version of the story's own members.
    public var version: Version
    /// How often readers reacted.
    public var reactions: ReactionCounts

    /// A story, all members given.
    public init(story: Story, version: Version, reactions: ReactionCounts) {
        self.story = story
        self.version = version
        self.reactions = reactions
    }
}

extension StoryStore {
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

    /// Creates a story, each time that it is asked.
    public func createStory(
        _ patch: StoryPatch, access: Access
    ) async throws(StoryError) -> Versioned<Story> {
        try await createStory(patch, idempotency: nil, access: access)
    }

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

/// The names of a story, each of which leads to it.
public struct StoryNames: Hashable, Sendable {
    /// Its id, which never changes.
    public var id: Identifier
    /// Its slug.
    public var slug: Slug
    /// The slugs that it had before, in alphabetical order.
    public var formerSlugs: [Slug]

    /// Names, all members given.
    public init(id: Identifier, slug: Slug, formerSlugs: [Slug] = []) {
        self.id = id
        self.slug = slug
        self.formerSlugs = formerSlugs
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
