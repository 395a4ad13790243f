// SPDX-License-Identifier: Apache-2.0
/// The texts of cards that are looked up. An address is queued in the transaction of the update that has it, and looked up once for all
/// updates.
///
/// A claim is a lease, after which the card is due again, so that none is lost with the process that has claimed it.
public protocol CardQueue: Sendable {
    /// How many wait, and when the next is due.
    func waitingCards() async throws(StoryError) -> WaitingDeliveries

    /// Claims cards that are due, at most `limit`. No other process gets them until the lease ends.
    func claimCards(
        by reader: String, limit: Int, leaseMilliseconds: Int64
    ) async throws(StoryError) -> [ClaimedCard]

    /// Stores what was found, with the row of a thumbnail's asset, whose files are there, and shows it as ``showCard(_:limit:)``, in one
    /// transaction. If more than `limit` updates have the address, the card stays claimed until all of them have it. Ignored if no update
    /// has the address any more, or if the card is known.
    func keepCard(
        _ claimed: ClaimedCard, _ text: CardText, thumbnail: MediaAsset?, limit: Int
    ) async throws(StoryError) -> KeptCard

    /// Shows a card whose texts are stored in further updates, at most `limit`; returns whether none is left. Every published update with
    /// the address takes a new sequence number, without counting as edited, so that followers get the card.
    func showCard(_ claimed: ClaimedCard, limit: Int) async throws(StoryError) -> Bool

    /// Records that nothing was found: to be tried again at a time, or with `nil` no more. Ignored if another has claimed the card.
    func failCard(
        _ claimed: ClaimedCard, by reader: String, error: String, retryAt: Timestamp?
    ) async throws(StoryError)

    /// Ends all leases. Only for one who knows that no other process is alive.
    func releaseCards() async throws(StoryError)
}

extension CardQueue {
    /// As ``keepCard(_:_:thumbnail:limit:)``, with as many updates at a time as do not keep editors waiting.
    @discardableResult
    public func keepCard(
        _ claimed: ClaimedCard, _ text: CardText, thumbnail: MediaAsset? = nil
    ) async throws(StoryError) -> KeptCard {
        try await keepCard(
            claimed, text, thumbnail: thumbnail, limit: Limits.cardUpdatesPerTransaction)
    }
}

/// What has become of a card that was found.
public struct KeptCard: Hashable, Sendable {
    /// Whether the asset of its thumbnail was added; otherwise it was there already, or the card was ignored, and the caller removes the
    /// files.
    public var isThumbnailAdded: Bool
    /// Whether all updates with its address have it.
    public var isShown: Bool

    /// Memberwise.
    public init(isThumbnailAdded: Bool, isShown: Bool) {
        (self.isThumbnailAdded, self.isShown) = (isThumbnailAdded, isShown)
    }
}

/// A card that was claimed, to be looked up.
public struct ClaimedCard: Hashable, Sendable {
    /// Its key in the store.
    public var key: Int64
    /// The address.
    public var url: String
    /// Attempts so far, this one included.
    public var attempts: Int
    /// When the first attempt was made.
    public var since: Timestamp
    /// Whether its texts are stored already, and only some updates do not have it yet.
    public var isFound: Bool

    /// Memberwise.
    public init(key: Int64, url: String, attempts: Int, since: Timestamp, isFound: Bool = false) {
        (self.key, self.url, self.attempts) = (key, url, attempts)
        (self.since, self.isFound) = (since, isFound)
    }
}
