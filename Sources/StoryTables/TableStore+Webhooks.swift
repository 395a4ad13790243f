// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``WebhookStore``.
    public func webhooks(access: Access) async throws(StoryError) -> [Webhook] {
        try access.requireWebhooks()
        return try await engine.read { transaction throws(StoryError) in
            try transaction.rows("SELECT \(WebhookRow.columns) FROM webhooks AS w ORDER BY w.key") {
                WebhookRow(&$0).webhook
            }
        }
    }

    /// See ``WebhookStore``.
    public func webhook(_ id: Identifier, access: Access) async throws(StoryError) -> Webhook {
        try access.requireWebhooks()
        return try await engine.read { transaction throws(StoryError) in
            try transaction.webhookRow(id).webhook
        }
    }

    /// See ``WebhookStore``.
    public func createWebhook(
        _ patch: WebhookPatch, keys: WebhookKeys, idempotency: IdempotentWrite<Webhook>?, access: Access
    ) async throws(StoryError) -> Webhook {
        try access.requireWebhooks()
        guard case .set(let url) = patch.url else { throw .invalid([ValidationError("/url", "is required")]) }
        return try await write(idempotency) { transaction throws(StoryError) in
            try transaction.requireRoomForWebhook()
            let now = self.now()
            var webhook = Webhook(
                id: self.nextIdentifier(at: now), settings: WebhookSettings(url: url),
                publicKey: keys.publicKey, createdAt: now, modifiedAt: now)
            try transaction.apply(patch, to: &webhook.settings)
            let key = try transaction.insert(webhook)
            try transaction.insert(keys, of: key, at: now)
            try transaction.record(.createWebhook, of: webhook, by: access, at: now)
            return webhook
        }
    }

    /// See ``WebhookStore``.
    public func editWebhook(
        _ id: Identifier, _ patch: WebhookPatch, access: Access
    ) async throws(StoryError) -> Webhook {
        try access.requireWebhooks()
        return try await engine.write { transaction throws(StoryError) in
            let (row, now) = (try transaction.webhookRow(id), self.now())
            var webhook = row.webhook
            try transaction.apply(patch, to: &webhook.settings)
            guard webhook.settings != row.webhook.settings else { return webhook }
            if webhook.settings.isEnabled != row.webhook.settings.isEnabled {
                (webhook.disabledReason, webhook.failingSince) = (nil, nil)
            }
            webhook.modifiedAt = max(now, webhook.createdAt)
            try transaction.replace(webhook, key: row.key)
            if !webhook.settings.isEnabled { try transaction.failWaiting(of: row.key, at: now) }
            try transaction.record(
                .editWebhook, of: webhook, by: access, at: now, members: patch.memberNames)
            return webhook
        }
    }

    /// See ``WebhookStore``.
    public func rotateWebhook(
        _ id: Identifier, keys: WebhookKeys, idempotency: IdempotentWrite<Webhook>?, access: Access
    ) async throws(StoryError) -> Webhook {
        try access.requireWebhooks()
        return try await write(idempotency) { transaction throws(StoryError) in
            let (row, now) = (try transaction.webhookRow(id), self.now())
            try transaction.retireKeys(of: row.key, at: now)
            try transaction.insert(keys, of: row.key, at: now)
            try transaction.run("UPDATE webhooks SET modified_at = ? WHERE key = ?", now, row.key)
            var webhook = row.webhook
            (webhook.publicKey, webhook.modifiedAt) = (keys.publicKey, now)
            try transaction.record(.rotateWebhook, of: webhook, by: access, at: now)
            return webhook
        }
    }

    /// See ``WebhookStore``.
    public func deleteWebhook(_ id: Identifier, access: Access) async throws(StoryError) {
        try access.requireWebhooks()
        try await engine.write { transaction throws(StoryError) in
            let row = try transaction.webhookRow(id)
            try transaction.run("DELETE FROM deliveries WHERE hook = ?", row.key)
            try transaction.run("DELETE FROM webhook_keys WHERE hook = ?", row.key)
            try transaction.run("DELETE FROM webhooks WHERE key = ?", row.key)
            try transaction.record(.deleteWebhook, of: row.webhook, by: access, at: self.now())
        }
    }

    /// See ``WebhookStore``.
    public func deliveries(
        of webhook: Identifier, limit: Int, before: Int64?, access: Access
    ) async throws(StoryError) -> WebhookDeliveryPage {
        try access.requireWebhooks()
        return try await engine.read { transaction throws(StoryError) in
            let row = try transaction.webhookRow(webhook)
            let found = try transaction.rows(
                """
                SELECT \(WebhookDelivery.columns) FROM deliveries AS d WHERE d.hook = ? AND d.number < ?
                ORDER BY d.number DESC LIMIT ?
                """, row.key, before ?? .max, limit + 1
            ) { WebhookDelivery(&$0) }
            let page = Array(found.prefix(limit))
            return WebhookDeliveryPage(
                deliveries: page, older: found.count > limit ? page.last?.number : nil)
        }
    }

    /// See ``WebhookStore``.
    public func retryDelivery(
        _ id: Identifier, of webhook: Identifier, idempotency: IdempotentWrite<WebhookDelivery>?,
        access: Access
    ) async throws(StoryError) -> WebhookDelivery {
        try access.requireWebhooks()
        return try await write(idempotency) { transaction throws(StoryError) in
            let (row, now) = (try transaction.webhookRow(webhook), self.now())
            _ = try transaction.delivery(id, of: row.key)
            try transaction.run(
                """
                UPDATE deliveries SET status = 'waiting', forced = 1, due_at = ?, tried_since = NULL, claimed_by = NULL,
                    done_at = NULL WHERE id = ?
                """, now, id)
            transaction.emit(.deliveriesQueued)
            return try transaction.delivery(id, of: row.key)
        }
    }

    /// See ``WebhookStore``.
    public func testWebhook(
        _ id: Identifier, idempotency: IdempotentWrite<WebhookDelivery>?, access: Access
    ) async throws(StoryError) -> WebhookDelivery {
        try access.requireWebhooks()
        return try await write(idempotency) { transaction throws(StoryError) in
            let (row, now) = (try transaction.webhookRow(id), self.now())
            let made = try transaction.enqueue(.test, at: now, place: nil, for: row.key, due: now)
            return try transaction.delivery(made, of: row.key)
        }
    }
}

