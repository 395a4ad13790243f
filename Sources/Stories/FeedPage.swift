// SPDX-License-Identifier: Apache-2.0
// Pure functions: which changes a page of the feed contains, and which events are sent to observers.

extension Version {
    /// Throws ``StoryError/cursorExpired`` if this version is of another epoch than the story's, or ahead of it.
    public func requireReached(by present: Version) throws(StoryError) {
        guard epoch == present.epoch, seq <= present.seq else { throw .cursorExpired }
    }
}

extension FeedChange {
    /// The change for a reader with a filter: a `put`, or a removal if the update no longer matches.
    public init(_ update: Update, for filter: UpdateFilter) {
        self =
            filter.matches(update.content)
            ? .put(update) : .remove(Removal(id: update.id, seq: update.seq, reason: .left))
    }
}

/// The changes of a page, by ascending sequence number.
public struct FeedPage: Sendable {
    /// The changes.
    public let changes: [FeedChange]
    /// Whether more changes follow.
    public let more: Bool

    /// Merges changed updates (`hasMoreUpdates`: the list was cut) with all other changes after the cursor.
    public init(updates: [FeedChange], hasMoreUpdates: Bool, others: [FeedChange], query: DeltaQuery) {
        // Changes after the last update that fits belong to the next page too.
        let last = hasMoreUpdates ? updates.last?.seq ?? query.cursor.seq : .max
        let fitting = (updates + others).filter { $0.seq <= last }.sorted { $0.seq < $1.seq }
        changes = Array(fitting.prefix(query.limit))
        more = hasMoreUpdates || fitting.count > query.limit
    }
}

extension Delta {
    /// The page as a delta of a story at `version`. If nothing follows, the cursor advances to the story's version, past changes
    /// that the filter excludes.
    public init(_ page: FeedPage, after cursor: Version, status: StoryStatus, version: Version) {
        let seq = page.more ? page.changes.last?.seq ?? cursor.seq : version.seq
        self.init(
            status: status, changes: page.changes, cursor: Version(epoch: version.epoch, seq: seq),
            more: page.more, version: version)
    }
}

extension StoreEvent {
    /// The event of a change in a story's feed. `firstSeq` is the sequence number with which readers first saw a changed
    /// update, if it is not this one; `rendition` is what they are sent, if encoded already.
    public static func changed(
        _ story: Identifier, _ status: StoryStatus, epoch: UInt64, by change: FeedChange, firstSeq: Int64?,
        rendition: [UInt8]? = nil
    ) -> StoreEvent {
        .changed(
            FeedStep(
                story: story, status: status, version: Version(epoch: epoch, seq: change.seq), change: change,
                firstSeq: firstSeq ?? change.seq, rendition: rendition))
    }

    /// The event that an update's reaction counts became visible or (`areSeen: false`) hidden.
    public static func reactions(
        to update: Identifier, of story: Identifier, _ counts: ReactionCounts, areSeen: Bool
    ) -> [StoreEvent] {
        counts.sorted { $0.key < $1.key }.map { kind, count in
            .reacted(ReactionStep(story: story, update: update, kind: kind, count: areSeen ? count : 0))
        }
    }
}
