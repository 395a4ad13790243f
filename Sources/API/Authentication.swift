// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import HTTP
public import Stories
internal import Synchronization

/// An API key in clear text: `wr_`, its id in 12 hexadecimal digits, `_`, its secret in 64.
public struct APIKey: Sendable {
    /// The complete key. Shown once, never stored.
    public let text: String
    /// The stored record: id, name, grant and hash.
    public let record: KeyRecord

    /// Creates a key with a secret of 256 random bits.
    public init(name: String, grant: Grant, createdAt: Timestamp) {
        let id = hexadecimal(randomBytes(6))
        text = "wr_\(id)_\(hexadecimal(randomBytes(32)))"
        record = KeyRecord(
            id: id, name: name, grant: grant, hash: sha256(text.utf8), createdAt: createdAt)
    }

    /// Returns the id of a key, given the key or only its id.
    public static func id(ofKeyOrID text: String) -> String {
        id(in: text) ?? text
    }

    /// Returns the id within a key; `nil` if the text does not have the form of a key.
    static func id(in text: String) -> String? {
        let parts = text.utf8.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0].elementsEqual("wr".utf8) ? String(Substring(parts[1])) : nil
    }
}

/// Authenticates requests by their bearer token (RFC 6750 §2.1) and records when keys were last used.
final class Authenticator: Sendable {
    private let keys: any KeyStore
    /// SHA-256 of the admin key from the configuration.
    private let adminKeyHash: [UInt8]?
    /// When the use of each key was last recorded.
    private let noted = Mutex<[String: Instant]>([:])  // ascii: ids that the store knows

    init(keys: any KeyStore, adminKeyHash: [UInt8]?) {
        self.keys = keys
        self.adminKeyHash = adminKeyHash
    }

    /// Returns the grant of the request's key; `nil` without a valid key.
    func grant(for request: Request) async throws(StoryError) -> Grant? {
        guard let key = Self.bearerToken(of: request) else { return nil }
        let hash = sha256(key.utf8)
        if let adminKeyHash, equalInConstantTime(hash, adminKeyHash) {
            return Grant(role: .admin, actor: .configuration)
        }
        guard let id = APIKey.id(in: key), let record = try await keys.key(id), record.revokedAt == nil,
            equalInConstantTime(hash, record.hash)
        else { return nil }
        noteUse(of: record.id)
        var grant = record.grant
        grant.actor = Principal(key: record.id, name: record.name)
        return grant
    }

    /// Records the use of a key in the background, at most once a minute. Errors are ignored, so that reads work while writes
    /// fail.
    private func noteUse(of id: String) {
        let now = Instant.now
        let isDue = noted.withLock { noted in
            if let last = noted[id], now < last + Self.noteInterval { return false }
            noted[id] = now
            return true
        }
        if isDue { Task { [keys] in try? await keys.noteUse(of: id) } }
    }

    private static let noteInterval = Duration.seconds(60)

    private static func bearerToken(of request: Request) -> String? {
        guard let value = request.header(.authorization) else { return nil }
        let (scheme, token) = value.cut(at: UInt8(ascii: " "))
        return scheme.matches("bearer") ? token?.ascii : nil
    }
}
