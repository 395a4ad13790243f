internal import Glibc

/// The file of a database as the file system knows it: whether the path still leads to the one that was opened.
struct DatabaseFile: Sendable {
    let path: String
    private var identity: Identity?
    private var logIdentity: Identity?

    private struct Identity: Equatable {
        let device: UInt
        let inode: UInt

        init?(_ path: String) {
            var facts = stat()
            guard stat(path, &facts) == 0 else { return nil }
            (device, inode) = (UInt(facts.st_dev), UInt(facts.st_ino))
        }
    }

    /// What the path leads to.
    enum State {
        case same, replaced, gone
    }

    /// The file that is open now, with its write-ahead log.
    init(opened path: String) {
        self.path = path
        identity = Identity(path)
        logIdentity = Identity(path + "-wal")
    }

    /// What the path leads to now.
    var state: State {
        guard let found = Identity(path) else { return .gone }
        return found == identity ? .same : .replaced
    }

    /// Bytes of a file; 0 where there is none.
    static func byteCount(_ path: String) -> Int {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int(facts.st_size) : 0
    }

    /// Takes away the log of the old file before the new one is opened, for SQLite would read it as the new one's. A log
    /// that was put there with the new file stays.
    func removeStaleLog() {
        guard let logIdentity, Identity(path + "-wal") == logIdentity else { return }
        unlink(path + "-wal")
        unlink(path + "-shm")
    }
}
