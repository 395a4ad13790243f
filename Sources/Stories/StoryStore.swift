// SPDX-License-Identifier: Apache-2.0
/// The storage of stories.
///
/// A former slug keeps referring to its story, in every method, until it is released or the story is deleted. Until then it is
/// reserved: another story cannot take it.
///
/// Every method throws only ``StoryError`` and is a transaction: it sees one consistent state, and its writes are durable
/// when it returns, or not done at all. `story` is an id or a slug; if there is no such story, or it is not visible with
/// `access`, every method throws `.notFound(.story)`. Writes throw `.forbidden` if the caller may see but not change the
/// story, `.stale` if a precondition fails, and `.storage` if the storage fails. Input must be validated before (`errors`).
/// Methods with `idempotency` throw `.replayed` if the same request was done before, and `.otherRequest` if its key was used
/// by a different one. Writes to an update that was taken down throw `.takenDown`, as do retries of the request that created
/// it.
public protocol StoryStore: StoreCore, StoryReading, StoryWriting, FeedReading, UpdateReading, UpdateWriting,
    AutosaveStore, PresenceStore, SnippetStore, PreviewStore,
    UpdateMaintenance, LinkStore, ReactionStore, DocumentStore, IncidentReading, AuditReading, WebhookStore,
    MediaStore, PushStore, NoteStore, SiteStore
{}

/// What all stores have in common.
public protocol StoreCore: Sendable {
    /// The preferred executor of tasks that read: on it, a read goes to the storage without a change of threads. `nil` if
    /// there is none.
    var executor: (any TaskExecutor)? { get }

    /// The wall clock of the store.
    var time: Timestamp { get }

    /// Registers an observer for the lifetime of the store. It is called for every commit, once its data is readable and
    /// before its writers are answered, and within a second for writes of other processes. Called on the store's own queue;
    /// must not block.
    func observe(_ observer: @escaping @Sendable ([StoreEvent]) -> Void)

    /// Counters and gauges. Does not wait for writes.
    var statistics: StoreStatistics { get }

    /// A write probe for health checks: throws `.storage` if the store cannot be written.
    func checkWritable() async throws(StoryError)
}
