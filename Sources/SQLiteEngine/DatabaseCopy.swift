// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Glibc
internal import SQLite
public import Stories
public import StoryTables

extension SQLiteEngine {
    /// Copies the database at `path`, also while a server runs, to a new file that only its owner may read. Atomic: the file
    /// appears complete and synced, or not at all.
    ///
    /// - Parameter overwriting: whether an existing file is replaced.
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

    /// Replaces the database at `path` by a backup, migrated to the current schema and with a new epoch, which invalidates all
    /// earlier cursors. The former database is kept beside it. Crash-safe: the path always leads to one of the two.
    ///
    /// Throws ``StoreOpeningError/locked(path:holder:)`` if a server has the database open, and
    /// ``StoreOpeningError/damaged(path:errors:)`` if the backup does not pass verification.
    ///
    /// - Returns: the contents restored, and the path of the former database; `nil` if there was none.
    public static func restore(
        _ backup: String, to path: String, at now: Timestamp
    ) throws(StoreOpeningError) -> (contents: StoreContents, kept: String?) {
        let report = try verify(backup)
        guard report.errors.isEmpty else { throw .damaged(path: backup, errors: report.errors) }
        // A path that does not exist yet cannot be a link.
        let path = (try? resolve(path, creating: false)) ?? path
        let lock = try LockFile(besideDatabase: path)
        defer { withExtendedLifetime(lock) {} }
        let copy = try TemporaryFile(beside: path)
        defer { copy.remove() }
        let contents = try copy.fill(from: try openAsItIs(backup), path: backup) {
            connection throws(StoreOpeningError) in
            try Migrator(path: copy.path, on: connection).migrate(at: now.milliseconds)
            try opening(copy.path) { () throws(DatabaseError) in
                try DatabaseEpoch.beginIncarnation(connection)
            }
        }
        try giveToOwner(ofPlace: path, [copy.path, path + ".lock"])
        let kept = try keepFormer(path, at: now)
        try copy.move(to: path)
        return (contents, kept)
    }

    /// Opens a database without changing it: without `settings`, as the journal mode would be written to the file.
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

    /// If run as root, gives the files to the owner of the former database or else of the folder, so that the server can open them.
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

    /// Hard-links the present database to a second name. Its log is checkpointed before, because SQLite would take it for that of the next
    /// file of this name; if that fails, the log is renamed too.
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

/// A file created in the folder of its target, so that it can be renamed to it atomically.
private struct TemporaryFile {
    let path: String

    init(beside target: String) throws(StoreOpeningError) {
        var name = Array("\(target).XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        guard descriptor >= 0 else { throw .system(path: target) }
        close(descriptor)
    }

    /// Copies a database into the file, applies `change`, and closes it: a single file without a log.
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

    /// Syncs the file, renames it to `target`, and syncs the folder.
    func move(to target: String) throws(StoreOpeningError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(path: path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0, rename(path, target) == 0 else { throw .system(path: target) }
        // The directory entry must be on disk too.
        let folder = SQLiteEngine.folder(of: target)
        let folderDescriptor = open(folder, O_RDONLY | O_CLOEXEC)
        guard folderDescriptor >= 0 else { throw .system(path: folder) }
        defer { close(folderDescriptor) }
        guard fsync(folderDescriptor) == 0 else { throw .system(path: folder) }
    }

    /// Deletes the file, if it still exists, and files of SQLite beside it.
    func remove() {
        for end in ["", "-journal", "-wal", "-shm"] { unlink(path + end) }
    }
}

extension Connection {
    /// Returns the number of rows of a table; 0 if an older schema lacks the table.
    func count(_ table: String) throws(DatabaseError) -> Int {
        let isThere = try first("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", table) { _ in
            true
        }
        guard isThere == true else { return 0 }
        return try first("SELECT count(*) FROM \(table)") { Int($0.integer()) } ?? 0
    }
}

extension StoreOpeningError {
    /// Returns an error for the current `errno`.
    fileprivate static func system(path: String) -> StoreOpeningError {
        .cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
}
