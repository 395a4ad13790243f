// SPDX-License-Identifier: Apache-2.0
public import Stories

/// A queue of deliveries of any kind, in a store. A claim is a lease: what was claimed and not finished is due again.
public protocol DeliveryQueue: Sendable {
    /// A delivery, with all that it takes to send it.
    associatedtype Item: QueuedDelivery
    /// What becomes of one.
    associatedtype Outcome: CountedOutcome

    /// How many wait, and when the next is due.
    func waiting() async throws(StoryError) -> WaitingDeliveries

    /// Claims what is due: at most `limit`, and for each target `perTarget` less those that are `running`.
    func claim(
        limit: Int, perTarget: Int, running: [Identifier: Int], leaseMilliseconds: Int64
    ) async throws(StoryError) -> [Item]

    /// Records how an attempt has ended.
    func finish(_ item: Item, _ outcome: Outcome) async throws(StoryError)

    /// The time of the store, by which deliveries are due.
    var time: Timestamp { get }
}

/// A delivery that was claimed.
public protocol QueuedDelivery: Sendable {
    /// Who receives it; few are sent to one at a time.
    var target: Identifier { get }
}

/// What has become of a delivery, for counters.
public protocol CountedOutcome: Sendable {
    /// What it adds to the figures.
    var counts: DeliveryFigures { get }
}

extension ClaimedDelivery: QueuedDelivery {
    /// The webhook.
    public var target: Identifier { webhook }
}

extension ClaimedCard: QueuedDelivery {
    /// Names the card.
    public var target: Identifier { Identifier(high: 0, low: UInt64(bitPattern: key)) }
}

/// The queue of webhook deliveries.
public struct WebhookDeliveries<Store: WebhookQueue & StoreCore>: DeliveryQueue {
    /// A claimed delivery.
    public typealias Item = ClaimedDelivery

    private let store: Store
    /// Names this process in claims.
    private let sender: String
    private let policy: RetryPolicy

    /// The queue of a store. `sender` must be another for each process.
    public init(_ store: Store, sender: String, policy: RetryPolicy = RetryPolicy()) {
        (self.store, self.sender, self.policy) = (store, sender, policy)
    }

    /// See ``DeliveryQueue``.
    public func waiting() async throws(StoryError) -> WaitingDeliveries {
        try await store.waitingDeliveries()
    }

    /// See ``DeliveryQueue``.
    public func claim(
        limit: Int, perTarget: Int, running: [Identifier: Int], leaseMilliseconds: Int64
    ) async throws(StoryError) -> [ClaimedDelivery] {
        try await store.claimDeliveries(
            by: sender, limit: limit, perWebhook: perTarget, running: running,
            leaseMilliseconds: leaseMilliseconds)
    }

    /// See ``DeliveryQueue``.
    public func finish(
        _ item: ClaimedDelivery, _ outcome: DeliveryOutcome
    ) async throws(StoryError) {
        try await store.finish(
            item, by: sender, outcome, retryWindowMilliseconds: policy.retryWindowMilliseconds)
    }

    /// How an attempt is recorded, by the retry policy.
    public func outcome(of result: AttemptResult, _ item: ClaimedDelivery) -> DeliveryOutcome {
        policy.outcome(of: result, attempts: item.delivery.attempts, since: item.since, at: time)
    }

    /// See ``DeliveryQueue``.
    public var time: Timestamp { store.time }
}

extension ClaimedPush: QueuedDelivery {
    /// The story.
    public var target: Identifier { story }
}

/// The queue of notifications by Web Push, of which one item is a batch for subscribers of one story.
public struct PushBatches<Store: PushQueue & StoreCore>: DeliveryQueue {
    /// A claimed batch.
    public typealias Item = ClaimedPush

    private let store: Store
    private let sender: String
    private let size: Int

    /// The queue of a store. `sender` must be another for each process; `size`: subscribers in a batch.
    public init(_ store: Store, sender: String, size: Int = 64) {
        (self.store, self.sender, self.size) = (store, sender, size)
    }

    /// See ``DeliveryQueue``.
    public func waiting() async throws(StoryError) -> WaitingDeliveries {
        try await store.waitingNotifications()
    }

    /// See ``DeliveryQueue``. One batch of a story at a time, whatever `perTarget` is, so that its notifications stay in order.
    public func claim(
        limit: Int, perTarget: Int, running: [Identifier: Int], leaseMilliseconds: Int64
    ) async throws(StoryError) -> [ClaimedPush] {
        try await store.claimNotifications(
            by: sender, limit: limit, batch: size, running: Set(running.keys),
            leaseMilliseconds: leaseMilliseconds)
    }

    /// See ``DeliveryQueue``.
    public func finish(_ item: ClaimedPush, _ outcome: PushOutcome) async throws(StoryError) {
        try await store.finish(item, by: sender, outcome)
    }

    /// See ``DeliveryQueue``.
    public var time: Timestamp { store.time }
}
