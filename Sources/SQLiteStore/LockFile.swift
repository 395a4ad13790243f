internal import Glibc

/// Keeps a second server off a database: a file beside it, locked (`flock`) for as long as this lives. The kernel
/// lets go of the lock when the process ends, however it ends.
final class LockFile: Sendable {
    private let descriptor: Int32

    /// Throws ``StoreOpeningError/locked(path:holder:)`` where another process holds it.
    init(besideDatabase path: String) throws(StoreOpeningError) {
        let lockPath = path + ".lock"
        descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .cannotOpen(path: lockPath, reason: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.content(of: descriptor)
            close(descriptor)
            throw .locked(path: path, holder: holder)
        }
        write(processID: getpid())
    }

    deinit {
        close(descriptor)
    }

    /// For the message that the next one gets; nothing depends on it.
    private func write(processID: pid_t) {
        let text = "\(processID)\n"
        guard ftruncate(descriptor, 0) == 0 else { return }
        _ = pwrite(descriptor, text, text.utf8.count, 0)
    }

    private static func content(of descriptor: Int32) -> String? {
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").first.map(String.init)
    }
}
