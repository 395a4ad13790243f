// SPDX-License-Identifier: Apache-2.0
/// A webhook: a URL to which events are sent as requests (Standard Webhooks 1.0.0).
public struct Webhook: Hashable, Sendable {
    /// The id.
    public var id: Identifier
    /// What an admin has set.
    public var settings: WebhookSettings
    /// Why the server has disabled it; `nil` while it is enabled, or if an admin has disabled it.
    public var disabledReason: String?
    /// Since when every delivery has failed; `nil` after a success.
    public var failingSince: Timestamp?
    /// The Ed25519 public key by which signatures `v1a` are verified at present: 32 bytes.
    public var publicKey: [UInt8]
    /// When it was created.
    public var createdAt: Timestamp
    /// When it was last changed, by an admin or by the server.
    public var modifiedAt: Timestamp

    /// Memberwise.
    public init(
        id: Identifier, settings: WebhookSettings, disabledReason: String? = nil,
        failingSince: Timestamp? = nil, publicKey: [UInt8], createdAt: Timestamp, modifiedAt: Timestamp
    ) {
        (self.id, self.settings, self.publicKey) = (id, settings, publicKey)
        (self.disabledReason, self.failingSince) = (disabledReason, failingSince)
        (self.createdAt, self.modifiedAt) = (createdAt, modifiedAt)
    }
}

/// What an admin sets of a webhook.
public struct WebhookSettings: Hashable, Sendable {
    /// Where requests go: http or https.
    public var url: String
    /// The event types it subscribes to, in the order of their declaration; empty for all.
    public var events: [WebhookEvent] = []
    /// Only of this story.
    public var story: Identifier?
    /// Only of updates and stories with this tag; an update also has those of its story.
    public var tag: String?
    /// What requests contain.
    public var payload = WebhookPayload.thin
    /// At most one delivery for each story in so many seconds; 0 delivers every event.
    public var coalesceSeconds = 0
    /// Whether events are delivered to it.
    public var isEnabled = true

    /// Settings with these defaults.
    public init(url: String) { self.url = url }

    /// Bytewise equality, as everywhere.
    public static func == (left: WebhookSettings, right: WebhookSettings) -> Bool {
        left.url.hasSameBytes(as: right.url) && left.events == right.events && left.story == right.story
            && left.tag.map { Array($0.utf8) } == right.tag.map { Array($0.utf8) }
            && left.payload == right.payload && left.coalesceSeconds == right.coalesceSeconds
            && left.isEnabled == right.isEnabled
    }

    /// Hashes the bytes of the address.
    public func hash(into hasher: inout Hasher) { hasher.combine(bytesOf: url) }
}

/// Event types. The names are full-stop delimited identifiers of letters, digits and `_`.
public enum WebhookEvent: String, Hashable, Sendable, CaseIterable {
    /// Readers see an update for the first time, or again.
    case updatePublished = "update.published"
    /// A published update was changed, or retracted.
    case updateEdited = "update.edited"
    /// A published update was deleted or withdrawn.
    case updateRemoved = "update.removed"
    /// An update was taken down for good: copies of it must be erased.
    case updateTakenDown = "update.taken_down"
    /// Readers see a story for the first time, or it is open again.
    case storyOpened = "story.opened"
    /// A story was closed.
    case storyClosed = "story.closed"
    /// A story's own members were changed, or readers no longer see it.
    case storyEdited = "story.edited"
    /// An admin tests the webhook.
    case test = "webhook.test"

    /// Those that a webhook can be set to: all but the test.
    public static let subscribable = allCases.filter { $0 != .test }
}

/// What the requests of a webhook contain.
public enum WebhookPayload: String, Hashable, Sendable, CaseIterable {
    /// References only: receivers ask the API for what they need.
    case thin
    /// Also what readers see of the story and the update at the time of sending.
    case full
}

/// The secrets by which requests are signed, one of each scheme.
public struct WebhookKeys: Hashable, Sendable {
    /// For `v1`, HMAC-SHA256: 24 to 64 bytes, which the receiver has too.
    public var secret: [UInt8]
    /// For `v1a`, Ed25519 (RFC 8032): the private key of 32 bytes, which never leaves the server.
    public var privateKey: [UInt8]
    /// Its public key of 32 bytes.
    public var publicKey: [UInt8]

    /// Memberwise.
    public init(secret: [UInt8], privateKey: [UInt8], publicKey: [UInt8]) {
        (self.secret, self.privateKey, self.publicKey) = (secret, privateKey, publicKey)
    }
}

/// Changes to the settings of a webhook.
public struct WebhookPatch: Sendable {
    /// The new address.
    public var url = PatchField<String>.unchanged
    /// The new events; none for all.
    public var events = PatchField<[WebhookEvent]>.unchanged
    /// By id or slug; it must exist.
    public var story = PatchField<StoryReference?>.unchanged
    /// The new tag, or none.
    public var tag = PatchField<String?>.unchanged
    /// The new kind of payload.
    public var payload = PatchField<WebhookPayload>.unchanged
    /// The new pause in seconds.
    public var coalesceSeconds = PatchField<Int>.unchanged
    /// Whether events are to be delivered to it.
    public var isEnabled = PatchField<Bool>.unchanged

    /// Changes nothing.
    public init() {}

    /// Returns all violations, with pointers below `base`.
    public func errors(at base: String = "") -> [ValidationError] {
        var validator = Validator()
        if case .set(let url) = url { validator.url(url, at: base + "/url") }
        if case .set(let tag?) = tag {
            validator.line(Tag.normalized(tag), at: base + "/tag", atMost: Limits.tagCharacters)
        }
        if case .set(let seconds) = coalesceSeconds {
            validator.require(
                Limits.webhookCoalesceSeconds.contains(seconds), at: base + "/coalesceSeconds",
                "must be from 0 to \(Limits.webhookCoalesceSeconds.upperBound)")
        }
        return validator.errors
    }

    /// The names of the members that it sets.
    public var memberNames: [String] {
        [
            ("url", url.isSet), ("events", events.isSet), ("story", story.isSet), ("tag", tag.isSet),
            ("payload", payload.isSet), ("coalesceSeconds", coalesceSeconds.isSet),
            ("enabled", isEnabled.isSet),
        ].filter(\.1).map(\.0)
    }

    /// Applies all but the story, which the store has to find.
    public func apply(to settings: inout WebhookSettings) {
        if case .set(let url) = url { settings.url = url }
        if case .set(let events) = events {
            settings.events = WebhookEvent.subscribable.filter(events.contains)
        }
        if case .set(let tag) = tag { settings.tag = tag.map(Tag.normalized) }
        if case .set(let payload) = payload { settings.payload = payload }
        if case .set(let seconds) = coalesceSeconds { settings.coalesceSeconds = seconds }
        if case .set(let isEnabled) = isEnabled { settings.isEnabled = isEnabled }
    }
}
