// SPDX-License-Identifier: Apache-2.0
import Crypto
import Delivery
import JSON
import Stories
import Support
import Testing

/// Encryption and identification against the vectors of their standards.
@Suite("Web Push by its standards")
struct WebPushTests {
    private func decode(_ text: String) throws -> [UInt8] { try #require(bytes(ofBase64URL: text)) }

    @Test("A message is encrypted and decrypted as RFC 8291, appendix A, has it")
    func message() throws {
        let plaintext = Array("When I grow up, I want to be a watermelon".utf8)
        let authentication = try decode("BTBZMqHH6r4Tts7J_aSIgg")
        let subscriber = try decode(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")
        let body = WebPush.encrypt(
            plaintext, to: subscriber, authentication: authentication,
            sender: try decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
            salt: try decode("DGv6ra1nlYgDCS1FRnbzlw"))
        let expected = try decode(
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        )
        #expect(body == expected)
        let key = try decode("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")
        #expect(P256.publicKey(of: key) == subscriber)
        #expect(WebPush.decrypt(expected, by: key, authentication: authentication) == plaintext)
        var changed = expected
        changed[100] ^= 1
        #expect(WebPush.decrypt(changed, by: key, authentication: authentication) == nil)
    }

    @Test("Keys are derived as in RFC 5869, appendix A.1")
    func derivation() {
        let result = hkdf(
            [UInt8](repeating: 0x0B, count: 22), salt: Array(0...12), info: Array(0xF0...0xF9), count: 42)
        #expect(
            hexadecimal(result)
                == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
    }

    @Test("The signature of RFC 8292, section 2.4, is valid, and of nothing else")
    func identification() throws {
        let signed =
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0"
        let signature = try decode(
            "i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA")
        let key = try decode(
            "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs")
        #expect(P256.isValid(signature, of: Array(signed.utf8), by: key))
        #expect(!P256.isValid(signature, of: Array((signed + "x").utf8), by: key))
        #expect(!P256.isValid([UInt8](repeating: 0, count: 64), of: Array(signed.utf8), by: key))
    }

    @Test("A signature of ours is valid by our key and by no other; lengths are refused")
    func signatures() throws {
        // Often enough to meet numbers with leading zeros.
        for round in 0..<64 {
            let key = P256.newPrivateKey()
            let message = Array("message \(round)".utf8)
            let signature = try #require(P256.signature(of: message, by: key))
            let (own, other) = (
                try #require(P256.publicKey(of: key)), try #require(P256.publicKey(of: P256.newPrivateKey()))
            )
            #expect(signature.count == P256.signatureBytes && P256.isValid(signature, of: message, by: own))
            #expect(!P256.isValid(signature, of: message, by: other))
        }
        let zero = [UInt8](repeating: 0, count: 32)
        #expect(
            P256.publicKey(of: zero) == nil && P256.publicKey(of: [UInt8](repeating: 255, count: 32)) == nil)
        #expect(P256.signature(of: [], by: zero) == nil)
        #expect(!P256.isPublicKey([4] + [UInt8](repeating: 1, count: 64)), "it is not on the curve")
        #expect(!P256.isPublicKey([UInt8](repeating: 0, count: 65)) && !P256.isPublicKey([]))
        let point = try #require(P256.publicKey(of: P256.newPrivateKey()))
        let tooLong = [UInt8](repeating: 0, count: WebPush.mostPlaintextBytes + 1)
        let secret = randomBytes(WebPush.authenticationBytes)
        #expect(WebPush.encrypt(tooLong, to: point, authentication: secret) == nil)
        #expect(WebPush.encrypt(Array(tooLong.dropLast()), to: point, authentication: secret)?.count == 4_096)
    }

    @Test("Base64 for URLs is decoded with and without padding, and nothing else is")
    func base64() {
        for count in 0..<10 {
            let bytes = randomBytes(count)
            let text = base64URL(bytes)
            let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
            #expect(Crypto.bytes(ofBase64URL: text) == bytes)
            #expect(Crypto.bytes(ofBase64URL: text + padding) == bytes)
        }
        for wrong in ["A", "AA=", "AAA+", "AA A", "A===", "AB", "====", "AAAAA"] {
            #expect(Crypto.bytes(ofBase64URL: wrong) == nil, "\(wrong)")
        }
    }

    @Test("Tokens name the push service and the contact, end within a day, and are used again for hours")
    func tokens() throws {
        let keys = VAPID.newKeys()
        let vapid = VAPID(keys, contact: "mailto:ops@news.example")
        let start = Timestamp(milliseconds: 1_795_000_000_000)
        let later = Timestamp(milliseconds: start.milliseconds + 7 * 3_600_000)
        let first = try #require(vapid.authorization(for: "https://push.example", at: start))
        let claims = try VAPIDClaims(first, key: keys.publicKey)
        #expect(claims.audience == "https://push.example" && claims.subject == "mailto:ops@news.example")
        #expect((1...86_400).contains(claims.expiry - Int(start.milliseconds / 1_000)))
        #expect(vapid.authorization(for: "https://push.example", at: start) == first)
        #expect(vapid.authorization(for: "https://other.example", at: start) != first)
        let next = try VAPIDClaims(
            try #require(vapid.authorization(for: "https://push.example", at: later)), key: keys.publicKey)
        #expect(next.expiry > claims.expiry)
    }

    @Test("A contact is a mailto: or https: URL")
    func contacts() {
        for right in ["mailto:ops@news.example", "https://news.example/contact"] {
            #expect(VAPID.isContact(right), "\(right)")
        }
        for wrong in [
            "", "mailto:", "mailto:ops", "https://", "https:///", "http://news.example", "ops@news.example",
            "mailto:\"a\"@news.example", "mailto:ops@news.example ",
        ] {
            #expect(!VAPID.isContact(wrong), "\(wrong)")
        }
    }
}

/// The claims of a valid `Authorization` of VAPID.
struct VAPIDClaims {
    let audience: String
    let subject: String
    let expiry: Int

    /// Throws unless the field is signed by the holder of this key, and names it.
    init(_ field: String, key: [UInt8]) throws {
        try #require(field.hasPrefix("vapid t=") && field.hasSuffix(", k=" + base64URL(key)))
        let token = field.dropFirst("vapid t=".count).prefix { $0 != "," }
        let parts = token.split(separator: ".").map(String.init)
        try #require(parts.count == 3)
        let decoded = try parts.map { try #require(bytes(ofBase64URL: $0)) }
        try #require(P256.isValid(decoded[2], of: Array("\(parts[0]).\(parts[1])".utf8), by: key))
        let (header, claims) = (try JSONValue(parsing: decoded[0]), try JSONValue(parsing: decoded[1]))
        try #require(header["alg"]?.string == "ES256" && header["typ"]?.string == "JWT")
        (audience, subject) = (try claims.text("aud"), try claims.text("sub"))
        expiry = try #require(claims["exp"]?.integer)
    }
}
