internal import HTTP
internal import Stories
internal import Synchronization

/// Which page: what of which story, by the name that the reader has for it. A name can go to another story, and must not take
/// the pages of the first along.
struct CacheKey: Hashable, Sendable {
    let story: StoryReference
    let kind: Kind

    enum Kind: Hashable, Sendable {
        case story
        case update(Identifier)
        case links
        case reactions
        case snapshot(SnapshotQuery)
        /// A delta that was waited for goes by another rule for caches.
        case delta(DeltaQuery, isWaited: Bool)
        /// What people, or their readers of feeds, are shown.
        case overview(StoryFormat, OverviewQuery)

        /// What it shows of the reactions.
        var reactions: ShownReactions {
            switch self {
            case .story, .reactions: .exactly
            case .overview(.page, _): .throttled
            case .update, .links, .snapshot, .delta, .overview: .none
            }
        }
    }
}

/// Pages in memory, up to a number of bytes; those that were not used for the longest go first.
///
/// A page is found by its key, or at once by the bytes of a request target that was seen before.
final class ResponseCache: Sendable {
    private let capacity: Int
    /// What the heads of all pages say besides.
    let sharedLines: [UInt8]
    private let shards: [Shard]
    private let pages = Mutex(Pages())
    /// Counts pages made: the clock by which uses are told apart.
    private let clock = Atomic<UInt64>(1)
    private let isEvicting = Atomic<Bool>(false)

    private struct Pages {
        var slots: [CacheKey: CacheEntry] = [:]
        /// Rather too many than too few: pages that took the place of others are counted until the next look.
        var byteCount = 0
    }

    /// Request targets, spread over several locks for the workers' sake.
    private final class Shard: Sendable {
        let names = Mutex<[TargetName: CacheEntry]>([:])
    }

    private static let shardCount = 16

    /// - Parameter capacity: bytes; 0 keeps nothing.
    init(capacity: Int, sharedLines: [UInt8]) {
        self.capacity = capacity
        self.sharedLines = sharedLines
        shards = (0..<Self.shardCount).map { _ in Shard() }
    }

    /// The answer to a request that was asked before, if nothing has changed since.
    func response(to request: Request) -> Response? {
        guard request.method == .get || request.method == .head, !request.has(.authorization) else {
            return nil
        }
        let name = request.withTarget { TargetName($0) }
        guard let entry = shard(of: name).names.withLock({ $0[name] }), let cached = entry.current(),
            request.accepts(cached), var response = cached.response(to: request)
        else { return nil }
        noteUse(of: entry)
        entry.counter.countHit()
        response.meter = entry.counter.meter
        return response
    }

    /// The place of a page.
    func entry(_ key: CacheKey, of channel: StoryChannel, _ counter: RouteCounter) -> CacheEntry {
        guard capacity > 0 else {
            return CacheEntry(
                channel: channel, showing: key.kind.reactions, counter: counter, sharedLines: sharedLines,
                keepsPages: false)
        }
        let entry = pages.withLock { pages in
            // A story that was forgotten in between is another feed.
            if let entry = pages.slots[key], entry.channel === channel { return entry }
            let entry = CacheEntry(
                channel: channel, showing: key.kind.reactions, counter: counter, sharedLines: sharedLines,
                keepsPages: true)
            pages.slots[key] = entry
            pages.byteCount += entry.byteCount
            return entry
        }
        noteUse(of: entry)
        return entry
    }

    /// There is no such page after all.
    func drop(_ key: CacheKey, _ entry: CacheEntry) {
        pages.withLock { pages in
            guard pages.slots[key] === entry, entry.isEmpty else { return }
            pages.slots[key] = nil
            pages.byteCount -= entry.byteCount
        }
    }

    /// Remembers by what target a page is asked for. Only some for each page: the same target can be written in more ways
    /// than there is memory.
    func remember(_ request: Request, asking entry: CacheEntry) {
        guard capacity > 0 else { return }
        let name = request.withTarget { TargetName($0) }
        shard(of: name).names.withLock { names in
            guard names[name] !== entry, entry.names.add(1, ordering: .relaxed).oldValue < Self.namesPerPage
            else { return }
            names[name] = entry
        }
    }

    private static let namesPerPage = 8

    /// A page was made, or grew, by so many bytes; makes room if there is too little.
    func grew(by byteCount: Int) {
        clock.add(1, ordering: .relaxed)
        let isFull = pages.withLock { pages in
            pages.byteCount += byteCount
            return pages.byteCount > capacity
        }
        guard isFull, capacity > 0,
            isEvicting.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
        else { return }
        evict()
        isEvicting.store(false, ordering: .releasing)
    }

