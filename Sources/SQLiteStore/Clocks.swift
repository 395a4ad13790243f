internal import SQLite
internal import Stories

// A wall clock may be set back, or jump ahead and come back. What has an order keeps it.

extension Transaction {
    /// When an update that readers get now is said to have been published: now, but not before what the story published last, so
    /// that it stands on top. What comes while the clock is behind shares one time, and its ids, which only go up, give the order; a
    /// draft, whose id may be older, comes a millisecond later.
    func publicationTime(
        of id: Identifier, in story: Int64, at now: Timestamp
    ) throws(StoryError) -> Timestamp {
        let last = try first(
            "SELECT published_at, id FROM updates WHERE story = ? ORDER BY published_at DESC, id DESC LIMIT 1",
            story
        ) { (time: $0.timestamp(), id: $0.identifier()) }
        guard let last, now < last.time else { return now }
        guard id < last.id else { return last.time }
        return Timestamp(milliseconds: last.time.milliseconds + 1)
    }
}

extension Connection {
    /// The highest id that this program may have made, so that new ones are above it also where the clock was set back since.
    /// Imported ids that are no UUIDv7, or of another age, do not count.
    func highestIdentifier(at now: Timestamp) throws(SQLiteError) -> Identifier? {
        // A clock that was reset to its beginning is no measure of what is plausible.
        let last = try first("SELECT max(active_at) FROM stories") { $0.optionalInteger() } ?? nil
        let latest = max(now, Timestamp(milliseconds: last ?? now.milliseconds))
        let limit = IdentifierGenerator.firstIdentifier(
            at: Timestamp(milliseconds: latest.milliseconds &+ Self.plausibleMilliseconds))
        var highest: Identifier?
        for table in ["stories", "updates", "drafts", "bin", "takedowns"] {
            let column = table == "takedowns" ? "update_id" : "id"
            let found = try first(
                """
                SELECT \(column) FROM \(table) WHERE \(column) < ? AND substr(hex(\(column)), 13, 1) = '7'
                ORDER BY \(column) DESC LIMIT 1
                """, limit
            ) { $0.identifier() }
            if let found { highest = max(highest ?? found, found) }
        }
        return highest
    }

    /// A year: a clock that was ahead by more was noticed.
    private static let plausibleMilliseconds: Int64 = 366 * 24 * 60 * 60 * 1_000
}
