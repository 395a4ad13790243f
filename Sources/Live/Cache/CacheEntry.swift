// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Stories
internal import Synchronization

/// A cache slot for one representation of one story. It outlives its responses, which changes make stale.
final class CacheEntry: Sendable {
    let channel: StoryChannel
    let counter: RouteCounter
    /// Time of the last use on the cache's logical clock, for LRU eviction.
    let lastUsed = Atomic<UInt64>(0)
    /// Number of request targets mapped to this entry.
    let targets = Atomic<Int>(0)
    private let shown: ShownReactions
    private let sharedLines: [UInt8]
    private let isStored: Bool
    private let state = Mutex(State())

    fileprivate struct State {
        var cached: CachedResponse?
        /// The generations that `cached` was made from.
        var generations = Generations(changes: StoryChannel.invalidated)
        /// Whether nothing is stored any more.
        var isRetired = false
        /// Whether the last response was too large to be remade for each reaction: see `exactBytes`.
        var isLarge = false
        /// The poll interval in the response, duplicated here so that one lock tells whether the response is current.
        var pollAfter = 0
        /// The read in progress (single flight).
        var flight: (generations: Generations, result: Promise<Result<CachedResponse, any Error>>)?
    }

    /// The state of a story at the time of a read.
    fileprivate struct Generations: Equatable {
        var changes: UInt64
        /// Generation of the latest reaction; 0 if the representation shows none.
        var reactions: UInt64 = 0
        /// Oldest reaction generation that a response may show if not every reaction makes it stale.
        var throttled: UInt64 = 0
    }

    /// Largest body of counts, in bytes, that every reaction makes stale, so that readers see their own at once: some hundred updates.
    /// Larger bodies are throttled: remaking one would cost more than the reaction.
    static let exactBytes = 8 * 1024

    /// Reads the representation from the store.
    typealias Load = @Sendable () async throws -> Representation

    init(
        channel: StoryChannel, showing shown: ShownReactions, counter: RouteCounter, sharedLines: [UInt8],
        isStored: Bool
    ) {
        self.sharedLines = sharedLines
        self.channel = channel
        self.shown = shown
        self.counter = counter
        self.isStored = isStored
    }

    /// The cached response if it is fresh, that is, of the story's current generation.
    func current() -> CachedResponse? {
        let (generations, pollAfter) = (generations, channel.pollAfter)
        return state.withLock { state in
            guard generations.changes != StoryChannel.invalidated,
                state.isFresh(state.generations, at: generations, shown)
            else {
                return nil
            }
            if state.pollAfter != pollAfter {
                state.set(state.cached?.renewed(pollAfter: pollAfter), pollAfter)
            }
            return state.cached
        }
    }

    private var generations: Generations {
        let changes = channel.generation
        if shown == .none { return Generations(changes: changes) }
        let reactions = channel.reactions.generation
        // `throttled` before `latest`, and both before the store is read, which then shows at least these reactions.
        let throttled = reactions.throttled
        return Generations(changes: changes, reactions: reactions.latest, throttled: throttled)
    }

    /// Returns an up-to-date response. Single flight: the first miss reads, later misses wait for it as long as nothing has changed.
    ///
    /// The first miss reads in its own task: if a separate task read, the responses to all waiters would be complete before the
    /// first of them is sent.
    func cached(_ load: Load) async throws -> CachedResponse {
        let generations = generations
        let own = Promise<Result<CachedResponse, any Error>>()
        let flight = state.withLock { state in
            // A flight that began before a change may miss it, although its writer has been answered.
            if let flight = state.flight, state.isFresh(flight.generations, at: generations, shown) {
                return flight.result
            }
            state.flight = (generations, own)
            return own
        }
        if flight === own { own.fulfill(await fetch(load, generations)) }
        return try await flight.value.get()
    }

    private func fetch(_ load: Load, _ generations: Generations) async -> Result<CachedResponse, any Error> {
        do {
            let representation = try await load()
            let cached = CachedResponse(representation, sharedLines, pollAfter: channel.pollAfter)
            store(cached, generations, isLarge: representation.bytes.count > Self.exactBytes)
            return .success(cached)
        } catch {
            state.withLock { if $0.flight?.generations == generations { $0.flight = nil } }
            return .failure(error)
        }
    }

    /// Stores a response made from memory, without a read of the store.
    func put(_ representation: Representation, generation: UInt64) -> CachedResponse {
        let cached = CachedResponse(representation, sharedLines, pollAfter: channel.pollAfter)
        store(cached, Generations(changes: generation), isLarge: false)
        return cached
    }

    /// Stores a response unless a newer one is already cached.
    private func store(_ cached: CachedResponse, _ generations: Generations, isLarge: Bool) {
        state.withLock { state in
            if state.flight?.generations == generations { state.flight = nil }
            guard isStored, !state.isRetired, generations.changes != StoryChannel.invalidated else { return }
            let isOlder =
                state.cached != nil
                && (state.generations.changes, state.generations.reactions) > (
                    generations.changes, generations.reactions
                )
            guard !isOlder else { return }
            state.set(cached, cached.pollAfter)
            state.isLarge = isLarge
            state.generations = generations
        }
    }

    /// Lets go of the response for good. Requests that wait for one get it, and no others.
    func retire() {
        state.withLock { state in
            (state.isRetired, state.flight) = (true, nil)
            state.set(nil, 0)
            state.generations = Generations(changes: StoryChannel.invalidated)
        }
    }

    /// Whether there is neither a response nor a flight.
    var isEmpty: Bool { state.withLock { $0.cached == nil && $0.flight == nil } }

    /// Approximate memory use in bytes.
    var byteCount: Int { Self.ownBytes + (state.withLock { $0.cached }?.byteCount ?? 0) }

    /// Overhead of the entry, its key and its target, in bytes.
    private static let ownBytes = 512
}

extension CacheEntry.State {
    mutating func set(_ cached: CachedResponse?, _ pollAfter: Int) {
        self.cached = cached
        self.pollAfter = pollAfter
    }

    /// Returns whether a response made at generations `made` is still fresh at generations `present`.
    func isFresh(
        _ made: CacheEntry.Generations, at present: CacheEntry.Generations, _ shown: ShownReactions
    ) -> Bool {
        let isExact = shown == .exactly && !isLarge
        return made.changes == present.changes
            && made.reactions >= (isExact ? present.reactions : present.throttled)
    }
}
