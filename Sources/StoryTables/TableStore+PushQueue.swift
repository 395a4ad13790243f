// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore: PushQueue {
    /// See ``PushQueue``.
    public func waitingNotifications() async throws(StoryError) -> WaitingDeliveries {
        try await engine.read { transaction throws(StoryError) in
            try transaction.first("SELECT count(*), min(due_at) FROM push_notifications") {
                WaitingDeliveries(count: Int($0.integer()), nextDue: $0.optionalTimestamp())
            } ?? WaitingDeliveries(count: 0, nextDue: nil)
        }
    }

    /// See ``PushQueue``.
    public func claimNotifications(
        by sender: String, limit: Int, batch: Int, running: Set<Identifier>, leaseMilliseconds: Int64
    ) async throws(StoryError) -> [ClaimedPush] {
        try await engine.write { transaction throws(StoryError) in
            let now = self.now()
            let lease = Timestamp(milliseconds: now.milliseconds + leaseMilliseconds)
            var (claimed, stories) = ([ClaimedPush](), running)
            for row in try transaction.dueNotifications(at: now)
            where claimed.count < limit && !stories.contains(row.story) {
                guard let recipients = try transaction.recipients(of: row, batch, at: now) else { continue }
                try transaction.run(
                    "UPDATE push_notifications SET claimed_by = ?, due_at = ? WHERE key = ?", sender, lease,
                    row.key)
                stories.insert(row.story)
                claimed.append(
                    ClaimedPush(
                        number: row.key, story: row.story, update: row.update, at: row.at,
                        recipients: recipients))
            }
            return claimed
        }
    }

    /// See ``PushQueue``.
    public func finish(
        _ claimed: ClaimedPush, by sender: String, _ outcome: PushOutcome
    ) async throws(StoryError) {
        try await engine.write { transaction throws(StoryError) in
            let position = try transaction.first(
                "SELECT last_key FROM push_notifications WHERE key = ? AND claimed_by = ?", claimed.number,
                sender
            ) { $0.integer() }
            switch outcome {
            case .cancelled:
                if position != nil { try transaction.endNotification(claimed.number) }
            case .sent(let results):
                for (recipient, result) in zip(claimed.recipients, results) {
                    if case .gone = result {
                        // The endpoint has ended, so it has in all stories.
                        try transaction.run("DELETE FROM push_subscriptions WHERE id = ?", recipient.id)
                    } else if let position {
                        let isAgain = recipient.key <= position
                        try transaction.record(result, for: recipient, of: claimed.number, isAgain: isAgain)
                    }
                }
                guard let position else { return }
                let last = max(position, claimed.recipients.map(\.key).max() ?? 0)
                try transaction.run(
                    "UPDATE push_notifications SET last_key = ?, claimed_by = NULL, due_at = ? WHERE key = ?",
                    last, self.now(), claimed.number)
            }
        }
    }

    /// See ``PushQueue``.
    public func releaseNotifications() async throws(StoryError) {
        try await engine.write { transaction throws(StoryError) in
            try transaction.run(
                "UPDATE push_notifications SET claimed_by = NULL, due_at = ? WHERE claimed_by IS NOT NULL",
                self.now())
        }
    }

    /// See ``PushQueue``.
    public func content(of claimed: ClaimedPush) async throws(StoryError) -> PushContent? {
        try await engine.read { transaction throws(StoryError) in
            guard let story = try transaction.seenStory(.id(claimed.story), by: .reader) else { return nil }
            return try transaction.pushContent(claimed.update, of: story)
        }
    }
}

/// A notification of which a batch may be claimed.
private struct DueNotification {
    let key: Int64
    let storyKey: Int64
    let story: Identifier
    let update: Identifier
    let at: Timestamp
    let lastKey: Int64
    let endKey: Int64
}

extension Transaction {
    /// Returns notifications that are due, but for those behind one of the same story that has not been sent to all once.
    fileprivate func dueNotifications(at now: Timestamp) throws(StoryError) -> [DueNotification] {
        try rows(
            """
            SELECT n.key, n.story, s.id, n.update_id, n.at, n.last_key, n.end_key FROM push_notifications AS n
            JOIN stories AS s ON s.key = n.story
            WHERE n.due_at <= ? AND NOT EXISTS (SELECT 1 FROM push_notifications AS e
                WHERE e.story = n.story AND e.key < n.key AND e.last_key < e.end_key)
            ORDER BY n.due_at, n.key LIMIT ?
            """, now, Limits.pushNotificationsRead
        ) { row in
            DueNotification(
                key: row.integer(), storyKey: row.integer(), story: row.identifier(),
                update: row.identifier(), at: row.timestamp(), lastKey: row.integer(), endKey: row.integer())
        }
    }

