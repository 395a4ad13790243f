// SPDX-License-Identifier: Apache-2.0

/// Message encryption for Web Push (RFC 8291): the content coding `aes128gcm` (RFC 8188) in one record, for a key that the subscriber and the
/// sender agree upon.
public enum WebPush {
    /// Bytes of a subscriber's authentication secret (RFC 8291 §3.2).
    public static let authenticationBytes = 16
    /// Bytes of plaintext that every push service takes: 4,096 of the body (RFC 8030 §7.2) less header, delimiter and tag.
    public static let mostPlaintextBytes = 4_096 - headerBytes - 1 - AES128GCM.tagBytes
    /// Bytes before the record: salt, record size, length of the key id, and the sender's public key as key id.
    private static let headerBytes = saltBytes + 4 + 1 + P256.publicKeyBytes
    /// Bytes of the salt, another for each message (RFC 8188 §2.1).
    public static let saltBytes = 16
    private static let recordBytes: UInt32 = 4_096

    /// The body of a push message; `nil` if a key is not one, or the plaintext is too long.
    ///
    /// - Parameters:
    ///   - publicKey: the subscriber's `p256dh`.
    ///   - authentication: the subscriber's `auth`.
    ///   - sender: a private key that is used for this message only.
    public static func encrypt(
        _ plaintext: [UInt8], to publicKey: [UInt8], authentication: [UInt8],
        sender: [UInt8] = P256.newPrivateKey(), salt: [UInt8] = randomBytes(saltBytes)
    ) -> [UInt8]? {
        guard plaintext.count <= mostPlaintextBytes, salt.count == saltBytes,
            let own = P256.publicKey(of: sender), let shared = P256.sharedSecret(of: sender, and: publicKey)
        else { return nil }
        let keys = keys(shared, authentication, subscriber: publicKey, sender: own, salt)
        // 2 delimits the last record from its padding, of which there is none (RFC 8188 §2).
        guard let sealed = AES128GCM.seal(plaintext + [2], key: keys.key, nonce: keys.nonce) else {
            return nil
        }
        let size = withUnsafeBytes(of: recordBytes.bigEndian) { Array($0) }
        return salt + size + [UInt8(own.count)] + own + sealed
    }

    /// The plaintext of a push message, as its subscriber finds it; `nil` if it was not encrypted for this key and secret.
    public static func decrypt(
        _ body: [UInt8], by privateKey: [UInt8], authentication: [UInt8]
    ) -> [UInt8]? {
        guard body.count > headerBytes, body[saltBytes + 4] == UInt8(P256.publicKeyBytes) else { return nil }
        let (salt, sender) = (Array(body.prefix(saltBytes)), Array(body[(saltBytes + 5)..<headerBytes]))
        guard let own = P256.publicKey(of: privateKey),
            let shared = P256.sharedSecret(of: privateKey, and: sender)
        else { return nil }
        let keys = keys(shared, authentication, subscriber: own, sender: sender, salt)
        let opened = AES128GCM.open(Array(body[headerBytes...]), key: keys.key, nonce: keys.nonce)
        guard let opened, let end = opened.lastIndex(where: { $0 != 0 }), opened[end] == 2 else { return nil }
        return Array(opened[..<end])
    }

    /// RFC 8291 §3.4. The nonce of the first record is that of the content coding itself (RFC 8188 §2.3).
    private static func keys(
        _ shared: [UInt8], _ authentication: [UInt8], subscriber: [UInt8], sender: [UInt8], _ salt: [UInt8]
    ) -> (key: [UInt8], nonce: [UInt8]) {
        let info = Array("WebPush: info\0".utf8) + subscriber + sender
        let secret = hkdf(shared, salt: authentication, info: info, count: 32)
        return (
            hkdf(
                secret, salt: salt, info: Array("Content-Encoding: aes128gcm\0".utf8),
                count: AES128GCM.keyBytes),
            hkdf(
                secret, salt: salt, info: Array("Content-Encoding: nonce\0".utf8),
                count: AES128GCM.nonceBytes)
        )
    }
}
