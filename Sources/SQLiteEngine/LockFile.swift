// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import StoryTables
internal import Synchronization

/// Excludes a second server from a database: locks a file beside it (`flock`) for the lifetime of this object, and also a byte of the
/// database itself, because a hard link has another lock file beside it, and the lock file may be deleted. The kernel releases the locks
/// when the process ends, in whatever way.
final class LockFile: Sendable {
    private let descriptor: Int32
    /// Descriptor of the database; -1 if there is none yet.
    private let database = Mutex<Int32>(-1)
    /// Commit mark left by the previous server; `nil` if there was none.
    let mark: CommitMark?

    /// Acquires the locks. Throws ``StoreOpeningError/locked(path:holder:)`` if another process holds one.
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
        // Unlocked explicitly: a program that is being started has copies of the descriptors until its exec, and they would keep the locks.
        flock(descriptor, LOCK_UN)
        close(descriptor)
        database.withLock { Self.release($0) }
    }

    /// Locks the database that the path leads to now, in place of the previous one. Does nothing if it is the same file: closing a
    /// descriptor releases all POSIX locks of the process on its file, including those of SQLite.
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
        Self.release(old)
    }

    private static func release(_ database: Int32) {
        guard database >= 0 else { return }
        _ = lock(database, Int16(F_UNLCK))
        close(database)
    }

    private static func leads(_ path: String, to descriptor: Int32) -> Bool {
        var (there, here) = (stat(), stat())
        guard descriptor >= 0, stat(path, &there) == 0, fstat(descriptor, &here) == 0 else { return false }
        return there.st_dev == here.st_dev && there.st_ino == here.st_ino
    }

    /// Acquires or releases (`F_UNLCK`) an open file description lock (fcntl(2)): unlike a POSIX lock it is independent of other descriptors, and unlike `flock` it
    /// covers a byte range, far from the bytes that SQLite locks (at 2^30).
    private static func lock(_ descriptor: Int32, _ type: Int16 = Int16(F_WRLCK)) -> Bool {
        var lock = Glibc.flock()
        (lock.l_type, lock.l_whence) = (type, Int16(SEEK_SET))
        (lock.l_start, lock.l_len) = (lockedByte, 1)
        return fcntl(descriptor, setLock, &lock) == 0
    }

    private static let lockedByte = 1 << 62
    /// `F_OFD_SETLK`, a GNU extension that Swift does not import; the same value on all Linux architectures.
    private static let setLock: Int32 = 37

    /// Writes and syncs the first mark of a server, so that after a power loss the file is not mistaken for a different incarnation of the
    /// database.
    func begin(_ mark: CommitMark) {
        write(mark)
        fdatasync(descriptor)
    }

    /// Writes the process id, for the error message of a second server, and a mark for the next server. Not synced.
    func write(_ mark: CommitMark) {
        // Padded to a fixed length: truncating after a shorter text would let another process read a mixture.
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
