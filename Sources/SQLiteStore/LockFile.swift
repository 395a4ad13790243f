internal import Glibc

/// Keeps a second server off a database: a file beside it, locked (`flock`) for as long as this lives. The kernel
/// lets go of the lock when the process ends, however it ends.
final class LockFile: Sendable {
    private let descriptor: Int32
    /// What the server before this one has left about the database; `nil` where there was none.
    let mark: Mark?

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
        mark = words.count == 3 ? Mark(session: words[1], commits: words[2]) : nil
    }

    deinit {
        close(descriptor)
    }

    /// Leaves the first word of a server, and waits until it is on disk, so that a loss of power does not make the life of the
    /// file look like another one.
    func begin(_ mark: Mark) {
        write(mark)
        fdatasync(descriptor)
    }

    /// Leaves the process's id, for the message that a second server gives, and a word for the next server.
    func write(_ mark: Mark) {
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
