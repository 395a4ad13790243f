// SPDX-License-Identifier: Apache-2.0
import Database
import Foundation
import SQLite
import StoreSupport
import Stories
import Support
import Testing

@testable import SQLiteEngine
@testable import StoryTables

/// Changes to the files of a database under a running server.
@Suite("Files that are removed or overwritten")
struct LostFileTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("test.db")
    }

    private func newStory(_ store: TableStore) async throws -> StoryReference {
        .id(try await store.createStory(.make(title: "Life"), access: .admin).value.id)
    }

    private func post(_ store: TableStore, _ story: StoryReference) async throws {
        _ = try await store.createUpdate(of: story, .make(body: "x"), access: .admin)
    }

    private func count(_ store: TableStore, _ story: StoryReference) async throws -> Int {
        try await store.snapshot(of: story, SnapshotQuery(), access: .reader).updates.count
    }

    /// The count after a crash: read by another server from a copy of the present files.
    private func countAfterKill(_ story: StoryReference) async throws -> Int {
        for end in ["", "-wal", "-shm", ".lock"] where FileManager.default.fileExists(atPath: path + end) {
            try FileManager.default.copyItem(atPath: path + end, toPath: folder.file("killed") + end)
        }
        let store = try TableStore(
            path: folder.file("killed"), role: .server, renderer: .plain { $0 }, now: { ManualClock().now })
        return try await count(store, story)
    }

    /// Copies a file over another one in place, as `cp` does: the inode stays the same.
    private func overwrite(_ target: String, with source: String) throws {
        try Data(contentsOf: URL(fileURLWithPath: source)).write(
            to: URL(fileURLWithPath: target), options: [])
    }

    private func backUp() throws -> String {
        let backup = folder.file("backup.db")
        _ = try SQLiteEngine.backUp(path, to: backup, overwriting: false)
        return backup
    }

    @Test(
        "A removed log or wal-index loses no acknowledged write, and the server creates a new one",
        arguments: [["-wal"], ["-shm"], ["-wal", "-shm"]])
    func removed(ends: [String]) async throws {
        let store = try folder.store(role: .server)
        let story = try await newStory(store)
        try await post(store, story)
        for end in ends { try FileManager.default.removeItem(atPath: path + end) }
        for _ in 0..<3 { try await post(store, story) }
        #expect(try await count(store, story) == 4)
        #expect(try await countAfterKill(story) == 4)
        for end in ["-wal", "-shm"] { #expect(FileManager.default.fileExists(atPath: path + end)) }
    }

    @Test("The watch notices a removed log without a write")
    func watched() async throws {
        let store = try folder.store(role: .server)
        store.observe { _ in }
        let story = try await newStory(store)
        try await post(store, story)
        try FileManager.default.removeItem(atPath: path + "-wal")
        try await until { FileManager.default.fileExists(atPath: path + "-wal") }
        #expect(try await countAfterKill(story) == 1)
    }

    @Test(
        "An overwritten database refuses writes, with an error that says why",
        arguments: [[], ["-wal", "-shm"]])
    func overwritten(ends: [String]) async throws {
        let store = try folder.store(role: .server)
        let story = try await newStory(store)
        try await post(store, story)
        let backup = try backUp()
        try await post(store, story)
        try overwrite(path, with: backup)
        for end in ends { try FileManager.default.removeItem(atPath: path + end) }
        for _ in 0..<2 {
            await #expect {
                try await post(store, story)
            } throws: { error in
                guard case .storage(.unavailable(let why)) = error as? StoryError else { return false }
                return why.contains("changed without SQLite") && why.contains("wireroom restore")
            }
        }
        await #expect(throws: StoryError.self) { try await store.checkWritable() }
    }

    @Test(
        "A backup copied over the database takes effect after a restart without the old log, with a new epoch"
    )
    func restarted() async throws {
        var store: TableStore? = try folder.store(role: .server)
        let story = try await newStory(try #require(store))
        try await post(try #require(store), story)
        let first = try await store?.snapshot(of: story, SnapshotQuery(), access: .reader).cursor.epoch
        let backup = try backUp()
        try await post(try #require(store), story)
        try overwrite(path, with: backup)
        for end in ["-wal", "-shm"] { try FileManager.default.removeItem(atPath: path + end) }
        await #expect(throws: StoryError.self) { try await post(try #require(store), story) }
        store = nil
        // Its connections are closed on their own queues.
        var opened: TableStore?
        try await until {
            opened = try? folder.store(role: .server)
            return opened != nil
        }
        let again = try #require(opened)
        let snapshot = try await again.snapshot(of: story, SnapshotQuery(), access: .reader)
        #expect(snapshot.updates.count == 1 && snapshot.cursor.epoch != first)
        #expect(try SQLiteEngine.verify(path).errors == [])
    }

    @Test("Checkpoints, by us or by other programs, are not mistaken for overwriting")
    func checkpoints() async throws {
        let store = try folder.store(role: .server)
        let story = try await newStory(store)
        for mode in ["PASSIVE", "FULL", "RESTART", "TRUNCATE"] {
            for _ in 0..<3 { try await post(store, story) }
            #expect(system("sqlite3 '\(path)' 'PRAGMA wal_checkpoint(\(mode))' >/dev/null") == 0)
            try await post(store, story)
        }
        for _ in 0..<400 { try await post(store, story) }
        #expect(try SQLiteEngine.verify(path).errors == [])
    }

    @Test("A second server is kept out through a hard link, and after the lock file was deleted")
    func secondServer() throws {
        let first = try folder.store(role: .server)
        #expect(link(path, folder.file("link.db")) == 0)
        try FileManager.default.removeItem(atPath: path + ".lock")
        for name in ["link.db", "test.db"] {
            #expect(throws: StoreOpeningError.self) {
                try TableStore(
                    path: folder.file(name), role: .server, renderer: .plain { $0 },
                    now: { ManualClock().now })
            }
        }
        withExtendedLifetime(first) {}
    }
}
