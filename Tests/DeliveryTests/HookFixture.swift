// SPDX-License-Identifier: Apache-2.0
import API
import Delivery
import HTTP
import Outbound
import StoreSupport
import Stories
import StoryTables
import Support
import Synchronization
import Testing

/// A store with a clock that is set by hand, whose webhooks are sent to a receiver over sockets when the test says so.
struct HookFixture: Sendable {
    let store: StoreFixture
    let receiver: WebhookReceiver

    init() throws {
        (store, receiver) = (try StoreFixture(), try WebhookReceiver())
    }

    typealias Dispatcher = DeliveryDispatcher<WebhookDeliveries<TableStore>>

    /// A dispatcher of this store or of another one on its database.
    func dispatcher(
        _ name: String = "test", of other: TableStore? = nil, limits: DeliveryLimits = DeliveryLimits(),
        timeout: Duration = .seconds(30)
    ) throws -> Dispatcher {
        let store = other ?? store.store
        let loopback = try #require(AddressRange("127.0.0.1"))
        var settings = WebhookSender.settings(allowing: [loopback], userAgent: "Wireroom/0")
        settings.timeout = timeout
        let sender = WebhookSender(HTTPFetcher(settings), now: { store.time }) { claimed throws(StoryError) in
            try await API.webhookBody(of: claimed, from: store)
        }
        let queue = WebhookDeliveries(store, sender: name)
        return Dispatcher(queue, limits: limits) { item in
            await sender.send(item).map { queue.outcome(of: $0, item) }
        }
    }

    /// Creates a webhook to the receiver, at its own path.
    func hook(
        _ path: String = "hook", keys: WebhookKeys = StandardWebhooks.newKeys(),
        change: (inout WebhookPatch) -> Void = { _ in }
    ) async throws -> Webhook {
        var patch = WebhookPatch()
        patch.url = .set("\(receiver.url)/\(path)")
        change(&patch)
        return try await store.store.createWebhook(patch, keys: keys, idempotency: nil, access: .admin)
    }

    /// The deliveries of a webhook, the earliest first.
    func deliveries(_ hook: Webhook) async throws -> [WebhookDelivery] {
        try await store.store.deliveries(of: hook.id, limit: 200, before: nil, access: .admin).deliveries
            .reversed()
    }

    func present(_ hook: Webhook) async throws -> Webhook {
        try await store.store.webhook(hook.id, access: .admin)
    }

    /// Advances the clock to when the next delivery is due, and sends until nothing is.
    func sendNext(_ dispatcher: Dispatcher) async throws -> Int {
        let due = try #require(try await store.store.waitingDeliveries().nextDue)
        if due > store.clock.now { store.clock.now = due }
        return try await dispatcher.sendDue()
    }
}
