// SPDX-License-Identifier: Apache-2.0
import Database
import Testing

/// The interface between statements and engines, without any engine.
@Suite("The database interface")
struct DatabaseTests {
    private let database = ScriptedDatabase([(1, nil), (2, "two"), (3, "three")])

    @Test("Values keep their order, and NULL its type")
    func values() {
        let values = Value.list(7, Int64(8), true, "text", [UInt8]([1, 2]), String?.none, Int64?.some(9))
        #expect(
            values == [
                .integer(7), .integer(8), .integer(1), .text("text"), .bytes([1, 2]), .null(.text),
                .integer(9),
            ])
        #expect(Value.list(Bool?.none, [UInt8]?.none) == [.null(.integer), .null(.bytes)])
        #expect(Value.list() == [])
    }

    @Test("A statement and its values reach the engine unchanged")
    func statements() throws {
        try database.run("INSERT INTO things VALUES (?, ?)", 1, String?.none)
        #expect(database.statements == ["INSERT INTO things VALUES (?, ?)"])
        #expect(database.values == [[.integer(1), .null(.text)]])
        #expect(try database.changes("DELETE FROM things") == 3)
    }

    @Test("Columns are read from the left, and rows in order")
    func rows() throws {
        let rows = try database.rows("SELECT") { "\($0.integer()) \($0.optionalText() ?? "none")" }
        #expect(rows == ["1 none", "2 two", "3 three"])
        let lengths = try database.rows("SELECT") { row in
            (row.bool(), row.withBytes { $0.count }, row.optionalInteger())
        }
        #expect(lengths.map(\.0) == [true, true, true])
        #expect(lengths.map(\.1) == [0, 3, 5])
        #expect(lengths.allSatisfy { $0.2 == nil })
    }

    @Test("Reading the first row fetches no other")
    func first() throws {
        #expect(try database.first("SELECT") { $0.integer() } == 1)
        #expect(database.rowsFetched == 1)
        #expect(try ScriptedDatabase([]).first("SELECT") { $0.integer() } == nil)
        // A row whose value is NULL is still a row.
        #expect(try database.first("SELECT") { ($0.integer(), $0.optionalText()).1 } == .some(nil))
    }

    @Test("An error is described by the engine's message and code")
    func error() {
        let error = DatabaseError(.full, message: "full", origin: "Engine code 13")
        #expect(error.description == "full (Engine code 13)" && error.code == .full)
    }
}

/// Returns the same rows for every statement.
private final class ScriptedDatabase: Database {
    private(set) var statements: [String] = []
    private(set) var values: [[Value]] = []
    private(set) var rowsFetched = 0
    private let script: [ScriptedRow]

    init(_ rows: [(Int64, String?)]) { script = rows.map { ScriptedRow(number: $0.0, text: $0.1) } }

    let isInTransaction = false
    let dialect = Dialect(
        beginReading: "BEGIN", greatest: "max", least: "min", byteCount: { $0 }, contains: { $0 + $1 },
        hexadecimal: { $0 }, items: { $0 }, newestRow: { $1 + $2 + $3 + $0 })

    func run(_ sql: String, values: [Value]) throws(DatabaseError) {
        statements.append(sql)
        self.values.append(values)
    }

    func changes(_ sql: String, values: [Value]) throws(DatabaseError) -> Int {
        try run(sql, values: values)
        return script.count
    }

    func forEachRow(
        of sql: String, values: [Value], _ body: (inout Row) -> Bool
    ) throws(DatabaseError) {
        try run(sql, values: values)
        for cells in script {
            rowsFetched += 1
            var row = Row(cells)
            guard body(&row) else { return }
        }
    }
}

/// A row of a number and a text.
private final class ScriptedRow: Cells {
    private let number: Int64
    private let text: String?
    private let buffer: UnsafeMutableRawBufferPointer

    init(number: Int64, text: String?) {
        (self.number, self.text) = (number, text)
        buffer = .allocate(byteCount: text?.utf8.count ?? 0, alignment: 1)
        buffer.copyBytes(from: (text ?? "").utf8)
    }

    deinit { buffer.deallocate() }

    func isNull(_ column: Int) -> Bool { column > 1 || column == 1 && text == nil }
    func integer(_ column: Int) -> Int64 { column == 0 ? number : 0 }
    func text(_ column: Int) -> String { text ?? "" }
    func bytes(_ column: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(buffer) }
}
