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

    /// Stores what was found. Every published update with the address takes a new sequence number, without counting as edited, so that
    /// followers get the card. Ignored if no update has the address any more.
    func keepCard(_ claimed: ClaimedCard, _ text: CardText) async throws(StoryError)

    /// Records that nothing was found: to be tried again at a time, or with `nil` no more. Ignored if another has claimed the card.
    func failCard(
        _ claimed: ClaimedCard, by reader: String, error: String, retryAt: Timestamp?
    ) async throws(StoryError)

    /// Ends all leases. Only for one who knows that no other process is alive.
    func releaseCards() async throws(StoryError)
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

    /// Memberwise.
    public init(key: Int64, url: String, attempts: Int, since: Timestamp) {
        (self.key, self.url, self.attempts, self.since) = (key, url, attempts, since)
    }
}
