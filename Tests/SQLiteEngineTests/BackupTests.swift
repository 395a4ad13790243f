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

@Suite("Backups")
struct BackupTests {
    private let fixture: StoreFixture
    private let backup: String

    init() throws {
        fixture = try StoreFixture()
        backup = fixture.folder.file("backup.db")
    }

    @discardableResult
    private func backUp(overwriting: Bool = false) throws -> StoreContents {
        try SQLiteEngine.backUp(fixture.path, to: backup, overwriting: overwriting)
    }

    @discardableResult
    private func restore(to path: String, from file: String? = nil) throws -> (
        contents: StoreContents, kept: String?
    ) {
        try SQLiteEngine.restore(file ?? backup, to: path, at: fixture.clock.now)
    }

    private func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path).sorted()
    }

    /// A server on a restored file.
    private func restored(as name: String = "restored.db") throws -> TableStore {
        let path = fixture.folder.file(name)
        try restore(to: path)
        return try TableStore(
            path: path, role: .server, renderer: .plain { "<\($0)>" }, now: { fixture.clock.now })
    }

    // MARK: Backing up

    @Test("A backup is a consistent snapshot, despite concurrent writers")
    func besideWriters() async throws {
        let (story, store) = (try await fixture.story(), fixture.store)
        let writers = (1...4).map { writer in
            Task {
                var number = 0
                while !Task.isCancelled {
                    number += 1
                    _ = try await store.createUpdate(
                        of: story.reference, .make(body: "\(writer): \(number)"), access: .editor)
                }
            }
        }
        defer { for writer in writers { writer.cancel() } }
        for _ in 0..<20 {
            try backUp(overwriting: true)
            let report = try SQLiteEngine.verify(backup)
            #expect(report.errors == [])
            #expect(report.contents.stories == 1)
        }
        for writer in writers {
            writer.cancel()
            try await writer.value
        }
        let copy = try restored()
        let snapshot = try await copy.snapshot(
            of: story.reference, SnapshotQuery(limit: 200), access: .reader)
        #expect(
            Int64(snapshot.story.updateCount) + 1 == snapshot.cursor.seq, "all that was numbered is there")
    }

    @Test("A backup is one file that only its owner may read")
    func isOneFile() async throws {
        let before = try files()
        let contents = try backUp()
        #expect(try files() == (before + ["backup.db"]).sorted())
        let attributes = try FileManager.default.attributesOfItem(atPath: backup)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(attributes[.size] as? Int == contents.bytes)
    }

    @Test("A backup overwrites another file only on request, and then completely")
    func replaces() async throws {
        try Data("not ours".utf8).write(to: URL(fileURLWithPath: backup))
        #expect(throws: StoreOpeningError.self) { try backUp() }
        #expect(try String(contentsOfFile: backup, encoding: .utf8) == "not ours")
        try await fixture.update(of: try await fixture.story())
        #expect(try backUp(overwriting: true).updates == 1)
        #expect(try SQLiteEngine.verify(backup).errors == [])
    }

    @Test("Foreign files are not backed up, and a failed backup leaves no file")
    func refuses() throws {
        let before = try files()
        #expect(throws: StoreOpeningError.self) {
            try SQLiteEngine.backUp(fixture.folder.file("none.db"), to: backup, overwriting: false)
        }
        try Connection(path: fixture.folder.file("other.db"), mode: .create).execute("CREATE TABLE a (b)")
        #expect(throws: StoreOpeningError.notWireroom(path: fixture.folder.file("other.db"))) {
            try SQLiteEngine.backUp(fixture.folder.file("other.db"), to: backup, overwriting: false)
        }
        #expect(throws: StoreOpeningError.self) {
            try SQLiteEngine.backUp(
                fixture.path, to: fixture.folder.file("no/folder/backup.db"), overwriting: false)
        }
        #expect(try files() == (before + ["other.db"]).sorted())
    }

    // MARK: Restoring

    @Test("A restore expires old cursors, and the feed continues from the backup")
    func restores() async throws {
        let story = try await fixture.story()
        let kept = try await fixture.update(of: story, body: "Before.")
        try backUp()
        try await fixture.update(of: story, body: "After.")
        let old = try await fixture.snapshot(of: story).cursor

        let store = try restored()
        let snapshot = try await store.snapshot(of: story.reference, SnapshotQuery(), access: .reader)
        #expect(snapshot.updates.map(\.id) == [kept.id])
        #expect(snapshot.cursor.epoch != old.epoch)
        await #expect(throws: StoryError.cursorExpired) {
            try await store.changes(of: story.reference, DeltaQuery(cursor: old), access: .reader)
        }
        _ = try await store.createUpdate(of: story.reference, .make(body: "Again."), access: .editor)
        let delta = try await store.changes(
            of: story.reference, DeltaQuery(cursor: snapshot.cursor), access: .reader)
        #expect(delta.changes.count == 1)
    }

    @Test("Each restore of the same backup starts a new epoch")
    func restoresTwice() async throws {
        let story = try await fixture.story()
        try backUp()
        var epochs: Set<UInt64> = [try await fixture.snapshot(of: story).cursor.epoch]
        for _ in 0..<2 {
            let store = try restored()
            let snapshot = try await store.snapshot(of: story.reference, SnapshotQuery(), access: .reader)
            epochs.insert(snapshot.cursor.epoch)
        }
        #expect(epochs.count == 3)
    }

    @Test(
        "A restore keeps the former database including its write-ahead log, which is not applied to the restored one"
    )
    func keepsFormer() async throws {
        let story = try await fixture.story()
        try backUp()
        try await fixture.update(of: story, body: "Only in the log.")
        // The files that a killed server leaves.
        let killed = fixture.folder.file("killed.db")
        for end in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: fixture.path + end, toPath: killed + end)
        }
        let kept = try #require(try restore(to: killed).kept)
        #expect(try SQLiteEngine.verify(kept).contents.updates == 1)
        #expect(try SQLiteEngine.verify(killed).contents.updates == 0)
        #expect(kept.hasPrefix(killed + ".before-restore-"))
    }

    @Test("A restore refuses a database in use by a server")
    func isLocked() async throws {
        try backUp()
        let path = fixture.folder.file("served.db")
        let server = try TableStore(
            path: path, role: .server, renderer: .plain { $0 }, now: { fixture.clock.now })
        let before = try files()
        #expect {
            try restore(to: path)
        } throws: { error in
            guard case .locked? = error as? StoreOpeningError else { return false }
            return true
        }
        #expect(try files() == before)
        withExtendedLifetime(server) {}
    }

    @Test("A damaged or truncated backup is not restored, and the database stays unchanged")
    func refusesDamaged() async throws {
        try await fixture.update(of: try await fixture.story())
        try backUp()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: backup))
        let path = fixture.folder.file("restored.db")
        try restore(to: path)
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        for damaged in [bytes.prefix(bytes.count / 2), bytes.prefix(100), Data("nothing".utf8), Data()] {
            try damaged.write(to: URL(fileURLWithPath: backup))
            #expect(throws: StoreOpeningError.self) { try restore(to: path) }
        }
        var torn = bytes
        torn.replaceSubrange(8_192..<12_288, with: Data(repeating: 0xA5, count: 4_096))
        try torn.write(to: URL(fileURLWithPath: backup))
        #expect(throws: StoreOpeningError.self) { try restore(to: path) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        #expect(try files().filter { $0.hasPrefix("restored.db.") } == ["restored.db.lock"])
    }

    @Test(
        "A restore by root keeps the owner of the former database, or else takes its folder's",
        .enabled(if: geteuid() == 0))
    func keepsOwner() async throws {
        try backUp()
        let path = fixture.folder.file("restored.db")
        chown(fixture.folder.path, 12_345, 12_345)
        try restore(to: path)
        #expect(try owner(path) == 12_345)
        #expect(try owner(path + ".lock") == 12_345)
        chown(path, 23_456, 23_456)
        let kept = try #require(try restore(to: path).kept)
        #expect(try owner(path) == 23_456)
        #expect(try owner(kept) == 23_456)
    }

    private func owner(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.ownerAccountID] as? Int
    }
}
