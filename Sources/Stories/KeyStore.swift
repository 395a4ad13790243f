// SPDX-License-Identifier: Apache-2.0
/// Stores API keys, as hashes only. All methods throw only ``StoryError``; writes are durable when they return.
public protocol KeyStore: Sendable {
    /// Adds a key. Throws `.notFound(.story)` if it is bound to a story that does not exist.
    func addKey(_ key: KeyRecord) async throws(StoryError)

    /// Adds a key if there is none, revoked ones included; returns whether it did. Of several that are added at once, one is the first.
    func addFirstKey(_ key: KeyRecord) async throws(StoryError) -> Bool

    /// All keys, oldest first, including revoked ones.
    func keys() async throws(StoryError) -> [KeyRecord]

    /// The key with this id, revoked or not; `nil` if there is none.
    func key(_ id: String) async throws(StoryError) -> KeyRecord?

    /// Records that a key was used now.
    func noteUse(of id: String) async throws(StoryError)

    /// Revokes a key at once; idempotent. Throws `.notFound(.key)`.
    func revokeKey(_ id: String, at now: Timestamp) async throws(StoryError)
}

/// The stored record of an API key.
public struct KeyRecord: Hashable, Sendable {
    /// The public part, by which it is looked up and revoked.
    public var id: String
    /// A label: whose key it is.
    public var name: String
    /// What it permits.
    public var grant: Grant
    /// SHA-256 of the whole key. Keys have 256 random bits, so a slow password hash would add nothing.
    public var hash: [UInt8]
    /// When it was created.
    public var createdAt: Timestamp
    /// When it was revoked; `nil` while it is valid.
    public var revokedAt: Timestamp?
    /// When it was last used, to the minute; `nil` if never.
    public var lastUsedAt: Timestamp?

    /// Memberwise.
    public init(
        id: String, name: String, grant: Grant, hash: [UInt8], createdAt: Timestamp,
        revokedAt: Timestamp? = nil, lastUsedAt: Timestamp? = nil
    ) {
        self.lastUsedAt = lastUsedAt
        self.id = id
        self.name = name
        self.grant = grant
        self.hash = hash
        self.createdAt = createdAt
        self.revokedAt = revokedAt
    }
}
