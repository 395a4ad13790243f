// SPDX-License-Identifier: Apache-2.0
/// Subscriptions to push messages. Readers make them for stories that are open; `id` is derived from the endpoint, so that subscribing twice
/// makes one.
public protocol PushStore: Sendable {
    /// The keys of this database. Those given are stored if there are none: made once, in one transaction, whichever node asks first.
    func pushKeys(orNew keys: PushKeys) async throws(StoryError) -> PushKeys

    /// Adds a subscription, or replaces its keys; returns whether it is new. Throws `.invalid` for a closed story, and at
    /// ``Limits/pushSubscriptions``, which is approximate.
    func subscribe(
        _ subscription: PushSubscription, as id: Identifier, to story: StoryReference, access: Access
    ) async throws(StoryError) -> Bool

    /// Ends a subscription. Throws `.notFound(.pushSubscription)`.
    func unsubscribe(_ id: Identifier, from story: StoryReference, access: Access) async throws(StoryError)

    /// The number of subscriptions to a story, for those who may write to it.
    func pushSubscriptionCount(of story: StoryReference, access: Access) async throws(StoryError) -> Int

    /// Removes subscriptions that have expired, and those of stories that were closed ``Limits/pushKeptMilliseconds`` ago; at most `limit`,
    /// so that writers do not wait for long. Returns how many.
    func removeStaleSubscriptions(limit: Int) async throws(StoryError) -> Int
}

/// The queue of notifications, for those who send them.
///
/// A notification is one row, however many subscribers there are: it keeps the position up to which they were dealt with, and rows only for
/// those to whom it is sent again. A claim is a lease of one batch; what was claimed and not finished is due again, so that a killed process
/// repeats at most that batch.
public protocol PushQueue: Sendable {
    /// How many notifications wait, and when the next is due.
    func waitingNotifications() async throws(StoryError) -> WaitingDeliveries

    /// Claims the next batch of notifications that are due, at most `limit` of them and one for each story, less those of `running`
    /// stories. Ends notifications that are older than ``Limits/pushLifetimeMilliseconds``, whose story is not open, or whose update
    /// readers no longer see.
    func claimNotifications(
        by sender: String, limit: Int, batch: Int, running: Set<Identifier>, leaseMilliseconds: Int64
    ) async throws(StoryError) -> [ClaimedPush]

    /// Records what became of a batch: moves the position on, keeps those to be tried again, and removes subscriptions that have ended or
    /// have failed ``Limits/pushFailures`` times in a row. Ignored if another sender has claimed the notification meanwhile, but for
    /// subscriptions that have ended.
    func finish(_ claimed: ClaimedPush, by sender: String, _ outcome: PushOutcome) async throws(StoryError)

    /// Ends all leases. Only for one who knows that no other sender is alive.
    func releaseNotifications() async throws(StoryError)

    /// What readers see now of the update; `nil` if they do not see it, or the story is not open.
    func content(of claimed: ClaimedPush) async throws(StoryError) -> PushContent?
}
