// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import HTTP
internal import MediaFiles
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
    private let isTemporary: Bool
    /// The open folder of a temporary cache, with a lock (`flock`) that the system releases when its process ends in any way.
    private let lock = Mutex<Int32?>(nil)
    private let state = Mutex(State())

    init(path: String, limit: Int, isTemporary: Bool) {
        (self.path, self.limit, self.isTemporary) = (path, limit, isTemporary)
    }

    deinit {
        guard isTemporary else { return }
        // Best effort: a deinitializer has no caller to report to. Only copies are left, as its writers have ended.
        try? FolderEntries.removeFolder(path)
        lock.withLock { lock in _ = lock.map { close($0) } }
    }

    /// Locks the folder of a temporary cache, unless that was done, and removes those of processes that were killed: they have the same
    /// name up to its last hyphen.
    func takeTemporaryFolder() throws(FileError) {
        // Idempotent: a second lock through another descriptor would deadlock with the first (flock(2)).
        guard isTemporary, lock.withLock({ $0 == nil }) else { return }
        try lockOwn()
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard let name = parts.last, let hyphen = name.lastIndex(of: UInt8(ascii: "-")) else { return }
        let parent = String(decoding: Array(path.utf8.dropLast(name.count)), as: UTF8.self)
        for other in try FolderEntries.names(in: parent.utf8.isEmpty ? "." : parent)
        where other.utf8.starts(with: name[...hyphen]) && parent + other != path {
            guard let folder = Self.locked(parent + other) else { continue }
            defer { close(folder) }
            try Self.empty(parent + other)
            try FolderEntries.removeFolder(parent + other)
        }
    }

    private func lockOwn() throws(FileError) {
        while true {
            try FolderStorage(path: path).prepare()
            let folder = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard folder >= 0 || errno == ENOENT else { throw FileError(call: "open", code: errno) }
            while flock(folder, LOCK_EX) != 0, errno == EINTR {}
            var facts = stat()
            // Race: another process may have removed the folder as abandoned before it was locked.
            if fstat(folder, &facts) == 0, facts.st_nlink > 0 { return lock.withLock { $0 = folder } }
            if folder >= 0 { close(folder) }
        }
    }

    /// The open folder with a lock; `nil` if it has one, or is none of this user's.
    private static func locked(_ path: String) -> Int32? {
        let folder = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { return nil }
        var facts = stat()
        let isOurs = fstat(folder, &facts) == 0 && facts.st_uid == geteuid()
        if isOurs, flock(folder, LOCK_EX | LOCK_NB) == 0 { return folder }
        close(folder)
        return nil
    }

    /// Removes copies, and folders of uploads, from a folder.
    static func empty(_ path: String) throws(FileError) {
        for name in try FolderEntries.names(in: path) {
            let place = "\(path)/\(name)"
            if FolderEntries.facts(of: place)?.isFolder == true {
                try FolderEntries.removeFolder(place)
            } else {
                unlink(place)
            }
        }
    }

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
