internal import HTTP
internal import Synchronization

/// What a page shows of the reactions to its story, and so which of them make it old.
enum ShownReactions: Sendable {
    /// Nothing.
    case none
    /// Counts that are right after each reaction, for as long as the body is small: ``CacheEntry/exactBytes``.
    case exactly
    /// Counts beside much else: made anew about once a second at most.
    case throttled
}

/// The place of one page: of one story in one variant. It outlives its pages, as changes make them old.
final class CacheEntry: Sendable {
    let channel: StoryChannel
    let counter: RouteCounter
    /// When it was used last, in the cache's count.
    let lastUsed = Atomic<UInt64>(0)
    /// Targets that it was remembered by.
    let names = Atomic<Int>(0)
    private let shown: ShownReactions
    private let sharedLines: [UInt8]
    private let keepsPages: Bool
    private let state = Mutex(State())

    fileprivate struct State {
        var cached: CachedResponse?
        /// What the page is of.
        var generations = Generations(changes: StoryChannel.invalidated)
        /// Whether the last page was too large to be made anew with each reaction.
        var isLarge = false
        /// What the page says besides, held here so that a look at the slot tells whether the page is right.
        var pollAfter = 0
        var flight: (generations: Generations, result: Promise<Result<CachedResponse, Problem>>)?
    }

    /// How far a story had come.
    fileprivate struct Generations: Equatable {
        var changes: UInt64
        var reactions: UInt64 = 0
        var throttledReactions: UInt64 = 0
    }

    /// Bytes of a body of counts that is made anew with each reaction, so that readers see theirs at once: some hundred updates.
    /// What is larger would cost more than the reaction.
    static let exactBytes = 8 * 1024

    /// Reads the content from the store.
    typealias Load = @Sendable () async throws(Problem) -> Representation

    init(
        channel: StoryChannel, showing shown: ShownReactions, counter: RouteCounter, sharedLines: [UInt8],
        keepsPages: Bool
    ) {
        self.sharedLines = sharedLines
        self.channel = channel
        self.shown = shown
        self.counter = counter
        self.keepsPages = keepsPages
    }

    /// The page, if it shows the story as it is now.
    func current() -> CachedResponse? {
        let (generations, pollAfter) = (generations, channel.pollAfter)
        return state.withLock { state in
            guard generations.changes != StoryChannel.invalidated,
                state.shows(state.generations, as: generations, shown)
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
        switch shown {
        case .none: Generations(changes: channel.generation)
        case .exactly, .throttled:
            Generations(
                changes: channel.generation, reactions: channel.reactions.generation,
                throttledReactions: channel.reactions.throttledGeneration)
        }
    }

    /// The page as it is now: read by the first who asks, and shared by all who ask before anything changes.
    ///
    /// The first reads it himself, in his own task: were it handed to another, the pages of all who ask at once would be there
    /// together before the first of them is sent.
    func cached(_ load: Load) async throws(Problem) -> CachedResponse {
        let generations = generations
        let own = Promise<Result<CachedResponse, Problem>>()
        let flight = state.withLock { state in
            // A flight that began before a change may miss it, and whoever made the change has been answered.
            if let flight = state.flight, state.shows(flight.generations, as: generations, shown) {
                return flight.result
            }
            state.flight = (generations, own)
            return own
        }
        if flight === own { own.keep(await fetch(load, generations)) }
        return try await flight.value.get()
    }

    private func fetch(_ load: Load, _ generations: Generations) async -> Result<CachedResponse, Problem> {
        do throws(Problem) {
            let content = try await load()
            let cached = CachedResponse(content, sharedLines, pollAfter: channel.pollAfter)
            keep(cached, generations, isLarge: content.bytes.count > Self.exactBytes)
            return .success(cached)
        } catch {
            state.withLock { if $0.flight?.generations == generations { $0.flight = nil } }
            return .failure(error)
        }
    }

    /// Puts a page that was made in memory in its place.
    func put(_ content: Representation, generation: UInt64) -> CachedResponse {
        let cached = CachedResponse(content, sharedLines, pollAfter: channel.pollAfter)
        keep(cached, Generations(changes: generation), isLarge: false)
        return cached
    }

    /// A page never takes the place of a newer one.
    private func keep(_ cached: CachedResponse, _ generations: Generations, isLarge: Bool) {
        state.withLock { state in
            if state.flight?.generations == generations { state.flight = nil }
            guard keepsPages, generations.changes != StoryChannel.invalidated else { return }
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

    /// Whether there is neither a page nor one on its way.
    var isEmpty: Bool { state.withLock { $0.cached == nil && $0.flight == nil } }

    /// Roughly what it takes in memory.
    var byteCount: Int { Self.ownBytes + (state.withLock { $0.cached }?.byteCount ?? 0) }

    /// The slot, its key and its name.
    private static let ownBytes = 512
}

extension CacheEntry.State {
    mutating func set(_ cached: CachedResponse?, _ pollAfter: Int) {
        self.cached = cached
        self.pollAfter = pollAfter
    }

    /// Whether what was read at some stamps is what a page is to show at others.
    func shows(_ made: CacheEntry.Generations, as wanted: CacheEntry.Generations, _ shown: ShownReactions)
        -> Bool
    {
        guard made.changes == wanted.changes else { return false }
        switch shown {
        case .none: return true
        case .exactly where !isLarge: return made.reactions == wanted.reactions
        case .exactly, .throttled: return made.throttledReactions == wanted.throttledReactions
        }
    }
}
