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
public protocol StoryStore: StoreCore, StoryReading, StoryWriting, FeedReading, UpdateReading, UpdateWriting,
    UpdateMaintenance, LinkStore, ReactionStore, DocumentStore, AuditReading
{}

/// What every store of stories has, whatever it keeps.
public protocol StoreCore: Sendable {
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
