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

/// What others do to the file: other processes that write, backups that are put back, files that go away.
@Suite("The life of a database")
struct LifeTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("test.db")
    }

    private func server() throws -> TableStore { try folder.store(role: .server) }

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

    @Test("A server that starts again, however the last one ended, goes on in the same life")
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
        "A backup that is put back while no server runs begins another life, also the newest one",
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
            // A command beside it must not hide what has happened.
            let command = try folder.store(role: .command)
            _ = try await newStory(command)
        }
        store = try server()
        #expect((try await epoch(try #require(store), story) == first) == (commitsLater == 0))
    }

    @Test("A database that comes without its lock file, from another machine, begins another life")
    func moved() async throws {
        var store: TableStore? = try server()
        let story = try await newStory(try #require(store))
        let first = try await epoch(try #require(store), story)
        store = nil
        try FileManager.default.removeItem(atPath: path + ".lock")
        store = try server()
        #expect(try await epoch(try #require(store), story) != first)
    }

    @Test("What a command makes before there is a server keeps its life")
    func firstServer() async throws {
        var command: TableStore? = try folder.store(role: .command)
        let story = try await newStory(try #require(command))
        let first = try await epoch(try #require(command), story)
        command = nil
        #expect(try await epoch(try server(), story) == first)
    }

    @Test("Writes of another process are told of within a second, and keep the life")
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
        "A backup that is put back under a running server begins another life, in place or as another file",
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

    @Test("A file that is gone takes no writes, and takes them again when it is back")
    func gone() async throws {
        let store = try server()
        let story = try await newStory(store)
        #expect(rename(path, path + ".away") == 0)
        await #expect(throws: StoryError.self) { try await post(store, story) }
        #expect(rename(path + ".away", path) == 0)
        try await post(store, story)
        #expect(try await store.snapshot(of: story, SnapshotQuery(), access: .reader).updates.count == 1)
    }

    @Test("What is refused or changes nothing takes no room in the log")
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

    @Test("Each commit is told of in its order, before its writer is answered, and what was refused is not")
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

/// What an observer was told.
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
            case .externalWrite: "disturbed"
            }
        }
    }

    /// Returns when it was told that others have written.
    func waitForExternalWrite() async throws {
        for _ in 0..<1_000 {
            if names.contains("disturbed") { return }
            try await Task.sleep(nanoseconds: 10_000_000)
        }
        Issue.record("nobody was told that others have written")
    }
}
