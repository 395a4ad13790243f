// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``PushStore``.
    public func pushKeys(orNew keys: PushKeys) async throws(StoryError) -> PushKeys {
        try await engine.write { transaction throws(StoryError) in
            try transaction.run(
                """
                INSERT INTO push_keys (only_row, private_key, public_key, created_at) VALUES (1, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """, keys.privateKey, keys.publicKey, self.now())
            let stored = try transaction.first("SELECT private_key, public_key FROM push_keys") { row in
                PushKeys(
                    privateKey: row.withBytes { [UInt8]($0) }, publicKey: row.withBytes { [UInt8]($0) })
            }
            guard let stored else { throw .storage(.corrupt("an inserted row is not there")) }
            return stored
        }
    }

    /// See ``PushStore``.
    public func subscribe(
        _ subscription: PushSubscription, as id: Identifier, to story: StoryReference, access: Access
    ) async throws(StoryError) -> Bool {
        // On a reader, as counting many takes milliseconds.
        let isFull = try await engine.read { transaction throws(StoryError) in
            let row = try transaction.openStory(story, for: access)
            return try transaction.subscriptionCount(of: row.key) >= Limits.pushSubscriptions
        }
        return try await engine.write { transaction throws(StoryError) in
            let row = try transaction.openStory(story, for: access)
            if try transaction.renew(subscription, id, of: row.key) { return false }
            guard !isFull else {
                throw .invalid([
                    ValidationError(
                        "",
                        "cannot be added: the story has \(Limits.pushSubscriptions) subscriptions, the most")
                ])
            }
            try transaction.insert(subscription, id, of: row.key, at: self.now())
            return true
        }
    }

    /// See ``PushStore``.
    public func unsubscribe(
        _ id: Identifier, from story: StoryReference, access: Access
    ) async throws(StoryError) {
        try await engine.write { transaction throws(StoryError) in
            let row = try transaction.story(story, for: access)
            let count = try transaction.changes(
                "DELETE FROM push_subscriptions WHERE id = ? AND story = ?", id, row.key)
            guard count > 0 else { throw .notFound(.pushSubscription) }
        }
    }

    /// See ``PushStore``.
    public func pushSubscriptionCount(
        of story: StoryReference, access: Access
    ) async throws(StoryError) -> Int {
        try await engine.read { transaction throws(StoryError) in
            try transaction.subscriptionCount(of: try transaction.writableStory(story, for: access).key)
        }
    }

    /// See ``PushStore``.
    public func removeStaleSubscriptions(limit: Int) async throws(StoryError) -> Int {
        let now = now()
        let stale = try await engine.read { transaction throws(StoryError) in
            try transaction.staleSubscriptions(at: now, limit: limit)
        }
        guard !stale.isEmpty else { return 0 }
        return try await engine.write { transaction throws(StoryError) in
            // A story may have been opened again meanwhile.
            let keys = try transaction.staleSubscriptions(at: now, limit: limit)
            for key in keys { try transaction.run("DELETE FROM push_subscriptions WHERE key = ?", key) }
            return keys.count
        }
    }
}

extension Transaction {
    /// Returns the story if it is open: nobody is notified of one that is closed.
    fileprivate func openStory(
        _ reference: StoryReference, for access: Access
    ) throws(StoryError) -> StoryRow {
        let row = try story(reference, for: access)
        guard row.story.content.status == .live else {
            throw .invalid([ValidationError("", "cannot be added: the story is not open")])
        }
        return row
    }

    fileprivate func subscriptionCount(of story: Int64) throws(StoryError) -> Int {
        try first("SELECT count(*) FROM push_subscriptions WHERE story = ?", story) { Int($0.integer()) } ?? 0
    }

    /// Replaces the keys of a subscription; returns whether it is there.
    fileprivate func renew(
        _ subscription: PushSubscription, _ id: Identifier, of story: Int64
    ) throws(StoryError) -> Bool {
        try changes(
            """
            UPDATE push_subscriptions SET endpoint = ?, public_key = ?, authentication = ?, expires_at = ?, failures = 0
            WHERE id = ? AND story = ?
            """, subscription.endpoint, subscription.publicKey, subscription.authentication,
            subscription.expiresAt, id, story) > 0
    }

    fileprivate func insert(
        _ subscription: PushSubscription, _ id: Identifier, of story: Int64, at now: Timestamp
    ) throws(StoryError) {
        try run(
            """
            INSERT INTO push_subscriptions (id, story, endpoint, public_key, authentication, expires_at, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, id, story, subscription.endpoint, subscription.publicKey, subscription.authentication,
            subscription.expiresAt, now)
    }

    fileprivate func staleSubscriptions(at now: Timestamp, limit: Int) throws(StoryError) -> [Int64] {
        try rows(
            """
            SELECT key FROM push_subscriptions WHERE expires_at <= ?
                OR story IN (SELECT key FROM stories WHERE closed_at <= ?)
            ORDER BY key LIMIT ?
            """, now, Timestamp(milliseconds: now.milliseconds - Limits.pushKeptMilliseconds), limit
        ) { $0.integer() }
    }

    /// Queues a notification of all followers of a story about one of its updates, in the transaction of its cause (transactional outbox).
    /// Nobody is notified of a story that is not open. One that waits for the same update already stands for both.
    func queueNotification(
        of update: Identifier, in story: StoryRow, at now: Timestamp
    ) throws(StoryError) {
        guard story.story.content.status == .live else { return }
        let last = try first("SELECT max(key) FROM push_subscriptions WHERE story = ?", story.key) {
            $0.optionalInteger()
        }
        guard let last = last ?? nil else { return }
        let isWaiting = try first(
            """
            SELECT 1 FROM push_notifications
            WHERE story = ? AND update_id = ? AND last_key = 0 AND claimed_by IS NULL LIMIT 1
            """, story.key, update
        ) { _ in true }
        guard isWaiting == nil else { return }
        try run(
            "INSERT INTO push_notifications (story, update_id, at, end_key, due_at) VALUES (?, ?, ?, ?, ?)",
            story.key, update, now, last, now)
        emit(.notificationQueued)
    }
}
