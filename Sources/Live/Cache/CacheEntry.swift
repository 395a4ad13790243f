// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Stories
internal import Synchronization

/// The place of one response in the cache: one representation of one story. It outlives its responses, as changes make them stale.
final class CacheEntry: Sendable {
    let channel: StoryChannel
    let counter: RouteCounter
    /// When it was used last, by the cache's clock: what LRU eviction goes by.
    let lastUsed = Atomic<UInt64>(0)
    /// Targets that lead to it.
    let targets = Atomic<Int>(0)
    private let shown: ShownReactions
    private let sharedLines: [UInt8]
    private let isStored: Bool
    private let state = Mutex(State())

    fileprivate struct State {
        var cached: CachedResponse?
        /// Of which the response is.
        var generations = Generations(changes: StoryChannel.invalidated)
        /// Whether the last response was too large to be made anew with each reaction.
        var isLarge = false
        /// The interval that the response names, held here so that one look at the entry tells whether the response is right.
        var pollAfter = 0
        /// The read that is running.
        var flight: (generations: Generations, result: Promise<Result<CachedResponse, any Error>>)?
    }

    /// How far a story had come.
    fileprivate struct Generations: Equatable {
        var changes: UInt64
        /// The last reaction; 0 where they are not shown.
        var reactions: UInt64 = 0
        /// The reaction that is shown at least where not every one makes the response stale.
        var throttled: UInt64 = 0
    }

    /// Bytes of a body of counts that is made anew with each reaction, so that readers see theirs at once: some hundred updates.
    /// What is larger would cost more than the reaction.
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

    /// The response, if it is fresh: of the present generation of its story.
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
        // In this order: what is read of the store after it shows no less.
        let throttled = reactions.throttled
        return Generations(changes: changes, reactions: reactions.latest, throttled: throttled)
    }

    /// The response as it is now. Single flight: the first who misses reads, all who miss before anything changes wait for it.
    ///
    /// The first reads in its own task: were the read handed to another, the responses of all who miss at once would be there
    /// together before the first of them is sent.
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

    /// Stores a response that was made without a read.
    func put(_ representation: Representation, generation: UInt64) -> CachedResponse {
        let cached = CachedResponse(representation, sharedLines, pollAfter: channel.pollAfter)
        store(cached, Generations(changes: generation), isLarge: false)
        return cached
    }

    /// A response never replaces a newer one.
    private func store(_ cached: CachedResponse, _ generations: Generations, isLarge: Bool) {
        state.withLock { state in
            if state.flight?.generations == generations { state.flight = nil }
            guard isStored, generations.changes != StoryChannel.invalidated else { return }
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

    /// Whether there is neither a response nor a flight.
    var isEmpty: Bool { state.withLock { $0.cached == nil && $0.flight == nil } }

    /// Roughly what it takes in memory.
    var byteCount: Int { Self.ownBytes + (state.withLock { $0.cached }?.byteCount ?? 0) }

    /// The entry, its key and its target.
    private static let ownBytes = 512
}

extension CacheEntry.State {
    mutating func set(_ cached: CachedResponse?, _ pollAfter: Int) {
        self.cached = cached
        self.pollAfter = pollAfter
    }

    /// Whether what was read at some generations is what is to be shown at the present ones.
    func isFresh(
        _ made: CacheEntry.Generations, at present: CacheEntry.Generations, _ shown: ShownReactions
    ) -> Bool {
        let isExact = shown == .exactly && !isLarge
        return made.changes == present.changes
            && made.reactions >= (isExact ? present.reactions : present.throttled)
    }
}
