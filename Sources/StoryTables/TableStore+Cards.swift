// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore: CardQueue {
    /// See ``CardQueue``.
    public func waitingCards() async throws(StoryError) -> WaitingDeliveries {
        try await engine.read { transaction throws(StoryError) in
            try transaction.first("SELECT count(*), min(due_at) FROM cards WHERE status = 'waiting'") {
                WaitingDeliveries(count: Int($0.integer()), nextDue: $0.optionalTimestamp())
            } ?? WaitingDeliveries(count: 0, nextDue: nil)
        }
    }

    /// See ``CardQueue``.
    public func claimCards(
        by reader: String, limit: Int, leaseMilliseconds: Int64
    ) async throws(StoryError) -> [ClaimedCard] {
        try await engine.write { transaction throws(StoryError) in
            let now = self.now()
            let due = try transaction.rows(
                """
                SELECT key, url, attempts, coalesce(tried_since, ?) FROM cards
                WHERE status = 'waiting' AND due_at <= ? ORDER BY due_at, key LIMIT ?
                """, now, now, limit
            ) {
                ClaimedCard(
                    key: $0.integer(), url: $0.text(), attempts: Int($0.integer()) + 1, since: $0.timestamp())
            }
            for card in due {
                try transaction.run(
                    "UPDATE cards SET claimed_by = ?, due_at = ?, attempts = ?, tried_since = ? WHERE key = ?",
                    reader, Timestamp(milliseconds: now.milliseconds + leaseMilliseconds), card.attempts,
                    card.since, card.key)
            }
            return due
        }
    }

    /// See ``CardQueue``.
    public func keepCard(_ claimed: ClaimedCard, _ text: CardText) async throws(StoryError) {
        try await engine.write { [renderer] transaction throws(StoryError) in
            // The address tells it from another card that has got the key meanwhile.
            let changed = try transaction.changes(
                """
                UPDATE cards SET status = 'known', claimed_by = NULL, due_at = NULL, done_at = ?, error = NULL, kind = ?,
                    site = ?, title = ?, description = ?, author = ?, thumbnail = ?
                WHERE key = ? AND url = ? AND status <> 'known'
                """, self.now(), text.kind.rawValue, text.site, text.title, text.description, text.author,
                text.thumbnail, claimed.key, claimed.url)
            if changed > 0 { try transaction.showCard(claimed.key, renderer) }
        }
    }

    /// See ``CardQueue``.
    public func failCard(
        _ claimed: ClaimedCard, by reader: String, error: String, retryAt: Timestamp?
    ) async throws(StoryError) {
        try await engine.write { transaction throws(StoryError) in
            try transaction.run(
                """
                UPDATE cards SET status = ?, claimed_by = NULL, due_at = ?, done_at = ?, error = ?
                WHERE key = ? AND url = ? AND status = 'waiting' AND claimed_by = ?
                """, retryAt == nil ? "failed" : "waiting", retryAt, retryAt == nil ? self.now() : nil, error,
                claimed.key, claimed.url, reader)
        }
    }

    /// See ``CardQueue``.
    public func releaseCards() async throws(StoryError) {
        try await engine.write { transaction throws(StoryError) in
            try transaction.run(
                "UPDATE cards SET due_at = ?, claimed_by = NULL WHERE claimed_by IS NOT NULL", self.now())
        }
    }
}

extension Transaction {
    /// Gives every published update with a card its next sequence number, as its readers see something new. Drafts and the bin have
    /// their cards when they are published.
    fileprivate func showCard(_ card: Int64, _ renderer: UpdateRenderer) throws(StoryError) {
        let found = try rows(
            """
            SELECT \(UpdateRow.columns), u.story FROM card_uses AS x JOIN updates AS u ON u.key = x.update_key
            WHERE x.card = ? ORDER BY u.key
            """, card
        ) { (row: UpdateRow(&$0), story: $0.integer()) }
        for (row, key) in found {
            guard let story = try story(key: key) else { continue }
            let cards = try cards(of: row.update)
            if cards != row.update.cards { try replaceCards(of: row, by: cards, in: story, renderer) }
        }
    }

    /// Nobody has edited the update: it keeps its time, makes no revision, causes no delivery, and editors who have seen the state before
    /// may still change it.
    private func replaceCards(
        of row: UpdateRow, by cards: [Card], in story: StoryRow, _ renderer: UpdateRenderer
    ) throws(StoryError) {
        var update = row.update
        (update.seq, update.cards) = (try story.nextSeq, cards)
        try run(
            "UPDATE updates SET seq = ?, cards = ?, edited_seq = ? WHERE key = ?", update.seq, column(cards),
            row.editedSeq ?? row.update.seq, row.key)
        let rendition = try keepRendition(
            of: update, story: story.key, firstSeq: row.firstSeq, renderer)
        try advance(story, to: update.seq, at: story.activeAt)
        emit(.put(update), of: story, firstSeq: row.firstSeq, rendition: rendition)
    }
}
