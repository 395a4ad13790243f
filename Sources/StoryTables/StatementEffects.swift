// SPDX-License-Identifier: Apache-2.0

/// What a statement means to the writer's cache.
struct StatementEffects {
    /// The table that a statement writes to, as far as the cache is concerned.
    enum Table {
        case stories, slugs, epoch, updates, reactions, takedowns, secrets, webhooks
        /// What editors have open: of it no node keeps anything in memory, and readers see nothing.
        case openForms
        case other
    }

    let written: Table
    let deletes: Bool
    /// Whether it names a table that deferred writes are for.
    let dependsOnDeferred: Bool

    init(_ sql: String) {
        let words = sql.utf8.split { !Self.isPartOfName($0) }.map { Substring($0) }
        deletes = words.first == "DELETE"
        dependsOnDeferred = words.contains("stories") || words.contains("reactions")
        // UPDATE t, INSERT INTO t, DELETE FROM t
        let place: Int? =
            switch words.first {
            case "UPDATE": 1
            case "INSERT", "DELETE": 2
            default: nil
            }
        let table = place.flatMap { words.count > $0 ? words[$0] : nil }
        written =
            switch table {
            case "stories": .stories
            case "former_slugs": .slugs
            case "database_epoch": .epoch
            case "updates": .updates
            case "reactions": .reactions
            case "takedowns": .takedowns
            case "secrets": .secrets
            case "webhooks": .webhooks
            case "autosaves", "presences": .openForms
            default: .other
            }
    }

    private static func isPartOfName(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
