// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Glibc
internal import SQLite
public import Stories
public import StoryTables

extension SQLiteEngine {
    /// Copies the database at `path`, also beside a running server, to a new file that only its owner may read. It is there whole
    /// and synced, or not at all.
    ///
    /// - Parameter overwriting: whether a file that is there is replaced.
    public static func backUp(
        _ path: String, to target: String, overwriting: Bool
    ) throws(StoreOpeningError) -> StoreContents {
        guard overwriting || access(target, F_OK) != 0 else {
            throw .cannotOpen(path: target, reason: "there is a file of that name; --force replaces it")
        }
        let source = try openAsItIs(path)
        let copy = try TemporaryFile(beside: target)
        defer { copy.remove() }
        let contents = try copy.fill(from: source, path: path) { _ throws(StoreOpeningError) in }
        try copy.move(to: target)
        return contents
    }

    /// Puts a backup in the place of the database at `path`, brought to the present schema and with a new epoch, so that no cursor
    /// of before is taken for one of now. What was there is kept beside it. Killed at any moment, it leaves the one or the other.
    ///
    /// Throws ``StoreOpeningError/locked(path:holder:)`` while a server runs on that database, and
    /// ``StoreOpeningError/damaged(path:errors:)`` where the backup is not in order.
    ///
    /// - Returns: what was restored, and where the former database is; `nil` where there was none.
    public static func restore(
        _ backup: String, to path: String, at now: Timestamp
    ) throws(StoreOpeningError) -> (contents: StoreContents, kept: String?) {
        let report = try verify(backup)
        guard report.errors.isEmpty else { throw .damaged(path: backup, errors: report.errors) }
        // Where nothing is yet, nothing can be a link.
        let path = (try? resolve(path, creating: false)) ?? path
        let lock = try LockFile(besideDatabase: path)
        defer { withExtendedLifetime(lock) {} }
        let copy = try TemporaryFile(beside: path)
        defer { copy.remove() }
        let contents = try copy.fill(from: try openAsItIs(backup), path: backup) {
            connection throws(StoreOpeningError) in
            try Migrator(path: copy.path, on: connection).migrate(at: now.milliseconds)
            try opening(copy.path) { () throws(DatabaseError) in try DatabaseEpoch.beginAnew(connection) }
        }
        try giveToOwner(ofPlace: path, [copy.path, path + ".lock"])
        let kept = try keepFormer(path, at: now)
        try copy.move(to: path)
        return (contents, kept)
    }

    /// Opens a database without touching it: no setting of ours, of which one would be written to the file.
    static func openAsItIs(_ path: String) throws(StoreOpeningError) -> Connection {
        let path = try resolve(path, creating: false)
        let connection = try opening(path) { () throws(DatabaseError) in
            try Connection(path: path, mode: .readOnly)
        }
        let migrator = Migrator(path: path, on: connection)
        guard try migrator.status().contains(where: { $0.appliedAt != nil }) else {
            throw .notWireroom(path: path)
        }
        return connection
    }

    /// Restored by root, a database is that of the user who had the former one, or else the folder: of the server.
    private static func giveToOwner(
        ofPlace path: String, _ files: [String]
    ) throws(StoreOpeningError) {
        guard geteuid() == 0 else { return }
        var place = stat()
        guard stat(path, &place) == 0 || stat(folder(of: path), &place) == 0 else {
            throw .system(path: path)
        }
        for file in files {
            guard chown(file, place.st_uid, place.st_gid) == 0 else { throw .system(path: file) }
        }
    }

    fileprivate static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    }

    /// Gives the database that is there another name too. Its log goes into it before, for SQLite would take it for that of the next
    /// file of this name; where it cannot, it goes with the file.
    private static func keepFormer(_ path: String, at now: Timestamp) throws(StoreOpeningError) -> String? {
        guard access(path, F_OK) == 0 else { return nil }
        if let former = try? Connection(path: path, mode: .readWrite) {
            try? former.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        }
        let kept = "\(path).before-restore-\(now.description.filter { $0 != ":" })"
        guard link(path, kept) == 0 else { throw .system(path: kept) }
        if DatabaseFile.byteCount(path + "-wal") > 0 {
            guard rename(path + "-wal", kept + "-wal") == 0 else { throw .system(path: kept + "-wal") }
        }
        unlink(path + "-wal")
        unlink(path + "-shm")
        return kept
    }
}

/// A file that is made beside the place where it will stand, so that it gets there whole.
private struct TemporaryFile {
    let path: String

    init(beside target: String) throws(StoreOpeningError) {
        var name = Array("\(target).XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        guard descriptor >= 0 else { throw .system(path: target) }
        close(descriptor)
    }

    /// Copies a database into it, has it changed, and closes it: one file, with no log beside it.
    func fill(
        from source: Connection, path sourcePath: String,
        _ change: (Connection) throws(StoreOpeningError) -> Void
    ) throws(StoreOpeningError) -> StoreContents {
        let connection = try opening(path) { () throws(DatabaseError) in
            let connection = try Connection(path: path, mode: .readWrite)
            try source.copy(to: connection)
            try connection.execute("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL")
            return connection
        }
        try change(connection)
        return try opening(path) { () throws(DatabaseError) in
            try StoreContents(bytes: DatabaseFile.byteCount(path), count: connection.count)
        }
    }

    /// Syncs it, and gives it its name.
    func move(to target: String) throws(StoreOpeningError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(path: path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0, rename(path, target) == 0 else { throw .system(path: target) }
        // The name must be on disk too.
        let folder = SQLiteEngine.folder(of: target)
        let folderDescriptor = open(folder, O_RDONLY | O_CLOEXEC)
        guard folderDescriptor >= 0 else { throw .system(path: folder) }
        defer { close(folderDescriptor) }
        guard fsync(folderDescriptor) == 0 else { throw .system(path: folder) }
    }

    /// Takes it away, if it is still there.
    func remove() {
        for end in ["", "-journal", "-wal", "-shm"] { unlink(path + end) }
    }
}

extension Connection {
    /// Rows of a table; 0 where an older schema has none of that name.
    func count(_ table: String) throws(DatabaseError) -> Int {
        let isThere = try first("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", table) { _ in
            true
        }
        guard isThere == true else { return 0 }
        return try first("SELECT count(*) FROM \(table)") { Int($0.integer()) } ?? 0
    }
}

extension StoreOpeningError {
    /// What the last system call said.
    fileprivate static func system(path: String) -> StoreOpeningError {
        .cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
}
