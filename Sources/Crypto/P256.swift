// SPDX-License-Identifier: Apache-2.0
internal import CCrypto

/// The curve P-256 (FIPS 186-5, secp256r1): key agreement (ECDH) and signatures (ECDSA with SHA-256, "ES256" of RFC 7518 §3.4).
public enum P256 {
    /// Bytes of private keys.
    public static let privateKeyBytes = 32
    /// Bytes of public keys: points in uncompressed form (SEC 1 §2.3.3).
    public static let publicKeyBytes = 65
    /// Bytes of signatures: `r` and `s`.
    public static let signatureBytes = 64

    /// A new private key.
    public static func newPrivateKey() -> [UInt8] {
        while true {
            let key = randomBytes(privateKeyBytes)
            // All but one in 2^32 are.
            if isPrivateKey(key) { return key }
        }
    }

    /// The public key of a private key: 65 bytes; `nil` unless it is one.
    public static func publicKey(of privateKey: [UInt8]) -> [UInt8]? {
        withPrivateKey(privateKey) { key in
            var encoded: UnsafeMutablePointer<UInt8>?
            let count = EVP_PKEY_get1_encoded_public_key(key, &encoded)
            guard let encoded else { return nil }
            defer { CRYPTO_free(encoded, "", 0) }
            return count == publicKeyBytes ? Array(UnsafeBufferPointer(start: encoded, count: count)) : nil
        }
    }

    /// Whether the bytes are a point on the curve in uncompressed form, other than that at infinity.
    public static func isPublicKey(_ bytes: [UInt8]) -> Bool { withPublicKey(bytes) { _ in true } ?? false }

    /// The shared secret of a private key and another's public key (ECDH): 32 bytes; `nil` if one is no key.
    public static func sharedSecret(of privateKey: [UInt8], and publicKey: [UInt8]) -> [UInt8]? {
        withPrivateKey(privateKey) { own in
            withPublicKey(publicKey) { other in
                guard let context = EVP_PKEY_CTX_new(own, nil) else { return nil }
                defer { EVP_PKEY_CTX_free(context) }
                var (secret, count) = ([UInt8](repeating: 0, count: privateKeyBytes), privateKeyBytes)
                guard EVP_PKEY_derive_init(context) == 1, EVP_PKEY_derive_set_peer(context, other) == 1,
                    EVP_PKEY_derive(context, &secret, &count) == 1, count == privateKeyBytes
                else { return nil }
                return secret
            }
        }
    }

    /// The signature of a message, `r` and `s` of 32 bytes each; `nil` unless the private key is one.
    public static func signature(of message: [UInt8], by privateKey: [UInt8]) -> [UInt8]? {
        withPrivateKey(privateKey) { key in
            guard let context = EVP_MD_CTX_new() else { return nil }
            defer { EVP_MD_CTX_free(context) }
            var (der, count) = ([UInt8](repeating: 0, count: mostDERBytes), mostDERBytes)
            guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1,
                EVP_DigestSign(context, &der, &count, message, message.count) == 1
            else { return nil }
            return fixed(Array(der.prefix(count)))
        }
    }

    /// Whether the signature is that of the message by the holder of this public key.
    public static func isValid(_ signature: [UInt8], of message: [UInt8], by publicKey: [UInt8]) -> Bool {
        guard let der = der(signature) else { return false }
        return withPublicKey(publicKey) { key in
            guard let context = EVP_MD_CTX_new() else { return nil }
            defer { EVP_MD_CTX_free(context) }
            guard EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1 else { return nil }
            return EVP_DigestVerify(context, der, der.count, message, message.count) == 1
        } ?? false
    }
}

// MARK: Encodings

extension P256 {
    /// The order of the group, `n` of SEC 2 §2.4.2.
    private static let order: [UInt8] = [
        0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
    ]
    /// What precedes the point in a SubjectPublicKeyInfo (RFC 5480 §2).
    private static let publicPrefix: [UInt8] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
        0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ]
    /// What surrounds the number in an ECPrivateKey without a public key (RFC 5915 §3).
    private static let privatePrefix: [UInt8] = [0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20]
    private static let privateSuffix: [UInt8] = [
        0xA0, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07,
    ]
    /// Bytes of the longest signature in DER.
    private static let mostDERBytes = 72

    /// From 1 to the order less 1.
    private static func isPrivateKey(_ bytes: [UInt8]) -> Bool {
        bytes.count == privateKeyBytes && bytes.contains { $0 != 0 } && bytes.lexicographicallyPrecedes(order)
    }

    private static func withPublicKey<Result>(
        _ point: [UInt8], _ use: (OpaquePointer) -> Result?
    ) -> Result? {
        guard point.count == publicKeyBytes, point[0] == 4 else { return nil }
        let encoded = publicPrefix + point
        return encoded.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            guard let key = d2i_PUBKEY(nil, &start, buffer.count) else { return nil }
            defer { EVP_PKEY_free(key) }
            return use(key)
        }
    }

    private static func withPrivateKey<Result>(
        _ number: [UInt8], _ use: (OpaquePointer) -> Result?
    ) -> Result? {
        guard isPrivateKey(number) else { return nil }
        let encoded = privatePrefix + number + privateSuffix
        return encoded.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            guard let key = d2i_PrivateKey(EVP_PKEY_EC, nil, &start, buffer.count) else { return nil }
            defer { EVP_PKEY_free(key) }
            return use(key)
        }
    }

    /// A signature in DER (RFC 3279 §2.2.3) as `r` and `s` of fixed length.
    private static func fixed(_ der: [UInt8]) -> [UInt8]? {
        der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            guard let signature = d2i_ECDSA_SIG(nil, &start, buffer.count) else { return nil }
            defer { ECDSA_SIG_free(signature) }
            var bytes = [UInt8](repeating: 0, count: signatureBytes)
            let half = Int32(signatureBytes / 2)
            let isWritten = bytes.withUnsafeMutableBufferPointer { bytes -> Bool in
                guard let start = bytes.baseAddress else { return false }
                return BN_bn2binpad(ECDSA_SIG_get0_r(signature), start, half) == half
                    && BN_bn2binpad(ECDSA_SIG_get0_s(signature), start + Int(half), half) == half
            }
            return isWritten ? bytes : nil
        }
    }

    /// `r` and `s` of fixed length in DER: two integers without leading zeros, but for one that keeps them positive.
    private static func der(_ signature: [UInt8]) -> [UInt8]? {
        guard signature.count == signatureBytes else { return nil }
        let numbers = [signature.prefix(32), signature.suffix(32)].map { half -> [UInt8] in
            var digits = Array(half.drop { $0 == 0 })
            if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
            return [0x02, UInt8(digits.count)] + digits
        }
        let content = numbers[0] + numbers[1]
        return [0x30, UInt8(content.count)] + content
    }
}
