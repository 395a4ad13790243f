// SPDX-License-Identifier: Apache-2.0
/// The delivery of one event to one webhook. It holds references only: what is sent is made when it is sent, so that a takedown leaves
/// no text in the queue.
public struct WebhookDelivery: Hashable, Sendable {
    /// Its number in the queue of all webhooks.
    public var number: Int64
    /// The `webhook-id`: the same for all attempts.
    public var id: Identifier
    /// What has happened.
    public var event: WebhookEvent
    /// When it has happened.
    public var at: Timestamp
    /// Where it has happened; `nil` for a test.
    public var place: Place?
    /// How far it has come.
    public var status: Status
    /// Attempts begun so far.
    public var attempts: Int
    /// When the last attempt was begun.
    public var attemptedAt: Timestamp?
    /// When the next attempt is due; `nil` if there is none, or it waits for an earlier delivery of its story.
    public var dueAt: Timestamp?
    /// The status code of the last response.
    public var code: Int?
    /// Why the last attempt failed, as a sentence without anything that the receiver has written.
    public var error: String?

    /// The change that a delivery is about.
    public struct Place: Hashable, Sendable {
        /// The story.
        public var story: Identifier
        /// The feed's epoch and number after the change.
        public var version: Version
        /// The changed update; `nil` for the story itself, and where several events are delivered as one.
        public var update: Identifier?

        /// Memberwise.
        public init(story: Identifier, version: Version, update: Identifier?) {
            (self.story, self.version, self.update) = (story, version, update)
        }
    }

    /// How far a delivery has come.
    public enum Status: String, Hashable, Sendable, CaseIterable {
        /// It is to be sent, for the first time or again.
        case waiting
        /// The receiver has taken it.
        case delivered
        /// It is not sent again by itself.
        case failed
    }

    /// Memberwise.
    public init(
        number: Int64, id: Identifier, event: WebhookEvent, at: Timestamp, place: Place?, status: Status,
        attempts: Int = 0, attemptedAt: Timestamp? = nil, dueAt: Timestamp? = nil, code: Int? = nil,
        error: String? = nil
    ) {
        (self.number, self.id, self.event, self.at, self.place) = (number, id, event, at, place)
        (self.status, self.attempts, self.attemptedAt) = (status, attempts, attemptedAt)
        (self.dueAt, self.code, self.error) = (dueAt, code, error)
    }
}

/// A page of a webhook's deliveries (keyset pagination).
public struct WebhookDeliveryPage: Hashable, Sendable {
    /// By number, latest first.
    public var deliveries: [WebhookDelivery]
    /// Position of the next page, the last number of this one; `nil` on the last.
    public var older: Int64?

    /// Memberwise.
    public init(deliveries: [WebhookDelivery], older: Int64?) {
        (self.deliveries, self.older) = (deliveries, older)
    }
}

/// A delivery that was claimed by one sender, with all that it takes to send it.
public struct ClaimedDelivery: Hashable, Sendable {
    /// The delivery, its attempt counted.
    public var delivery: WebhookDelivery
    /// The webhook.
    public var webhook: Identifier
    /// Where to.
    public var url: String
    /// What requests contain.
    public var payload: WebhookPayload
    /// What to sign with: the present keys, then former ones that are still used.
    public var keys: [WebhookKeys]
    /// When its first attempt was made: for how long it has been tried.
    public var since: Timestamp

    /// Memberwise.
    public init(
        delivery: WebhookDelivery, webhook: Identifier, url: String, payload: WebhookPayload,
        keys: [WebhookKeys], since: Timestamp
    ) {
        (self.delivery, self.webhook, self.url, self.payload) = (delivery, webhook, url, payload)
        (self.keys, self.since) = (keys, since)
    }
}

/// What readers see of that which a delivery is about.
public struct WebhookContent: Sendable {
    /// The story.
    public var story: Story
    /// The update as JSON for readers; `nil` if there is none, or they no longer see it.
    public var update: [UInt8]?

    /// Memberwise.
    public init(story: Story, update: [UInt8]?) { (self.story, self.update) = (story, update) }
}

/// How an attempt is recorded.
public enum DeliveryOutcome: Hashable, Sendable {
    /// The receiver has taken it.
    case delivered(code: Int)
    /// It is sent again at this time.
    case retry(at: Timestamp, code: Int?, error: String)
    /// It is not sent again.
    case abandoned(code: Int?, error: String)
    /// The receiver wants no more deliveries at all.
    case gone(code: Int)
}

/// What waits in a queue of deliveries.
public struct WaitingDeliveries: Hashable, Sendable {
    /// All that are not delivered yet.
    public var count: Int
    /// When the next one is due; `nil` if none waits.
    public var nextDue: Timestamp?

    /// Memberwise.
    public init(count: Int, nextDue: Timestamp?) { (self.count, self.nextDue) = (count, nextDue) }
}
