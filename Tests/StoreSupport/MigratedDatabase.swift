// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import SQLite
internal import SQLiteEngine
internal import Stories
internal import StoryTables
internal import Support

/// An empty database of SQLite with all migrations, which no server has opened yet. Tests copy it: to apply every migration to each of
/// more than a thousand databases takes longer than most tests.
public enum MigratedDatabase {
    private static let content = Result { try made() }

    /// Puts it at a path, unless there is a file.
    public static func place(at path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        try content.get().write(to: URL(filePath: path))
    }

    private static func made() throws -> Data {
        let folder = try TemporaryFolder()
        let path = folder.file("migrated.db")
        try create(path)
        let connection = try Connection(path: path, mode: .readWrite)
        // Each copy begins an epoch of its own.
        try connection.execute("DELETE FROM database_epoch; PRAGMA wal_checkpoint(TRUNCATE)")
        return try withExtendedLifetime(folder) { try Data(contentsOf: URL(filePath: path)) }
    }

    /// Its connections are closed before the file is read.
    private static func create(_ path: String) throws {
        _ = try TableStore(
            path: path, role: .command, renderer: .plain { $0 }, now: { Timestamp(milliseconds: 0) })
    }
}
