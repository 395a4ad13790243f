// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Stories

/// A row of `cards`: an address, and what was found out about it.
struct CardRow {
    let key: Int64
    /// Whether its texts are known, also to updates that do not have it yet.
    let isKnown: Bool
    let text: CardText
    /// Since when nothing was found; `nil` if it waits or is known.
    let failedAt: Timestamp?

    static let columns = """
        c.key, c.status, c.done_at, c.shown_to, c.url, c.kind, c.site, c.title, c.description, c.author, t.id, t.width, t.height
        """
    static let tables = "cards AS c LEFT JOIN media_assets AS t ON t.id = c.thumbnail"

    init(_ row: inout Row) {
        key = row.integer()
        let status = row.text()
        let doneAt = row.optionalTimestamp()
        let isOnItsWay = row.optionalInteger() != nil
        isKnown = isOnItsWay || status.hasSameBytes(as: "known")
        failedAt = status.hasSameBytes(as: "failed") ? doneAt : nil
        var text = CardText(url: row.text(), kind: Card.Kind(exactly: row.text()) ?? .link)
        (text.site, text.title, text.description) = (
            row.optionalText(), row.optionalText(), row.optionalText()
        )
        (text.author, text.thumbnail) = (row.optionalText(), row.optionalIdentifier())
        text.thumbnailWidth = row.optionalInteger().map { Int($0) }
        text.thumbnailHeight = row.optionalInteger().map { Int($0) }
        self.text = text
    }

    /// The card for readers. Of an address of no provider there is none until it is known: it is a link.
    var card: Card? {
        let card = Card(text)
        return isKnown || card.frame != nil ? card : nil
    }
}

extension Transaction {
    /// Notes which addresses an update has, queues those that are not known yet, and returns its cards as far as they are known.
    /// `isNew`: it has none so far.
    func keepCards(
        of update: EditorUpdate, key: Int64, in story: Int64, isNew: Bool = false, at now: Timestamp
    ) throws(StoryError) -> [Card] {
        let urls = CardAddresses.all(in: update.bodyHtml, update.content.media)
        let former = isNew ? [] : try cardKeys(of: key)
        guard !urls.isEmpty || !former.isEmpty else { return [] }
        var rows: [CardRow] = []
        for url in urls { rows.append(try keptRow(of: url, at: now)) }
        for row in rows where !former.contains(row.key) {
            try run("INSERT INTO card_uses (story, update_key, card) VALUES (?, ?, ?)", story, key, row.key)
        }
        let present = rows.map(\.key)
        for card in former where !present.contains(card) {
            try run("DELETE FROM card_uses WHERE update_key = ? AND card = ?", key, card)
            try forgetCard(card)
        }
        return rows.compactMap(\.card)
    }

    /// The cards of a published update as they are known now, in the order of its addresses.
    func cards(of update: Update) throws(StoryError) -> [Card] {
        var cards: [Card] = []
        for url in CardAddresses.all(in: update.bodyHtml, update.content.media) {
            if let card = try cardRow(url)?.card { cards.append(card) }
        }
        return cards
    }

    private func cardRow(_ url: String) throws(StoryError) -> CardRow? {
        try first("SELECT \(CardRow.columns) FROM \(CardRow.tables) WHERE c.url = ?", url) { CardRow(&$0) }
    }

    private func cardKeys(of update: Int64) throws(StoryError) -> [Int64] {
        try rows("SELECT card FROM card_uses WHERE update_key = ? ORDER BY card", update) { $0.integer() }
    }

    /// Returns the row of an address, which is queued if it is new, or was not found long ago.
    private func keptRow(of url: String, at now: Timestamp) throws(StoryError) -> CardRow {
        if let row = try cardRow(url) {
            if let failedAt = row.failedAt,
                now.milliseconds - failedAt.milliseconds >= Limits.cardRetryMilliseconds
            {
                try queueAgain(row, at: now)
            }
            return row
        }
        let isLookedUp = CardProvider.lookup(of: url) != .none
        let hasRoom = isLookedUp ? try hasRoomForCard() : true
        let status = !isLookedUp ? "known" : hasRoom ? "waiting" : "failed"
        let waits = isLookedUp && hasRoom
        try run(
            "INSERT INTO cards (url, kind, status, due_at, done_at, error) VALUES (?, ?, ?, ?, ?, ?)", url,
            Card.Kind.link.rawValue, status, waits ? now : nil, waits ? nil : now,
            hasRoom ? nil : "too many others wait")
        if waits { emit(.cardsQueued) }
        guard let row = try cardRow(url) else {
            throw .storage(.unavailable("the row of a card that was inserted is not there"))
        }
        return row
    }

    private func queueAgain(_ row: CardRow, at now: Timestamp) throws(StoryError) {
        guard try hasRoomForCard() else { return }
        try run(
            """
            UPDATE cards SET status = 'waiting', due_at = ?, done_at = NULL, attempts = 0, tried_since = NULL,
                error = NULL WHERE key = ?
            """, now, row.key)
        emit(.cardsQueued)
    }

    private func hasRoomForCard() throws(StoryError) -> Bool {
        let waiting = try first("SELECT count(*) FROM cards WHERE status = 'waiting'") { Int($0.integer()) }
        return (waiting ?? 0) < Limits.cardsWaiting
    }

    /// The thumbnails of the cards that an update has.
    func thumbnails(of update: Int64) throws(StoryError) -> [Identifier] {
        try rows(
            """
            SELECT DISTINCT c.thumbnail FROM card_uses AS x JOIN cards AS c ON c.key = x.card
            WHERE x.update_key = ? AND c.thumbnail IS NOT NULL ORDER BY c.thumbnail
            """, update
        ) { $0.identifier() }
    }

    // MARK: Erasure

    /// Deletes the uses of an update, and the cards that no other has.
    func forgetCards(of update: Int64) throws(StoryError) {
        let former = try cardKeys(of: update)
        guard !former.isEmpty else { return }
        try run("DELETE FROM card_uses WHERE update_key = ?", update)
        for card in former { try forgetCard(card) }
    }

    private func forgetCard(_ key: Int64) throws(StoryError) {
        try run(
            "DELETE FROM cards WHERE key = ? AND NOT EXISTS (SELECT 1 FROM card_uses WHERE card = ?)", key,
            key)
    }

    /// Deletes all cards that no update has: after the deletion of a story.
    func forgetUnusedCards() throws(StoryError) {
        try run("DELETE FROM cards WHERE NOT EXISTS (SELECT 1 FROM card_uses WHERE card = cards.key)")
    }
}
