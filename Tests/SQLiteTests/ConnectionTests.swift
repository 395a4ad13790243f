// SPDX-License-Identifier: Apache-2.0
import Database
import Foundation
import SQLite
import Support
import Testing

@Suite("A connection to SQLite")
struct ConnectionTests {
    private let folder: TemporaryFolder
    private let connection: Connection

    init() throws {
        folder = try TemporaryFolder()
        connection = try Connection(path: folder.file("test.db"), mode: .create)
        try connection.execute("CREATE TABLE things (key INTEGER PRIMARY KEY, value ANY) STRICT")
    }

    private func store(_ value: some Bindable) throws -> Int64 {
        try connection.run("INSERT INTO things (value) VALUES (?)", value)
        return try #require(try connection.first("SELECT last_insert_rowid()") { $0.integer() })
    }

    private func stored<Value>(_ key: Int64, read: (inout Row) -> Value) throws -> Value? {
        try connection.first("SELECT value FROM things WHERE key = ?", key, read: read)
    }

    private func type(of key: Int64) throws -> String? {
        try connection.first("SELECT typeof(value) FROM things WHERE key = ?", key) { $0.text() }
    }

    // MARK: Values

    @Test("round-trips integers", arguments: [0, 1, -1, 1 << 40, .min, .max] as [Int64])
    func integers(value: Int64) throws {
        for key in [try store(value), try store(Int(value)), try store(Int64?.some(value))] {
            #expect(try stored(key) { $0.integer() } == value)
            #expect(try stored(key) { $0.optionalInteger() } == .some(value))
        }
    }

    @Test("stores Booleans as 0 and 1")
    func bools() throws {
        for value in [true, false] {
            let key = try store(value)
            #expect(try stored(key) { $0.bool() } == value)
            #expect(try stored(key) { $0.integer() } == (value ? 1 : 0))
        }
    }

    @Test(
        "round-trips text, including empty text and text with NUL",
        arguments: [
            "", "a", "é 中 😀", "a\u{0}b", "\u{0}", "e\u{301}", String(repeating: "long ", count: 100_000),
        ])
    func texts(value: String) throws {
        let key = try store(value)
        #expect(try type(of: key) == "text")
        #expect(try stored(key) { Array($0.text().utf8) } == Array(value.utf8))
        #expect(try stored(key) { $0.optionalText() } == .some(value))
    }

    @Test(
        "round-trips blobs, including an empty one",
        arguments: [[], [0], [0, 255, 0], Array(0...255)] as [[UInt8]])
    func blobs(value: [UInt8]) throws {
        let key = try store(value)
        #expect(try type(of: key) == "blob")
        #expect(try stored(key) { $0.withBytes { Array($0) } } == value)
    }

    @Test("distinguishes NULL from empty values")
    func nulls() throws {
        for key in [try store(Int64?.none), try store(String?.none), try store([UInt8]?.none)] {
            #expect(try type(of: key) == "null")
            #expect(try stored(key) { $0.optionalInteger() } == .some(nil))
            #expect(try stored(key) { $0.optionalText() } == .some(nil))
            #expect(try stored(key) { $0.text() } == "")
            #expect(try stored(key) { $0.integer() } == 0)
            #expect(try stored(key) { $0.withBytes { $0.count } } == 0)
        }
    }

    @Test("reads columns from the left, and rows in order")
    func rows() throws {
        for number in 1...3 { _ = try store(number) }
        let rows = try connection.rows(
            "SELECT key, value, 'x', NULL FROM things WHERE key > ? ORDER BY key DESC", 1
        ) {
            "\($0.integer()) \($0.integer()) \($0.text()) \($0.optionalText() ?? "none")"
        }
        #expect(rows == ["3 3 x none", "2 2 x none"])
        #expect(try connection.rows("SELECT key FROM things WHERE key > 9") { $0.integer() } == [])
        #expect(try connection.first("SELECT key FROM things WHERE key > 9") { $0.integer() } == nil)
    }

    @Test("counts the changed rows")
    func changedRows() throws {
        for number in 1...3 { _ = try store(number) }
        #expect(try connection.changes("UPDATE things SET value = 0 WHERE key > ?", 1) == 2)
    }

    // MARK: Statements

    @Test("rejects too few and too many values; the statement stays usable")
    func valueCount() throws {
        let sql = "SELECT ?1 + ?2"
        #expect(throws: DatabaseError.self) { try connection.first(sql, 1) { $0.integer() } }
        #expect(throws: DatabaseError.self) { try connection.first(sql) { $0.integer() } }
        #expect(throws: DatabaseError.self) { try connection.first(sql, 1, 2, 3) { $0.integer() } }
        #expect(try connection.first(sql, 1, 2) { $0.integer() } == 3)
    }

