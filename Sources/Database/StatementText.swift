// SPDX-License-Identifier: Apache-2.0
/// A statement's text as the key of prepared statements, hashed by its length only: a program has few statements, mostly of different
/// lengths, and hashing hundreds of bytes costs more than comparing them.
public struct StatementText: Hashable {
    private let sql: String

    /// Creates a key.
    public init(_ sql: String) { self.sql = sql }

    /// Hashes the number of bytes.
    public func hash(into hasher: inout Hasher) { hasher.combine(sql.utf8.count) }
}
