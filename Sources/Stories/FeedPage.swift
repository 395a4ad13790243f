// Which changes a page of the feed shows, and what observers are told of each: decided without a look at any table.

extension Version {
    /// Throws ``StoryError/cursorExpired`` where this is of another life than where the story stands, or of a number not yet given.
    public func requireReached(by present: Version) throws(StoryError) {
        guard epoch == present.epoch, seq <= present.seq else { throw .cursorExpired }
    }
}

extension FeedChange {
    /// An update that has changed, for a reader with a filter: one that the filter no longer wants leaves the reader's copy.
    public init(_ update: Update, for filter: UpdateFilter) {
        self =
            filter.matches(update.content)
            ? .put(update) : .remove(Removal(id: update.id, seq: update.seq, reason: .left))
    }
}

/// The changes of a page, by ascending number.
public struct FeedPage: Sendable {
    /// What the page holds.
    public let changes: [FeedChange]
    /// Whether there is more to ask for.
    public let more: Bool

    /// Merges changed updates, of which there are more where `hasMoreUpdates` says so, with all other changes after the cursor.
    public init(updates: [FeedChange], hasMoreUpdates: Bool, others: [FeedChange], query: DeltaQuery) {
        // What comes after updates that do not fit is for the next page too.
        let last = hasMoreUpdates ? updates.last?.seq ?? query.cursor.seq : .max
        let fitting = (updates + others).filter { $0.seq <= last }.sorted { $0.seq < $1.seq }
        changes = Array(fitting.prefix(query.limit))
        more = hasMoreUpdates || fitting.count > query.limit
    }
}

extension Delta {
    /// The page as an answer, where the story stands at `version`. Without more, every number up to the story's has been looked at,
    /// also those that the filter leaves out.
    public init(_ page: FeedPage, after cursor: Version, status: StoryStatus, version: Version) {
        let seq = page.more ? page.changes.last?.seq ?? cursor.seq : version.seq
        self.init(
            status: status, changes: page.changes, cursor: Version(epoch: version.epoch, seq: seq),
            more: page.more, version: version)
    }
}

extension StoreEvent {
    /// The feed of a story went on by a change. `firstSeq` is the number with which readers first saw a changed update, where that is
    /// not this change; `rendition` is what they are sent of it, where it is encoded.
    public static func changed(
        _ story: Identifier, _ status: StoryStatus, epoch: UInt64, by change: FeedChange, firstSeq: Int64?,
        rendition: [UInt8]? = nil
    ) -> StoreEvent {
        .changed(
            FeedStep(
                story: story, status: status, version: Version(epoch: epoch, seq: change.seq), change: change,
                firstSeq: firstSeq ?? change.seq, rendition: rendition))
    }

    /// The counts of an update are seen again, or (`areSeen: false`) no more.
    public static func reactions(
        to update: Identifier, of story: Identifier, _ counts: ReactionCounts, areSeen: Bool
    ) -> [StoreEvent] {
        counts.sorted { $0.key < $1.key }.map { kind, count in
            .reacted(ReactionStep(story: story, update: update, kind: kind, count: areSeen ? count : 0))
        }
    }
}
