/// Where keys are kept: never a key itself, only the hash of it. Every method throws ``StoryError`` and nothing
/// else, and what it writes is on disk when it returns.
public protocol KeyStore: Sendable {
    /// Adds a key. Throws `.notFound(.story)` where it is bound to a story that does not exist.
    func addKey(_ key: KeyRecord) async throws(StoryError)

    /// All keys, the oldest first, revoked ones too.
    func keys() async throws(StoryError) -> [KeyRecord]

    /// The key of this id, revoked or not; `nil` where there is none.
    func key(_ id: String) async throws(StoryError) -> KeyRecord?

    /// Notes that a key was used now.
    func noteUse(of id: String) async throws(StoryError)

    /// Ends a key at once. Throws `.notFound(.key)`; one that is revoked already stays as it was.
    func revokeKey(_ id: String, at now: Timestamp) async throws(StoryError)
}

/// What is kept of a key.
public struct KeyRecord: Hashable, Sendable {
    /// Its public part, by which it is found and revoked.
    public var id: String
    /// For people: whose it is.
    public var name: String
    /// What it allows.
    public var grant: Grant
    /// SHA-256 of the whole key. A key has 256 random bits, so a slow hash would add nothing.
    public var hash: [UInt8]
    /// When it was made.
    public var createdAt: Timestamp
    /// When it was ended; `nil` while it is good.
    public var revokedAt: Timestamp?
    /// When it was last used, to the minute; `nil` until it is.
    public var lastUsedAt: Timestamp?

    /// A key, all members given.
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
