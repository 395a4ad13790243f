// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Stories

/// A row of `webhooks`, with its present public key.
struct WebhookRow {
    let key: Int64
    var webhook: Webhook

    static let columns = """
        w.key, w.id, w.url, w.events, w.story, w.tag, w.payload, w.coalesce_seconds, w.enabled, w.disabled_reason, \
        w.failing_since, w.created_at, w.modified_at,
        (SELECT k.public_key FROM webhook_keys AS k WHERE k.hook = w.key ORDER BY k.number DESC LIMIT 1)
        """

    init(_ row: inout Row) {
        key = row.integer()
        let id = row.identifier()
        var settings = WebhookSettings(url: row.text())
        settings.events = row.texts().compactMap { WebhookEvent(exactly: $0) }
        settings.story = row.optionalIdentifier()
        settings.tag = row.optionalText()
        settings.payload = WebhookPayload(exactly: row.text()) ?? .thin
        settings.coalesceSeconds = Int(truncatingIfNeeded: row.integer())
        settings.isEnabled = row.bool()
        webhook = Webhook(
            id: id, settings: settings, disabledReason: row.optionalText(),
            failingSince: row.optionalTimestamp(), publicKey: [], createdAt: row.timestamp(),
            modifiedAt: row.timestamp())
        webhook.publicKey = row.withBytes { [UInt8]($0) }
    }
}

extension WebhookKeys {
    static let columns = "secret, private_key, public_key"

    init(_ row: inout Row) {
        self.init(
            secret: row.withBytes { [UInt8]($0) }, privateKey: row.withBytes { [UInt8]($0) },
            publicKey: row.withBytes { [UInt8]($0) })
    }
}

extension WebhookDelivery {
    static let columns =
        "d.number, d.id, d.event, d.at, d.story, d.epoch, d.seq, d.update_id, d.status, d.attempts, d.attempted_at, d.due_at, d.code, d.error"

    init(_ row: inout Row) {
        let (number, id) = (row.integer(), row.identifier())
        let event = WebhookEvent(exactly: row.text()) ?? .test
        let (at, story) = (row.timestamp(), row.optionalIdentifier())
        let version = Version(epoch: UInt64(bitPattern: row.integer()), seq: row.integer())
        let update = row.optionalIdentifier()
        self.init(
            number: number, id: id, event: event, at: at,
            place: story.map { Place(story: $0, version: version, update: update) },
            status: Status(exactly: row.text()) ?? .failed, attempts: Int(row.integer()),
            attemptedAt: row.optionalTimestamp(), dueAt: row.optionalTimestamp(),
            code: row.optionalInteger().map { Int($0) }, error: row.optionalText())
    }
}

extension Transaction {
    /// Returns a webhook. Throws `.notFound(.webhook)`.
    func webhookRow(_ id: Identifier) throws(StoryError) -> WebhookRow {
        let row = try first("SELECT \(WebhookRow.columns) FROM webhooks AS w WHERE w.id = ?", id) {
            WebhookRow(&$0)
        }
        guard let row else { throw .notFound(.webhook) }
        return row
    }

    /// Returns a delivery of a webhook. Throws `.notFound(.delivery)`.
    func delivery(_ id: Identifier, of hook: Int64) throws(StoryError) -> WebhookDelivery {
        let found = try first(
            "SELECT \(WebhookDelivery.columns) FROM deliveries AS d WHERE d.id = ? AND d.hook = ?", id, hook
        ) { WebhookDelivery(&$0) }
        guard let found else { throw .notFound(.delivery) }
        return found
    }
}
