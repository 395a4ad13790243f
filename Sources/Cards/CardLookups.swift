// SPDX-License-Identifier: Apache-2.0
public import Delivery
public import Stories

/// The queue of cards, for a ``Delivery/DeliveryDispatcher``.
public struct CardLookups<Store: CardQueue & StoreCore>: DeliveryQueue {
    /// A claimed card.
    public typealias Item = ClaimedCard

    private let store: Store
    /// Names this process in claims.
    private let reader: String
    private let fetcher: CardFetcher

    /// The queue of a store. `reader` must be another for each process.
    public init(_ store: Store, reader: String, fetcher: CardFetcher) {
        (self.store, self.reader, self.fetcher) = (store, reader, fetcher)
    }

    /// When a lookup that has failed is tried again: after about half a minute and two minutes, then no more.
    static var policy: RetryPolicy {
        var policy = RetryPolicy()
        (policy.baseMilliseconds, policy.leastMilliseconds) = (60_000, 5_000)
        policy.mostAttempts = 3
        return policy
    }

    /// Four at a time, as many as there are threads for; a lease is longer than the two requests of an attempt.
    public static var limits: DeliveryLimits {
        var limits = DeliveryLimits()
        (limits.atOnce, limits.leaseMilliseconds) = (CardFetcher.concurrency, 45_000)
        return limits
    }

    /// Makes one attempt, and stores what was found. `nil` if the store does not take it: the card is due again when its lease ends.
    public func attempt(_ card: ClaimedCard) async -> DeliveryOutcome? {
        let result: AttemptResult
        switch await fetcher.text(of: card.url) {
        case .found(let text):
            do throws(StoryError) { try await store.keepCard(card, text) } catch { return nil }
            result = .delivered(code: 200)
        case .nothing(let code, let error, let isFinal):
            result = isFinal ? .refused(code: code, error: error) : .failed(code: code, error: error)
        }
        return Self.policy.outcome(of: result, attempts: card.attempts, since: card.since, at: time)
    }

    /// See ``DeliveryQueue``.
    public func waiting() async throws(StoryError) -> WaitingDeliveries { try await store.waitingCards() }

    /// See ``DeliveryQueue``. Each card is a target of its own.
    public func claim(
        limit: Int, perTarget: Int, running: [Identifier: Int], leaseMilliseconds: Int64
    ) async throws(StoryError) -> [ClaimedCard] {
        try await store.claimCards(by: reader, limit: limit, leaseMilliseconds: leaseMilliseconds)
    }

    /// See ``DeliveryQueue``.
    public func finish(_ item: ClaimedCard, _ outcome: DeliveryOutcome) async throws(StoryError) {
        switch outcome {
        case .delivered: break  // Stored by the attempt.
        case .retry(let due, _, let error):
            try await store.failCard(item, by: reader, error: error, retryAt: due)
        case .abandoned(_, let error):
            try await store.failCard(item, by: reader, error: error, retryAt: nil)
        case .gone(let code):
            try await store.failCard(item, by: reader, error: "the server answered \(code)", retryAt: nil)
        }
    }

    /// See ``DeliveryQueue``.
    public var time: Timestamp { store.time }
}
