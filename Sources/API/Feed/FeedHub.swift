internal import HTTP
internal import Stories
internal import Synchronization

/// Every story that somebody reads. Hears of each commit of the store, and passes it on: to what is kept in memory, to polls
/// that wait, to streams.
final class FeedHub: Sendable {
    let store: any StoryStore
    /// Cold reads of all stories, running or waiting; 0 when there are no requests.
    let coldReads = Turns.Gauge()
    private let interval: PollInterval
    private let table = Mutex(Table())
    private let ticks = Atomic<Int>(0)
    private let commits = Atomic<UInt64>(0)
    /// For pages that show counts of many stories.
    private let reactions = PacedStamp()
    private let isSettling = Atomic<Bool>(false)
    private let meter: Mutex<LoadMeter>
    private let ticker = Ticker()

    private struct Table {
        var feeds: [Identifier: LiveFeed] = [:]
        /// By each slug that was asked for, also former ones.
        var slugs: [Slug: Identifier] = [:]
        /// The inverse of `slugs`, so that all entries of a story can be invalidated.
        var names: [Identifier: [Slug]] = [:]
        /// How often something of the stories in each group has changed: so that it is noticed when a story has changed
        /// between its reading and its entry here.
        var changes = [UInt32](repeating: 0, count: 256)

        static func group(of id: Identifier) -> Int { Int(truncatingIfNeeded: id.low & 255) }

        mutating func name(_ id: Identifier, _ slug: Slug) {
            guard slugs.updateValue(id, forKey: slug) != id else { return }
            names[id, default: []].append(slug)
        }

        mutating func unname(_ id: Identifier, _ slug: Slug) {
            guard slugs[slug] == id else { return }
            slugs[slug] = nil
            names[id]?.removeAll { $0 == slug }
        }

        mutating func unname(_ id: Identifier) {
            for slug in names.removeValue(forKey: id) ?? [] where slugs[slug] == id { slugs[slug] = nil }
        }
    }

    /// Stories kept in mind. One that is not is looked up again.
    static let maximumFeeds = 20_000

    init(store: any StoryStore, interval: PollInterval, processors: Int?) {
        self.store = store
        self.interval = interval
        meter = Mutex(LoadMeter(processors: processors, at: .now))
        store.observe { [weak self] events in self?.apply(events) }
        ticker.start { [weak self] in self?.tick() }
    }

    // MARK: Finding

    /// The story, where it is in mind.
    func feed(_ reference: StoryReference) -> LiveFeed? {
        let found = table.withLock { table in
            switch reference {
            case .id(let id): table.feeds[id]
            case .slug(let slug): table.slugs[slug].flatMap { table.feeds[$0] }
            }
        }
        found?.isUsed.store(true, ordering: .relaxed)
        return found
    }

    /// The story, from the store where it is not in mind. Throws `.notFound` where the caller may not see it.
    func open(_ reference: StoryReference, access: Access) async throws(StoryError) -> LiveFeed {
        for _ in 0..<Self.attempts {
            let before = table.withLock { $0.changes }
            let detail = try await store.story(reference, access: access)
            if let feed = enter(detail, as: reference, ifUnchangedSince: before) { return feed }
        }
        throw .storage(.busy)
    }

    /// A story that changes each time it is read is written to more often than a disk can take it.
    private static let attempts = 50

    private func enter(
        _ detail: StoryDetail, as reference: StoryReference, ifUnchangedSince before: [UInt32]
    ) -> LiveFeed? {
        let (id, group) = (detail.story.id, Table.group(of: detail.story.id))
        let (load, time) = (meter.withLock { $0.level }, store.time)
        let (feed, isFull) = table.withLock { table -> (LiveFeed?, Bool) in
            guard table.changes[group] == before[group] else { return (table.feeds[id], false) }
            table.name(id, detail.story.slug)
            if case .slug(let slug) = reference { table.name(id, slug) }
            if let known = table.feeds[id] { return (known, false) }
            let feed = LiveFeed(
                detail, interval: interval, load: load, coldReads: coldReads, at: .now, time: time)
            table.feeds[id] = feed
            return (feed, table.feeds.count > Self.maximumFeeds)
        }
        feed?.lastUsed.store(ticks.load(ordering: .relaxed), ordering: .relaxed)
        if isFull { forgetSome() }
        return feed
    }

    /// Forgets the tenth of the stories that nobody has asked for the longest, and nobody waits for.
    private func forgetSome() {
        let idle = feeds.filter { !$0.isAwaited }.sorted {
            $0.lastUsed.load(ordering: .relaxed) < $1.lastUsed.load(ordering: .relaxed)
        }
        for feed in idle.prefix(Self.maximumFeeds / 10) { forget(feed.id) }
    }

    private var feeds: [LiveFeed] { table.withLock { Array($0.feeds.values) } }

    /// Lets go of a story; whoever waits for it looks again.
    private func forget(_ id: Identifier) {
        let feed = table.withLock { table -> LiveFeed? in
            table.unname(id)
            return table.feeds.removeValue(forKey: id)
        }
        feed?.retire()
        feed?.tell()
    }

    // MARK: Hearing

    /// Moves with each commit that it hears of, at most once a second with those of reactions alone. What is read of the store
    /// after that was looked at is as new, or newer.
    var commitStamp: CommitStamp {
        CommitStamp(commits: commits.load(ordering: .acquiring), reactions: reactions.value)
    }

