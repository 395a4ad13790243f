// SPDX-License-Identifier: Apache-2.0
internal import Crypto
public import HTTP
public import Outbound
public import Stories

/// Sends deliveries to webhooks, as Standard Webhooks 1.0.0 has it.
public struct WebhookSender: Sendable {
    private let fetcher: HTTPFetcher
    private let now: @Sendable () -> Timestamp
    private let body: @Sendable (ClaimedDelivery) async throws(StoryError) -> [UInt8]

    /// `now` dates attempts; `body` makes the JSON of a delivery.
    public init(
        _ fetcher: HTTPFetcher, now: @escaping @Sendable () -> Timestamp,
        body: @escaping @Sendable (ClaimedDelivery) async throws(StoryError) -> [UInt8]
    ) {
        (self.fetcher, self.now, self.body) = (fetcher, now, body)
    }

    /// The settings of a fetcher for webhooks: the specification recommends 15 to 30 seconds.
    public static func settings(allowing ranges: [AddressRange], userAgent: String) -> HTTPFetcher.Settings {
        HTTPFetcher.Settings(
            .publicOnly(allowing: ranges), userAgent: userAgent, timeout: .seconds(15),
            concurrency: DeliveryLimits().atOnce)
    }

    /// Makes one attempt. `nil` if the store does not say what to send.
    public func send(_ claimed: ClaimedDelivery) async -> AttemptResult? {
        let body: [UInt8]
        do throws(StoryError) { body = try await self.body(claimed) } catch { return nil }
        let time = now()
        do throws(OutboundError) {
            let response = try await fetcher.fetch(request(claimed, body, at: time))
            return result(of: response, at: now())
        } catch .busy {
            return nil
        } catch {
            return .failed(code: nil, error: error.message)
        }
    }

    private func request(_ claimed: ClaimedDelivery, _ body: [UInt8], at time: Timestamp) -> OutboundRequest {
        let (id, seconds) = (claimed.delivery.id.description, String(time.milliseconds / 1_000))
        let headers: Headers = [
            .contentType: "application/json", "webhook-id": id, "webhook-timestamp": seconds,
            "webhook-signature": StandardWebhooks.signatures(of: body, id: id, seconds, claimed.keys),
        ]
        // Redirects are failures, and nothing that a receiver writes is of interest.
        return OutboundRequest(.post, claimed.url, headers: headers, body: body, reading: .head)
    }

    private func result(of response: OutboundResponse, at now: Timestamp) -> AttemptResult {
        let code = response.status.code
        switch code {
        case 200...299: return .delivered(code: code)
        case 410: return .gone(code: code)
        default:
            let what = (300...399).contains(code) ? ", and redirects are not followed" : ""
            return .failed(
                code: code, error: "the receiver answered \(code)\(what)",
                retryAfter: response.headers[.retryAfter].flatMap { RetryTime.parse($0, at: now) })
        }
    }
}

/// The signatures of Standard Webhooks 1.0.0.
public enum StandardWebhooks {
    /// What the text of a secret for `v1` begins with.
    public static let secretPrefix = "whsec_"
    /// What the text of a public key for `v1a` begins with.
    public static let publicKeyPrefix = "whpk_"

    /// The field `webhook-signature`: a `v1` and a `v1a` by each of the keys, separated by spaces. All are always sent, so
    /// that receivers can verify either scheme, and keep using a former key during rotation.
    public static func signatures(
        of body: [UInt8], id: String, _ timestamp: String, _ keys: [WebhookKeys]
    ) -> String {
        let message = Array("\(id).\(timestamp).".utf8) + body
        let all = keys.flatMap { keys -> [String] in
            let asymmetric = Ed25519.signature(of: message, by: keys.privateKey).map { "v1a," + base64($0) }
            return ["v1," + base64(hmac(message, key: keys.secret))] + (asymmetric.map { [$0] } ?? [])
        }
        return all.joined(separator: " ")
    }

    /// New keys; `secret` is one of the caller's, of ``Stories/Limits/webhookSecretBytes``.
    public static func newKeys(secret: [UInt8]? = nil) -> WebhookKeys {
        let privateKey = randomBytes(Ed25519.keyBytes)
        guard let publicKey = Ed25519.publicKey(of: privateKey) else {
            preconditionFailure("libcrypto has no Ed25519")
        }
        return WebhookKeys(
            secret: secret ?? randomBytes(secretBytes), privateKey: privateKey, publicKey: publicKey)
    }

    private static let secretBytes = 32

    /// Parses `whsec_` and base64; `nil` for anything else, and for fewer or more bytes than allowed.
    public static func secret(_ text: String) -> [UInt8]? {
        guard text.utf8.starts(with: secretPrefix.utf8) else { return nil }
        let rest = String(decoding: text.utf8.dropFirst(secretPrefix.utf8.count), as: UTF8.self)
        guard let found = bytes(ofBase64: rest), Limits.webhookSecretBytes.contains(found.count) else {
            return nil
        }
        return found
    }

    /// The text of a secret.
    public static func text(ofSecret secret: [UInt8]) -> String { secretPrefix + base64(secret) }

    /// The text of a public key.
    public static func text(ofPublicKey key: [UInt8]) -> String { publicKeyPrefix + base64(key) }
}
