// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore: WebhookQueue {
    /// See ``WebhookQueue``.
    public func waitingDeliveries() async throws(StoryError) -> WaitingDeliveries {
        try await engine.read { transaction throws(StoryError) in
            try transaction.first("SELECT count(*), min(due_at) FROM deliveries WHERE status = 'waiting'") {
                WaitingDeliveries(count: Int($0.integer()), nextDue: $0.optionalTimestamp())
            } ?? WaitingDeliveries(count: 0, nextDue: nil)
        }
    }

    /// See ``WebhookQueue``.
    public func claimDeliveries(
        by sender: String, limit: Int, perWebhook: Int, running: [Identifier: Int], leaseMilliseconds: Int64
    ) async throws(StoryError) -> [ClaimedDelivery] {
        try await engine.write { transaction throws(StoryError) in
            let now = self.now()
            var (claimed, taken) = ([ClaimedDelivery](), running)
            for candidate in try transaction.dueDeliveries(at: now, perWebhook: perWebhook)
            where claimed.count < limit && taken[candidate.webhook, default: 0] < perWebhook {
                taken[candidate.webhook, default: 0] += 1
                let lease = Timestamp(milliseconds: now.milliseconds + leaseMilliseconds)
                claimed.append(try transaction.claim(candidate, by: sender, at: now, until: lease))
            }
            return claimed
        }
    }

    /// See ``WebhookQueue``.
    public func finish(
        _ claimed: ClaimedDelivery, by sender: String, _ outcome: DeliveryOutcome,
        retryWindowMilliseconds: Int64
    ) async throws(StoryError) {
        try await engine.write { transaction throws(StoryError) in
            let now = self.now()
            guard let row = try transaction.openDelivery(claimed.delivery.number, sender, outcome) else {
                return
            }
            var outcome = outcome
            if case .retry(_, let code, let error) = outcome, !row.isEnabled {
                outcome = .abandoned(code: code, error: error)
            }
            try transaction.record(outcome, of: row, at: now)
            switch outcome {
            case .delivered: try transaction.noteSuccess(of: row.hook)
            case .gone:
                try transaction.disable(row, "the receiver answered 410 Gone", at: now)
            case .retry, .abandoned:
                try transaction.noteFailure(of: row, at: now, window: retryWindowMilliseconds)
            }
            if case .retry = outcome {} else { try transaction.releaseNext(after: row, at: now) }
            try transaction.trimDeliveries(of: row.hook, at: now)
        }
    }

    /// See ``WebhookQueue``.
    public func releaseDeliveries() async throws(StoryError) {
        try await engine.write { transaction throws(StoryError) in
            try transaction.run(
                """
                UPDATE deliveries SET due_at = ?, claimed_by = NULL WHERE status = 'waiting' AND due_at IS NOT NULL
                    AND claimed_by IS NOT NULL
                """, self.now())
        }
    }

    /// See ``WebhookQueue``.
    public func content(of delivery: WebhookDelivery) async throws(StoryError) -> WebhookContent? {
        guard let place = delivery.place else { return nil }
        return try await engine.read { [renderer] transaction throws(StoryError) in
            guard let story = try transaction.seenStory(.id(place.story), by: .reader) else { return nil }
            guard let id = place.update, let row = try transaction.publishedRow(id, of: story) else {
                return WebhookContent(story: story.story, update: nil)
            }
            return WebhookContent(story: story.story, update: renderer.rendition(row.update))
        }
    }
}

/// A delivery that may be claimed.
private struct DueDelivery {
    let number: Int64
    let hook: Int64
    let webhook: Identifier
    let url: String
    let payload: WebhookPayload
    let since: Timestamp
}

/// A delivery whose attempt has ended.
private struct OpenDelivery {
    let number: Int64
    let hook: Int64
    let webhook: Identifier
    let story: Identifier?
    let isEnabled: Bool
    let failingSince: Timestamp?
}

