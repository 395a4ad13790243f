internal import HTTP
internal import Synchronization

/// What a page shows of the reactions to its story, and so which of them make it old.
enum ShownReactions: Sendable {
    /// Nothing.
    case none
    /// Counts that are right after each reaction, for as long as the body is small: ``PageSlot/exactBytes``.
    case exactly
    /// Counts beside much else: made anew about once a second at most.
    case paced
}

/// The place of one page: of one story in one variant. It outlives its pages, as changes make them old.
final class PageSlot: Sendable {
    let feed: LiveFeed
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
        var page: Page?
        /// What the page is of.
        var stamps = Stamps(changes: LiveFeed.retired)
        /// Whether the last page was too large to be made anew with each reaction.
        var isLarge = false
        /// What the page says besides, held here so that a look at the slot tells whether the page is right.
        var pollAfter = 0
        var flight: (stamps: Stamps, result: Promise<Result<Page, Problem>>)?
    }

    /// How far a story had come.
    fileprivate struct Stamps: Equatable {
        var changes: UInt64
        var reactions: UInt64 = 0
        var pacedReactions: UInt64 = 0
    }

    /// Bytes of a body of counts that is made anew with each reaction, so that readers see theirs at once: some hundred updates.
    /// What is larger would cost more than the reaction.
    static let exactBytes = 8 * 1024

    /// Reads the content from the store.
    typealias Load = @Sendable () async throws(Problem) -> PageContent

    init(
        feed: LiveFeed, showing shown: ShownReactions, counter: RouteCounter, sharedLines: [UInt8],
        keepsPages: Bool
    ) {
        self.sharedLines = sharedLines
        self.feed = feed
        self.shown = shown
        self.counter = counter
        self.keepsPages = keepsPages
    }

    /// The page, if it shows the story as it is now.
    func current() -> Page? {
        let (stamps, pollAfter) = (stamps, feed.pollAfter)
        return state.withLock { state in
            guard stamps.changes != LiveFeed.retired, state.shows(state.stamps, as: stamps, shown) else {
                return nil
            }
            if state.pollAfter != pollAfter {
                state.set(state.page?.renewed(pollAfter: pollAfter), pollAfter)
            }
            return state.page
        }
    }

    private var stamps: Stamps {
        switch shown {
        case .none: Stamps(changes: feed.stamp)
        case .exactly, .paced:
            Stamps(
                changes: feed.stamp, reactions: feed.reactions.stamp,
                pacedReactions: feed.reactions.pacedStamp)
        }
    }

    /// The page as it is now: read by the first who asks, and shared by all who ask before anything changes.
    ///
    /// The first reads it himself, in his own task: were it handed to another, the pages of all who ask at once would be there
    /// together before the first of them is sent.
    func page(_ load: Load) async throws(Problem) -> Page {
        let stamps = stamps
        let own = Promise<Result<Page, Problem>>()
        let flight = state.withLock { state in
            // A flight that began before a change may miss it, and whoever made the change has been answered.
            if let flight = state.flight, state.shows(flight.stamps, as: stamps, shown) {
                return flight.result
            }
            state.flight = (stamps, own)
            return own
        }
        if flight === own { own.keep(await fetch(load, stamps)) }
        return try await flight.value.get()
    }

    private func fetch(_ load: Load, _ stamps: Stamps) async -> Result<Page, Problem> {
        do throws(Problem) {
            let content = try await load()
            let page = Page(content, sharedLines, pollAfter: feed.pollAfter)
            keep(page, stamps, isLarge: content.bytes.count > Self.exactBytes)
            return .success(page)
        } catch {
            state.withLock { if $0.flight?.stamps == stamps { $0.flight = nil } }
            return .failure(error)
        }
    }

    /// Puts a page that was made in memory in its place.
    func put(_ content: PageContent, stamp: UInt64) -> Page {
        let page = Page(content, sharedLines, pollAfter: feed.pollAfter)
        keep(page, Stamps(changes: stamp), isLarge: false)
        return page
    }

    /// A page never takes the place of a newer one.
    private func keep(_ page: Page, _ stamps: Stamps, isLarge: Bool) {
        state.withLock { state in
            if state.flight?.stamps == stamps { state.flight = nil }
            guard keepsPages, stamps.changes != LiveFeed.retired else { return }
            let isOlder =
                state.page != nil
                && (state.stamps.changes, state.stamps.reactions) > (stamps.changes, stamps.reactions)
            guard !isOlder else { return }
            state.set(page, page.pollAfter)
            state.isLarge = isLarge
            state.stamps = stamps
        }
    }

    /// Whether there is neither a page nor one on its way.
    var isEmpty: Bool { state.withLock { $0.page == nil && $0.flight == nil } }

    /// Roughly what it takes in memory.
    var byteCount: Int { Self.ownBytes + (state.withLock { $0.page }?.byteCount ?? 0) }

    /// The slot, its key and its name.
    private static let ownBytes = 512
}

extension PageSlot.State {
    mutating func set(_ page: Page?, _ pollAfter: Int) {
        self.page = page
        self.pollAfter = pollAfter
    }

    /// Whether what was read at some stamps is what a page is to show at others.
    func shows(_ made: PageSlot.Stamps, as wanted: PageSlot.Stamps, _ shown: ShownReactions) -> Bool {
        guard made.changes == wanted.changes else { return false }
        switch shown {
        case .none: return true
        case .exactly where !isLarge: return made.reactions == wanted.reactions
        case .exactly, .paced: return made.pacedReactions == wanted.pacedReactions
        }
    }
}