    /// Returns to whom a notification is to be sent next: first again, then for the first time. `nil` if there is nobody now: the notification
    /// has ended, or is due again later.
    fileprivate func recipients(
        of row: DueNotification, _ limit: Int, at now: Timestamp
    ) throws(StoryError) -> [PushRecipient]? {
        guard now.milliseconds - row.at.milliseconds < Limits.pushLifetimeMilliseconds,
            let story = try story(key: row.storyKey), try pushContent(row.update, of: story) != nil
        else {
            try endNotification(row.key)
            return nil
        }
        var found = try again(row.key, limit, at: now)
        found += try rows(
            """
            SELECT \(PushRecipient.columns), 0 FROM push_subscriptions AS p
            WHERE p.story = ? AND p.key > ? AND p.key <= ? ORDER BY p.key LIMIT ?
            """, row.storyKey, row.lastKey, row.endKey, limit - found.count
        ) { PushRecipient(&$0) }
        guard found.isEmpty else { return found }
        try putOff(row)
        return nil
    }

    private func again(
        _ notification: Int64, _ limit: Int, at now: Timestamp
    ) throws(StoryError) -> [PushRecipient] {
        try rows(
            """
            SELECT \(PushRecipient.columns), r.attempts FROM push_retries AS r
            JOIN push_subscriptions AS p ON p.key = r.subscription
            WHERE r.notification = ? AND r.due_at <= ? ORDER BY r.due_at, r.subscription LIMIT ?
            """, notification, now, limit
        ) { PushRecipient(&$0) }
    }

    /// Makes a notification that was sent to all once due when the first is to be tried again; ends it if there is none.
    private func putOff(_ row: DueNotification) throws(StoryError) {
        let next = try first("SELECT min(due_at) FROM push_retries WHERE notification = ?", row.key) {
            $0.optionalTimestamp()
        }
        guard let next = next ?? nil else { return try endNotification(row.key) }
        try run(
            "UPDATE push_notifications SET last_key = end_key, claimed_by = NULL, due_at = ? WHERE key = ?",
            next, row.key)
    }

    fileprivate func endNotification(_ key: Int64) throws(StoryError) {
        try run("DELETE FROM push_notifications WHERE key = ?", key)
    }

    /// Returns what readers see of an update that followers may be notified of: a key event, not retracted, of an open story.
    fileprivate func pushContent(
        _ update: Identifier, of story: StoryRow
    ) throws(StoryError) -> PushContent? {
        guard story.story.content.status == .live, let row = try publishedRow(update, of: story),
            row.update.content.keyEvent, row.update.stricken == nil
        else { return nil }
        return PushContent(story: story.story, update: row.update)
    }

    /// Records what became of a message. `isAgain`: it was sent before, so that there is a row for it.
    fileprivate func record(
        _ result: PushResult, for recipient: PushRecipient, of notification: Int64, isAgain: Bool
    ) throws(StoryError) {
        if case .retry(let due, let counts) = result {
            let attempts = recipient.attempts + (counts ? 1 : 0)
            return try keepForRetry(recipient.key, of: notification, attempts: attempts, due)
        }
        if isAgain {
            try run(
                "DELETE FROM push_retries WHERE notification = ? AND subscription = ?", notification,
                recipient.key)
        }
        let failures = result == .failed ? recipient.failures + 1 : 0
        if failures >= Limits.pushFailures {
            try run("DELETE FROM push_subscriptions WHERE key = ?", recipient.key)
        } else if failures != recipient.failures {
            try run("UPDATE push_subscriptions SET failures = ? WHERE key = ?", failures, recipient.key)
        }
    }

    private func keepForRetry(
        _ subscription: Int64, of notification: Int64, attempts: Int, _ due: Timestamp
    ) throws(StoryError) {
        // Its reader may have ended it meanwhile.
        let isThere = try first("SELECT 1 FROM push_subscriptions WHERE key = ?", subscription) { _ in true }
        guard isThere == true else { return }
        try run(
            """
            INSERT INTO push_retries (notification, subscription, attempts, due_at) VALUES (?, ?, ?, ?)
            ON CONFLICT (notification, subscription) DO UPDATE SET attempts = excluded.attempts, due_at = excluded.due_at
            """, notification, subscription, attempts, due)
    }
}

extension PushRecipient {
    fileprivate static let columns = """
        p.key, p.id, p.endpoint, p.public_key, p.authentication, p.expires_at, p.failures
        """

    /// Reads ``columns``, and attempts.
    fileprivate init(_ row: inout Row) {
        let (key, id) = (row.integer(), row.identifier())
        let subscription = PushSubscription(
            endpoint: row.text(), publicKey: row.withBytes { [UInt8]($0) },
            authentication: row.withBytes { [UInt8]($0) }, expiresAt: row.optionalTimestamp())
        let failures = Int(row.integer())
        self.init(
            key: key, id: id, subscription: subscription, attempts: Int(row.integer()), failures: failures)
    }
}
