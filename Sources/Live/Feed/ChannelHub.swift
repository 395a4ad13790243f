// SPDX-License-Identifier: Apache-2.0
internal import HTTP
package import Stories
internal import Synchronization

/// The channels of all stories that are being read. Observes the store's commits and fans them out to the response cache, long polls
/// and streams.
package final class ChannelHub: Sendable {
    /// The store observed.
    package let store: any StoryStore
    /// Running and waiting cold reads of all stories; 0 when there are no requests.
    package let coldReads = AsyncSemaphore.Gauge()
    private let encoder: any FeedEncoder
    private let interval: PollInterval
    private let table = Mutex(Table())
    private let ticks = Atomic<Int>(0)
    private let commits = Atomic<UInt64>(0)
    /// Generation of the reactions to all stories, for pages with counts of many stories.
    private let reactions = ReactionGeneration()
    private let revalidation = Mutex(Revalidation())
    private let meter: Mutex<LoadMeter>
    private let ticker = Ticker()

    private struct Table {
        var channels: [Identifier: StoryChannel] = [:]
        /// Ids by slug, including requested former slugs.
        var slugs: [Slug: Identifier] = [:]
        /// The inverse of `slugs`, for removing all entries of a story.
        var names: [Identifier: [Slug]] = [:]
        /// Change counters of groups of stories, to detect that a story has changed between being read and being entered here
        /// (optimistic concurrency).
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

    private struct Revalidation {
        var isRunning = false
        /// Whether a channel became stale since the running pass began.
        var isWanted = false
    }

    /// Maximum number of channels kept. A story without a channel is read from the store.
    static let maximumChannels = 20_000

    /// Creates a hub that observes the store. `processors` is the number of processors to measure load by; `nil`: load is ignored.
    package init(
        store: any StoryStore, encoder: any FeedEncoder, interval: PollInterval, processors: Int?
    ) {
        self.store = store
        self.encoder = encoder
        self.interval = interval
        meter = Mutex(LoadMeter(processors: processors, at: .now))
        store.observe { [weak self] events in self?.apply(events) }
        ticker.start { [weak self] in self?.tick() }
    }

    // MARK: Channels

    /// Returns the channel of a story if it is open.
    package func channel(_ reference: StoryReference) -> StoryChannel? {
        let found = table.withLock { table in
            switch reference {
            case .id(let id): table.channels[id]
            case .slug(let slug): table.slugs[slug].flatMap { table.channels[$0] }
            }
        }
        found?.isUsed.store(true, ordering: .relaxed)
        return found
    }

    /// Returns the channel of a story, opening it if needed. Throws `.notFound` if the caller may not see the story.
    package func open(_ reference: StoryReference, access: Access) async throws(StoryError) -> StoryChannel {
        // It may have been opened while this request waited for its turn: a crowd that returns after a restart reads the story once.
        if let open = channel(reference), open.isKnown(to: access) { return open }
        for _ in 0..<Self.attempts {
            let before = table.withLock { $0.changes }
            let detail = try await store.story(reference, access: access)
            if let channel = enter(detail, as: reference, ifUnchangedSince: before) { return channel }
        }
        throw .storage(.busy)
    }

    /// A story that changes during every attempt is written to more often than a disk can sync.
    private static let attempts = 50

    private func enter(
        _ detail: StoryDetail, as reference: StoryReference, ifUnchangedSince before: [UInt32]
    ) -> StoryChannel? {
        let (id, group) = (detail.story.id, Table.group(of: detail.story.id))
        let (load, time) = (meter.withLock { $0.level }, store.time)
        let (channel, isFull) = table.withLock { table -> (StoryChannel?, Bool) in
            guard table.changes[group] == before[group] else { return (table.channels[id], false) }
            table.name(id, detail.story.slug)
            if case .slug(let slug) = reference { table.name(id, slug) }
            if let known = table.channels[id] { return (known, false) }
            let channel = StoryChannel(
                detail, encoder: encoder, interval: interval, load: load, coldReads: coldReads, at: .now,
                time: time)
            table.channels[id] = channel
            return (channel, table.channels.count > Self.maximumChannels)
        }
        channel?.lastUsed.store(ticks.load(ordering: .relaxed), ordering: .relaxed)
        if isFull { evictIdleChannels() }
        return channel
    }

    /// Evicts the least recently used channels without waiting requests: a tenth of the maximum.
    private func evictIdleChannels() {
        let idle = channels.filter { !$0.isAwaited }.sorted {
            $0.lastUsed.load(ordering: .relaxed) < $1.lastUsed.load(ordering: .relaxed)
        }
        for channel in idle.prefix(Self.maximumChannels / 10) { forget(channel.id) }
    }

    private var channels: [StoryChannel] { table.withLock { Array($0.channels.values) } }

    /// Removes a channel; requests waiting on it are evaluated again.
    private func forget(_ id: Identifier) {
        let channel = table.withLock { table -> StoryChannel? in
            table.unname(id)
            return table.channels.removeValue(forKey: id)
        }
        channel?.invalidate()
        channel?.notify()
    }

    // MARK: Commits

    /// Advances with each commit, for reactions alone at most once a second. Load it before reading the store.
    package var commitGeneration: CommitGeneration {
        CommitGeneration(commits: commits.load(ordering: .acquiring), reactions: reactions.throttled)
    }

    /// The value of ``commitGeneration``.
    package struct CommitGeneration: Equatable {
        let commits: UInt64
        let reactions: UInt64
    }

    /// Applies the events of a commit. Called on the store's queue.
    private func apply(_ events: [StoreEvent]) {
        let now = Instant.now
        if !events.isEmpty, events.allSatisfy(\.isReaction) {
            reactions.count(at: now)
        } else {
            commits.add(1, ordering: .releasing)
        }
        var touched: [Identifier: StoryChannel] = [:]
        for event in events {
            switch event {
            case .changed(let step): if let channel = take(step) { touched[channel.id] = channel }
            // A new story cannot have been read before.
            case .created, .deliveriesQueued, .cardsQueued, .notificationQueued, .siteChanged: break
            case .removed(let id):
                count(id)
                forget(id)
            case .slugFreed(let slug, let id): free(slug, of: id)
            case .reacted(let step): table.withLock { $0.channels[step.story] }?.reactions.take(step, at: now)
            case .keyRevoked: for channel in channels { channel.recheckKeys() }
            case .externalWrite: markAllStale()
            case .externalChanges(let changed, let reacted): markStale(changed, reacted: reacted, at: now)
            }
        }
        for channel in touched.values { channel.notify() }
    }

    private func take(_ step: FeedStep) -> StoryChannel? {
        count(step.story)
        guard let channel = table.withLock({ $0.channels[step.story] }) else { return nil }
        let (slug, pollAfter) = (channel.slug, channel.pollAfter)
        channel.take(step, at: .now)
        channel.tick(interval, load: meter.withLock { $0.level }, at: .now, time: store.time)
        // A snapshot made between the two calls has the previous interval in its body.
        if channel.pollAfter != pollAfter { channel.moveGeneration() }
        if channel.slug != slug { rename(channel) }
        return channel
    }

    /// Enters the current slug of a channel; former slugs keep resolving.
    private func rename(_ channel: StoryChannel) {
        table.withLock { $0.name(channel.id, channel.slug) }
    }

    private func free(_ slug: Slug, of id: Identifier) {
        count(id)
        let channel = table.withLock { table in
            table.unname(id, slug)
            return table.channels[id]
        }
        // Responses cached under the slug are stale.
        channel?.moveGeneration()
    }

    private func count(_ id: Identifier) {
        table.withLock { $0.changes[Table.group(of: id)] &+= 1 }
    }

    // MARK: External writes

    /// Marks every channel as stale after a write by another process, until it is revalidated.
    private func markAllStale() {
        table.withLock { table in
            for group in table.changes.indices { table.changes[group] &+= 1 }
            // A slug may belong to another story by now.
            (table.slugs, table.names) = ([:], [:])
        }
        for channel in channels {
            channel.markStale()
            channel.recheckKeys()
        }
        Task { await revalidateStale() }
    }

    /// Marks the channels of some stories as stale after a commit of another node.
    private func markStale(_ changed: Set<Identifier>, reacted: Set<Identifier>, at now: Instant) {
        let stale = table.withLock { table in
            for id in changed {
                table.changes[Table.group(of: id)] &+= 1
                // A slug may have moved to another story, or away from it.
                table.unname(id)
            }
            return changed.compactMap { table.channels[$0] }
        }
        for channel in stale { channel.markStale(at: now) }
        for id in reacted { table.withLock { $0.channels[id] }?.reactions.lose(at: now) }
        if !reacted.isEmpty { reactions.count(at: now) }
        if !stale.isEmpty { Task { await revalidateStale() } }
    }

    /// Revalidates stale channels against the store (single flight): a call during a pass causes one more pass instead of a second flight.
    /// After a storage error, the next tick retries.
    private func revalidateStale() async {
        let isFirst = revalidation.withLock { state in
            state.isWanted = true
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard isFirst else { return }
        while isRevalidationWanted() {
            for channel in channels where channel.isStale {
                do throws(StoryError) {
                    try await revalidate(channel)
                } catch {
                    if case .storage = error { continue }
                    forget(channel.id)
                }
            }
        }
    }

    private func isRevalidationWanted() -> Bool {
        revalidation.withLock { state in
            defer { state.isWanted = false }
            state.isRunning = state.isWanted
            return state.isWanted
        }
    }

    private func revalidate(_ channel: StoryChannel) async throws(StoryError) {
        let (externalWrites, known, readAt) = (channel.externalWrites, channel.version, Instant.now)
        var (cursor, changes, isComplete) = (known, [FeedChange](), false)
        while !isComplete {
            let query = DeltaQuery(cursor: cursor, limit: Limits.pageSize.upperBound)
            let delta = try await store.changes(of: .id(channel.id), query, access: Self.everything)
            changes += delta.changes
            cursor = delta.cursor
            // Beyond this many changes, opening a new channel is cheaper.
            guard changes.count < Self.maximumChanges else { return forget(channel.id) }
            isComplete = !delta.more
        }
        let detail = try await store.story(.id(channel.id), access: Self.everything)
        guard detail.version.epoch == known.epoch else { return forget(channel.id) }
        // Changed again meanwhile: that commit, or the next tick, has it revalidated again.
        guard detail.story.seq == cursor.seq else { return }
        channel.revalidate(
            detail, changes, after: known.seq, seen: externalWrites, readAt: readAt)
        rename(channel)
        channel.tick(interval, load: meter.withLock { $0.level }, at: .now, time: store.time)
        channel.notify()
    }

    private static let maximumChanges = 2_000
    package static let everything = Access.holder(Grant(role: .admin))

    // MARK: Time

    /// Called once a second: updates poll intervals, publishes reactions to streams, and revalidates stale channels.
    func tick(at now: Instant = .now) {
        let load = meter.withLock { meter in
            meter.tick(at: now)
            return meter.level
        }
        let (count, time) = (ticks.add(1, ordering: .relaxed).newValue, store.time)
        var hasStale = false
        for channel in channels {
            if channel.isUsed.exchange(false, ordering: .relaxed) {
                channel.lastUsed.store(count, ordering: .relaxed)
            }
            let isForgotten = count - channel.lastUsed.load(ordering: .relaxed) > Self.memorySeconds
            channel.tick(interval, load: load, isForgotten: isForgotten, at: now, time: time)
            hasStale = hasStale || channel.isStale
            channel.tickReactions(at: now)
        }
        reactions.tick(at: now)
        if hasStale { Task { await revalidateStale() } }
    }

    /// Seconds for which the latest changes of a story are kept without requests.
    private static let memorySeconds = 180

    /// Number of open channels.
    package var channelCount: Int { table.withLock { $0.channels.count } }
}

extension StoreEvent {
    fileprivate var isReaction: Bool {
        if case .reacted = self { true } else { false }
    }
}
