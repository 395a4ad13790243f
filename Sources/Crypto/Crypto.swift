// SPDX-License-Identifier: Apache-2.0
internal import CCrypto

/// SHA-256 (FIPS 180-4): 32 bytes.
public func sha256(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    let input = Array(bytes)
    return [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { digest, count in
        _ = SHA256(input, input.count, digest.baseAddress)
        count = Int(SHA256_DIGEST_LENGTH)
    }
}

/// HMAC-SHA-256 (RFC 2104) of a text: 32 bytes.
public func hmac(_ text: String, key: [UInt8]) -> [UInt8] {
    let input = Array(text.utf8)
    return [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { digest, count in
        _ = HMAC(EVP_sha256(), key, Int32(key.count), input, input.count, digest.baseAddress, nil)
        count = Int(SHA256_DIGEST_LENGTH)
    }
}

/// Cryptographically secure random bytes, for secrets. Ends the process if the generator fails: a predictable secret would be
/// worse.
public func randomBytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        precondition(RAND_bytes(buffer.baseAddress, Int32(count)) == 1, "no random numbers to be had")
        filled = count
    }
}

/// Compares in constant time, which reveals nothing about where the inputs differ (timing attack).
public func equalInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}

/// Lower-case hexadecimal, two digits per byte.
public func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".unicodeScalars)
    var text = String.UnicodeScalarView()
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(text)
}

/// Base64 (RFC 4648 §4), with padding.
public func base64(_ bytes: [UInt8]) -> String {
    // Four characters per three bytes or part of three, and the NUL terminator.
    var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
    let count = EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
    return String(decoding: text.prefix(Int(count)), as: UTF8.self)
}

/// Decodes base64 (RFC 4648 §4) in its only canonical form: with padding, and without blanks. `nil` for anything else.
public func bytes(ofBase64 text: String) -> [UInt8]? {
    let input = Array(text.utf8)
    guard !input.isEmpty, input.count % 4 == 0 else { return input.isEmpty ? [] : nil }
    var decoded = [UInt8](repeating: 0, count: input.count / 4 * 3)
    // libcrypto counts padding as zero bytes, and skips blanks.
    guard EVP_DecodeBlock(&decoded, input, Int32(input.count)) == decoded.count else { return nil }
    decoded.removeLast(input.suffix(2).count { $0 == UInt8(ascii: "=") })
    return base64(decoded).utf8.elementsEqual(input) ? decoded : nil
}

/// Base64 for URLs (RFC 4648 §5), without padding.
public func base64URL(_ bytes: [UInt8]) -> String {
    let text = base64(bytes).utf8.compactMap { character -> UInt8? in
        switch character {
        case UInt8(ascii: "+"): UInt8(ascii: "-")
        case UInt8(ascii: "/"): UInt8(ascii: "_")
        case UInt8(ascii: "="): nil
        default: character
        }
    }
    return String(decoding: text, as: UTF8.self)
}

/// Decodes base64 for URLs (RFC 4648 §5), with or without padding; `nil` for anything else.
public func bytes(ofBase64URL text: String) -> [UInt8]? {
    var given = Array(text.utf8)
    if given.count % 4 == 0 {
        for _ in 0..<2 where given.last == UInt8(ascii: "=") { given.removeLast() }
    }
    guard !given.contains(where: { "+/=".utf8.contains($0) }) else { return nil }
    let usual = given.map { character in
        switch character {
        case UInt8(ascii: "-"): UInt8(ascii: "+")
        case UInt8(ascii: "_"): UInt8(ascii: "/")
        default: character
        }
    }
    let padding = [UInt8](repeating: UInt8(ascii: "="), count: (4 - usual.count % 4) % 4)
    guard padding.count < 3 else { return nil }
    return bytes(ofBase64: String(decoding: usual + padding, as: UTF8.self))
}