extension Transaction {
    /// Returns what is due, in the order of its time; of each webhook only a few, so that one with many does not hide the others.
    fileprivate func dueDeliveries(
        at now: Timestamp, perWebhook: Int
    ) throws(StoryError) -> [DueDelivery] {
        try rows(
            """
            SELECT d.number, d.hook, w.id, w.url, w.payload, coalesce(d.tried_since, ?) FROM (
                SELECT number, hook, due_at, tried_since,
                    row_number() OVER (PARTITION BY hook ORDER BY due_at, number) AS place
                FROM deliveries WHERE status = 'waiting' AND due_at <= ?) AS d
            JOIN webhooks AS w ON w.key = d.hook
            WHERE d.place <= ? ORDER BY d.due_at, d.number
            """, now, now, perWebhook
        ) { row in
            DueDelivery(
                number: row.integer(), hook: row.integer(), webhook: row.identifier(), url: row.text(),
                payload: WebhookPayload(exactly: row.text()) ?? .thin, since: row.timestamp())
        }
    }

    /// Counts an attempt, and makes the delivery due again for when the lease ends.
    fileprivate func claim(
        _ due: DueDelivery, by sender: String, at now: Timestamp, until lease: Timestamp
    ) throws(StoryError) -> ClaimedDelivery {
        try run(
            "UPDATE deliveries SET claimed_by = ?, due_at = ?, attempts = attempts + 1, attempted_at = ?, tried_since = ? WHERE number = ?",
            sender, lease, now, due.since, due.number)
        let delivery = try first(
            "SELECT \(WebhookDelivery.columns) FROM deliveries AS d WHERE d.number = ?", due.number
        ) { WebhookDelivery(&$0) }
        guard let delivery else { throw .notFound(.delivery) }
        let keys = try rows(
            """
            SELECT \(WebhookKeys.columns) FROM webhook_keys WHERE hook = ? AND (expires_at IS NULL OR expires_at > ?)
            ORDER BY number DESC
            """, due.hook, now
        ) { WebhookKeys(&$0) }
        return ClaimedDelivery(
            delivery: delivery, webhook: due.webhook, url: due.url, payload: due.payload, keys: keys,
            since: due.since)
    }

    /// Returns the delivery if its outcome is to be recorded. A success counts whoever has claimed it meanwhile.
    fileprivate func openDelivery(
        _ number: Int64, _ sender: String, _ outcome: DeliveryOutcome
    ) throws(StoryError) -> OpenDelivery? {
        let isSuccess = if case .delivered = outcome { true } else { false }
        return try first(
            """
            SELECT d.number, d.hook, w.id, d.story, w.enabled, w.failing_since FROM deliveries AS d
            JOIN webhooks AS w ON w.key = d.hook
            WHERE d.number = ? AND d.status <> 'delivered' AND (? <> 0 OR d.status = 'waiting' AND d.claimed_by = ?)
            """, number, isSuccess, sender
        ) {
            OpenDelivery(
                number: $0.integer(), hook: $0.integer(), webhook: $0.identifier(),
                story: $0.optionalIdentifier(), isEnabled: $0.bool(), failingSince: $0.optionalTimestamp())
        }
    }

    fileprivate func record(
        _ outcome: DeliveryOutcome, of row: OpenDelivery, at now: Timestamp
    ) throws(StoryError) {
        switch outcome {
        case .delivered(let code): try end(row.number, .delivered, code, nil, at: now)
        case .retry(let due, let code, let error):
            try run(
                "UPDATE deliveries SET claimed_by = NULL, due_at = ?, code = ?, error = ? WHERE number = ?",
                due, code, error, row.number)
        case .abandoned(let code, let error): try end(row.number, .failed, code, error, at: now)
        case .gone(let code):
            try end(row.number, .failed, code, "the receiver wants no more deliveries", at: now)
        }
    }