    /// See ``commitStamp``.
    struct CommitStamp: Equatable {
        let commits: UInt64
        let reactions: UInt64
    }

    /// After each commit, on the store's queue.
    private func apply(_ events: [StoreEvent]) {
        let now = Instant.now
        if !events.isEmpty, events.allSatisfy(\.isReaction) {
            reactions.note(at: now)
        } else {
            commits.add(1, ordering: .releasing)
        }
        var touched: [Identifier: LiveFeed] = [:]
        for event in events {
            switch event {
            case .changed(let step): if let feed = take(step) { touched[feed.id] = feed }
            // Nobody could have read it before.
            case .created: break
            case .removed(let id):
                count(id)
                forget(id)
            case .slugFreed(let slug, let id): free(slug, of: id)
            case .reacted(let step): table.withLock { $0.feeds[step.story] }?.reactions.take(step, at: now)
            case .disturbed: doubtAll()
            }
        }
        for feed in touched.values { feed.tell() }
    }

    private func take(_ step: FeedStep) -> LiveFeed? {
        count(step.story)
        guard let feed = table.withLock({ $0.feeds[step.story] }) else { return nil }
        let (slug, pollAfter) = (feed.slug, feed.pollAfter)
        feed.take(step, at: .now)
        feed.tick(interval, load: meter.withLock { $0.level }, at: .now, time: store.time)
        // A snapshot that was made between the two keeps the interval of before in its body.
        if feed.pollAfter != pollAfter { feed.renew() }
        if feed.slug != slug { rename(feed) }
        return feed
    }

    /// The slug that it had goes on naming it.
    private func rename(_ feed: LiveFeed) {
        table.withLock { $0.name(feed.id, feed.slug) }
    }

    private func free(_ slug: Slug, of id: Identifier) {
        count(id)
        let feed = table.withLock { table in
            table.unname(id, slug)
            return table.feeds[id]
        }
        // No page that was read under the slug counts any more.
        feed?.renew()
    }

    private func count(_ id: Identifier) {
        table.withLock { $0.changes[Table.group(of: id)] &+= 1 }
    }

    // MARK: Changes made elsewhere

    /// Somebody else has written: nothing that is in mind counts before the store has been asked.
    private func doubtAll() {
        table.withLock { table in
            for group in table.changes.indices { table.changes[group] &+= 1 }
            // A slug may be another story's by now.
            (table.slugs, table.names) = ([:], [:])
        }
        for feed in feeds { feed.doubt() }
        Task { await settleDoubts() }
    }

    /// Asks the store where the doubtful stories stand. What cannot be asked now is asked at the next tick.
    private func settleDoubts() async {
        guard isSettling.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
        else {
            return
        }
        defer { isSettling.store(false, ordering: .releasing) }
        for feed in feeds where feed.isDoubtful {
            do throws(StoryError) {
                try await settle(feed)
            } catch {
                if case .storage = error { continue }
                forget(feed.id)
            }
        }
    }

    private func settle(_ feed: LiveFeed) async throws(StoryError) {
        let known = feed.version
        var (cursor, changes, isComplete) = (known, [FeedChange](), false)
        while !isComplete {
            let query = DeltaQuery(cursor: cursor, limit: Limits.pageSize.upperBound)
            let delta = try await store.changes(of: .id(feed.id), query, access: Self.everything)
            changes += delta.changes
            cursor = delta.cursor
            // Who is further behind than this is better off with the store itself.
            guard changes.count < Self.maximumChanges else { return forget(feed.id) }
            isComplete = !delta.more
        }
        let detail = try await store.story(.id(feed.id), access: Self.everything)
        guard detail.version.epoch == known.epoch else { return forget(feed.id) }
        // Changed once more meanwhile: the next tick tries again, unless the commit was ours and is told of anyway.
        guard detail.story.seq == cursor.seq else { return }
        feed.trust(detail, changes, after: known.seq)
        rename(feed)
        feed.tick(interval, load: meter.withLock { $0.level }, at: .now, time: store.time)
        feed.tell()
    }

    private static let maximumChanges = 2_000
    static let everything = Access.holder(Grant(role: .admin))

    // MARK: Time

    /// Once a second: intervals follow the pace and the load, streams hear of reactions, doubts are settled.
    func tick(at now: Instant = .now) {
        let load = meter.withLock { meter in
            meter.tick(at: now)
            return meter.level
        }
        let (count, time) = (ticks.add(1, ordering: .relaxed).newValue, store.time)
        var hasDoubts = false
        for feed in feeds {
            if feed.isUsed.exchange(false, ordering: .relaxed) {
                feed.lastUsed.store(count, ordering: .relaxed)
            }
            let isForgotten = count - feed.lastUsed.load(ordering: .relaxed) > Self.memorySeconds
            feed.tick(interval, load: load, isForgotten: isForgotten, at: now, time: time)
            hasDoubts = hasDoubts || feed.isDoubtful
            feed.tickReactions(at: now)
        }
        reactions.tick(at: now)
        if hasDoubts { Task { await settleDoubts() } }
    }

    /// For so long the latest changes of a story are kept though nobody asks for it.
    private static let memorySeconds = 180

    /// How many stories are in mind.
    var feedCount: Int { table.withLock { $0.feeds.count } }
}

extension StoreEvent {
    fileprivate var isReaction: Bool {
        if case .reacted = self { true } else { false }
    }
}
