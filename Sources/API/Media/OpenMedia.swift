// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import MediaFiles
internal import Stories
internal import Synchronization

/// A file of an asset that is open, with what its responses say.
struct OpenMediaFile: Sendable {
    let file: FileBody
    let type: MediaType
    let entityTag: String

    init(_ file: FileBody, _ variant: MediaVariant) {
        (self.file, type) = (file, variant.type)
        entityTag = "\"\(EntityTag.digest(ofChecksum: variant.checksum))\""
    }
}

/// The files of assets that were sent last, kept open (LRU eviction), so that a request needs neither the store nor a path.
///
/// A file that has been removed is not sent any more: on each request the system is asked whether it still has a name. That covers
/// removals by other servers on the same file system; one on another machine (NFS) learns of them when the entry is due for a look at the
/// store, ``lifetime`` later.
final class OpenMedia: Sendable {
    struct Key: Hashable {
        let asset: Identifier
        let name: String  // ascii: one of the own constants
    }

    private struct Entry {
        let open: OpenMediaFile
        var usedAt: UInt64
        var isDueAt: Instant
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var clock: UInt64 = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    /// After this time the store is asked again.
    static let lifetime = Duration.seconds(5)

    init(limit: Int) { self.limit = max(limit, 1) }

    /// The open file; `nil` if there is none, if it is gone, or if this request is the one that is to ask the store again.
    func file(_ key: Key, at now: Instant = .now) -> OpenMediaFile? {
        let found = state.withLock { state -> OpenMediaFile? in
            guard var entry = state.entries[key] else { return nil }
            let isDue = entry.isDueAt <= now
            state.clock += 1
            // The others are served from it while this request asks.
            if isDue { entry.isDueAt = now + Self.lifetime }
            entry.usedAt = state.clock
            state.entries[key] = entry
            return isDue ? nil : entry.open
        }
        guard let found, found.file.isRemoved else { return found }
        drop { $0 == key }
        return nil
    }

    /// Keeps an open file; lets go of the least recently used one if there are too many.
    func keep(_ open: OpenMediaFile, as key: Key, at now: Instant = .now) {
        state.withLock { state in
            if state.entries[key] == nil, state.entries.count >= limit,
                let oldest = state.entries.min(by: { $0.value.usedAt < $1.value.usedAt })
            {
                state.entries[oldest.key] = nil
            }
            state.clock += 1
            state.entries[key] = Entry(open: open, usedAt: state.clock, isDueAt: now + Self.lifetime)
        }
    }

    /// Closes the files of an asset. Responses that are being sent end first.
    func drop(_ asset: Identifier) { drop { $0.asset == asset } }

    /// Closes files that have been removed, which occupy the disk as long as they are open.
    func dropRemoved() {
        let open = state.withLock { $0.entries.mapValues(\.open.file) }
        let removed = Set(open.filter { $0.value.isRemoved }.keys)
        drop { removed.contains($0) }
    }

    private func drop(_ isDropped: (Key) -> Bool) {
        // Released outside of the lock, because closing the last descriptor of a removed file frees its blocks.
        let dropped = state.withLock { state in
            let dropped = state.entries.filter { isDropped($0.key) }
            for key in dropped.keys { state.entries[key] = nil }
            return dropped
        }
        withExtendedLifetime(dropped) {}
    }
}