    /// Pages made so far.
    var madePages: Int { Int(clock.load(ordering: .relaxed)) - 1 }

    private func noteUse(of entry: CacheEntry) {
        let now = clock.load(ordering: .relaxed)
        // Written only where it differs, so that workers do not fight over the line.
        if entry.lastUsed.load(ordering: .relaxed) != now { entry.lastUsed.store(now, ordering: .relaxed) }
        if !entry.channel.isUsed.load(ordering: .relaxed) {
            entry.channel.isUsed.store(true, ordering: .relaxed)
        }
    }

    private func shard(of name: TargetName) -> Shard { shards[name.hash & (Self.shardCount - 1)] }

    // MARK: Room

    private func evict() {
        let slots = pages.withLock { $0.slots }
        var entries = slots.map {
            (
                key: $0.key, entry: $0.value, bytes: $0.value.byteCount,
                used: $0.value.lastUsed.load(ordering: .relaxed)
            )
        }
        var total = entries.reduce(0) { $0 + $1.bytes }
        if total > capacity {
            entries.sort { $0.used < $1.used }
            // A little more than needed, so that it is not needed again at once.
            let count = entries.firstIndex { entry in
                guard total > capacity / 10 * 9 else { return true }
                total -= entry.bytes
                return false
            }
            remove(entries[..<(count ?? entries.count)].map { ($0.key, $0.entry) })
        }
        forgetNames()
        pages.withLock { $0.byteCount = total }
    }

    private func remove(_ entries: [(CacheKey, CacheEntry)]) {
        pages.withLock { pages in
            for (key, entry) in entries where pages.slots[key] === entry { pages.slots[key] = nil }
        }
    }

    /// Forgets the names of pages that are gone, or gave way to those of another feed.
    private func forgetNames() {
        let kept = Set(pages.withLock { $0.slots }.values.map(ObjectIdentifier.init))
        for shard in shards {
            let names = shard.names.withLock { $0 }
            let gone = names.filter { !kept.contains(ObjectIdentifier($0.value)) }.keys
            shard.names.withLock { names in for name in gone { names[name] = nil } }
        }
    }

    /// Pages, and at most how many bytes they take.
    var size: (pages: Int, bytes: Int) { pages.withLock { ($0.slots.count, $0.byteCount) } }
}

/// A request target by 128 bits of it: two hashes, both with seeds that this process has drawn, so that nobody can choose targets
/// that collide, and two that do by chance are not to be expected in the life of the machine. The bytes themselves are not kept:
/// to compare them would cost a look at one more place in memory for every request.
struct TargetName: Hashable, Sendable {
    private let first: Int
    private let second: UInt64

    /// Chooses a shard.
    var hash: Int { first }

    init(_ target: UnsafeRawBufferPointer) {
        var hasher = Hasher()
        hasher.combine(bytes: target)
        first = hasher.finalize()
        second = Self.mix(target)
    }

    private static let seed = (UInt64.random(in: 0 ... .max), UInt64.random(in: 0 ... .max) | 1)

    /// Multiplies and folds, eight bytes at a time.
    private static func mix(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let (start, factor) = seed
        var (sum, index) = (start ^ UInt64(bytes.count), 0)
        while index + 8 <= bytes.count {
            sum = fold(sum ^ bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self), factor)
            index += 8
        }
        var rest: UInt64 = 0
        while index < bytes.count {
            rest = rest << 8 | UInt64(bytes[index])
            index += 1
        }
        return fold(sum ^ rest, factor)
    }

    private static func fold(_ word: UInt64, _ factor: UInt64) -> UInt64 {
        let product = word.multipliedFullWidth(by: factor)
        return product.high ^ product.low
    }

    func hash(into hasher: inout Hasher) { hasher.combine(first) }
}

extension Request {
    /// Whether `Accept` lets a page through; the usual ways to say so cost nothing.
    fileprivate func accepts(_ cached: CachedResponse) -> Bool {
        guard has(.accept), !cached.content.form.ignoresAccept else { return true }
        do throws(Problem) {
            try requireAcceptable(cached.content.form.mediaType)
            return true
        } catch {
            return false
        }
    }
}

/// Answers from the cache what it can, before anything is routed.
struct ResponseCacheMiddleware: Responder {
    let cache: ResponseCache
    let cors: CORS

    func respond(to request: Request) -> Answer {
        guard var response = cache.response(to: request) else { return cors.respond(to: request) }
        cors.open(&response, to: request)
        return .ready(response)
    }

    func admit(_ request: Request) -> Admission { cors.admit(request) }

    func respond(to failure: RequestFailure, request: Request?, id: RequestID) -> Response {
        cors.respond(to: failure, request: request, id: id)
    }
}