    private func end(
        _ number: Int64, _ status: WebhookDelivery.Status, _ code: Int?, _ error: String?, at now: Timestamp
    ) throws(StoryError) {
        try run(
            """
            UPDATE deliveries SET status = ?, claimed_by = NULL, due_at = NULL, code = ?, error = ?, done_at = ?
            WHERE number = ?
            """, status.rawValue, code, error, now, number)
    }

    /// Makes the next delivery of the same story due, if it waited for this one.
    fileprivate func releaseNext(after row: OpenDelivery, at now: Timestamp) throws(StoryError) {
        guard let story = row.story else { return }
        let next = try first(
            """
            SELECT number, planned_at FROM deliveries WHERE hook = ? AND story = ? AND status = 'waiting'
            ORDER BY number LIMIT 1
            """, row.hook, story
        ) { (number: $0.integer(), planned: $0.timestamp()) }
        guard let next else { return }
        let due = max(now, next.planned)
        try run(
            "UPDATE deliveries SET due_at = ? WHERE number = ? AND due_at IS NULL", due, next.number)
    }

    // MARK: The state of webhooks. Not part of the rules that the writer keeps, hence ``runKnown(_:_:)``.

    fileprivate func noteSuccess(of hook: Int64) throws(StoryError) {
        try runKnown(
            "UPDATE webhooks SET failing_since = NULL WHERE key = ? AND failing_since IS NOT NULL", hook)
    }

    fileprivate func noteFailure(
        of row: OpenDelivery, at now: Timestamp, window: Int64
    ) throws(StoryError) {
        guard let since = row.failingSince else {
            return try runKnown("UPDATE webhooks SET failing_since = ? WHERE key = ?", now, row.hook)
        }
        guard row.isEnabled, now.milliseconds - since.milliseconds >= window else { return }
        try disable(row, "no delivery has succeeded since \(since)", at: now)
    }

    fileprivate func disable(
        _ row: OpenDelivery, _ reason: String, at now: Timestamp
    ) throws(StoryError) {
        guard row.isEnabled else { return }
        try run(
            "UPDATE webhooks SET enabled = 0, disabled_reason = ?, modified_at = ? WHERE key = ?", reason,
            now,
            row.hook)
        try failWaiting(of: row.hook, at: now)
        try record(.disableWebhook, by: .deliveries, at: now, detail: row.webhook.description)
    }

    /// Ends the deliveries of a disabled webhook, but for those that an admin has asked for.
    func failWaiting(of hook: Int64, at now: Timestamp) throws(StoryError) {
        try run(
            """
            UPDATE deliveries SET status = 'failed', claimed_by = NULL, due_at = NULL, done_at = ?,
                error = 'the webhook was disabled'
            WHERE hook = ? AND status = 'waiting' AND forced = 0
            """, now, hook)
    }

    /// Forgets what has ended long ago, and fails the oldest of too many that wait.
    fileprivate func trimDeliveries(of hook: Int64, at now: Timestamp) throws(StoryError) {
        try run(
            """
            DELETE FROM deliveries WHERE hook = ? AND status <> 'waiting' AND (done_at < ? OR number <= (
                SELECT number FROM deliveries WHERE hook = ? ORDER BY number DESC LIMIT 1 OFFSET ?))
            """, hook, Timestamp(milliseconds: now.milliseconds - Limits.webhookDeliveryMilliseconds), hook,
            Limits.webhookDeliveries)
        try run(
            """
            UPDATE deliveries SET status = 'failed', claimed_by = NULL, due_at = NULL, done_at = ?,
                error = 'too many later ones wait'
            WHERE hook = ? AND status = 'waiting' AND due_at IS NULL AND number <= (
                SELECT number FROM deliveries WHERE hook = ? AND status = 'waiting'
                ORDER BY number DESC LIMIT 1 OFFSET ?)
            """, now, hook, hook, Limits.webhookDeliveriesWaiting)
    }
}
