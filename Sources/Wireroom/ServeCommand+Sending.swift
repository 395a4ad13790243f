// SPDX-License-Identifier: Apache-2.0
internal import API
internal import Cards
internal import Delivery
internal import HTTP
internal import Outbound
internal import Stories
internal import StoryTables

// What the server sends by itself: deliveries to webhooks, look-ups of cards, and notifications by Web Push.

extension ServeCommand {
    typealias Deliveries = DeliveryDispatcher<WebhookDeliveries<TableStore>>
    typealias Lookups = DeliveryDispatcher<CardLookups<TableStore>>
    typealias Pushes = DeliveryDispatcher<PushBatches<TableStore>>

    /// Web Push while it is switched on.
    struct RunningPush {
        let dispatcher: Pushes
        let settings: PushSettings
    }

    private var userAgent: String { "Wireroom/\(Wireroom.version)" }

    /// No other server has the file, so what is claimed was claimed by one that has ended. Nodes wait for the leases of others to end.
    private var isAlone: Bool { if case .file = database { true } else { false } }

    /// Names this process in claims.
    private var sender: String { String(UInt64.random(in: 0 ... .max), radix: 16) }

    /// Sends what is queued for webhooks from now on.
    func startDeliveries(from store: TableStore) async throws(CommandError) -> Deliveries {
        if isAlone {
            try await domain { () async throws(StoryError) in try await store.releaseDeliveries() }
        }
        let fetcher = HTTPFetcher(WebhookSender.settings(allowing: outboundAllowed, userAgent: userAgent))
        let sender = WebhookSender(fetcher, now: { store.time }) { claimed throws(StoryError) in
            try await API.webhookBody(of: claimed, from: store)
        }
        let queue = WebhookDeliveries(store, sender: self.sender)
        let deliveries = Deliveries(queue, onTrouble: { [log] trouble in log.note(trouble) }) { item in
            await sender.send(item).map { queue.outcome(of: $0, item) }
        }
        store.observe { [weak deliveries] events in
            for case .deliveriesQueued in events { return deliveries?.wake() ?? () }
        }
        deliveries.start()
        return deliveries
    }

    /// Looks up the cards that are queued from now on; with pictures, if there is a place for them.
    func startLookups(
        for store: TableStore, media: API.MediaSettings?
    ) async throws(CommandError) -> Lookups {
        if isAlone {
            try await domain { () async throws(StoryError) in try await store.releaseCards() }
        }
        let http = HTTPFetcher(CardFetcher.settings(allowing: outboundAllowed, userAgent: userAgent))
        let queue = CardLookups(
            store, reader: sender,
            fetcher: CardFetcher { request throws(OutboundError) in try await http.fetch(request) },
            thumbnails: media.map { CardThumbnails(assets: API.Thumbnails($0, now: { store.time })) })
        let lookups = Lookups(
            queue, limits: CardLookups<TableStore>.limits,
            onTrouble: { [log] trouble in log.note(trouble) }
        ) { await queue.attempt($0) }
        store.observe { [weak lookups] events in
            for case .cardsQueued in events { return lookups?.wake() ?? () }
        }
        lookups.start()
        return lookups
    }

    /// Looks at addresses for editors.
    func linkCheck() -> @Sendable (String) async -> LinkState {
        let http = HTTPFetcher(LinkProbe.settings(userAgent: userAgent))
        let probe = LinkProbe { request throws(OutboundError) in try await http.fetch(request) }
        return { url in await probe.state(of: url) }
    }

    /// Sends what is queued for followers from now on; `nil` without `--push-contact`. Makes the keys of a database that has none.
    func startPush(from store: TableStore) async throws(CommandError) -> RunningPush? {
        guard let pushOptions else { return nil }
        let isAlone = isAlone
        let keys = try await domain { () async throws(StoryError) -> PushKeys in
            if isAlone { try await store.releaseNotifications() }
            return try await store.pushKeys(orNew: VAPID.newKeys())
        }
        let fetcher = HTTPFetcher(PushSender.settings(allowing: outboundAllowed, userAgent: userAgent))
        let sender = PushSender(
            fetcher, VAPID(keys, contact: pushOptions.contact), limits: pushOptions.limits,
            now: { store.time }
        ) { [site] claimed throws(StoryError) in
            try await API.pushMessage(of: claimed, from: store, site: site.origin)
        }
        let pushes = Pushes(
            PushBatches(store, sender: self.sender), limits: PushSender.deliveryLimits,
            onTrouble: { [log] trouble in log.note(trouble) }
        ) { await sender.send($0) }
        store.observe { [weak pushes] events in
            for case .notificationQueued in events { return pushes?.wake() ?? () }
        }
        pushes.start()
        let settings = PushSettings(publicKey: keys.publicKey, allowsHTTP: !outboundAllowed.isEmpty)
        return RunningPush(dispatcher: pushes, settings: settings)
    }
}

/// Thumbnails of cards are media assets.
private struct CardThumbnails: ThumbnailMaking {
    let assets: API.Thumbnails

    func makeThumbnail(of picture: [UInt8]) async -> MediaAsset? {
        await assets.makeThumbnail(of: picture)
    }

    func discardThumbnail(_ asset: MediaAsset) async { await assets.discardThumbnail(asset) }
}

/// How followers are notified.
struct PushOptions {
    /// Who answers for what this server sends, for push services (RFC 8292 §2.1).
    let contact: String
    let limits: PushLimits
}

extension Arguments {
    /// `nil` without `--push-contact`.
    var pushOptions: PushOptions? {
        get throws(CommandError) {
            try requireOption("push-contact", for: "push-rate")
            guard let contact = value("push-contact") else { return nil }
            guard VAPID.isContact(contact) else {
                throw .usage(
                    "wireroom: --push-contact must be a mailto: or https: URL, such as mailto:ops@news.example, not \"\(contact)\""
                )
            }
            var limits = PushLimits()
            if let rate = try integer("push-rate", in: 1...10_000) {
                (limits.perSecond, limits.burst) = (Double(rate), rate)
            }
            return PushOptions(contact: contact, limits: limits)
        }
    }
}
