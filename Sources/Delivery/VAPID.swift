// SPDX-License-Identifier: Apache-2.0
internal import Crypto
public import Stories
internal import Synchronization

/// Voluntary Application Server Identification (RFC 8292): tells push services who sends, and binds subscriptions to this server's key.
public final class VAPID: Sendable {
    private let keys: PushKeys
    private let contact: String
    private let tokens = Mutex<[String: (token: String, madeAt: Timestamp)]>([:])

    /// For so long a token is valid, in milliseconds: 12 hours, of the 24 that are allowed (§2).
    private static let validMilliseconds: Int64 = 12 * 3_600_000
    /// For so long one is used again, which lets push services remember that it is valid (§5).
    private static let usedMilliseconds: Int64 = 6 * 3_600_000
    /// Push services whose tokens are kept.
    private static let maximumTokens = 1_000

    /// - Parameter contact: the operator's address for push services, `mailto:` or `https:` (§2.1).
    public init(_ keys: PushKeys, contact: String) { (self.keys, self.contact) = (keys, contact) }

    /// New keys for a server.
    public static func newKeys() -> PushKeys {
        let privateKey = P256.newPrivateKey()
        guard let publicKey = P256.publicKey(of: privateKey) else {
            preconditionFailure("libcrypto has no P-256")
        }
        return PushKeys(privateKey: privateKey, publicKey: publicKey)
    }

    /// The field `Authorization` for a push service (§3): `vapid t=…, k=…`.
    ///
    /// - Parameter origin: of the endpoint, such as `https://push.example`.
    public func authorization(for origin: String, at now: Timestamp) -> String? {
        let kept = tokens.withLock { $0[origin] }
        if let kept, now >= kept.madeAt, now.milliseconds - kept.madeAt.milliseconds < Self.usedMilliseconds {
            return field(kept.token)
        }
        guard let token = token(for: origin, at: now) else { return nil }
        tokens.withLock { tokens in
            if tokens.count >= Self.maximumTokens { tokens = [:] }
            tokens[origin] = (token, now)
        }
        return field(token)
    }

    private func field(_ token: String) -> String { "vapid t=\(token), k=\(base64URL(keys.publicKey))" }

    /// A JSON Web Token (RFC 7519) signed by ES256. No member needs escapes: origins and contacts are checked before.
    private func token(for origin: String, at now: Timestamp) -> String? {
        let expiry = (now.milliseconds + Self.validMilliseconds) / 1_000
        let header = base64URL(Array(#"{"typ":"JWT","alg":"ES256"}"#.utf8))
        let claims = #"{"aud":"\#(origin)","exp":\#(expiry),"sub":"\#(contact)"}"#
        let signed = "\(header).\(base64URL(Array(claims.utf8)))"
        return P256.signature(of: Array(signed.utf8), by: keys.privateKey).map {
            "\(signed).\(base64URL($0))"
        }
    }

    /// Whether a text can be a contact: `mailto:` or `https:` and visible ASCII without quotation marks and backslashes.
    public static func isContact(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let isAllowed = bytes.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
        let rest = ["mailto:", "https://"].first { bytes.starts(with: $0.utf8) }.map {
            bytes.dropFirst($0.utf8.count)
        }
        guard isAllowed, let rest, bytes.count <= maximumContactBytes else { return false }
        return bytes.starts(with: "mailto:".utf8)
            ? rest.contains(UInt8(ascii: "@")) : rest.first.map { $0 != UInt8(ascii: "/") } ?? false
    }

    private static let maximumContactBytes = 256
}
