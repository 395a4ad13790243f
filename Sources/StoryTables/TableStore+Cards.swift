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
                SELECT key, url, attempts, coalesce(tried_since, ?), shown_to IS NOT NULL FROM cards
                WHERE status = 'waiting' AND due_at <= ? ORDER BY due_at, key LIMIT ?
                """, now, now, limit
            ) {
                ClaimedCard(
                    key: $0.integer(), url: $0.text(), attempts: Int($0.integer()) + 1, since: $0.timestamp(),
                    isFound: $0.bool())
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
    public func keepCard(
        _ claimed: ClaimedCard, _ text: CardText, thumbnail: MediaAsset?, limit: Int
    ) async throws(StoryError) -> KeptCard {
        try await engine.write { [renderer] transaction throws(StoryError) in
            let now = self.now()
            guard try transaction.keep(text, with: thumbnail?.id, of: claimed, at: now) else {
                return KeptCard(isThumbnailAdded: false, isShown: true)
            }
            var isAdded = false
            if let thumbnail {
                let stored = try transaction.add(thumbnail, by: .cards, at: now)
                isAdded = stored.folder.hasSameBytes(as: thumbnail.folder)
            }
            let isShown = try transaction.showCard(claimed, limit: limit, at: now, renderer)
            return KeptCard(isThumbnailAdded: isAdded, isShown: isShown)
        }
    }

    /// See ``CardQueue``.
    public func showCard(_ claimed: ClaimedCard, limit: Int) async throws(StoryError) -> Bool {
        try await engine.write { [renderer] transaction throws(StoryError) in
            try transaction.showCard(claimed, limit: limit, at: self.now(), renderer)
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
                WHERE key = ? AND url = ? AND status = 'waiting' AND shown_to IS NULL AND claimed_by = ?
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
    /// Stores the texts of a card, and has it shown from the first update on. Returns false if they are known already, or if no update has
    /// the address any more.
    fileprivate func keep(
        _ text: CardText, with thumbnail: Identifier?, of claimed: ClaimedCard, at now: Timestamp
    ) throws(StoryError) -> Bool {
        // The address tells it from another card that has got the key meanwhile. One that has failed for another process is found now.
        try changes(
            """
            UPDATE cards SET status = 'waiting', shown_to = 0, due_at = coalesce(due_at, ?), done_at = NULL, error = NULL, kind = ?,
                site = ?, title = ?, description = ?, author = ?, thumbnail = ?
            WHERE key = ? AND url = ? AND status <> 'known' AND shown_to IS NULL
            """, now, text.kind.rawValue, text.site, text.title, text.description, text.author,
            thumbnail, claimed.key, claimed.url) > 0
    }

    /// Gives the next published updates with a card, at most `limit`, their next sequence number, as their readers see something new; returns
    /// whether none is left. Drafts and the bin have their cards when they are published.
    fileprivate func showCard(
        _ claimed: ClaimedCard, limit: Int, at now: Timestamp, _ renderer: UpdateRenderer
    ) throws(StoryError) -> Bool {
        let found = try first(
            "SELECT shown_to FROM cards WHERE key = ? AND url = ? AND shown_to IS NOT NULL", claimed.key,
            claimed.url
        ) { $0.integer() }
        guard let shown = found else { return true }
        let next = try rows(
            """
            SELECT \(UpdateRow.columns), u.story FROM card_uses AS x JOIN updates AS u ON u.key = x.update_key
            WHERE x.card = ? AND x.update_key > ? ORDER BY x.update_key LIMIT ?
            """, claimed.key, shown, limit
        ) { (row: UpdateRow(&$0), story: $0.integer()) }
        for (row, key) in next {
            guard let story = try story(key: key) else { continue }
            let cards = try cards(of: row.update)
            if cards != row.update.cards { try replaceCards(of: row, by: cards, in: story, renderer) }
        }
        if next.count == limit, let last = next.last {
            try run("UPDATE cards SET shown_to = ? WHERE key = ?", last.row.key, claimed.key)
            return false
        }
        try run(
            """
            UPDATE cards SET status = 'known', shown_to = NULL, claimed_by = NULL, due_at = NULL, done_at = ?
            WHERE key = ?
            """, now, claimed.key)
        return true
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