    @Test("resets a statement and its parameters after an error")
    func reuse() throws {
        let sql = "INSERT INTO things (key, value) VALUES (?, ?)"
        try connection.run(sql, 1, "first")
        #expect(throws: DatabaseError.self) { try connection.run(sql, 1, "again") }
        try connection.run(sql, 2, String?.none)
        #expect(try stored(2) { $0.optionalText() } == .some(nil))
        #expect(try stored(1) { $0.text() } == "first")
    }

    @Test("resets a statement after reading its first row only")
    func firstRowOnly() throws {
        for number in 1...3 { _ = try store(number) }
        #expect(try connection.first("SELECT key FROM things ORDER BY key") { $0.integer() } == 1)
        // An open statement would lock the table.
        #expect(throws: Never.self) { try connection.execute("DROP TABLE things") }
    }

    @Test("reports whether a transaction is open")
    func transactions() throws {
        #expect(!connection.isInTransaction)
        try connection.execute("BEGIN; INSERT INTO things (value) VALUES (1)")
        #expect(connection.isInTransaction)
        try connection.execute("ROLLBACK")
        #expect(!connection.isInTransaction)
        #expect(try connection.first("SELECT count(*) FROM things") { $0.integer() } == 0)
    }

    // MARK: Errors

    private func code(of body: () throws -> Void) -> DatabaseError.Code? {
        let error = #expect(throws: DatabaseError.self) { try body() }
        #expect(error?.message.isEmpty == false)
        return error?.code
    }

    @Test(
        "distinguishes errors by code",
        arguments: [
            ("INSERT INTO things (key, value) VALUES (1, 1), (1, 2)", .constraint),
            ("INSERT INTO things (key, value) VALUES ('x', 1)", .other),
            ("SELECT * FROM nothing", .other), ("SELEC 1", .other),
        ] as [(String, DatabaseError.Code)])
    func codes(sql: String, code expected: DatabaseError.Code) {
        #expect(code { try connection.run(sql) } == expected)
        #expect(code { try connection.execute(sql) } == expected)
    }

    @Test("throws busy while another connection holds the lock")
    func busy() throws {
        let other = try Connection(path: folder.file("test.db"), mode: .readWrite, busyTimeoutMilliseconds: 1)
        try connection.execute("BEGIN IMMEDIATE")
        #expect(code { try other.run("BEGIN IMMEDIATE") } == .busy)
        try connection.execute("COMMIT")
        try other.execute("BEGIN IMMEDIATE; COMMIT")
    }

    @Test("rejects writes on a read-only connection")
    func readOnly() throws {
        let reader = try Connection(path: folder.file("test.db"), mode: .readOnly)
        #expect(try reader.first("SELECT count(*) FROM things") { $0.integer() } == 0)
        #expect(code { try reader.run("INSERT INTO things (value) VALUES (1)") } == .readOnly)
    }

    @Test("throws full when the file cannot grow, after rolling back")
    func full() throws {
        try connection.execute("PRAGMA max_page_count = 4; BEGIN")
        #expect(code { _ = try store(String(repeating: "x", count: 100_000)) } == .full)
        if connection.isInTransaction { try connection.execute("ROLLBACK") }
        #expect(try connection.first("SELECT count(*) FROM things") { $0.integer() } == 0)
    }

    @Test("throws if the file is not a database, or cannot be opened")
    func otherFiles() throws {
        let path = folder.file("text.txt")
        try Data(repeating: UInt8(ascii: "x"), count: 4_096).write(to: URL(fileURLWithPath: path))
        let text = try Connection(path: path, mode: .readWrite)
        #expect(code { try text.execute("SELECT * FROM sqlite_schema") } == .notADatabase)
        #expect(code { _ = try Connection(path: folder.file("none.db"), mode: .readWrite) } == .cannotOpen)
        #expect(code { _ = try Connection(path: folder.file("none.db"), mode: .readOnly) } == .cannotOpen)
        #expect(code { _ = try Connection(path: folder.path, mode: .create) } == .cannotOpen)
        #expect(!FileManager.default.fileExists(atPath: folder.file("none.db")))
    }

    @Test("maps extended codes to primary ones")
    func extendedCodes() {
        let codes: [(Int32, DatabaseError.Code)] = [
            (5, .busy), (6, .busy), (5 | 1 << 8, .busy), (13, .full), (8 | 1 << 8, .readOnly), (3, .readOnly),
            (11, .corrupt), (26, .notADatabase), (19 | 8 << 8, .constraint), (14 | 2 << 8, .cannotOpen),
            (10 | 4 << 8, .ioError), (1, .other), (25, .other),
        ]
        for (number, code) in codes {
            #expect(DatabaseError(sqlite: number, message: "").code == code, "\(number)")
        }
        #expect(DatabaseError(sqlite: 13, message: "full").description == "full (SQLite code 13)")
    }
}
