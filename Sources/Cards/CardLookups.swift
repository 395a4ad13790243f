// SPDX-License-Identifier: Apache-2.0
public import Delivery
public import Stories

/// What makes thumbnails of pictures, and keeps their files.
public protocol ThumbnailMaking: Sendable {
    /// Makes a media asset of a picture, whose files are durable then; `nil` if it is none. What concerns the operator is reported.
    func makeThumbnail(of picture: [UInt8]) async -> MediaAsset?

    /// Removes the files of an asset that was not added.
    func discardThumbnail(_ asset: MediaAsset) async
}

/// The queue of cards, for a ``Delivery/DeliveryDispatcher``.
public struct CardLookups<Store: CardQueue & StoreCore>: DeliveryQueue {
    /// A claimed card.
    public typealias Item = ClaimedCard

    private let store: Store
    /// Names this process in claims.
    private let reader: String
    private let fetcher: CardFetcher
    private let thumbnails: (any ThumbnailMaking)?
    private let updatesAtOnce: Int

    /// The queue of a store. `reader` must be another for each process. Without `thumbnails` no pictures are fetched. `updatesAtOnce` bounds
    /// the updates that get a card in one transaction.
    public init(
        _ store: Store, reader: String, fetcher: CardFetcher, thumbnails: (any ThumbnailMaking)? = nil,
        updatesAtOnce: Int = Limits.cardUpdatesPerTransaction
    ) {
        (self.store, self.reader, self.fetcher) = (store, reader, fetcher)
        (self.thumbnails, self.updatesAtOnce) = (thumbnails, updatesAtOnce)
    }

    /// When a lookup that has failed is tried again: after about half a minute and two minutes, then no more.
    static var policy: RetryPolicy {
        var policy = RetryPolicy()
        (policy.baseMilliseconds, policy.leastMilliseconds) = (60_000, 5_000)
        policy.mostAttempts = 3
        return policy
    }

    /// Four at a time, as many as there are threads for; a lease is longer than the three requests of an attempt and the picture's turn.
    public static var limits: DeliveryLimits {
        var limits = DeliveryLimits()
        (limits.atOnce, limits.leaseMilliseconds) = (CardFetcher.concurrency, 120_000)
        return limits
    }

    /// Makes one attempt, and stores what was found. `nil` if the store does not take it: the card is due again when its lease ends.
    public func attempt(_ card: ClaimedCard) async -> DeliveryOutcome? {
        let result: AttemptResult
        do throws(StoryError) {
            result = card.isFound ? try await show(card) : try await lookUp(card)
        } catch {
            return nil
        }
        return Self.policy.outcome(of: result, attempts: card.attempts, since: card.since, at: time)
    }

    private func lookUp(_ card: ClaimedCard) async throws(StoryError) -> AttemptResult {
        switch await fetcher.text(of: card.url) {
        case .found(let text, let picture):
            let isShown = try await keep(text, thumbnail: await thumbnail(picture), of: card)
            return isShown ? .delivered(code: 200) : try await show(card)
        case .nothing(let code, let error, let isFinal):
            return isFinal ? .refused(code: code, error: error) : .failed(code: code, error: error)
        }
    }

    private func thumbnail(_ picture: String?) async -> MediaAsset? {
        guard let picture, let thumbnails, let bytes = await fetcher.picture(at: picture) else { return nil }
        return await thumbnails.makeThumbnail(of: bytes)
    }

    /// Stores what was found; returns whether all updates have the card.
    private func keep(
        _ text: CardText, thumbnail: MediaAsset?, of card: ClaimedCard
    ) async throws(StoryError) -> Bool {
        do throws(StoryError) {
            let kept = try await store.keepCard(card, text, thumbnail: thumbnail, limit: updatesAtOnce)
            if let thumbnail, !kept.isThumbnailAdded { await thumbnails?.discardThumbnail(thumbnail) }
            return kept.isShown
        } catch {
            // If the write is in doubt, the row may be there; the sweep looks later.
            if let thumbnail, error != .storage(.inDoubt) { await thumbnails?.discardThumbnail(thumbnail) }
            throw error
        }
    }

    /// Shows a card in the updates that do not have it yet, a batch after the other.
    private func show(_ card: ClaimedCard) async throws(StoryError) -> AttemptResult {
        while try await !store.showCard(card, limit: updatesAtOnce) {}
        return .delivered(code: 200)
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
