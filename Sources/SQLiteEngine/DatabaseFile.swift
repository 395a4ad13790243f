// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// The three files of a database as the file system knows them: whether the paths still lead to what is open, and whether the
/// database was overwritten.
struct DatabaseFile {
    let path: String
    private var database: FileFacts?
    private var log: FileFacts?
    private var index: FileFacts?
    /// `nil` where the wal-index is not shared, or belongs to no other process.
    private var sharedIndex: SharedWALIndex?
    private var progress: CheckpointProgress?
    private var isOverwritten = false

    /// What the paths lead to.
    enum State {
        /// To what is open.
        case same
        /// The database is another file.
        case replaced
        /// There is no database.
        case gone
        /// The database is the one that is open, but its log or wal-index is not.
        case logLost
        /// The database was changed without SQLite: it no longer matches the log.
        case overwritten
    }

    /// The files that are open now. `isShared`: the wal-index lies in a file.
    init(opened path: String, isShared: Bool = true) {
        self.path = path
        log = FileFacts(path + "-wal")
        if isShared {
            index = FileFacts(path + "-shm")
            sharedIndex = SharedWALIndex(path + "-shm")
        }
        (database, progress) = settled(FileFacts(path)) ?? (FileFacts(path), sharedIndex?.progress)
    }

    /// What the paths lead to now: three calls of `stat`, and a read of the wal-index where the database has changed.
    mutating func look() -> State {
        guard let found = FileFacts(path) else { return .gone }
        guard found.identity == database?.identity else { return .replaced }
        if isOverwritten || !accept(found) { return .overwritten }
        let isSame =
            FileFacts(path + "-wal")?.identity == log?.identity
            && (index == nil || FileFacts(path + "-shm")?.identity == index?.identity)
        return isSame ? .same : .logLost
    }

    /// Whether a change of the database is SQLite's own work. With a write-ahead log only a checkpoint writes to the file, and each says
    /// so in the wal-index (sqlite.org/walformat.html, "The WAL-Index File Format").
    private mutating func accept(_ found: FileFacts) -> Bool {
        guard found != database, sharedIndex != nil else { return true }
        // While it goes on changing the next look is to tell.
        guard let (facts, now) = settled(found) else { return true }
        isOverwritten = now == progress && now?.isUnderWay == false
        (database, progress) = (facts, now)
        return !isOverwritten
    }

    /// The facts of the database and the progress of its checkpoints at one moment: another process may end one between two looks,
    /// whose work would next time be taken for a write that bypassed SQLite.
    private func settled(_ found: FileFacts?) -> (FileFacts?, CheckpointProgress?)? {
        var facts = found
        for _ in 0..<Self.looks {
            let progress = sharedIndex?.progress
            let again = FileFacts(path)
            if again == facts { return (facts, progress) }
            facts = again
        }
        return nil
    }

    private static let looks = 8

    /// Lets go of the wal-index, before the files are opened anew.
    mutating func close() { sharedIndex = nil }

    /// Bytes of a file; 0 where there is none.
    static func byteCount(_ path: String) -> Int {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int(facts.st_size) : 0
    }

    /// Takes away the log of the old file before the new one is opened, for SQLite would read it as the new one's. A log
    /// that was put there with the new file stays.
    func removeStaleLog() {
        guard let log, FileFacts(path + "-wal")?.identity == log.identity else { return }
        unlink(path + "-wal")
        unlink(path + "-shm")
    }
}

/// Which file it is, and when its content changed.
private struct FileFacts: Equatable {
    let identity: Identity
    let size: Int
    let seconds: Int
    let nanoseconds: Int

    struct Identity: Equatable {
        let device: UInt
        let inode: UInt
    }

    init?(_ path: String) {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        identity = Identity(device: UInt(facts.st_dev), inode: UInt(facts.st_ino))
        (size, seconds, nanoseconds) = (Int(facts.st_size), facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec)
    }
}

/// How far a log has been moved into its database.
private struct CheckpointProgress: Equatable {
    /// Of the log: another with each new beginning.
    let salt: UInt64
    /// Frames that are in the database, and those that the last checkpoint set out to move.
    let moved: UInt32
    let attempted: UInt32

    /// A checkpoint is at work, or was killed at it.
    var isUnderWay: Bool { moved != attempted }
}

/// The wal-index as a file. Its descriptor stays open for as long as this lives: closing any descriptor of a file releases all the
/// locks that the process has on it (POSIX), and SQLite has some. So it must go before the connections are opened anew.
private final class SharedWALIndex {
    private let descriptor: Int32

    init?(_ path: String) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { return nil }
    }

    deinit { close(descriptor) }

    var progress: CheckpointProgress? {
        var header = [UInt32](repeating: 0, count: Self.headerBytes / 4)
        guard pread(descriptor, &header, Self.headerBytes, 0) == Self.headerBytes else { return nil }
        return CheckpointProgress(
            salt: UInt64(header[8]) << 32 | UInt64(header[9]), moved: header[24], attempted: header[32])
    }

    /// Two copies of the index's header and one of the checkpoint's.
    private static let headerBytes = 136
}
