// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import HTTP
public import Stories
internal import Synchronization

/// A key as its holder has it: `wr_`, twelve digits that name it, `_`, 64 digits that prove it.
public struct APIKey: Sendable {
    /// The whole key. Shown once, never stored.
    public let text: String
    /// What is stored of it.
    public let record: KeyRecord

    /// A new key of 256 random bits.
    public init(name: String, grant: Grant, createdAt: Timestamp) {
        let id = hexadecimal(randomBytes(6))
        text = "wr_\(id)_\(hexadecimal(randomBytes(32)))"
        record = KeyRecord(
            id: id, name: name, grant: grant, hash: sha256(text.utf8), createdAt: createdAt)
    }

    /// The name of a key, of which the caller may have only that.
    public static func id(ofKeyOrID text: String) -> String {
        id(in: text) ?? text
    }

    /// The name in a key's text; `nil` where it is not of our form.
    static func id(in text: String) -> String? {
        let parts = text.utf8.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0].elementsEqual("wr".utf8) ? String(Substring(parts[1])) : nil
    }
}

/// Tells who is asking by the key of a request (RFC 6750 §2.1), and notes that the key was used.
final class Authenticator: Sendable {
    private let keys: any KeyStore
    /// SHA-256 of the key from the configuration.
    private let adminKeyHash: [UInt8]?
    /// When the use of each key was noted last.
    private let noted = Mutex<[String: Instant]>([:])  // ascii: ids that the store knows

    init(keys: any KeyStore, adminKeyHash: [UInt8]?) {
        self.keys = keys
        self.adminKeyHash = adminKeyHash
    }

    /// What the key of the request allows; `nil` where there is no key, or none that is good.
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

    /// Once a minute for each key, and without anybody waiting for it. A note that cannot be written is left out: reading goes
    /// on where writing cannot.
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
