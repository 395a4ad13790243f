// SPDX-License-Identifier: Apache-2.0
internal import CCrypto

/// HMAC-SHA-256 (RFC 2104) of bytes: 32 bytes.
public func hmac(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { digest, count in
        _ = HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, digest.baseAddress, nil)
        count = Int(SHA256_DIGEST_LENGTH)
    }
}

/// Ed25519 (RFC 8032), the pure variant.
public enum Ed25519 {
    /// Bytes of private keys and of public keys.
    public static let keyBytes = 32
    private static let signatureBytes = 64

    /// The public key of a private key; `nil` unless that has ``keyBytes``.
    public static func publicKey(of privateKey: [UInt8]) -> [UInt8]? {
        withKey(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, privateKey, privateKey.count)) { key in
            var (bytes, count) = ([UInt8](repeating: 0, count: keyBytes), keyBytes)
            return EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1 && count == keyBytes ? bytes : nil
        }
    }

    /// The signature of a message: 64 bytes; `nil` unless the private key has ``keyBytes``.
    public static func signature(of message: [UInt8], by privateKey: [UInt8]) -> [UInt8]? {
        withKey(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, privateKey, privateKey.count)) { key in
            guard let context = EVP_MD_CTX_new() else { return nil }
            defer { EVP_MD_CTX_free(context) }
            var (bytes, count) = ([UInt8](repeating: 0, count: signatureBytes), signatureBytes)
            guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
                EVP_DigestSign(context, &bytes, &count, message, message.count) == 1, count == signatureBytes
            else { return nil }
            return bytes
        }
    }

    /// Whether the signature is that of the message by the holder of this public key.
    public static func isValid(_ signature: [UInt8], of message: [UInt8], by publicKey: [UInt8]) -> Bool {
        withKey(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, publicKey, publicKey.count)) { key in
            guard let context = EVP_MD_CTX_new() else { return nil }
            defer { EVP_MD_CTX_free(context) }
            guard EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else { return nil }
            return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
        } ?? false
    }

    private static func withKey<Result>(_ key: OpaquePointer?, _ use: (OpaquePointer) -> Result?) -> Result? {
        guard let key else { return nil }
        defer { EVP_PKEY_free(key) }
        return use(key)
    }
}
