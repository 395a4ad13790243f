// SPDX-License-Identifier: Apache-2.0
import Database
import Testing

@testable import Postgres

@Suite("Statements for PostgreSQL")
struct PreparedTextTests {
    @Test(
        "Parameters are numbered, but not those in string literals",
        arguments: [
            ("SELECT 1", "SELECT 1"), ("SELECT ?, ?", "SELECT $1, $2"),
            ("SELECT ?1, ?2, ?1", "SELECT $1, $2, $1"),
            ("SELECT '?', ?", "SELECT '?', $1"), ("SELECT 'it''s ?', ?", "SELECT 'it''s ?', $1"),
        ])
    func numbers(sql: String, expected: String) {
        #expect(PreparedText.numbered(sql) == expected)
    }

    @Test(
        "Only a SELECT without a lock cannot change anything",
        arguments: [
            ("SELECT 1", true), ("SELECT only_row FROM database_epoch FOR UPDATE", false),
            ("UPDATE stories SET seq = 1", false), ("INSERT INTO keys (id) VALUES (?) RETURNING key", false),
        ])
    func reads(sql: String, isRead: Bool) {
        #expect(PreparedText(sql, name: "x", parameters: .values([])).isRead == isRead)
    }

    @Test(
        "Messages show an address without its password",
        arguments: [
            ("postgres://desk:secret@db1,db2/live?password=secret", "postgres://desk@db1,db2/live"),
            ("postgresql://db/live", "postgresql://db/live"),
            ("postgres:///live?host=/run/postgresql", "postgres:///live"),
        ])
    func hidesPasswords(uri: String, shown: String) throws {
        #expect(try #require(PostgresAddress(uri)).description == shown)
    }

    @Test("Paths are no addresses", arguments: ["live.db", "/data/postgres", "postgres", "file:x"])
    func isNoAddress(text: String) {
        #expect(PostgresAddress(text) == nil)
    }
}
