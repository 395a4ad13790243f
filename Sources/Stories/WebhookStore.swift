// SPDX-License-Identifier: Apache-2.0
/// Webhooks and their deliveries, for admins whose key is not bound to stories: every method throws `.forbidden` to others, and
/// `.notFound(.webhook)` for an id that none has.
public protocol WebhookStore: Sendable {
    /// All webhooks, oldest first.
    func webhooks(access: Access) async throws(StoryError) -> [Webhook]

    /// One webhook.
    func webhook(_ id: Identifier, access: Access) async throws(StoryError) -> Webhook

    /// Creates a webhook. Throws `.invalid` without a URL, for a story that does not exist, and if there are ``Limits/webhooks``.
    func createWebhook(
        _ patch: WebhookPatch, keys: WebhookKeys, idempotency: IdempotentWrite<Webhook>?, access: Access
    ) async throws(StoryError) -> Webhook

    /// Changes a webhook. One that is enabled again begins anew; of one that is disabled, deliveries that wait fail.
    func editWebhook(
        _ id: Identifier, _ patch: WebhookPatch, access: Access
    ) async throws(StoryError) -> Webhook

    /// Gives a webhook new keys. Former ones are signed with for ``Limits/webhookRotationMilliseconds`` more.
    func rotateWebhook(
        _ id: Identifier, keys: WebhookKeys, idempotency: IdempotentWrite<Webhook>?, access: Access
    ) async throws(StoryError) -> Webhook

    /// Deletes a webhook with its deliveries.
    func deleteWebhook(_ id: Identifier, access: Access) async throws(StoryError)

    /// The deliveries of a webhook, latest first, before the one with this number.
    func deliveries(
        of webhook: Identifier, limit: Int, before: Int64?, access: Access
    ) async throws(StoryError) -> WebhookDeliveryPage

    /// Has a delivery sent at once, whatever became of it before. Throws `.notFound(.delivery)`.
    func retryDelivery(
        _ id: Identifier, of webhook: Identifier, idempotency: IdempotentWrite<WebhookDelivery>?,
        access: Access
    ) async throws(StoryError) -> WebhookDelivery

    /// Has a test event sent, also if the webhook is disabled.
    func testWebhook(
        _ id: Identifier, idempotency: IdempotentWrite<WebhookDelivery>?, access: Access
    ) async throws(StoryError) -> WebhookDelivery
}

/// The queue of webhook deliveries, for those who send them.
///
/// Deliveries of one story to one webhook are in the order of its changes: a later one is not due before the earlier one has ended. A
/// claim is a lease, after which the delivery is due again, so that none is lost with the process that has claimed it.
public protocol WebhookQueue: Sendable {
    /// How many wait, and when the next is due.
    func waitingDeliveries() async throws(StoryError) -> WaitingDeliveries

    /// Claims deliveries that are due, at most `limit` and so many for each webhook, less those that `running` counts already. No other
    /// sender gets them until the lease ends. `sender` names who claims.
    func claimDeliveries(
        by sender: String, limit: Int, perWebhook: Int, running: [Identifier: Int], leaseMilliseconds: Int64
    ) async throws(StoryError) -> [ClaimedDelivery]

    /// Records how an attempt has ended, makes the next delivery of the story due, and forgets old ones. A webhook of which nothing was
    /// delivered for the retry window is disabled. Ignored if another sender has claimed the delivery meanwhile, unless it was delivered.
    func finish(
        _ claimed: ClaimedDelivery, by sender: String, _ outcome: DeliveryOutcome,
        retryWindowMilliseconds: Int64
    ) async throws(StoryError)

    /// Ends all leases. Only for one who knows that no other sender is alive.
    func releaseDeliveries() async throws(StoryError)

    /// What readers see now of that which a delivery is about; `nil` if they do not see the story.
    func content(of delivery: WebhookDelivery) async throws(StoryError) -> WebhookContent?
}
