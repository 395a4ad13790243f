// SPDX-License-Identifier: Apache-2.0
/// A browser's subscription to push messages about one story (W3C Push API), of a reader whom nothing else names.
public struct PushSubscription: Hashable, Sendable {
    /// Where messages go: the https URL of a push service (RFC 8030). Whoever knows it can send messages, so it is never logged, exported or
    /// shown.
    public var endpoint: String
    /// `p256dh`, the key that messages are encrypted for: a point on P-256 in uncompressed form, 65 bytes (RFC 8291 §3.1).
    public var publicKey: [UInt8]
    /// `auth`, the authentication secret: 16 bytes (RFC 8291 §3.2).
    public var authentication: [UInt8]
    /// When the push service ends it; `nil` if it does not say.
    public var expiresAt: Timestamp?

    /// Memberwise.
    public init(
        endpoint: String, publicKey: [UInt8], authentication: [UInt8], expiresAt: Timestamp? = nil
    ) {
        (self.endpoint, self.publicKey, self.authentication) = (endpoint, publicKey, authentication)
        self.expiresAt = expiresAt
    }

    /// Bytewise equality, as everywhere.
    public static func == (left: PushSubscription, right: PushSubscription) -> Bool {
        left.endpoint.hasSameBytes(as: right.endpoint) && left.publicKey == right.publicKey
            && left.authentication == right.authentication && left.expiresAt == right.expiresAt
    }

    /// Hashes the bytes of the endpoint.
    public func hash(into hasher: inout Hasher) { hasher.combine(bytesOf: endpoint) }

    /// Returns the first violation in an endpoint; `pointer` names its member. Endpoints are https (RFC 8030 §8); `allowingHTTP` is for a push
    /// service in the operator's own network.
    public static func errors(
        inEndpoint endpoint: String, at pointer: String, allowingHTTP: Bool = false
    ) -> [ValidationError] {
        var validator = Validator()
        validator.url(endpoint, at: pointer)
        let isSecure = endpoint.utf8.starts(with: "https://".utf8)
        validator.require(
            isSecure || allowingHTTP && endpoint.utf8.starts(with: "http://".utf8), at: pointer,
            "must begin with https://")
        validator.require(
            endpoint.utf8.count <= Limits.pushEndpointBytes, at: pointer,
            "must have at most \(Limits.pushEndpointBytes) bytes")
        return Array(validator.errors.prefix(1))
    }
}

/// The key pair by which push services know this server (VAPID, RFC 8292). One for each database: subscriptions are bound to it.
public struct PushKeys: Hashable, Sendable {
    /// The private key, a number of 32 bytes, which never leaves the database but for signing.
    public var privateKey: [UInt8]
    /// The public key, a point of 65 bytes, which browsers get.
    public var publicKey: [UInt8]

    /// Memberwise.
    public init(privateKey: [UInt8], publicKey: [UInt8]) {
        (self.privateKey, self.publicKey) = (privateKey, publicKey)
    }
}

/// One subscriber of a notification, to whom it is to be sent.
public struct PushRecipient: Hashable, Sendable {
    /// The row key of the subscription: the position in the notification.
    public var key: Int64
    /// The id of the subscription.
    public var id: Identifier
    /// Where and how to send.
    public var subscription: PushSubscription
    /// Attempts to send it this notification that have failed.
    public var attempts: Int
    /// Notifications in a row that could not be sent to it.
    public var failures: Int

    /// Memberwise.
    public init(
        key: Int64, id: Identifier, subscription: PushSubscription, attempts: Int, failures: Int = 0
    ) {
        (self.key, self.id, self.subscription) = (key, id, subscription)
        (self.attempts, self.failures) = (attempts, failures)
    }
}

/// A batch of a notification, claimed by one sender.
public struct ClaimedPush: Hashable, Sendable {
    /// The number of the notification.
    public var number: Int64
    /// The story.
    public var story: Identifier
    /// The update that its followers are told of.
    public var update: Identifier
    /// When it was asked for.
    public var at: Timestamp
    /// Whom to send it to now.
    public var recipients: [PushRecipient]

    /// Memberwise.
    public init(
        number: Int64, story: Identifier, update: Identifier, at: Timestamp, recipients: [PushRecipient]
    ) {
        (self.number, self.story, self.update, self.at) = (number, story, update, at)
        self.recipients = recipients
    }
}

/// What became of a message to one subscriber.
public enum PushResult: Hashable, Sendable {
    /// The push service has taken it.
    case sent
    /// The subscription has ended (404, 410).
    case gone
    /// It is sent again at this time. `counts`: whether it was an attempt, rather than put off.
    case retry(at: Timestamp, counts: Bool)
    /// It is not sent again.
    case failed
}

/// What became of a claimed batch.
public enum PushOutcome: Hashable, Sendable {
    /// The results in the order of the recipients.
    case sent([PushResult])
    /// Readers no longer see the update: nothing is sent any more.
    case cancelled
}

/// What readers see of the update that a notification is about.
public struct PushContent: Sendable {
    /// The story.
    public var story: Story
    /// The update.
    public var update: Update

    /// Memberwise.
    public init(story: Story, update: Update) { (self.story, self.update) = (story, update) }
}