extension Transaction {
    fileprivate func requireRoomForWebhook() throws(StoryError) {
        let count = try first("SELECT count(*) FROM webhooks") { $0.integer() } ?? 0
        guard count < Limits.webhooks else {
            throw .invalid([ValidationError("", "cannot be created: there are \(count) webhooks, the most")])
        }
    }

    fileprivate func apply(_ patch: WebhookPatch, to settings: inout WebhookSettings) throws(StoryError) {
        patch.apply(to: &settings)
        guard case .set(let reference) = patch.story else { return }
        settings.story = nil
        guard let reference else { return }
        guard let found = try story(reference) else {
            throw .invalid([ValidationError("/story", "must be the id or slug of a story")])
        }
        settings.story = found.story.id
    }

    fileprivate func insert(_ webhook: Webhook) throws(StoryError) -> Int64 {
        let settings = webhook.settings
        let key = try first(
            """
            INSERT INTO webhooks (id, url, events, story, tag, tag_key, payload, coalesce_seconds, enabled, created_at,
                modified_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING key
            """, webhook.id, settings.url, column(settings.events.map(\.rawValue)), settings.story,
            settings.tag, settings.tag.map(Tag.key), settings.payload.rawValue, settings.coalesceSeconds,
            settings.isEnabled, webhook.createdAt, webhook.modifiedAt
        ) { $0.integer() }
        guard let key else { throw .storage(.corrupt("an inserted row has no key")) }
        return key
    }

    fileprivate func replace(_ webhook: Webhook, key: Int64) throws(StoryError) {
        let settings = webhook.settings
        try run(
            """
            UPDATE webhooks SET url = ?, events = ?, story = ?, tag = ?, tag_key = ?, payload = ?, coalesce_seconds = ?,
                enabled = ?, disabled_reason = ?, failing_since = ?, modified_at = ? WHERE key = ?
            """, settings.url, column(settings.events.map(\.rawValue)), settings.story, settings.tag,
            settings.tag.map(Tag.key), settings.payload.rawValue, settings.coalesceSeconds,
            settings.isEnabled, webhook.disabledReason, webhook.failingSince, webhook.modifiedAt, key)
    }

    fileprivate func insert(_ keys: WebhookKeys, of hook: Int64, at now: Timestamp) throws(StoryError) {
        try run(
            "INSERT INTO webhook_keys (hook, secret, private_key, public_key, created_at) VALUES (?, ?, ?, ?, ?)",
            hook, keys.secret, keys.privateKey, keys.publicKey, now)
    }

    /// Has the present keys expire, and forgets former ones that have expired or are too many.
    fileprivate func retireKeys(of hook: Int64, at now: Timestamp) throws(StoryError) {
        try run("DELETE FROM webhook_keys WHERE hook = ? AND expires_at <= ?", hook, now)
        try run(
            "UPDATE webhook_keys SET expires_at = ? WHERE hook = ? AND expires_at IS NULL",
            Timestamp(milliseconds: now.milliseconds + Limits.webhookRotationMilliseconds), hook)
        try run(
            """
            DELETE FROM webhook_keys WHERE hook = ? AND number <= (
                SELECT number FROM webhook_keys WHERE hook = ? ORDER BY number DESC LIMIT 1 OFFSET ?)
            """, hook, hook, Limits.webhookFormerKeys)
    }

    fileprivate func record(
        _ action: AuditEntry.Action, of webhook: Webhook, by access: Access, at now: Timestamp,
        members: [String] = []
    ) throws(StoryError) {
        try record(
            action, by: try access.requireKey().actor, at: now, members: members,
            detail: webhook.id.description)
    }
}
