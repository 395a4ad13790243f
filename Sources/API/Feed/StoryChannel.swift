internal import HTTP
internal import Stories
internal import Synchronization

/// A story that somebody reads, as memory knows it: where its feed stands, its latest changes, and who waits for the next.
///
/// Kept up by the ``ChannelHub`` after each commit, before the commit's writer has its answer.
final class StoryChannel: Sendable {
    let id: Identifier
    /// Changes with each change of the feed; polls that wait are parked on it.
    let changed = Topic()
    /// Changes with each frame that a stream may want.
    let streamed = Topic()
    /// What is known of its reactions.
    let reactions = StoryReactions()
    /// For pages that must be read from the store, which reads more than two at once: who asks for a thousand of one story holds up
    /// those of this story alone.
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
        var pace: ChangeRate
        /// Others may have changed the story; until that is known, only the store can tell.
        var isStale = false
    }

    private let wasInvalidated = Atomic<Bool>(false)

    /// A mark that no feed in use has.
    static let invalidated = UInt64.max

    /// A feed where the store says that it stands. `coldReads` counts what is read, or waits to be, of all feeds.
    init(
        _ detail: StoryDetail, interval: PollInterval, load: Int, coldReads: AsyncSemaphore.Gauge? = nil,
        at now: Instant, time: Timestamp
    ) {
        let story = detail.story
        id = story.id
        self.coldReads = AsyncSemaphore(2, gauge: coldReads)
        let version = Version(epoch: detail.version.epoch, seq: story.seq)
        let state = State(
            slug: story.slug, status: story.content.status, closedAt: story.closedAt, version: version,
            log: ChangeLog(after: version.seq), pace: ChangeRate(at: now))
        self.interval = Atomic(state.interval(interval, load: load, at: now, time: time))
        self.state = Mutex(state)
    }

    // MARK: What readers ask

    /// Moves with each change of what readers see, so that what was made before can be told from what is new. To be read
    /// before the store is. ``invalidated`` once this feed is kept up no more.
    var generation: UInt64 { isInvalidated ? Self.invalidated : changes.load(ordering: .acquiring) }

    var isInvalidated: Bool { wasInvalidated.load(ordering: .acquiring) }

    /// Seconds until the next poll, by the story's pace and the server's load.
    var pollAfter: Int { interval.load(ordering: .relaxed) }

    var slug: Slug { state.withLock { $0.slug } }

    /// Whether a name is a slug that the story no longer has.
    func isFormer(_ name: StoryReference) -> Bool {
        if case .slug(let slug) = name { slug != self.slug } else { false }
    }

    /// The story's present slug, where a name is a former one and the caller may see the story.
    func presentSlug(insteadOf name: StoryReference, for access: Access) -> Slug? {
        guard isFormer(name) else { return nil }
        return state.withLock { access.sees(id, status: $0.status) ? $0.slug : nil }
    }

    /// Whether somebody waits for what comes.
    var isAwaited: Bool { changed.isAwaited || streamed.isAwaited }

    /// What has changed after a cursor; `nil` where memory cannot tell, and the store must be asked: also where the cursor
    /// is ahead, for a commit can be read a moment before it is told of here.
    func delta(
        after cursor: Version, _ filter: UpdateFilter, limit: Int, access: Access
    ) -> (delta: LoggedDelta, status: StoryStatus, version: Version)? {
        state.withLock { state in
            guard !isInvalidated, state.canTell(cursor, id, access),
                let delta = state.log.delta(after: cursor.seq, filter, limit: limit)
            else { return nil }
            return (delta, state.status, state.version)
        }
    }

    /// Whether a reader who stands at a cursor has all of a closed story; `nil` where memory cannot tell.
    func isOver(for cursor: Version, access: Access) -> Bool? {
        state.withLock { state in
            guard !isInvalidated, state.canTell(cursor, id, access) else { return nil }
            return state.status == .closed && cursor.seq == state.version.seq
        }
    }

    /// Whether a poll after a cursor has something to hear; `nil` where memory cannot tell.
    func hasNews(after cursor: Version, _ filter: UpdateFilter, access: Access) -> Bool? {
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
                let frame = entry.frame(for: filter, after: cursor.seq, epoch: cursor.epoch)
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

    /// Whether the log has gone on from under a reader who stands at this number.
    func hasLost(_ seq: Int64) -> Bool {
        state.withLock { seq < $0.log.start }
    }

    // MARK: What the hub tells

    /// The feed went on by a change.
    func take(_ step: FeedStep, at now: Instant) {
        let limit = streamed.isAwaited ? Self.streamedLogBytes : Self.quietLogBytes
        let entry = ChangeLog.Entry(
            step.change, version: step.version, firstSeq: step.firstSeq, rendition: step.rendition)
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
            state.pace.count(at: now)
        }
        renew()
    }

    /// Bytes of changes kept for the streams of a story: a reader who is further behind is dropped, or sent to the store.
    static let streamedLogBytes = 1024 * 1024
    /// Bytes of changes kept where nobody streams: pollers ask for the last few.
    static let quietLogBytes = 32 * 1024

    /// What was made before is old now.
    func renew() {
        changes.add(1, ordering: .acquiringAndReleasing)
    }

    /// How often others have written to the store: keys may have been revoked.
    var externalWriteCount: Int { externalWrites.load(ordering: .acquiring) }

    /// Others have written to the store: nothing that was made before counts, and the log must be looked at.
    func markStale(at now: Instant = .now) {
        externalWrites.add(1, ordering: .acquiringAndReleasing)
        state.withLock { $0.isStale = true }
        renew()
        reactions.markStale(at: now)
    }

    /// Whether it waits for a word from the store.
    var isStale: Bool { state.withLock { $0.isStale } }

    /// The number that memory stands at.
    var version: Version { state.withLock { $0.version } }

    /// The store's word: the feed stands here, by these changes after `previous`.
    func revalidate(_ detail: StoryDetail, _ changes: [FeedChange], after previous: Int64) {
        state.withLock { state in
            // A commit of ours was told of meanwhile: the word is old, and will be asked for once more.
            guard detail.story.seq >= state.version.seq else { return }
            let epoch = detail.version.epoch
            var previous = previous
            for change in changes {
                let version = Version(epoch: epoch, seq: change.seq)
                // Whether readers had seen an update before is not told.
                let entry = ChangeLog.Entry(change, version: version, firstSeq: nil)
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
        renew()
    }

    /// This feed is kept up no more: the story is gone, has another life, or was forgotten.
    func invalidate() {
        wasInvalidated.store(true, ordering: .releasing)
    }

    /// Has all who wait look again.
    func notify() {
        changed.publish()
        streamed.publish()
    }

    /// Works out the interval anew, and lets old changes go: of a story that nobody has asked for lately, almost all.
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

    /// Has pages and streams see the reactions of the last second.
    func tickReactions(at now: Instant) {
        if reactions.tick(at: now) { streamed.publish() }
    }

    /// Reads all counts of reactions for streams that lack them.
    func loadReactions(from store: any StoryStore) async {
        let isAwaited = await reactions.load { [id] in
            // Whether a reader sees the story at all is asked before each frame. Trouble is left to the next second.
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
        return rule.seconds(pace: pace.seconds(at: now), load: load)
    }
}
