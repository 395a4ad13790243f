// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Stories

/// Writes to rows that many commands of a transaction change: each row is written once, with its last state. A database server keeps a
/// version of a row for each write of it, and a writer that does not need an answer saves a round trip.
struct DeferredWrites {
    private var advances: [Int64: Advance] = [:]
    private var counts: [ReactionCounter: Count] = [:]

    /// What has become of a story's feed.
    private struct Advance {
        var seq: Int64
        var activeAt: Timestamp
        var updatesAdded: Int
    }

    private struct Count {
        var number: Int
        let isNew: Bool
    }

    var isEmpty: Bool { advances.isEmpty && counts.isEmpty }

    /// Updates the row of a story whose feed was advanced.
    static let advancement =
        "UPDATE stories SET seq = ?1, active_at = ?2, update_count = update_count + ?3 WHERE key = ?4"

    mutating func advance(_ story: Int64, to seq: Int64, at now: Timestamp, updatesAdded: Int) {
        let added = advances[story]?.updatesAdded ?? 0
        advances[story] = Advance(seq: seq, activeAt: now, updatesAdded: added + updatesAdded)
    }

    /// `isNew`: whether there is no row yet.
    mutating func set(_ counter: ReactionCounter, to count: Int, isNew: Bool) {
        counts[counter] = Count(number: count, isNew: counts[counter]?.isNew ?? isNew)
    }

    /// Writes all, and forgets them.
    mutating func write(to database: any Database) throws(DatabaseError) {
        let (advances, counts) = (advances, counts)
        self = DeferredWrites()
        for (key, advance) in advances {
            try database.run(
                Self.advancing(database.dialect), advance.seq, advance.activeAt, advance.updatesAdded, key)
        }
        for (counter, count) in counts {
            let statement = count.isNew ? Self.firstCount : Self.counting(database.dialect)
            try database.run(statement, count.number, counter.story, counter.update, counter.kind)
        }
    }

    private static func advancing(_ dialect: Dialect) -> String {
        """
        UPDATE stories SET seq = ?1, active_at = ?2, update_count = update_count + ?3
        WHERE \(dialect.newestRow("stories", "TRUE", "key", "?4"))
        """
    }

    private static let firstCount =
        "INSERT INTO reactions (count, story, update_key, kind) VALUES (?, ?, ?, ?)"

    private static func counting(_ dialect: Dialect) -> String {
        """
        UPDATE reactions SET count = ?1
        WHERE \(dialect.newestRow("reactions", "story = ?2 AND update_key = ?3", "kind", "?4"))
        """
    }
}

/// The row of a reaction's count: that of a story (`update` is ``noUpdate``) or of one of its updates.
struct ReactionCounter: Hashable {
    let story: Int64
    let update: Int64
    let kind: String
}
