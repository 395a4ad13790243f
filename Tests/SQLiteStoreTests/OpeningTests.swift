import Foundation
import Migrations
import SQLite
import Stories
import Support
import Testing

@testable import SQLiteStore

@Suite("Opening a database")
struct OpeningTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("test.db") }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func bytes(of path: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: path))
    }

    /// Changes the file behind the store's back.
    private func change(_ script: String, at path: String? = nil) throws {
        try Connection(path: path ?? self.path, mode: .create).execute(script)
    }

    @Test("makes a file that is not there, and brings it to the present schema")
    func fresh() throws {
        let clock = ManualClock()
        _ = try folder.store(clock)
        let status = try SQLiteStore.migrationStatus(path: path)
        #expect(status.map(\.number) == Migrations.sqlite.map(\.number))
        #expect(status.map(\.name) == Migrations.sqlite.map(\.name))
        #expect(status.allSatisfy { $0.appliedAt == clock.now })
    }

    @Test("again keeps what is there, and its life")
    func again() async throws {
        let clock = ManualClock()
        let made = try await folder.store(clock).createStory(.make(), access: .admin)
        let before = try SQLiteStore.migrationStatus(path: path).map(\.appliedAt)
        clock.advance()
        let found = try await folder.store(clock).story(.id(made.value.id), access: .reader)
        #expect(found.story == made.value)
        #expect(found.version == made.version)
        #expect(try SQLiteStore.migrationStatus(path: path).map(\.appliedAt) == before)
    }

    @Test("of every database begins another life")
    func lives() async throws {
        let (one, other) = (try StoreFixture(), try StoreFixture())
        let first = try await one.store.createStory(.make(), access: .admin)
        let second = try await other.store.createStory(.make(), access: .admin)
        #expect(first.version.epoch != second.version.epoch)
    }

    @Test("that a newer program made is refused")
    func newer() throws {
        _ = try folder.store()
        try change("INSERT INTO migrations VALUES (\(Migrations.sqlite.count + 1), 'later', 'x', 0)")
        let known = Migrations.sqlite.count
        let error = StoreOpeningError.newerThanProgram(path: path, schema: known + 1, known: known)
        #expect(throws: error) { try folder.store() }
        #expect(throws: error) { try SQLiteStore.migrationStatus(path: path) }
        #expect(error.description.contains("use the newer program"))
    }

    @Test("with other migrations is refused", arguments: ["checksum = 'other'", "number = 7"])
    func changed(change: String) throws {
        _ = try folder.store()
        try self.change("UPDATE migrations SET \(change) WHERE number = 1")
        #expect(throws: StoreOpeningError.changedMigration(path: path, number: 1, name: "initial")) {
            try folder.store()
        }
    }

    @Test("of another program is refused, and nothing in it is changed")
    func foreign() throws {
        try change("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')")
        let before = try bytes(of: path)
        #expect(throws: StoreOpeningError.notWireroom(path: path)) { try folder.store() }
        #expect(throws: StoreOpeningError.notWireroom(path: path)) {
            try SQLiteStore.migrationStatus(path: path)
        }
        #expect(try bytes(of: path) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["test.db"])
    }

    @Test("that is no database is refused, and nothing in it is changed")
    func noDatabase() throws {
        let text = Data(String(repeating: "This is a letter.\n", count: 500).utf8)
        try text.write(to: URL(fileURLWithPath: path))
        #expect(throws: StoreOpeningError.notWireroom(path: path)) { try folder.store() }
        #expect(throws: StoreOpeningError.notWireroom(path: path)) {
            try SQLiteStore.migrationStatus(path: path)
        }
        #expect(try bytes(of: path) == text)
    }

    @Test("in a folder that is not there, or that is a folder, says so")
    func noFolder() throws {
        for path in [folder.file("none/test.db"), folder.path] {
            let error = #expect(throws: StoreOpeningError.self) {
                try SQLiteStore(path: path, role: .command, render: { $0 }, now: { ManualClock().now })
            }
            #expect(error?.description.hasPrefix("cannot open \(path): ") == true)
        }
    }

    @Test("only to see its migrations makes no file and applies none")
    func status() throws {
        #expect(throws: StoreOpeningError.self) { try SQLiteStore.migrationStatus(path: path) }
        #expect(!FileManager.default.fileExists(atPath: path))
        try Data().write(to: URL(fileURLWithPath: path))
        #expect(try SQLiteStore.migrationStatus(path: path).map(\.appliedAt) == [nil])
        #expect(try bytes(of: path).isEmpty)
    }

    @Test("takes a migration that fails back, and says which")
    func failing() throws {
        _ = try folder.store()
        let connection = try Connection(path: path, mode: .readWrite)
        let script = "CREATE TABLE half (a INTEGER); CREATE TABLE stories (a INTEGER)"
        let bad = Migration(number: 2, name: "bad", sql: Array(script.utf8))
        let migrator = Migrator(path: path, connection: connection, migrations: Migrations.sqlite + [bad])
        let error = #expect(throws: StoreOpeningError.self) { try migrator.migrate(at: 0) }
        #expect(error?.description.contains("migration 2 (bad)") == true)
        #expect(connection.isAutocommit)
        #expect(throws: SQLiteError.self) { try connection.execute("SELECT * FROM half") }
        #expect(throws: Never.self) { try folder.store() }
    }

    @Test("applies the migrations that are missing, once")
    func missing() throws {
        _ = try folder.store()
        let connection = try Connection(path: path, mode: .readWrite)
        let more = Migration(number: 2, name: "more", sql: Array("CREATE TABLE more (a INTEGER)".utf8))
        let migrator = Migrator(path: path, connection: connection, migrations: Migrations.sqlite + [more])
        for time in [5, 6] { try migrator.migrate(at: Int64(time)) }
        #expect(try migrator.status().map(\.appliedAt).last == 5)
        #expect(try connection.first("SELECT count(*) FROM more") { $0.integer() } == 0)
    }

    // MARK: Locks and settings

    @Test("as a server keeps a second server off, with words that help, but not a command")
    func lock() throws {
        let first = try folder.store(role: .server)
        let error = #expect(throws: StoreOpeningError.locked(path: path, holder: "\(getpid())")) {
            try folder.store(role: .server)
        }
        #expect(error?.description.contains("another server (process \(getpid())) has \(path) open") == true)
        #expect(throws: Never.self) { try folder.store(role: .command) }
        let mode = try FileManager.default.attributesOfItem(atPath: path + ".lock")[.posixPermissions]
        #expect(mode as? Int == 0o600)
        withExtendedLifetime(first) {}
    }

    @Test("as a server works again once the first has gone")
    func unlock() throws {
        do { _ = try folder.store(role: .server) }
        #expect(throws: Never.self) { try folder.store(role: .server) }
    }

    @Test(
        "puts the settings in force that make a commit last",
        arguments: [
            ("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"), ("trusted_schema", "0"),
            ("temp_store", "2"), ("busy_timeout", "5000"),
        ])
    func settings(name: String, value: String) async throws {
        let store = try folder.store(role: .server)
        let written = try await store.writer.write { session throws(StoryError) in
            try session.first("PRAGMA \(name)") { $0.text() }
        }
        #expect(written == value)
    }

    @Test("reads through connections that cannot write")
    func readers() async throws {
        let store = try folder.store(role: .server)
        await #expect(throws: StoryError.storage(.readOnly)) {
            try await store.readers.read { session throws(StoryError) in
                try session.run("UPDATE life SET epoch = 0")
            }
        }
    }
}
