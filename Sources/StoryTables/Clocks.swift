// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Stories

extension Transaction {
    /// When an update that readers get now is said to have been published.
    func publicationTime(
        of id: Identifier, in story: Int64, at now: Timestamp
    ) throws(StoryError) -> Timestamp {
        let last = try first(
            "SELECT published_at, id FROM updates WHERE story = ? ORDER BY published_at DESC, id DESC LIMIT 1",
            story
        ) { (time: $0.timestamp(), id: $0.identifier()) }
        return Publication.time(of: id, after: last, at: now)
    }
}

extension Database {
    /// The highest id that this program may have made, so that new ones are above it also where the clock was set back since.
    /// Imported ids that are no UUIDv7, or of another age, do not count.
    func highestIdentifier(at now: Timestamp) throws(DatabaseError) -> Identifier? {
        let last = try first("SELECT max(active_at) FROM stories") { $0.optionalTimestamp() } ?? nil
        let limit = IdentifierGenerator.implausible(at: now, lastActive: last)
        var highest: Identifier?
        for table in ["stories", "updates", "drafts", "bin", "takedowns"] {
            let column = table == "takedowns" ? "update_id" : "id"
            let found = try first(
                """
                SELECT \(column) FROM \(table) WHERE \(column) < ? AND substr(\(dialect.hexadecimal(column)), 13, 1) = '7'
                ORDER BY \(column) DESC LIMIT 1
                """, limit
            ) { $0.identifier() }
            if let found { highest = max(highest ?? found, found) }
        }
        return highest
    }
}
