// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// The three files of a database: detects whether the paths still lead to the open files, and whether the database was
/// overwritten.
struct DatabaseFile {
    let path: String
    private var database: FileFacts?
    private var log: FileFacts?
    private var index: FileFacts?
    /// `nil` if the wal-index is not shared with other processes, or its file could not be opened.
    private var sharedIndex: SharedWALIndex?
    private var progress: CheckpointProgress?
    private var isOverwritten = false

    /// The state of the paths.
    enum State {
        /// They lead to the open files.
        case same
        /// The database path leads to another file.
        case replaced
        /// The database path leads nowhere.
        case gone
        /// The database is the open one, but the log or wal-index is not.
        case logLost
        /// The database was changed without SQLite: it no longer matches the log.
        case overwritten
    }

    /// Records the files that are open now. `isShared`: whether the wal-index is in a file.
    init(opened path: String, isShared: Bool = true) {
        self.path = path
        log = FileFacts(path + "-wal")
        if isShared {
            index = FileFacts(path + "-shm")
            sharedIndex = SharedWALIndex(path + "-shm")
        }
        (database, progress) = settled(FileFacts(path)) ?? (FileFacts(path), sharedIndex?.progress)
    }

    /// Checks the paths: three calls of `stat`; more, and a read of the wal-index, if the database has changed.
    mutating func look() -> State {
        guard let found = FileFacts(path) else { return .gone }
        guard found.identity == database?.identity else { return .replaced }
        if isOverwritten || !accept(found) { return .overwritten }
        let isSame =
            FileFacts(path + "-wal")?.identity == log?.identity
            && (index == nil || FileFacts(path + "-shm")?.identity == index?.identity)
        return isSame ? .same : .logLost
    }

    /// Returns whether a change of the database was made by SQLite. With a write-ahead log only checkpoints write to the file, and each is
    /// recorded in the wal-index (sqlite.org/walformat.html, "The WAL-Index File Format").
    private mutating func accept(_ found: FileFacts) -> Bool {
        guard found != database, sharedIndex != nil else { return true }
        // If the file keeps changing, the next look decides.
        guard let (facts, now) = settled(found) else { return true }
        isOverwritten = now == progress && now?.isUnderWay == false
        (database, progress) = (facts, now)
        return !isOverwritten
    }

    /// Returns a consistent pair of file facts and checkpoint progress, or `nil`: if another process completes a checkpoint between
    /// the two reads, it would later be mistaken for a write that bypassed SQLite.
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

    /// Closes the wal-index, before the files are reopened.
    mutating func close() { sharedIndex = nil }

    /// Returns the size of a file in bytes; 0 if it does not exist.
    static func byteCount(_ path: String) -> Int {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int(facts.st_size) : 0
    }

    /// Deletes the log of the old file before the new one is opened, because SQLite would take it for the new one's. A log
    /// that came with the new file is kept.
    func removeStaleLog() {
        guard let log, FileFacts(path + "-wal")?.identity == log.identity else { return }
        unlink(path + "-wal")
        unlink(path + "-shm")
    }
}

/// Identity, size and modification time of a file.
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

/// The progress of checkpointing a log.
private struct CheckpointProgress: Equatable {
    /// Salt of the log, which changes whenever the log is restarted.
    let salt: UInt64
    /// Number of frames checkpointed, and of those that the last checkpoint attempted.
    let moved: UInt32
    let attempted: UInt32

    /// Whether a checkpoint is running, or was interrupted.
    var isUnderWay: Bool { moved != attempted }
}

/// The file of the wal-index. Its descriptor stays open for the lifetime of this object: closing any descriptor of a file releases all
/// POSIX locks of the process on it, including those of SQLite. So it must be closed before the connections are reopened.
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

    /// Size of two copies of the index header and of the checkpoint information.
    private static let headerBytes = 136
}
