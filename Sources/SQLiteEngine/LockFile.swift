// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import StoryTables
internal import Synchronization

/// Keeps a second server off a database: a file beside it, locked (`flock`) for as long as this lives, and a byte of the database itself,
/// for a hard link has another file beside it, and that file may be deleted. The kernel releases the locks when the process ends,
/// however it ends.
final class LockFile: Sendable {
    private let descriptor: Int32
    /// Of the database; -1 where there is none yet.
    private let database = Mutex<Int32>(-1)
    /// What the server before this one has left about the database; `nil` where there was none.
    let mark: CommitMark?

    /// Throws ``StoreOpeningError/locked(path:holder:)`` where another process holds it.
    init(besideDatabase path: String) throws(StoreOpeningError) {
        let lockPath = path + ".lock"
        descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .cannotOpen(path: lockPath, reason: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.words(in: descriptor).first
            close(descriptor)
            throw .locked(path: path, holder: holder)
        }
        let words = Self.words(in: descriptor).compactMap { Int64($0) }
        mark = words.count == 3 ? CommitMark(session: words[1], commits: words[2]) : nil
        if access(path, F_OK) == 0 { try holdDatabase(path) }
    }

    deinit {
        close(descriptor)
        database.withLock { if $0 >= 0 { close($0) } }
    }

    /// Locks the database that the path leads to now, instead of the one before. Where it is the same nothing is done: to close a
    /// descriptor releases the POSIX locks that the process has on its file, and SQLite has some.
    func holdDatabase(_ path: String) throws(StoreOpeningError) {
        if database.withLock({ Self.leads(path, to: $0) }) { return }
        let new = open(path, O_RDWR | O_CLOEXEC)
        guard new >= 0 else { throw .cannotOpen(path: path, reason: String(cString: strerror(errno))) }
        guard Self.lock(new) else {
            let failure = errno
            close(new)
            guard failure == EAGAIN || failure == EACCES else {
                throw .cannotOpen(path: path, reason: String(cString: strerror(failure)))
            }
            throw .locked(path: path, holder: nil)
        }
        let old = database.withLock { database in
            defer { database = new }
            return database
        }
        if old >= 0 { close(old) }
    }

    private static func leads(_ path: String, to descriptor: Int32) -> Bool {
        var (there, here) = (stat(), stat())
        guard descriptor >= 0, stat(path, &there) == 0, fstat(descriptor, &here) == 0 else { return false }
        return there.st_dev == here.st_dev && there.st_ino == here.st_ino
    }

    /// A lock of the open file description (fcntl(2)): unlike POSIX locks it does not hang on other descriptors, and unlike `flock` it has
    /// a place, far from the bytes that SQLite locks (at 2^30).
    private static func lock(_ descriptor: Int32) -> Bool {
        var lock = Glibc.flock()
        (lock.l_type, lock.l_whence) = (Int16(F_WRLCK), Int16(SEEK_SET))
        (lock.l_start, lock.l_len) = (lockedByte, 1)
        return fcntl(descriptor, setLock, &lock) == 0
    }

    private static let lockedByte = 1 << 62
    /// `F_OFD_SETLK`, a GNU extension that Swift does not import; the same number on every architecture of Linux.
    private static let setLock: Int32 = 37

    /// Leaves the first word of a server, and waits until it is on disk, so that a loss of power does not make the life of the
    /// file look like another one.
    func begin(_ mark: CommitMark) {
        write(mark)
        fdatasync(descriptor)
    }

    /// Leaves the process's id, for the message that a second server gives, and a word for the next server.
    func write(_ mark: CommitMark) {
        // Padded, so that a shorter text needs no cutting, which another could read in between.
        let text = "\(getpid()) \(mark.session) \(mark.commits)"
        let line = text + String(repeating: " ", count: max(0, Self.lineBytes - text.utf8.count)) + "\n"
        _ = pwrite(descriptor, line, line.utf8.count, 0)
    }

    /// Three numbers of at most twenty digits.
    private static let lineBytes = 62

    private static func words(in descriptor: Int32) -> [String] {
        var buffer = [UInt8](repeating: 0, count: lineBytes + 1)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return [] }
        return String(decoding: buffer[..<count], as: UTF8.self).split { $0 == " " || $0 == "\n" }.map(
            String.init)
    }
}
