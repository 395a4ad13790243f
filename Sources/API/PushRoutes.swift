// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import HTTP
internal import JSON
internal import Stories

/// What the API needs for Web Push.
public struct PushSettings: Sendable {
    /// The server's public key (RFC 8292): a point of 65 bytes.
    public var publicKey: [UInt8]
    /// Whether endpoints may be http, for a push service in the operator's own network.
    public var allowsHTTP: Bool

    /// Memberwise.
    public init(publicKey: [UInt8], allowsHTTP: Bool = false) {
        (self.publicKey, self.allowsHTTP) = (publicKey, allowsHTTP)
    }

    /// The key as browsers take it: base64 for URLs.
    var keyText: String { base64URL(publicKey) }
}

extension Endpoints {
    /// Push subscriptions of readers; without settings every route answers 404.
    mutating func addPush(_ settings: PushSettings?, limit: RateLimit, forwarded: ForwardedBy) {
        let (store, limiter) = (store, RateLimiter(limit))
        let path = "/stories/{story}/push-subscriptions"
        onReady("/push/key") { _ in
            .json(
                PushKeyAnswer(key: try settings.required.keyText),
                headers: [.cacheControl: "public, max-age=300"])
        }
        on(.get, path, .key) { call in
            let reference = try call.story
            _ = try settings.required
            let count = try await store.pushSubscriptionCount(of: reference, access: call.access)
            return .json(PushCountAnswer(count: count))
        }
        on(.post, path) { call in
            try await call.limited(by: limiter, forwarded) {
                let (reference, present) = (try call.story, try settings.required)
                let subscription = try PushSubscription(
                    call.request.json(), allowingHTTP: present.allowsHTTP)
                let id = Identifier(ofEndpoint: subscription.endpoint)
                let isNew = try await store.subscribe(
                    subscription, as: id, to: reference, access: call.access)
                return .json(
                    PushSubscriptionAnswer(id: id), isNew ? .created : .ok,
                    headers: [.location: "/stories/\(reference)/push-subscriptions/\(id)"])
            }
        }
        on(.delete, path + "/{subscription}") { call in
            try await call.limited(by: limiter, forwarded) {
                let reference = try call.story
                _ = try settings.required
                guard let id = Identifier(call.request.parameters["subscription"] ?? "") else {
                    throw Problem(.notFound(.pushSubscription))
                }
                try await store.unsubscribe(id, from: reference, access: call.access)
                return Response(.noContent)
            }
        }
    }
}

extension PushSettings? {
    /// The settings; throws 404 without.
    fileprivate var required: PushSettings {
        get throws(Problem) {
            guard let self else {
                throw Problem(
                    .notFound, "this server sends no notifications: it was started without --push-contact")
            }
            return self
        }
    }
}

extension Identifier {
    /// The id of a push subscription: a UUIDv8 (RFC 9562 §5.8) made of the SHA-256 of its endpoint.
    init(ofEndpoint endpoint: String) {
        var (high, low): (UInt64, UInt64) = (0, 0)
        for byte in sha256(endpoint.utf8).prefix(16) {
            (high, low) = (high << 8 | low >> 56, low << 8 | UInt64(byte))
        }
        let (version, variant): (UInt64, UInt64) = (0x8000, 0x8000_0000_0000_0000)
        self.init(high: high & ~0xF000 | version, low: low & 0x3FFF_FFFF_FFFF_FFFF | variant)
    }
}

extension PushSubscription {
    /// Decodes what `PushSubscription.toJSON()` returns in a browser; throws 422 with all errors.
    fileprivate init(_ body: JSONValue, allowingHTTP: Bool) throws(Problem) {
        var reader = JSONObjectDecoder(body, at: "")
        reader.isNew = true
        let endpoint = reader.requiredText("endpoint", placeholder: "https://push.example")
        reader.add(Self.errors(inEndpoint: endpoint, at: "/endpoint", allowingHTTP: allowingHTTP))
        let expiresAt =
            reader.nullableMember(
                "expirationTime", "a number", rule: JSONObjectDecoder.integerRule, \.integer
            ).given ?? nil
        reader.require("keys")
        let keys = reader.object("keys") { PushSubscriptionKeys(&$0) }.given
        if case .some(.none) = keys { reader.fault("keys", "must be an object, not null") }
        let errors = reader.finish()
        guard errors.isEmpty, let keys = keys ?? nil else { throw Problem(errors: errors) }
        self.init(
            endpoint: endpoint, publicKey: keys.publicKey, authentication: keys.authentication,
            expiresAt: expiresAt.map { Timestamp(milliseconds: Int64($0)) })
    }
}

/// The member `keys` of a subscription.
private struct PushSubscriptionKeys {
    let publicKey: [UInt8]
    let authentication: [UInt8]

    init(_ reader: inout JSONObjectDecoder) {
        publicKey = Self.bytes(
            "p256dh", &reader, rule: "must be a point on P-256 in uncompressed form: base64url of 65 bytes",
            P256.isPublicKey)
        authentication = Self.bytes(
            "auth", &reader, rule: "must be base64url of \(WebPush.authenticationBytes) bytes"
        ) { $0.count == WebPush.authenticationBytes }
    }

    /// Decodes a required member; empty if it is wrong, which is an error.
    private static func bytes(
        _ name: String, _ reader: inout JSONObjectDecoder, rule: String, _ isValid: ([UInt8]) -> Bool
    ) -> [UInt8] {
        reader.require(name)
        return reader.member(name, "a string", rule: rule) { value in
            value.text.flatMap { Crypto.bytes(ofBase64URL: $0) }.flatMap { isValid($0) ? $0 : nil }
        }.given ?? []
    }
}

// MARK: Answers

private struct PushKeyAnswer: JSONWritable {
    let key: String

    func write(to writer: inout JSONWriter) { writer.object { $0.member("key", key) } }
}

private struct PushCountAnswer: JSONWritable {
    let count: Int

    func write(to writer: inout JSONWriter) { writer.object { $0.member("count", count) } }
}

private struct PushSubscriptionAnswer: JSONWritable {
    let id: Identifier

    func write(to writer: inout JSONWriter) { writer.object { $0.member("id", id) } }
}
