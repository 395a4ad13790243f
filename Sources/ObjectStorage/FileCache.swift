// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import HTTP
internal import Synchronization

/// Copies of objects on a local disk, at most so many bytes of them (LRU eviction). Calls on files block.
final class FileCache: Sendable {
    private struct Entry {
        let bytes: Int
        var usedAt: UInt64
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var bytes = 0
        var clock: UInt64 = 0

        mutating func remove(_ name: String) {
            if let entry = entries.removeValue(forKey: name) { bytes -= entry.bytes }
        }
    }

    let path: String
    private let limit: Int
    private let state = Mutex(State())

    init(path: String, limit: Int) { (self.path, self.limit) = (path, limit) }

    /// The open copy of this name, if there is one.
    func open(_ name: String) -> FileBody? {
        let isKnown = state.withLock { state in
            state.clock += 1
            state.entries[name]?.usedAt = state.clock
            return state.entries[name] != nil
        }
        // It may be evicted at this very moment.
        return isKnown ? try? FileBody(path: place(of: name)) : nil
    }

    /// Moves a file of the same file system into the cache, and evicts what has no room beside it.
    func add(_ file: String, as name: String) throws(FileError) {
        let bytes = try FileBody(path: file).size
        guard rename(file, place(of: name)) == 0 else { throw FileError(call: "rename", code: errno) }
        let evicted = state.withLock { state in
            state.remove(name)
            state.clock += 1
            state.entries[name] = Entry(bytes: bytes, usedAt: state.clock)
            state.bytes += bytes
            return Self.evict(from: &state, limit, keeping: name)
        }
        for name in evicted { unlink(place(of: name)) }
    }

    /// Removes the copies whose names satisfy a condition.
    func remove(where isRemoved: (String) -> Bool) {
        let names = state.withLock { state in
            let names = state.entries.keys.filter(isRemoved)
            for name in names { state.remove(name) }
            return names
        }
        for name in names { unlink(place(of: name)) }
    }

    func place(of name: String) -> String { "\(path)/\(name)" }

    private static func evict(from state: inout State, _ limit: Int, keeping name: String) -> [String] {
        guard state.bytes > limit else { return [] }
        var evicted: [String] = []
        for (oldest, _) in state.entries.sorted(by: { $0.value.usedAt < $1.value.usedAt })
        where oldest != name {
            if state.bytes <= limit { break }
            state.remove(oldest)
            evicted.append(oldest)
        }
        return evicted
    }
}
