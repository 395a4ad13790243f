internal import HTTP
internal import Synchronization

/// The place of one page: of one story in one variant. It outlives its pages, as changes make them old.
final class PageSlot: Sendable {
    let feed: LiveFeed
    let counter: RouteCounter
    /// When it was used last, in the cache's count.
    let lastUsed = Atomic<UInt64>(0)
    /// Targets that it was remembered by.
    let names = Atomic<Int>(0)
    private let sharedLines: [UInt8]
    private let keepsPages: Bool
    private let state = Mutex(State())

    fileprivate struct State {
        var page: Page?
        /// What the page is of.
        var stamps = Stamps(changes: LiveFeed.retired, reactions: 0)
        /// What the page says besides, held here so that a look at the slot tells whether the page is right.
        var showsReactions = false
        var pollAfter = 0
        var flight: (stamps: Stamps, result: Promise<Result<Page, Problem>>)?
    }

    /// How far a story had come.
    fileprivate struct Stamps: Equatable {
        var changes: UInt64
        var reactions: UInt64
    }

    /// Reads the content from the store.
    typealias Load = @Sendable () async throws(Problem) -> PageContent

    init(feed: LiveFeed, counter: RouteCounter, sharedLines: [UInt8], keepsPages: Bool) {
        self.sharedLines = sharedLines
        self.feed = feed
        self.counter = counter
        self.keepsPages = keepsPages
    }

    /// The page, if it shows the story as it is now.
    func current() -> Page? {
        let (changes, reactions, pollAfter) = (feed.stamp, feed.reactionStamp, feed.pollAfter)
        return state.withLock { state in
            guard changes != LiveFeed.retired, state.stamps.changes == changes,
                !state.showsReactions || state.stamps.reactions == reactions
            else { return nil }
            if state.pollAfter != pollAfter {
                state.set(state.page?.renewed(pollAfter: pollAfter), pollAfter)
            }
            return state.page
        }
    }

    /// The page as it is now: read by the first who asks, and shared by all who ask before anything changes.
    ///
    /// The first reads it himself, in his own task: were it handed to another, the pages of all who ask at once would be there
    /// together before the first of them is sent.
    func page(_ load: Load) async throws(Problem) -> Page {
        let stamps = Stamps(changes: feed.stamp, reactions: feed.reactionStamp)
        let own = Promise<Result<Page, Problem>>()
        let flight = state.withLock { state in
            // A flight that began before a change may miss it, and whoever made the change has been answered.
            if let flight = state.flight, flight.stamps == stamps { return flight.result }
            state.flight = (stamps, own)
            return own
        }
        if flight === own { own.keep(await fetch(load, stamps)) }
        return try await flight.value.get()
    }

    private func fetch(_ load: Load, _ stamps: Stamps) async -> Result<Page, Problem> {
        do throws(Problem) {
            let page = Page(try await load(), sharedLines, pollAfter: feed.pollAfter)
            keep(page, stamps)
            return .success(page)
        } catch {
            state.withLock { if $0.flight?.stamps == stamps { $0.flight = nil } }
            return .failure(error)
        }
    }

    /// Puts a page that was made in memory in its place.
    func put(_ content: PageContent, stamp: UInt64) -> Page {
        let page = Page(content, sharedLines, pollAfter: feed.pollAfter)
        keep(page, Stamps(changes: stamp, reactions: 0))
        return page
    }

    /// A page never takes the place of a newer one.
    private func keep(_ page: Page, _ stamps: Stamps) {
        state.withLock { state in
            if state.flight?.stamps == stamps { state.flight = nil }
            guard keepsPages, stamps.changes != LiveFeed.retired else { return }
            let isOlder =
                state.page != nil
                && (state.stamps.changes, state.stamps.reactions) > (stamps.changes, stamps.reactions)
            guard !isOlder else { return }
            state.set(page, page.pollAfter)
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
        showsReactions = page?.content.showsReactions ?? false
        self.pollAfter = pollAfter
    }
}
