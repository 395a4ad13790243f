// SPDX-License-Identifier: Apache-2.0
import API
import Crypto
import Delivery
import HTTP
import JSON
import Outbound
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// A store with a clock that is set by hand, whose followers are notified through a push service over sockets when the test says so.
struct PushFixture: Sendable {
    let store: StoreFixture
    let service: WebhookReceiver
    let keys: PushKeys

    init() async throws {
        store = try StoreFixture(renderer: .plain { "<p>\($0)</p>" })
        service = try WebhookReceiver()
        keys = try await store.store.pushKeys(orNew: VAPID.newKeys())
    }

    typealias Dispatcher = DeliveryDispatcher<PushBatches<TableStore>>

    /// A dispatcher of this store or of another one on its database.
    func dispatcher(
        _ name: String = "test", of other: TableStore? = nil, batch: Int = 4, atOnce: Int = 4,
        limits: PushLimits = PushLimits()
    ) throws -> Dispatcher {
        let store = other ?? store.store
        let loopback = try #require(AddressRange("127.0.0.1"))
        let fetcher = HTTPFetcher(PushSender.settings(allowing: [loopback], userAgent: "Wireroom/0"))
        let vapid = VAPID(keys, contact: "mailto:ops@news.example")
        let sender = PushSender(fetcher, vapid, limits: limits, now: { store.time }) {
            claimed throws(StoryError) in
            try await API.pushMessage(of: claimed, from: store, site: "https://news.example")
        }
        var deliveryLimits = PushSender.deliveryLimits
        deliveryLimits.atOnce = atOnce
        return Dispatcher(
            PushBatches(store, sender: name, size: batch), limits: deliveryLimits
        ) { await sender.send($0) }
    }

    /// Subscribes browsers to a story, each with its own path at the push service.
    func subscribe(
        _ paths: String..., to story: Story, expiresAt: Timestamp? = nil
    ) async throws -> [Subscriber] {
        var made: [Subscriber] = []
        for path in paths {
            let subscriber = try Subscriber(path)
            var subscription = subscriber.subscription(at: service.url)
            subscription.expiresAt = expiresAt
            _ = try await store.store.subscribe(
                subscription, as: subscriber.id, to: story.reference, access: .reader)
            made.append(subscriber)
        }
        return made
    }

    func followers(of story: Story) async throws -> Int {
        try await store.store.pushSubscriptionCount(of: story.reference, access: .editor)
    }

    /// Posts a key event of which followers are notified.
    @discardableResult
    func notify(_ story: Story, _ body: String = "The bridge is **open**.") async throws -> Update {
        try await store.update(of: story, body: body) {
            $0.keyEvent = .set(true)
            $0.notify = .set(true)
        }
    }

    /// The paths at which messages came, in order.
    var paths: [String] { service.received.map { String($0.path.dropFirst()) } }

    /// How many notifications wait.
    func waiting() async throws -> Int { try await store.store.waitingNotifications().count }
}

/// A browser that is subscribed.
struct Subscriber: Sendable {
    let path: String
    let privateKey = P256.newPrivateKey()
    let authentication = randomBytes(WebPush.authenticationBytes)
    let publicKey: [UInt8]

    init(_ path: String) throws {
        self.path = path
        publicKey = try #require(P256.publicKey(of: privateKey))
    }

    /// Any id; the API derives it from the endpoint.
    var id: Identifier {
        let digest = sha256(path.utf8).prefix(16)
        let words = digest.reduce(into: (high: UInt64(0), low: UInt64(0))) { words, byte in
            words = (words.high << 8 | words.low >> 56, words.low << 8 | UInt64(byte))
        }
        return Identifier(high: words.high, low: words.low)
    }

    func subscription(at service: String) -> PushSubscription {
        PushSubscription(
            endpoint: "\(service)/\(path)", publicKey: publicKey, authentication: authentication)
    }

    /// The message as the browser reads it.
    func read(_ message: Received) throws -> JSONValue {
        let plaintext = WebPush.decrypt(message.bytes, by: privateKey, authentication: authentication)
        return try JSONValue(parsing: try #require(plaintext, "\(path) cannot decrypt it"))
    }
}
