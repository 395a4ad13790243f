// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Stories

/// Writes to rows that many commands of a transaction change: each row is written once, with its last state. A database server keeps a
/// version of a row for each write of it, and a writer that does not need an answer saves a round trip.
struct DeferredWrites {
    private var advances: [Int64: Advance] = [:]
    private var counts: [ReactionCounter: Int] = [:]

    /// What has become of a story's feed.
    private struct Advance {
        var seq: Int64
        var activeAt: Timestamp
        var updatesAdded: Int
    }

    var isEmpty: Bool { advances.isEmpty && counts.isEmpty }

    /// Updates the row of a story whose feed was advanced.
    static let advancement =
        "UPDATE stories SET seq = ?, active_at = ?, update_count = update_count + ? WHERE key = ?"

    private static let counting = """
        INSERT INTO reactions (story, update_key, kind, count) VALUES (?, ?, ?, ?)
        ON CONFLICT (story, update_key, kind) DO UPDATE SET count = excluded.count
        """

    mutating func advance(_ story: Int64, to seq: Int64, at now: Timestamp, updatesAdded: Int) {
        let added = advances[story]?.updatesAdded ?? 0
        advances[story] = Advance(seq: seq, activeAt: now, updatesAdded: added + updatesAdded)
    }

    mutating func set(_ counter: ReactionCounter, to count: Int) { counts[counter] = count }

    /// Writes all, and forgets them.
    mutating func write(to database: any Database) throws(DatabaseError) {
        let (advances, counts) = (advances, counts)
        self = DeferredWrites()
        for (key, advance) in advances {
            try database.run(Self.advancement, advance.seq, advance.activeAt, advance.updatesAdded, key)
        }
        for (counter, count) in counts {
            try database.run(Self.counting, counter.story, counter.update, counter.kind, count)
        }
    }
}

/// The row of a reaction's count: that of a story (`update` is ``noUpdate``) or of one of its updates.
struct ReactionCounter: Hashable {
    let story: Int64
    let update: Int64
    let kind: String
}
