// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import HTTP

/// A folder that is being written, under a name of its own. Its writer holds a lock (`flock`) on it, which the system releases when the
/// writer ends in any way: a draft without one is abandoned. All calls block.
final class FolderDraft: Sendable {
    let path: String
    private let target: String
    private let parent: String
    /// The open folder, with the lock.
    private let descriptor: Int32

    private static let prefix = ".new-"

    /// Whether a name is that of a draft.
    static func isDraft(_ name: String) -> Bool { name.utf8.starts(with: prefix.utf8) }

    /// Creates an empty draft.
    init(of folder: String, in parent: String) throws(FileError) {
        (self.parent, path, target) = (parent, "\(parent)/\(Self.prefix)\(folder)", "\(parent)/\(folder)")
        while true {
            // Only its owner may read it.
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
                throw FileError(call: "mkdir", code: errno)
            }
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            if descriptor < 0, errno == ENOENT { continue }
            guard descriptor >= 0 else { throw FileError(call: "open", code: errno) }
            // File systems without locks (NFS of a folder) leave it at that: see `removeIfAbandoned`.
            while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
            var facts = stat()
            // Race: another process may have removed the folder as abandoned before it was locked.
            if fstat(descriptor, &facts) == 0, facts.st_nlink > 0 {
                self.descriptor = descriptor
                try empty()
                return
            }
            close(descriptor)
        }
    }

    deinit { close(descriptor) }

    /// Removes what a writer of the same draft has left that was ended.
    private func empty() throws(FileError) {
        for name in try FolderEntries.names(in: path) {
            guard unlink("\(path)/\(name)") == 0 || errno == ENOENT else {
                throw FileError(call: "unlink", code: errno)
            }
        }
    }

    /// Makes the files durable, and gives the folder its name.
    func publish() throws(FileError) {
        try Ownership(of: parent)?.giveFolder(path)
        for name in try FolderEntries.names(in: path) { try FolderEntries.sync("\(path)/\(name)") }
        guard fsync(descriptor) == 0 else { throw FileError(call: "fsync", code: errno) }
        guard rename(path, target) == 0 else { throw FileError(call: "rename", code: errno) }
        do throws(FileError) {
            try FolderEntries.sync(parent)
        } catch {
            // Rolled back, because the caller gets an error.
            _ = rename(target, path)
            throw error
        }
        // Explicitly, because programs that are being started have copies of the descriptor until they are.
        flock(descriptor, LOCK_UN)
    }

    /// Removes the draft with what is in it.
    func remove() throws(FileError) {
        try FolderEntries.removeFolder(path)
        flock(descriptor, LOCK_UN)
    }

    /// Removes a draft unless its writer lives. Where the file system has no locks, it is taken for abandoned a day after its last change.
    static func removeIfAbandoned(_ path: String) throws(FileError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return }
            throw FileError(call: "open", code: errno)
        }
        defer { close(descriptor) }
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            guard errno != EWOULDBLOCK, let facts = FolderEntries.facts(of: path),
                now.tv_sec - facts.modifiedAt > secondsWithoutLock
            else { return }
        }
        try FolderEntries.removeFolder(path)
        flock(descriptor, LOCK_UN)
    }

    private static let secondsWithoutLock = 86_400
}
