// SPDX-License-Identifier: Apache-2.0
internal import CCrypto

/// AES-128-GCM (NIST SP 800-38D) with tags of 16 bytes and no additional data.
public enum AES128GCM {
    /// Bytes of keys.
    public static let keyBytes = 16
    /// Bytes of nonces.
    public static let nonceBytes = 12
    /// Bytes of tags, which follow the ciphertext.
    public static let tagBytes = 16

    /// The ciphertext and its tag; `nil` for a key or nonce of another length. A nonce must never be used twice with a key.
    public static func seal(_ plaintext: [UInt8], key: [UInt8], nonce: [UInt8]) -> [UInt8]? {
        withContext(key, nonce) { context in
            var (sealed, count) = ([UInt8](repeating: 0, count: plaintext.count + tagBytes), Int32(0))
            guard EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), nil, key, nonce) == 1,
                EVP_EncryptUpdate(context, &sealed, &count, plaintext, Int32(plaintext.count)) == 1
            else { return nil }
            var (tag, rest) = ([UInt8](repeating: 0, count: tagBytes), Int32(0))
            guard EVP_EncryptFinal_ex(context, &tag, &rest) == 1,
                EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tagBytes), &tag) == 1
            else { return nil }
            sealed.replaceSubrange(plaintext.count..., with: tag)
            return sealed
        }
    }

    /// The plaintext of a ciphertext with its tag; `nil` if it was not sealed by this key and nonce.
    public static func open(_ sealed: [UInt8], key: [UInt8], nonce: [UInt8]) -> [UInt8]? {
        guard sealed.count >= tagBytes else { return nil }
        return withContext(key, nonce) { context in
            var (tag, length) = (Array(sealed.suffix(tagBytes)), sealed.count - tagBytes)
            var (opened, count) = ([UInt8](repeating: 0, count: length + tagBytes), Int32(0))
            guard EVP_DecryptInit_ex(context, EVP_aes_128_gcm(), nil, key, nonce) == 1,
                EVP_DecryptUpdate(context, &opened, &count, sealed, Int32(length)) == 1,
                EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tagBytes), &tag) == 1
            else { return nil }
            var rest = [UInt8](repeating: 0, count: tagBytes)
            guard EVP_DecryptFinal_ex(context, &rest, &count) == 1 else { return nil }
            opened.removeLast(tagBytes)
            return opened
        }
    }

    private static func withContext(
        _ key: [UInt8], _ nonce: [UInt8], _ use: (OpaquePointer) -> [UInt8]?
    ) -> [UInt8]? {
        guard key.count == keyBytes, nonce.count == nonceBytes, let context = EVP_CIPHER_CTX_new() else {
            return nil
        }
        defer { EVP_CIPHER_CTX_free(context) }
        return use(context)
    }
}

/// HKDF with SHA-256 (RFC 5869).
///
/// - Parameters:
///   - secret: the input keying material.
///   - count: bytes of the result, at most 255 times 32.
public func hkdf(_ secret: [UInt8], salt: [UInt8], info: [UInt8], count: Int) -> [UInt8] {
    precondition((0...255 * 32).contains(count), "HKDF makes at most 8,160 bytes")
    let key = hmac(secret, key: salt)
    var (result, block, number): ([UInt8], [UInt8], UInt8) = ([], [], 0)
    while result.count < count {
        number += 1
        block = hmac(block + info + [number], key: key)
        result += block
    }
    return Array(result.prefix(count))
}
