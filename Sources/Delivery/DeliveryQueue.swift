// SPDX-License-Identifier: Apache-2.0
public import Stories

/// A queue of deliveries of any kind, in a store. A claim is a lease: what was claimed and not finished is due again.
public protocol DeliveryQueue: Sendable {
    /// A delivery, with all that it takes to send it.
    associatedtype Item: QueuedDelivery

    /// How many wait, and when the next is due.
    func waiting() async throws(StoryError) -> WaitingDeliveries

    /// Claims what is due: at most `limit`, and for each target `perTarget` less those that are `running`.
    func claim(
        limit: Int, perTarget: Int, running: [Identifier: Int], leaseMilliseconds: Int64
    ) async throws(StoryError) -> [Item]

    /// Records how an attempt has ended.
    func finish(_ item: Item, _ outcome: DeliveryOutcome, retryWindowMilliseconds: Int64)
        async throws(StoryError)

    /// The time of the store, by which deliveries are due.
    var time: Timestamp { get }
}

/// A delivery that was claimed.
public protocol QueuedDelivery: Sendable {
    /// Who receives it; few are sent to one at a time.
    var target: Identifier { get }
    /// Attempts so far, this one included.
    var attempts: Int { get }
    /// When its first attempt was made.
    var since: Timestamp { get }
}

extension ClaimedDelivery: QueuedDelivery {
    /// The webhook.
    public var target: Identifier { webhook }
    /// Those of the delivery.
    public var attempts: Int { delivery.attempts }
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

    /// The queue of a store. `sender` must be another for each process.
    public init(_ store: Store, sender: String) { (self.store, self.sender) = (store, sender) }

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
        _ item: ClaimedDelivery, _ outcome: DeliveryOutcome, retryWindowMilliseconds: Int64
    ) async throws(StoryError) {
        try await store.finish(item, by: sender, outcome, retryWindowMilliseconds: retryWindowMilliseconds)
    }

    /// See ``DeliveryQueue``.
    public var time: Timestamp { store.time }
}
