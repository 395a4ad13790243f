// SPDX-License-Identifier: Apache-2.0
package import HTTP
package import Stories
internal import Synchronization

/// The channel of a story that is being read: the cursor of its feed, its latest changes, and the requests waiting for the next.
///
/// The ``ChannelHub`` updates it after each commit, before the writer is answered.
package final class StoryChannel: Sendable {
    /// Id of the story.
    package let id: Identifier
    /// Published with each change of the feed; long polls are parked on it.
    package let changed = Topic()
    /// Published with each frame that a stream may want.
    package let streamed = Topic()
    /// Reactions to the story.
    let reactions: StoryReactions
    /// Encodes changes for frames and deltas.
    let encoder: any FeedEncoder
    /// At most two cold reads at a time, fewer than the store can do, so that a flood of requests for one story delays only the
    /// readers of that story.
    let coldReads: AsyncSemaphore
    /// Whether it was used since the hub's last tick.
    let isUsed = Atomic<Bool>(true)
    /// The hub's tick of the last use, for LRU eviction.
    let lastUsed = Atomic<Int>(0)
    private let changes = Atomic<UInt64>(0)
    private let revocations = Atomic<Int>(0)
    private let interval: Atomic<Int>
    private let state: Mutex<State>

    fileprivate struct State {
        var slug: Slug
        var status: StoryStatus
        var closedAt: Timestamp?
        var version: Version
        var log: ChangeLog
        var rate: ChangeRate
        /// External writes that may have changed the story, and how many of them the last revalidation has seen.
        var externalWrites = 0, seenExternalWrites = 0
        /// Only the store is up to date until the channel is revalidated.
        var isStale: Bool { seenExternalWrites < externalWrites }
        /// When the last read began that the channel was made or revalidated by.
        var readAt: Instant
    }

    private let wasInvalidated = Atomic<Bool>(false)

    /// Sentinel: the generation of an invalidated channel.
    static let invalidated = UInt64.max

    /// Creates a channel at the store's state of the story. `coldReads` counts running and waiting cold reads of all channels.
    init(
        _ detail: StoryDetail, encoder: any FeedEncoder, interval: PollInterval, load: Int,
        coldReads: AsyncSemaphore.Gauge? = nil,
        at now: Instant, time: Timestamp
    ) {
        let story = detail.story
        id = story.id
        self.encoder = encoder
        reactions = StoryReactions(encoder)
        self.coldReads = AsyncSemaphore(2, gauge: coldReads)
        let version = Version(epoch: detail.version.epoch, seq: story.seq)
        let state = State(
            slug: story.slug, status: story.content.status, closedAt: story.closedAt, version: version,
            log: ChangeLog(after: version.seq), rate: ChangeRate(at: now), readAt: now)
        self.interval = Atomic(state.interval(interval, load: load, at: now, time: time))
        self.state = Mutex(state)
    }

    // MARK: Reading

    /// Incremented with each change visible to readers, so that stale responses are recognized. Load it before reading the
    /// store. ``invalidated`` if the channel is no longer updated.
    var generation: UInt64 { isInvalidated ? Self.invalidated : changes.load(ordering: .acquiring) }

    var isInvalidated: Bool { wasInvalidated.load(ordering: .acquiring) }

    /// The poll interval in seconds, by the story's rate of changes and the server's load.
    package var pollAfter: Int { interval.load(ordering: .relaxed) }

    var slug: Slug { state.withLock { $0.slug } }

    /// Returns whether a reference to this story is a former slug.
    func isFormer(_ name: StoryReference) -> Bool {
        if case .slug(let slug) = name { slug != self.slug } else { false }
    }

    /// Returns the story's current slug if `name` is a former one and the caller may see the story.
    package func presentSlug(insteadOf name: StoryReference, for access: Access) -> Slug? {
        guard isFormer(name) else { return nil }
        return state.withLock { access.sees(id, status: $0.status) ? $0.slug : nil }
    }

    /// Returns whether the channel is up to date and the caller may see the story.
    func isKnown(to access: Access) -> Bool {
        state.withLock { !isInvalidated && !$0.isStale && access.sees(id, status: $0.status) }
    }

    /// Whether long polls or streams wait for the next change.
    var isAwaited: Bool { changed.isAwaited || streamed.isAwaited }

    /// Returns the changes after a cursor, or `nil` if the store must be read: also if the cursor is ahead, because a commit
    /// can be read from the store a moment before it is published here.
    package func delta(
        after cursor: Version, _ filter: UpdateFilter, limit: Int, access: Access
    ) -> (delta: LoggedDelta, status: StoryStatus, version: Version)? {
        state.withLock { state in
            guard !isInvalidated, state.canTell(cursor, id, access),
                let delta = state.log.delta(after: cursor.seq, filter, limit: limit, encoder)
            else { return nil }
            return (delta, state.status, state.version)
        }
    }

    /// Returns whether a reader with this cursor has all of a closed story, or `nil` if the store must be read.
    package func isOver(for cursor: Version, access: Access) -> Bool? {
        state.withLock { state in
            guard !isInvalidated, state.canTell(cursor, id, access) else { return nil }
            return state.status == .closed && cursor.seq == state.version.seq
        }
    }

    /// Returns whether there are changes for a poll after a cursor, or `nil` if the store must be read.
    package func hasNews(after cursor: Version, _ filter: UpdateFilter, access: Access) -> Bool? {
        state.withLock { state in
            guard !isInvalidated, state.canTell(cursor, id, access) else { return nil }
            return state.log.hasNews(after: cursor.seq, filter)
        }
    }

    /// The next step of a stream.
    enum Continuation {
        /// Frames, and the sequence number after them.
        case frames([[UInt8]], seq: Int64)
        /// No changes yet.
        case nothing
        /// The log does not hold them: read the store.
        case unknown
        /// The story is closed, hidden or removed: streams end.
        case over
    }

    /// Returns the next frames of a stream after a cursor, about 64 KiB at most.
    func frames(after cursor: Version, _ filter: UpdateFilter, access: Access) -> Continuation {
        state.withLock { state in
            guard !isInvalidated, state.version.epoch == cursor.epoch, access.sees(id, status: state.status)
            else {
                return .over
            }
            if state.isStale, state.readAt + Self.staleTime < .now { return .nothing }
            guard let entries = state.log.lastEntries(after: cursor.seq) else { return .unknown }
            // The log has the lists of links as readers see them; holders of keys also see the ids of hidden stories.
            if !access.isReader, entries.contains(where: { $0.subject == .links }) { return .unknown }
            if !filter.isOpen, cursor.seq < state.log.recalledEnd { return .unknown }
            guard let last = entries.last else { return state.status == .closed ? .over : .nothing }
            var (frames, count, seq) = ([[UInt8]](), 0, last.seq)
            for entry in entries {
                let frame = entry.frame(for: filter, after: cursor.seq, epoch: cursor.epoch, encoder)
                if let frame { frames.append(frame) }
                count += frame?.count ?? 0
                seq = entry.seq
                if count > Self.frameBytes { break }
            }
            return .frames(frames, seq: seq)
        }
    }

    /// For so long after a read its changes are streamed although there was another external write: where those follow one another without
    /// a pause, the channel is always stale. Half of the time in which a takedown reaches all nodes.
    private static let staleTime = Duration.milliseconds(50)
    /// Bytes of frames after which a batch for a connection ends.
    private static let frameBytes = 64 * 1024

    /// Returns whether the log no longer reaches back to this sequence number.
    func hasLost(_ seq: Int64) -> Bool {
        state.withLock { seq < $0.log.start }
    }

    /// Extends the log back to a sequence number, by a read that readers who come back together share: the first reads, the others
    /// find the log extended. It stays as it is if the changes are too many, or if there was a commit meanwhile.
    func recall(after seq: Int64, from store: any StoryStore) async {
        await coldReads.withPermit {
            guard hasLost(seq) else { return }
            let query = DeltaQuery(
                cursor: Version(epoch: version.epoch, seq: seq), limit: Limits.pageSize.upperBound)
            // After an error, each stream reads for itself and handles it.
            guard let delta = try? await store.changes(of: .id(id), query, access: .reader), !delta.more
            else { return }
            let entries = delta.changes.map { change in
                ChangeLog.Entry(
                    change, version: Version(epoch: delta.cursor.epoch, seq: change.seq), firstSeq: nil,
                    encoder)
            }
            state.withLock { state in
                guard !state.isStale, state.version == delta.cursor else { return }
                state.log.extend(backTo: seq, by: entries, limit: Self.streamedLogBytes)
            }
        }
    }

    // MARK: Called by the hub

    /// Appends a committed change to the feed.
    func take(_ step: FeedStep, at now: Instant) {
        let limit = streamed.isAwaited ? Self.streamedLogBytes : Self.quietLogBytes
        let entry = ChangeLog.Entry(
            step.change, version: step.version, firstSeq: step.firstSeq, rendition: step.rendition, encoder)
        state.withLock { state in
            guard step.version.epoch == state.version.epoch else { return }
            state.log.append(entry, follows: step.version.seq - 1, limit: limit)
            // Changes made while the story is hidden must not be replayed when it is visible again.
            if step.status == .draft { state.log = ChangeLog(after: step.version.seq) }
            state.status = step.status
            state.version = step.version
            if case .story(let story, _) = step.change {
                (state.slug, state.closedAt) = (story.slug, story.closedAt)
            }
            state.rate.count(at: now)
        }
        moveGeneration()
    }

    /// Bytes of changes kept for the streams of a story, the bound of back-pressure: a reader further behind is disconnected, or
    /// reads the store.
    static let streamedLogBytes = 1024 * 1024
    /// Bytes of changes kept without open streams: pollers need only the last few.
    static let quietLogBytes = 32 * 1024

    /// Makes all cached responses stale.
    func moveGeneration() {
        changes.add(1, ordering: .acquiringAndReleasing)
    }

    /// How often keys may have been revoked.
    var revocationCount: Int { revocations.load(ordering: .acquiring) }

    /// Ends the streams of holders of keys, so that their keys are checked again.
    func recheckKeys() {
        revocations.add(1, ordering: .acquiringAndReleasing)
        streamed.publish()
    }

    /// Makes cached responses stale after an external write, and the log until it is revalidated.
    func markStale(at now: Instant = .now) {
        state.withLock { $0.externalWrites += 1 }
        moveGeneration()
        reactions.markStale(at: now)
    }

    /// Whether the channel has to be revalidated.
    var isStale: Bool { state.withLock { $0.isStale } }

    /// The cursor of the feed, as last published or revalidated.
    package var version: Version { state.withLock { $0.version } }

    /// Number of external writes so far. Load it before reading the store to revalidate the channel.
    var externalWrites: Int { state.withLock { $0.externalWrites } }

    /// Updates the channel to the state read from the store at `readAt`, by the changes after `previous`. `seen` is ``externalWrites`` from
    /// before the read: the channel stays stale if there was one meanwhile, which the read may not have seen.
    func revalidate(
        _ detail: StoryDetail, _ changes: [FeedChange], after previous: Int64, seen externalWrites: Int,
        readAt: Instant
    ) {
        state.withLock { state in
            // A commit of this process was published meanwhile: the state read is outdated, and the next tick retries.
            guard detail.story.seq >= state.version.seq else { return }
            let epoch = detail.version.epoch
            var previous = previous
            for change in changes {
                let version = Version(epoch: epoch, seq: change.seq)
                // The store does not return when readers first saw an update.
                let entry = ChangeLog.Entry(change, version: version, firstSeq: nil, encoder)
                state.log.append(entry, follows: previous, limit: Self.streamedLogBytes)
                previous = change.seq
            }
            state.log.settle(at: detail.story.seq)
            state.version = Version(epoch: epoch, seq: state.log.end)
            (state.slug, state.status) = (detail.story.slug, detail.story.content.status)
            state.closedAt = detail.story.closedAt
            if state.status == .draft { state.log = ChangeLog(after: state.log.end) }
            (state.seenExternalWrites, state.readAt) = (externalWrites, readAt)
        }
        moveGeneration()
    }

    /// Marks the channel as no longer updated: the story was removed or has another epoch, or the channel was evicted.
    func invalidate() {
        wasInvalidated.store(true, ordering: .releasing)
    }

    /// Fan-out: wakes all waiting long polls and streams.
    func notify() {
        changed.publish()
        streamed.publish()
    }

    /// Recomputes the poll interval and, without streams, trims the log: to the last change if there were no requests lately.
    func tick(
        _ rule: PollInterval, load: Int, isForgotten: Bool = false, at now: Instant, time: Timestamp
    ) {
        let isQuiet = !streamed.isAwaited
        let seconds = state.withLock { state in
            if isQuiet { state.log.trim(to: isForgotten ? 0 : Self.quietLogBytes) }
            return state.interval(rule, load: load, at: now, time: time)
        }
        if seconds != pollAfter { interval.store(seconds, ordering: .relaxed) }
    }

    /// Publishes the reactions of the last second to responses and streams.
    func tickReactions(at now: Instant) {
        if reactions.tick(at: now) { streamed.publish() }
    }

    /// Reads all counts of reactions for streams that lack them.
    func loadReactions(from store: any StoryStore) async {
        let isAwaited = await reactions.load { [id] in
            // Whether a reader may see the story is checked before each frame. After an error the next tick retries.
            try? await store.reactions(of: .id(id), access: ChannelHub.everything)
        }
        if isAwaited { streamed.publish() }
    }
}

extension StoryChannel.State {
    func canTell(_ cursor: Version, _ id: Identifier, _ access: Access) -> Bool {
        !isStale && cursor.epoch == version.epoch && cursor.seq <= version.seq
            && access.sees(id, status: status)
    }

    func interval(_ rule: PollInterval, load: Int, at now: Instant, time: Timestamp) -> Int {
        if status == .closed { return rule.seconds(closedAt: closedAt ?? time, at: time) }
        return rule.seconds(rated: rate.seconds(at: now), load: load)
    }
}
