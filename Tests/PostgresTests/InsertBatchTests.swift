// SPDX-License-Identifier: Apache-2.0
import Database
import Testing

@testable import Postgres

@Suite("INSERTs that are sent together")
struct InsertBatchTests {
    @Test(
        "Only an INSERT of one row of nothing but parameters can have more rows",
        arguments: [
            ("INSERT INTO t (a) VALUES (?)", "INSERT INTO t (a) SELECT * FROM unnest(?)"),
            (
                "INSERT INTO t (a, b)\nVALUES (?, ?)",
                "INSERT INTO t (a, b)\nSELECT * FROM unnest(?, ?)"
            ),
            ("INSERT INTO t (a, b) VALUES (?, 1)", nil), ("INSERT INTO t (a) VALUES (? << 32)", nil),
            ("INSERT INTO t (a) VALUES (?) RETURNING a", nil),
            ("INSERT INTO t (a) VALUES (?) ON CONFLICT DO NOTHING", nil),
            ("INSERT INTO t (a) SELECT ?", nil), ("DELETE FROM t WHERE a = ?", nil),
            ("UPDATE t SET a = ?", nil), ("INSERT INTO t (a) VALUES (?1)", nil),
        ] as [(String, String?)])
    func multiRow(sql: String, expected: String?) {
        #expect(InsertBatch.multiRow(sql) == expected)
    }

    @Test("Rows keep their order, tables that in which they were first named")
    func order() {
        var batch = InsertBatch()
        batch.add([.integer(1), .text("a")], of: "first")
        batch.add([.integer(9)], of: "second")
        batch.add([.integer(2), .null(.text)], of: "first")
        let groups = batch.take()
        #expect(groups.map(\.sql) == ["first", "second"])
        #expect(groups.first?.columns == [[.integer(1), .integer(2)], [.text("a"), .null(.text)]])
        #expect(batch.isEmpty)
    }

    @Test("A batch is full by its rows, and by its bytes")
    func bounds() {
        var batch = InsertBatch()
        batch.add([.text(String(repeating: "x", count: 4 << 20))], of: "one")
        #expect(batch.isFull)
        _ = batch.take()
        for row in 0..<1_023 { batch.add([.integer(Int64(row))], of: "one") }
        #expect(!batch.isFull)
        batch.add([.null(.integer)], of: "two")
        #expect(batch.isFull)
    }
}
