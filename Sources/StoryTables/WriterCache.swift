// SPDX-License-Identifier: Apache-2.0
internal import Stories

/// A write-through cache of what writes read: rows that the writer has read or written itself. With a database server, each read that it
/// saves is a round trip. Valid only while there is no other writer: its owner clears it after commits of others, and after each rollback.
/// Confined to the writer's queue.
public final class WriterCache {
    private var stories: [Int64: StoryRow] = [:]
    private var keysByID: [Identifier: Int64] = [:]
    /// By current and former slugs that were asked for.
    private var keysBySlug: [String: Int64] = [:]
    private var latest: [Int64: LatestUpdate?] = [:]
    private var lastKey: Int64?
    private var takedowns: Set<[UInt8]>?

    /// Time and id of the update of a story that was published last.
    typealias LatestUpdate = (time: Timestamp, id: Identifier)

    /// Stories kept; beyond this number all are dropped.
    private static let maximumStories = 1_000

    /// Creates an empty cache.
    public init() {}

    /// Drops everything.
    public func clear() {
        forgetStories()
        latest = [:]
        (lastKey, takedowns) = (nil, nil)
    }

    /// Drops what a statement may change, by the table that it names. Statements whose effect is known are not passed here.
    func invalidate(by sql: String) {
        switch WrittenTable(sql) {
        case .stories where sql.hasPrefix("DELETE"): clear()  // ascii: a statement of this program
        case .stories, .slugs, .epoch: forgetStories()
        case .updates: latest = [:]
        case .takedowns: takedowns = nil
        case .other: break
        }
    }

    private func forgetStories() { (stories, keysByID, keysBySlug) = ([:], [:], [:]) }

    // MARK: Stories

    func story(_ reference: StoryReference) -> StoryRow? {
        switch reference {
        case .id(let id): keysByID[id].flatMap { stories[$0] }
        case .slug(let slug): keysBySlug[slug.text].flatMap { stories[$0] }
        }
    }

    func keep(_ row: StoryRow, as reference: StoryReference) {
        if stories.count >= Self.maximumStories { forgetStories() }
        stories[row.key] = row
        keysByID[row.story.id] = row.key
        if case .slug(let slug) = reference { keysBySlug[slug.text] = row.key }
    }

    /// Notes that the feed of a story was advanced.
    func advance(_ key: Int64, to seq: Int64, at now: Timestamp, updatesAdded: Int) {
        stories[key]?.story.seq = seq
        stories[key]?.story.updateCount += updatesAdded
        stories[key]?.activeAt = now
    }

    // MARK: Updates

    /// Returns the latest update of a story, where it is known; `.some(nil)`: it has none.
    func latestUpdate(of story: Int64) -> LatestUpdate?? { latest[story] }

    func keep(latest update: LatestUpdate?, of story: Int64) {
        if latest.count >= Self.maximumStories { latest = [:] }
        latest[story] = .some(update)
    }

    /// Notes that an update was inserted.
    func inserted(_ update: LatestUpdate, into story: Int64) {
        guard let known = latest[story] else { return }
        if let known, (known.time, known.id) > (update.time, update.id) { return }
        latest[story] = .some(update)
    }

    /// Returns an unused key for an update, if one is known.
    func nextKey() -> Int64? {
        guard let last = lastKey, last < .max else { return nil }
        lastKey = last + 1
        return last + 1
    }

    func keep(lastKey key: Int64) { lastKey = key }

    // MARK: Takedowns

    /// Fingerprints of the requests that created updates which were taken down; `nil`: not known.
    var takenDown: Set<[UInt8]>? { takedowns }

    /// More takedowns than this are not kept.
    static let maximumTakedowns = 10_000

    func keep(takenDown fingerprints: [[UInt8]]) {
        takedowns = fingerprints.count > Self.maximumTakedowns ? nil : Set(fingerprints)
    }
}

/// The table that a statement writes to, as far as the cache is concerned.
private enum WrittenTable {
    case stories, slugs, epoch, updates, takedowns, other

    init(_ sql: String) {
        let words = sql.utf8.split(separator: UInt8(ascii: " "), maxSplits: 3).map { Substring($0) }
        // UPDATE t, INSERT INTO t, DELETE FROM t
        let place = words.first == "UPDATE" ? 1 : 2
        switch words.count > place ? words[place] : "" {
        case "stories": self = .stories
        case "former_slugs": self = .slugs
        case "database_epoch": self = .epoch
        case "updates": self = .updates
        case "takedowns": self = .takedowns
        default: self = .other
        }
    }
}
