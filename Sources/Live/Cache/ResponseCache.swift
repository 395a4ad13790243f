// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Stories
internal import Synchronization

/// An in-memory cache of responses, bounded in bytes, with LRU eviction.
///
/// A response is found by its key, or directly by the hash of a request target seen before. It is fresh as long as the story has
/// the generation that was loaded before the store was read, so that no expiry time is needed.
package final class ResponseCache: Sendable {
    private let capacity: Int
    /// Header lines common to all responses.
    let sharedLines: [UInt8]
    private let shards: [Shard]
    private let table = Mutex(Table())
    /// Logical clock for LRU eviction: the number of responses made.
    private let clock = Atomic<UInt64>(1)
    private let isEvicting = Atomic<Bool>(false)

    private struct Table {
        var entries: [CacheKey: CacheEntry] = [:]
        /// Upper bound in bytes: replaced responses are counted until the next eviction.
        var byteCount = 0
    }

    /// Entries by request target, sharded to reduce lock contention between workers.
    private final class Shard: Sendable {
        let entries = Mutex<[TargetHash: CacheEntry]>([:])
    }

    private static let shardCount = 16

    /// Creates an empty cache.
    ///
    /// - Parameters:
    ///   - capacity: in bytes; 0 disables the cache.
    ///   - sharedLines: header lines common to all responses.
    package init(capacity: Int, sharedLines: [UInt8]) {
        self.capacity = capacity
        self.sharedLines = sharedLines
        shards = (0..<Self.shardCount).map { _ in Shard() }
    }

    /// Returns the fresh response to a request whose target was seen before: a hit, which takes neither routing nor a task.
    func response(to request: Request) -> Response? {
        guard request.method == .get || request.method == .head, !request.has(.authorization) else {
            return nil
        }
        let target = request.withTarget { TargetHash($0) }
        guard let entry = shard(of: target).entries.withLock({ $0[target] }), let cached = entry.current(),
            request.accepts(cached), let response = cached.response(to: request, meter: entry.counter.meter)
        else { return nil }
        noteUse(of: entry)
        entry.counter.countHit()
        return response
    }

    /// Returns the entry of a key, created if there is none.
    func entry(
        _ key: CacheKey, of channel: StoryChannel, showing shown: ShownReactions, _ counter: RouteCounter
    ) -> CacheEntry {
        func newEntry() -> CacheEntry {
            CacheEntry(
                channel: channel, showing: shown, counter: counter, sharedLines: sharedLines,
                isStored: capacity > 0)
        }
        guard capacity > 0 else { return newEntry() }
        let entry = table.withLock { table in
            // A story whose channel was evicted in between has a new channel.
            if let entry = table.entries[key], entry.channel === channel { return entry }
            let entry = newEntry()
            table.entries[key] = entry
            table.byteCount += entry.byteCount
            return entry
        }
        noteUse(of: entry)
        return entry
    }

    /// Removes an entry that has neither a response nor a flight, after a failed read.
    func drop(_ key: CacheKey, _ entry: CacheEntry) {
        table.withLock { table in
            guard table.entries[key] === entry, entry.isEmpty else { return }
            table.entries[key] = nil
            table.byteCount -= entry.byteCount
        }
    }

    /// Drops the responses of these representations, also those that are being made. Nothing of it is on the path of a request: a target
    /// that still leads to a dropped entry finds nothing there.
    package func retire(_ isMeant: (CacheKey.Variant) -> Bool) {
        let retired = table.withLock { table in
            let keys = table.entries.keys.filter { isMeant($0.variant) }
            return keys.compactMap { key -> CacheEntry? in
                let entry = table.entries.removeValue(forKey: key)
                table.byteCount -= entry?.byteCount ?? 0
                return entry
            }
        }
        for entry in retired { entry.retire() }
    }

    /// Maps the target of a request to an entry. The number of targets per entry is bounded: the same request can be spelled in
    /// any number of ways.
    func remember(_ request: Request, as entry: CacheEntry) {
        guard capacity > 0 else { return }
        let target = request.withTarget { TargetHash($0) }
        shard(of: target).entries.withLock { entries in
            guard entries[target] !== entry,
                entry.targets.add(1, ordering: .relaxed).oldValue < Self.targetsPerEntry
            else { return }
            entries[target] = entry
        }
    }

    private static let targetsPerEntry = 8

    /// Accounts for the bytes of a response that was made or grew, and evicts others if the capacity is exceeded.
    func grew(by byteCount: Int) {
        clock.add(1, ordering: .relaxed)
        let isFull = table.withLock { table in
            table.byteCount += byteCount
            return table.byteCount > capacity
        }
        guard isFull, capacity > 0,
            isEvicting.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
        else { return }
        evict()
        isEvicting.store(false, ordering: .releasing)
    }

    /// Number of responses made so far, by the logical clock, which also counts waits for flights and for compressions.
    package var madeCount: Int { Int(clock.load(ordering: .relaxed)) - 1 }

    private func noteUse(of entry: CacheEntry) {
        let now = clock.load(ordering: .relaxed)
        // Stored only if it differs, to avoid contention for the CPU's cache line.
        if entry.lastUsed.load(ordering: .relaxed) != now { entry.lastUsed.store(now, ordering: .relaxed) }
        if !entry.channel.isUsed.load(ordering: .relaxed) {
            entry.channel.isUsed.store(true, ordering: .relaxed)
        }
    }

    private func shard(of target: TargetHash) -> Shard { shards[target.shard & (Self.shardCount - 1)] }

    // MARK: Eviction

    /// Evicts the least recently used entries down to 90 % of the capacity, so that the next eviction is not due at once.
    private func evict() {
        var entries = table.withLock { $0.entries }.map {
            (
                key: $0.key, entry: $0.value, bytes: $0.value.byteCount,
                used: $0.value.lastUsed.load(ordering: .relaxed)
            )
        }
        var total = entries.reduce(0) { $0 + $1.bytes }
        if total > capacity {
            entries.sort { $0.used < $1.used }
            let count = entries.firstIndex { entry in
                guard total > capacity / 10 * 9 else { return true }
                total -= entry.bytes
                return false
            }
            remove(entries[..<(count ?? entries.count)].map { ($0.key, $0.entry) })
        }
        forgetTargets()
        table.withLock { $0.byteCount = total }
    }

    private func remove(_ entries: [(CacheKey, CacheEntry)]) {
        table.withLock { table in
            for (key, entry) in entries where table.entries[key] === entry { table.entries[key] = nil }
        }
    }

    /// Removes the targets of entries that were evicted, or replaced by entries of a new channel.
    private func forgetTargets() {
        let live = Set(table.withLock { $0.entries }.values.map(ObjectIdentifier.init))
        for shard in shards {
            let entries = shard.entries.withLock { $0 }
            let gone = entries.filter { !live.contains(ObjectIdentifier($0.value)) }.keys
            shard.entries.withLock { entries in for target in gone { entries[target] = nil } }
        }
    }

    /// Number of entries, and an upper bound of their bytes.
    package var size: (entries: Int, bytes: Int) { table.withLock { ($0.entries.count, $0.byteCount) } }
}

extension Request {
    /// Returns whether `Accept` allows the response; not parsed if absent or if the format disregards it.
    fileprivate func accepts(_ cached: CachedResponse) -> Bool {
        let format = cached.representation.format
        return !has(.accept) || format.ignoresAccept || accepts(format.mediaType)
    }
}
