// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Stories

/// The filters of an enabled webhook, by which the writer matches events.
struct WebhookRule {
    let key: Int64
    let events: [WebhookEvent]
    let story: Identifier?
    let tagKey: String?
    let coalesceMilliseconds: Int64

    init(_ row: inout Row) {
        key = row.integer()
        events = row.texts().compactMap { WebhookEvent(exactly: $0) }
        story = row.optionalIdentifier()
        tagKey = row.optionalText()
        coalesceMilliseconds = row.integer() * 1_000
    }

    func matches(_ event: WebhookEvent, of story: Identifier, tagKeys: [String]) -> Bool {
        (events.isEmpty || events.contains(event)) && (self.story.map { $0 == story } ?? true)
            && (tagKey.map { key in tagKeys.contains { $0.hasSameBytes(as: key) } } ?? true)
    }
}

extension Transaction {
    /// Queues deliveries of an event to all matching webhooks, in the transaction of its cause (transactional outbox). Hidden stories cause
    /// none.
    ///
    /// - Parameters:
    ///   - story: as it is after the change.
    ///   - seq: its number after the change.
    ///   - tags: those of the update or story before and after the change.
    func queueDeliveries(
        _ event: WebhookEvent, of story: StoryRow, update: Identifier? = nil, seq: Int64, tags: [String],
        at now: Timestamp
    ) throws(StoryError) {
        let rules = try webhookRules()
        guard !rules.isEmpty, !story.story.isHidden else { return }
        let keys = rules.contains { $0.tagKey != nil } ? (tags + story.story.content.tags).map(Tag.key) : []
        let place = WebhookDelivery.Place(
            story: story.story.id, version: Version(epoch: story.epoch, seq: seq), update: update)
        for rule in rules where rule.matches(event, of: place.story, tagKeys: keys) {
            try queue(event, at: now, place, for: rule)
        }
    }

    /// Whether any webhook is enabled.
    var hasWebhooks: Bool {
        get throws(StoryError) { try !webhookRules().isEmpty }
    }

    /// The rules of all enabled webhooks, which the writer keeps: mostly there are none.
    private func webhookRules() throws(StoryError) -> [WebhookRule] {
        if let known = cache?.webhooks { return known }
        let rules = try rows(
            "SELECT key, events, story, tag_key, coalesce_seconds FROM webhooks WHERE enabled = 1 ORDER BY key"
        ) { WebhookRule(&$0) }
        cache?.keep(webhooks: rules)
        return rules
    }

    private func queue(
        _ event: WebhookEvent, at now: Timestamp, _ place: WebhookDelivery.Place, for rule: WebhookRule
    ) throws(StoryError) {
        var planned = now
        if rule.coalesceMilliseconds > 0, let last = try lastDelivery(to: rule.key, of: place.story) {
            if last.isUntouched { return try merge(event, at: now, place, into: last) }
            planned = max(
                now, Timestamp(milliseconds: last.plannedAt.milliseconds + rule.coalesceMilliseconds))
        }
        let isBehind =
            try first(
                "SELECT 1 FROM deliveries WHERE hook = ? AND story = ? AND status = 'waiting' LIMIT 1",
                rule.key, place.story
            ) { _ in true } ?? false
        try enqueue(event, at: now, place: place, for: rule.key, due: isBehind ? nil : planned, planned)
    }

    /// Adds a delivery; without a place it is a test. `due`: `nil` while it waits for an earlier one of its story. Returns its id.
    @discardableResult
    func enqueue(
        _ event: WebhookEvent, at now: Timestamp, place: WebhookDelivery.Place?, for hook: Int64,
        due: Timestamp?, _ planned: Timestamp? = nil
    ) throws(StoryError) -> Identifier {
        var identifiers = IdentifierGenerator()
        let id = identifiers.next(at: now)
        try run(
            """
            INSERT INTO deliveries (id, hook, event, at, story, epoch, seq, update_id, status, forced, planned_at, due_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, id, hook, event.rawValue, now, place?.story,
            Int64(bitPattern: place?.version.epoch ?? 0), place?.version.seq ?? 0, place?.update,
            WebhookDelivery.Status.waiting.rawValue, place == nil, planned ?? due ?? now, due)
        emit(.deliveriesQueued)
        return id
    }

    private struct LastDelivery {
        let number: Int64
        let plannedAt: Timestamp
        let update: Identifier?
        /// Whether it waits and was never claimed, so that no receiver has seen it.
        let isUntouched: Bool
    }

    private func lastDelivery(to hook: Int64, of story: Identifier) throws(StoryError) -> LastDelivery? {
        try first(
            """
            SELECT number, planned_at, update_id, CASE WHEN status = 'waiting' AND attempts = 0 THEN 1 ELSE 0 END
            FROM deliveries WHERE hook = ? AND story = ? ORDER BY number DESC LIMIT 1
            """, hook, story
        ) {
            LastDelivery(
                number: $0.integer(), plannedAt: $0.timestamp(), update: $0.optionalIdentifier(),
                isUntouched: $0.bool())
        }
    }

    /// Lets one delivery stand for several events: it names the last.
    private func merge(
        _ event: WebhookEvent, at now: Timestamp, _ place: WebhookDelivery.Place, into last: LastDelivery
    ) throws(StoryError) {
        try run(
            "UPDATE deliveries SET event = ?, at = ?, epoch = ?, seq = ?, update_id = ? WHERE number = ?",
            event.rawValue, now, Int64(bitPattern: place.version.epoch), place.version.seq,
            last.update == place.update ? place.update : nil, last.number)
    }
}
