// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``KeyStore``.
    public func addKey(_ key: KeyRecord) async throws(StoryError) {
        try await engine.write { transaction throws(StoryError) in try transaction.add(key) }
    }

    /// See ``KeyStore``.
    public func addFirstKey(_ key: KeyRecord) async throws(StoryError) -> Bool {
        try await engine.write { transaction throws(StoryError) in
            guard try transaction.first("SELECT 1 FROM keys", read: { _ in true }) == nil else {
                return false
            }
            try transaction.add(key)
            return true
        }
    }

    /// See ``KeyStore``.
    public func keys() async throws(StoryError) -> [KeyRecord] {
        try await engine.read { transaction throws(StoryError) in
            let found = try transaction.rows("SELECT \(KeyRow.columns) FROM keys ORDER BY key") {
                KeyRow(&$0)
            }
            var records: [KeyRecord] = []
            for row in found { records.append(try transaction.record(row)) }
            return records
        }
    }

    /// See ``KeyStore``.
    public func key(_ id: String) async throws(StoryError) -> KeyRecord? {
        try await engine.read { transaction throws(StoryError) in
            guard
                let row = try transaction.first(
                    "SELECT \(KeyRow.columns) FROM keys WHERE id = ?", id, read: { KeyRow(&$0) })
            else { return nil }
            return try transaction.record(row)
        }
    }

    /// See ``KeyStore``.
    public func noteUse(of id: String) async throws(StoryError) {
        try await engine.write { transaction throws(StoryError) in
            try transaction.run("UPDATE keys SET last_used_at = ? WHERE id = ?", self.now(), id)
        }
    }

    /// See ``KeyStore``.
    public func revokeKey(_ id: String, at now: Timestamp) async throws(StoryError) {
        try await engine.write { transaction throws(StoryError) in
            let touched = try transaction.changes(
                "UPDATE keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?", now, id)
            guard touched > 0 else { throw .notFound(.key) }
            try transaction.record(.revokeKey, by: .commandLine, at: now, detail: id)
            transaction.emit(.keyRevoked)
        }
    }
}

/// A row of `keys`, without the stories that the key is restricted to.
private struct KeyRow {
    let key: Int64
    let isBound: Bool
    var record: KeyRecord

    static let columns = "key, bound, id, name, role, hash, created_at, revoked_at, last_used_at"

    init(_ row: inout Row) {
        key = row.integer()
        isBound = row.bool()
        record = KeyRecord(
            id: row.text(), name: row.text(), grant: Grant(role: Role(rawValue: row.text()) ?? .editor),
            hash: row.withBytes { Array($0) }, createdAt: row.timestamp(), revokedAt: row.optionalTimestamp(),
            lastUsedAt: row.optionalTimestamp())
    }
}

extension Transaction {
    fileprivate func add(_ key: KeyRecord) throws(StoryError) {
        let rowKey = try first(
            "INSERT INTO keys (id, name, role, bound, hash, created_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING key",
            key.id, key.name, key.grant.role.rawValue, key.grant.stories != nil, key.hash, key.createdAt
        ) { $0.integer() }
        for story in key.grant.stories ?? [] {
            guard let row = try self.story(.id(story)) else { throw .notFound(.story) }
            try run("INSERT INTO key_stories (key, story) VALUES (?, ?)", rowKey, row.key)
        }
        try record(.addKey, by: .commandLine, at: key.createdAt, detail: key.id)
    }

    fileprivate func record(_ row: KeyRow) throws(StoryError) -> KeyRecord {
        var record = row.record
        guard row.isBound else { return record }
        record.grant.stories = Set(
            try rows(
                "SELECT s.id FROM key_stories AS k JOIN stories AS s ON s.key = k.story WHERE k.key = ?",
                row.key,
                read: { $0.identifier() }))
        return record
    }
}
