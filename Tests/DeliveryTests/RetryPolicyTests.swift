// SPDX-License-Identifier: Apache-2.0
import Crypto
import Delivery
import Stories
import Support
import Testing

@Suite("Retries and signatures")
struct RetryPolicyTests {
    private let policy = RetryPolicy()
    private let start = Timestamp(milliseconds: 1_795_000_000_000)

    @Test("With a number of attempts the last failure ends them, as does a refusal")
    func attempts() {
        var policy = RetryPolicy()
        policy.mostAttempts = 3
        let now = Timestamp(milliseconds: 1_000)
        for attempts in 1...3 {
            let outcome = policy.outcome(
                of: .failed(code: 503, error: "Busy"), attempts: attempts, since: now, at: now)
            #expect((outcome == .abandoned(code: 503, error: "Busy")) == (attempts == 3))
        }
        let refused = policy.outcome(of: .refused(code: 404, error: "No"), attempts: 1, since: now, at: now)
        #expect(refused == .abandoned(code: 404, error: "No"))
    }

    @Test("The wait doubles up to six hours, with full jitter, and is never nothing")
    func backOff() {
        let most = (1...20).map { policy.delay(afterAttempt: $0, chance: 1) }
        #expect(most.prefix(4) == [5_000, 10_000, 20_000, 40_000] && most.last == 6 * 3_600_000)
        #expect(policy.delay(afterAttempt: 5, chance: 0.5) == 40_000)
        #expect(policy.delay(afterAttempt: .max, chance: 0) == policy.leastMilliseconds)
    }

    @Test("The last attempt is made when three days are over")
    func window() {
        let failed = AttemptResult.failed(code: 500, error: "Broken")
        func outcome(after milliseconds: Int64) -> DeliveryOutcome {
            let now = Timestamp(milliseconds: start.milliseconds + milliseconds)
            return policy.outcome(of: failed, attempts: 30, since: start, at: now, chance: 1)
        }
        let end = Timestamp(milliseconds: start.milliseconds + policy.retryWindowMilliseconds)
        #expect(
            outcome(after: policy.retryWindowMilliseconds - 1) == .retry(at: end, code: 500, error: "Broken"))
        #expect(outcome(after: policy.retryWindowMilliseconds) == .abandoned(code: 500, error: "Broken"))
    }

    @Test("A receiver may ask for a longer wait, up to a day, but not for a shorter one")
    func retryAfter() {
        for (asked, waited) in [(0, 5_000), (60_000, 60_000), (2 * 86_400_000, 86_400_000)]
            as [(Int64, Int64)]
        {
            let result = AttemptResult.failed(
                code: 503, error: "Busy", retryAfter: Timestamp(milliseconds: start.milliseconds + asked))
            let outcome = policy.outcome(of: result, attempts: 1, since: start, at: start, chance: 1)
            let due = Timestamp(milliseconds: start.milliseconds + waited)
            #expect(outcome == .retry(at: due, code: 503, error: "Busy"))
        }
    }

    @Test("The signature is that of the specification's reference implementation")
    func reference() throws {
        // Computed by PyPI's standardwebhooks 1.1.0.
        let keys = WebhookKeys(
            secret: try #require(StandardWebhooks.secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")),
            privateKey: [UInt8](repeating: 7, count: 32), publicKey: [])
        let field = StandardWebhooks.signatures(
            of: Array(#"{"test": 2432232314}"#.utf8), id: "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", [keys]
        )
        let parts = field.split(separator: " ").map(String.init)
        #expect(parts.count == 2 && parts[0] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        #expect(parts[1].hasPrefix("v1a,"))
    }

    /// RFC 8032 §7.1, test 2.
    @Test("Ed25519 is that of RFC 8032")
    func ed25519() throws {
        func bytes(_ text: String) -> [UInt8] {
            stride(from: 0, to: text.utf8.count, by: 2).compactMap {
                UInt8(text.dropFirst($0).prefix(2), radix: 16)
            }
        }
        let secret = bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
        let key = bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
        let signature = bytes(
            """
            92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c\
            387b2eaeb4302aeeb00d291612bb0c00
            """)
        #expect(Ed25519.publicKey(of: secret) == key)
        #expect(Ed25519.signature(of: [0x72], by: secret) == signature)
        #expect(
            Ed25519.isValid(signature, of: [0x72], by: key) && !Ed25519.isValid(signature, of: [], by: key))
        #expect(Ed25519.publicKey(of: [1]) == nil && Ed25519.signature(of: [], by: [1]) == nil)
    }

    @Test("A secret is whsec_ and the canonical base64 of 24 to 64 bytes")
    func secrets() {
        for count in [23, 24, 32, 64, 65] {
            let secret = [UInt8](repeating: 0xFB, count: count)
            let found = StandardWebhooks.secret(StandardWebhooks.text(ofSecret: secret))
            #expect(found == ((24...64).contains(count) ? secret : nil))
        }
        let text = String(repeating: "QUJD", count: 8)
        for wrong in [
            text, "whsk_" + text, "whsec_" + text + "=", "whsec_ " + text, "whsec_" + text + "\n",
            "whsec_-" + text,
        ] {
            #expect(StandardWebhooks.secret(wrong) == nil, "\(wrong)")
        }
        #expect(
            bytes(ofBase64: "QQ==") == [0x41] && bytes(ofBase64: "QR==") == nil
                && bytes(ofBase64: "QQ=") == nil)
    }
}
