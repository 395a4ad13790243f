// SPDX-License-Identifier: Apache-2.0
package import HTTP
package import Stories
internal import Synchronization

/// The channel of a story that is being read: where its feed stands, its latest changes, and who waits for the next.
///
/// Kept up by the ``ChannelHub`` after each commit, before the commit's writer has its answer.
package final class StoryChannel: Sendable {
    /// Of which story.
    package let id: Identifier
    /// Published with each change of the feed; long polls are parked on it.
    package let changed = Topic()
    /// Published with each frame that a stream may want.
    package let streamed = Topic()
    /// What is known of its reactions.
    let reactions: StoryReactions
    /// Makes frames and deltas of changes.
    let encoder: any FeedEncoder
    /// Two cold reads at a time, of the several that the store can do: who asks for a thousand of one story holds up those of this
    /// story alone.
    let coldReads: AsyncSemaphore
    /// Whether it was asked for since the hub's last tick.
    let isUsed = Atomic<Bool>(true)
    /// The hub's tick at which it was asked for last.
    let lastUsed = Atomic<Int>(0)
    private let changes = Atomic<UInt64>(0)
    private let externalWrites = Atomic<Int>(0)
    private let interval: Atomic<Int>
    private let state: Mutex<State>

    fileprivate struct State {
        var slug: Slug
        var status: StoryStatus
        var closedAt: Timestamp?
        var version: Version
        var log: ChangeLog
        var rate: ChangeRate
        /// Others may have changed the story; until it is revalidated, only the store can tell.
        var isStale = false
    }

    private let wasInvalidated = Atomic<Bool>(false)

    /// A generation that no channel in use has.
    static let invalidated = UInt64.max

    /// A channel where the store says that the feed stands. `coldReads` counts the reads that run or wait of all channels.
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
            log: ChangeLog(after: version.seq), rate: ChangeRate(at: now))
        self.interval = Atomic(state.interval(interval, load: load, at: now, time: time))
        self.state = Mutex(state)
    }

    // MARK: What readers ask

    /// Incremented with each change of what readers see, so that stale responses are recognized. To be read
    /// before the store is. ``invalidated`` once this channel is kept up no more.
    var generation: UInt64 { isInvalidated ? Self.invalidated : changes.load(ordering: .acquiring) }

    var isInvalidated: Bool { wasInvalidated.load(ordering: .acquiring) }

    /// Seconds until the next poll, by the story's rate of changes and the server's load.
    package var pollAfter: Int { interval.load(ordering: .relaxed) }

    var slug: Slug { state.withLock { $0.slug } }

    /// Whether a name is a slug that the story no longer has.
    func isFormer(_ name: StoryReference) -> Bool {
        if case .slug(let slug) = name { slug != self.slug } else { false }
    }

    /// The story's present slug, where a name is a former one and the caller may see the story.
    package func presentSlug(insteadOf name: StoryReference, for access: Access) -> Slug? {
        guard isFormer(name) else { return nil }
        return state.withLock { access.sees(id, status: $0.status) ? $0.slug : nil }
    }

    /// Whether polls or streams are waiting for the next change.
    var isAwaited: Bool { changed.isAwaited || streamed.isAwaited }

    /// What has changed after a cursor; `nil` where memory cannot tell, and the store must be asked: also where the cursor
    /// is ahead, because a commit can be read a moment before it is published here.
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

    /// Whether a reader with a cursor has all of a closed story; `nil` where memory cannot tell.
    package func isOver(for cursor: Version, access: Access) -> Bool? {
        state.withLock { state in
            guard !isInvalidated, state.canTell(cursor, id, access) else { return nil }
            return state.status == .closed && cursor.seq == state.version.seq
        }
    }

    /// Whether a poll after a cursor has something to hear; `nil` where memory cannot tell.
    package func hasNews(after cursor: Version, _ filter: UpdateFilter, access: Access) -> Bool? {
        state.withLock { state in
            guard !isInvalidated, state.canTell(cursor, id, access) else { return nil }
            return state.log.hasNews(after: cursor.seq, filter)
        }
    }

    /// What a stream can go on with.
    enum Continuation {
        /// Frames, and where the feed stands after them.
        case frames([[UInt8]], seq: Int64)
        /// Nothing at present.
        case nothing
        /// Memory does not reach back so far.
        case unknown
        /// The story is closed, hidden or gone: streams end.
        case over
    }

    /// What a stream sends after a number, at most some 64 KiB in one go.
    func frames(after cursor: Version, _ filter: UpdateFilter, access: Access) -> Continuation {
        state.withLock { state in
            guard !isInvalidated, state.version.epoch == cursor.epoch, access.sees(id, status: state.status)
            else {
                return .over
            }
            if state.isStale { return .nothing }
            guard let entries = state.log.lastEntries(after: cursor.seq) else { return .unknown }
            // The log has the lists as readers see them; holders of keys see the ids of hidden stories in them.
            if !access.isReader, entries.contains(where: { $0.subject == .links }) { return .unknown }
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

    /// Bytes of frames handed to a connection in one go.
    private static let frameBytes = 64 * 1024

    /// Whether the log no longer reaches back to a reader at this number.
    func hasLost(_ seq: Int64) -> Bool {
        state.withLock { seq < $0.log.start }
    }

    // MARK: What the hub tells it

    /// The feed went on by a change.
    func take(_ step: FeedStep, at now: Instant) {
        let limit = streamed.isAwaited ? Self.streamedLogBytes : Self.quietLogBytes
        let entry = ChangeLog.Entry(
            step.change, version: step.version, firstSeq: step.firstSeq, rendition: step.rendition, encoder)
        state.withLock { state in
            guard step.version.epoch == state.version.epoch else { return }
            state.log.append(entry, follows: step.version.seq - 1, limit: limit)
            // What was said while it was hidden is not to be replayed when it is seen again.
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

    /// Bytes of changes kept for the streams of a story, the bound of back-pressure: a reader who is further behind is dropped, or sent
    /// to the store.
    static let streamedLogBytes = 1024 * 1024
    /// Bytes of changes kept without open streams: pollers ask for the last few.
    static let quietLogBytes = 32 * 1024

    /// What was made before is stale.
    func moveGeneration() {
        changes.add(1, ordering: .acquiringAndReleasing)
    }

    /// How often others have written to the store: keys may have been revoked.
    var externalWriteCount: Int { externalWrites.load(ordering: .acquiring) }

    /// Others have written to the store: what was made before is stale, and so is the log until it is revalidated.
    func markStale(at now: Instant = .now) {
        externalWrites.add(1, ordering: .acquiringAndReleasing)
        state.withLock { $0.isStale = true }
        moveGeneration()
        reactions.markStale(at: now)
    }

    /// Whether it is to be revalidated.
    var isStale: Bool { state.withLock { $0.isStale } }

    /// Where the feed stands, as far as memory knows.
    package var version: Version { state.withLock { $0.version } }

    /// Takes the state of the feed that was read from the store, and the changes after `previous` that lead to it.
    func revalidate(_ detail: StoryDetail, _ changes: [FeedChange], after previous: Int64) {
        state.withLock { state in
            // A commit of this process was published meanwhile: this state is older, and the store is read again.
            guard detail.story.seq >= state.version.seq else { return }
            let epoch = detail.version.epoch
            var previous = previous
            for change in changes {
                let version = Version(epoch: epoch, seq: change.seq)
                // Whether readers had seen an update before is not told.
                let entry = ChangeLog.Entry(change, version: version, firstSeq: nil, encoder)
                state.log.append(entry, follows: previous, limit: Self.streamedLogBytes)
                previous = change.seq
            }
            state.log.settle(at: detail.story.seq)
            state.version = Version(epoch: epoch, seq: state.log.end)
            (state.slug, state.status) = (detail.story.slug, detail.story.content.status)
            state.closedAt = detail.story.closedAt
            if state.status == .draft { state.log = ChangeLog(after: state.log.end) }
            state.isStale = false
        }
        moveGeneration()
    }

    /// This channel is kept up no more: the story is gone, has another epoch, or was forgotten.
    func invalidate() {
        wasInvalidated.store(true, ordering: .releasing)
    }

    /// Fan-out: has all who wait look again.
    func notify() {
        changed.publish()
        streamed.publish()
    }

    /// Recomputes the poll interval and drops old changes; almost all of them if the story has had no requests lately.
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

    /// Has responses and streams see the reactions of the last second.
    func tickReactions(at now: Instant) {
        if reactions.tick(at: now) { streamed.publish() }
    }

    /// Reads all counts of reactions for streams that lack them.
    func loadReactions(from store: any StoryStore) async {
        let isAwaited = await reactions.load { [id] in
            // Whether a reader sees the story at all is asked before each frame. After an error the next tick retries.
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
