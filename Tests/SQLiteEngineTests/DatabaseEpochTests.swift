// SPDX-License-Identifier: Apache-2.0
import Database
import Foundation
import SQLite
import StoreSupport
import Stories
import Support
import Synchronization
import Testing

@testable import SQLiteEngine
@testable import StoryTables

/// External effects on the file: writes by other processes, restored backups, removed files.
@Suite("Epochs of a database")
struct LifeTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("test.db")
    }

    private func server() throws -> TableStore { try folder.restartedStore() }

    private func newStory(_ store: TableStore) async throws -> StoryReference {
        .id(try await store.createStory(.make(title: "Life"), access: .admin).value.id)
    }

    private func post(_ store: TableStore, _ story: StoryReference) async throws {
        _ = try await store.createUpdate(of: story, .make(body: "x"), access: .admin)
    }

    private func epoch(_ store: TableStore, _ story: StoryReference) async throws -> UInt64 {
        try await store.snapshot(of: story, SnapshotQuery(), access: .reader).cursor.epoch
    }

    /// Copies the database as a backup would, by SQLite itself.
    private func backUp(to name: String) throws {
        let connection = try Connection(path: path, mode: .readWrite)
        try connection.execute("VACUUM INTO '\(folder.file(name))'")
    }

    /// Puts a file in place of the database and its log.
    private func putBack(_ name: String) throws {
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        try FileManager.default.copyItem(atPath: folder.file(name), toPath: path)
    }

    @Test("A restarted server keeps the epoch")
    func restart() async throws {
        var store: TableStore? = try server()
        let story = try await newStory(try #require(store))
        let first = try await epoch(try #require(store), story)
        for _ in 0..<3 {
            try await post(try #require(store), story)
            store = nil
            store = try server()
            #expect(try await epoch(try #require(store), story) == first)
        }
    }

    @Test(
        "A backup restored without a server starts a new epoch if there were commits since",
        arguments: [0, 1])
    func restored(commitsLater: Int) async throws {
        var store: TableStore? = try server()
        let story = try await newStory(try #require(store))
        let first = try await epoch(try #require(store), story)
        try backUp(to: "backup.db")
        for _ in 0..<commitsLater { try await post(try #require(store), story) }
        store = nil
        try putBack("backup.db")
        if commitsLater > 0 {
            // A command run before the server must not hide the restore.
            let command = try folder.store(role: .command)
            _ = try await newStory(command)
        }
        store = try server()
        #expect((try await epoch(try #require(store), story) == first) == (commitsLater == 0))
    }

    @Test("A database without its lock file, as from another machine, starts a new epoch")
    func moved() async throws {
        var store: TableStore? = try server()
        let story = try await newStory(try #require(store))
        let first = try await epoch(try #require(store), story)
        store = nil
        try FileManager.default.removeItem(atPath: path + ".lock")
        store = try server()
        #expect(try await epoch(try #require(store), story) != first)
    }

    @Test("A database created by a command keeps its epoch under the first server")
    func firstServer() async throws {
        var command: TableStore? = try folder.store(role: .command)
        let story = try await newStory(try #require(command))
        let first = try await epoch(try #require(command), story)
        command = nil
        #expect(try await epoch(try server(), story) == first)
    }

    @Test("Writes of another process are noticed, and keep the epoch")
    func foreign() async throws {
        let store = try server()
        let story = try await newStory(store)
        let events = Events()
        store.observe { events.add($0) }
        let first = try await epoch(store, story)
        try await post(try folder.store(role: .command), story)
        try await events.waitForExternalWrite()
        #expect(try await epoch(store, story) == first)
    }

    @Test(
        "A backup restored under a running server starts a new epoch, in place or as another file",
        arguments: [false, true])
    func restoredUnderServer(inPlace: Bool) async throws {
        let store = try server()
        let story = try await newStory(store)
        try await post(store, story)
        try backUp(to: "backup.db")
        try await post(store, story)
        let events = Events()
        store.observe { events.add($0) }
        let first = try await epoch(store, story)
        if inPlace {
            #expect(system("sqlite3 '\(path)' \".restore '\(folder.file("backup.db"))'\"") == 0)
        } else {
            #expect(rename(folder.file("backup.db"), path) == 0)
        }
        try await events.waitForExternalWrite()
        let snapshot = try await store.snapshot(of: story, SnapshotQuery(), access: .reader)
        #expect(snapshot.cursor.epoch != first)
        #expect(snapshot.updates.count == 1)
        try await post(store, story)
        #expect(try await store.snapshot(of: story, SnapshotQuery(), access: .reader).updates.count == 2)
    }

    @Test("A missing file refuses writes, and accepts them again when it is back")
    func gone() async throws {
        let store = try server()
        let story = try await newStory(store)
        #expect(rename(path, path + ".away") == 0)
        await #expect(throws: StoryError.self) { try await post(store, story) }
        #expect(rename(path + ".away", path) == 0)
        try await post(store, story)
        #expect(try await store.snapshot(of: story, SnapshotQuery(), access: .reader).updates.count == 1)
    }

    @Test("Failed and no-op writes add nothing to the write-ahead log")
    func refusals() async throws {
        let store = try server()
        let story = try await newStory(store)
        let size = { try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int ?? 0 }
        let before = try size()
        for _ in 0..<20 {
            _ = try await store.editStory(story, .make(title: "Life"), if: .none, access: .admin)
            _ = try? await store.react(
                .veryGood, to: Identifier(high: 1, low: 1), of: story, by: nil, idempotency: nil,
                access: .reader)
        }
        #expect(try size() == before)
    }

    @Test("Commits are reported in order, before the write returns; failed writes are not reported")
    func events() async throws {
        let store = try server()
        let events = Events()
        store.observe { events.add($0) }
        let story = try await newStory(store)
        try await post(store, story)
        _ = try? await store.editStory(
            story, .make(title: "No"), if: .oneOf([Version(epoch: 1, seq: 1)]), access: .admin)
        _ = try await store.editStory(story, .make(title: "Yes"), if: .none, access: .admin)
        _ = try await store.react(.veryGood, to: nil, of: story, by: nil, idempotency: nil, access: .reader)
        #expect(events.names == ["created", "put 2", "story 3", "reacted"])
        try await store.deleteStory(story, if: .none, access: .admin)
        #expect(events.names.last == "removed")
    }
}

/// The events that an observer received.
private final class Events: Sendable {
    private let all = Mutex<[StoreEvent]>([])

    func add(_ events: [StoreEvent]) { all.withLock { $0 += events } }

    var names: [String] {
        all.withLock { $0 }.map { event in
            switch event {
            case .changed(let step):
                switch step.change {
                case .put: "put \(step.version.seq)"
                case .remove: "remove \(step.version.seq)"
                case .story: "story \(step.version.seq)"
                case .links: "links \(step.version.seq)"
                }
            case .removed: "removed"
            case .reacted: "reacted"
            case .created: "created"
            case .slugFreed(let slug, _): "freed \(slug)"
            case .keyRevoked: "key revoked"
            case .deliveriesQueued: "deliveries queued"
            case .cardsQueued: "cards queued"
            case .notificationQueued: "notification queued"
            case .siteChanged: "site changed"
            case .externalWrite: "disturbed"
            case .externalChanges: "changed elsewhere"
            }
        }
    }

    /// Returns once an external write was reported.
    func waitForExternalWrite() async throws {
        for _ in 0..<1_000 {
            if names.contains("disturbed") { return }
            try await Task.sleep(nanoseconds: 10_000_000)
        }
        Issue.record("nobody was told that others have written")
    }
}
