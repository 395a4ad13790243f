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

    /// Whether it was not found so long ago that it is looked up once more.
    func isDueAgain(at now: Timestamp) -> Bool {
        failedAt.map { now.milliseconds - $0.milliseconds >= Limits.cardRetryMilliseconds } ?? false
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
        let known = try keptRows(of: urls, at: now)
        let rows = urls.compactMap { known[Array($0.utf8)] }
        try insertUses(of: rows.filter { !former.contains($0.key) }, by: key, in: story)
        let present = rows.map(\.key)
        for card in former where !present.contains(card) {
            try run("DELETE FROM card_uses WHERE update_key = ? AND card = ?", key, card)
            try forgetCard(card)
        }
        return rows.compactMap(\.card)
    }

    /// Notes that a published update has cards.
    func insertUses(of rows: [CardRow], by update: Int64, in story: Int64) throws(StoryError) {
        for row in rows {
            try run(
                "INSERT INTO card_uses (story, update_key, card) VALUES (?, ?, ?)", story, update, row.key)
        }
    }

    /// The cards of a published update as they are known now, in the order of its addresses.
    func cards(of update: Update) throws(StoryError) -> [Card] {
        let urls = CardAddresses.all(in: update.bodyHtml, update.content.media)
        let known = try cardRows(of: urls)
        return urls.compactMap { known[Array($0.utf8)]?.card }
    }

    /// Returns the rows of addresses, by their bytes.
    private func cardRows(of urls: [String]) throws(StoryError) -> [[UInt8]: CardRow] {
        guard !urls.isEmpty else { return [:] }
        let found = try rows(
            """
            SELECT \(CardRow.columns) FROM \(CardRow.tables)
            WHERE c.url IN (SELECT value FROM \(dialect.items("?")))
            """, column(urls)
        ) { CardRow(&$0) }
        return Dictionary(found.map { (Array($0.text.url.utf8), $0) }) { first, _ in first }
    }

    private func cardKeys(of update: Int64) throws(StoryError) -> [Int64] {
        try rows("SELECT card FROM card_uses WHERE update_key = ? ORDER BY card", update) { $0.integer() }
    }

    /// Returns the rows of addresses, by their bytes. Those that are new, or were not found long ago, are queued as far as there is room.
    func keptRows(of urls: [String], at now: Timestamp) throws(StoryError) -> [[UInt8]: CardRow] {
        var (seen, new) = (Set<[UInt8]>(), [String]())
        let rows = try cardRows(of: urls)
        var late: [CardRow] = []
        for url in urls where seen.insert(Array(url.utf8)).inserted {
            guard let row = rows[Array(url.utf8)] else {
                new.append(url)
                continue
            }
            if row.isDueAgain(at: now) { late.append(row) }
        }
        guard !new.isEmpty || !late.isEmpty else { return rows }
        let waiting = try first("SELECT count(*) FROM cards WHERE status = 'waiting'") { Int($0.integer()) }
        var room = Limits.cardsWaiting - (waiting ?? 0)
        let before = room
        for row in late where room > 0 {
            try queueAgain(row, at: now)
            room -= 1
        }
        for url in new { try insertCard(url, room: &room, at: now) }
        if room < before { emit(.cardsQueued) }
        return rows.merging(try cardRows(of: new)) { _, newer in newer }
    }

    /// Inserts the row of an address, which waits to be looked up if there is room.
    private func insertCard(_ url: String, room: inout Int, at now: Timestamp) throws(StoryError) {
        let isLookedUp = CardProvider.lookup(of: url) != .none
        let waits = isLookedUp && room > 0
        let status = !isLookedUp ? "known" : waits ? "waiting" : "failed"
        try run(
            "INSERT INTO cards (url, kind, status, due_at, done_at, error) VALUES (?, ?, ?, ?, ?, ?)", url,
            Card.Kind.link.rawValue, status, waits ? now : nil, waits ? nil : now,
            isLookedUp && !waits ? "too many others wait" : nil)
        if waits { room -= 1 }
    }

    private func queueAgain(_ row: CardRow, at now: Timestamp) throws(StoryError) {
        try run(
            """
            UPDATE cards SET status = 'waiting', due_at = ?, done_at = NULL, attempts = 0, tried_since = NULL,
                error = NULL WHERE key = ?
            """, now, row.key)
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
