// SPDX-License-Identifier: Apache-2.0
public import Database
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
    private var updateKeys: [Identifier: UpdateKey] = [:]
    private var counts: [ReactionCounter: Int?] = [:]
    private var visitorsSecret: [UInt8]?
    private var rules: [WebhookRule]?

    /// `nil`: nothing is deferred.
    private var deferred: DeferredWrites?
    /// Writes that were deferred since the cache was made, also those that are done by now.
    public private(set) var deferrals = 0
    /// Statements that wrote open forms since the cache was made; see ``StatementEffects/Table/openForms``.
    public private(set) var openFormWrites = 0
    private var effects: [StatementText: StatementEffects] = [:]

    /// Time and id of the update of a story that was published last.
    typealias LatestUpdate = (time: Timestamp, id: Identifier)
    private typealias UpdateKey = (key: Int64, story: Int64)

    /// Stories kept; beyond this number all are dropped.
    private static let maximumStories = 1_000
    /// Keys of updates, and counts of reactions, kept; beyond this number all are dropped.
    private static let maximumRows = 10_000

    /// Creates an empty cache. If it defers writes, a row that many commands of a transaction change is written once, and the transaction
    /// must end by ``writeDeferred(to:)`` or ``clear()``.
    public init(defersWrites: Bool = false) {
        deferred = defersWrites ? DeferredWrites() : nil
    }

    /// Drops everything, also what is not written yet.
    public func clear() {
        forgetStories()
        (latest, updateKeys, counts) = ([:], [:], [:])
        (lastKey, takedowns, visitorsSecret, rules) = (nil, nil, nil, nil)
        if deferred != nil { deferred = DeferredWrites() }
    }

    private func forgetStories() { (stories, keysByID, keysBySlug) = ([:], [:], [:]) }

    // MARK: Statements

    /// Prepares for a statement: writes what was deferred, if the statement depends on it, and drops what the statement may change, by the
    /// table that it names.
    func prepare(for sql: String, on database: any Database) throws(DatabaseError) {
        let effects = effects(of: sql)
        if effects.dependsOnDeferred { try writeDeferred(to: database) }
        switch effects.written {
        case .stories where effects.deletes: clear()
        case .stories, .slugs, .epoch: forgetStories()
        case .updates: (latest, updateKeys) = ([:], [:])
        case .reactions: counts = [:]
        case .takedowns: takedowns = nil
        case .secrets: visitorsSecret = nil
        case .webhooks: rules = nil
        case .openForms: openFormWrites += 1
        case .other: break
        }
    }

    private func effects(of sql: String) -> StatementEffects {
        let key = StatementText(sql)
        if let known = effects[key] { return known }
        let found = StatementEffects(sql)
        effects[key] = found
        return found
    }

    /// Does the writes that were deferred.
    public func writeDeferred(to database: any Database) throws(DatabaseError) {
        guard let isEmpty = deferred?.isEmpty, !isEmpty else { return }
        try deferred?.write(to: database)
    }

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

    /// Notes that the feed of a story was advanced. Returns whether the row of the story is written later.
    func advance(_ key: Int64, to seq: Int64, at now: Timestamp, updatesAdded: Int) -> Bool {
        if var row = stories[key] {
            let (count, overflow) = row.story.updateCount.addingReportingOverflow(updatesAdded)
            (row.story.seq, row.story.updateCount, row.activeAt) = (seq, count, now)
            // The count of a damaged database; the statement fails.
            stories[key] = overflow ? nil : row
        }
        guard deferred != nil else { return false }
        deferrals += 1
        deferred?.advance(key, to: seq, at: now, updatesAdded: updatesAdded)
        return true
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

    /// Returns the key of a published update of a story, if it is known.
    func key(of update: Identifier, in story: Int64) -> Int64? {
        guard let known = updateKeys[update], known.story == story else { return nil }
        return known.key
    }

    func keep(_ key: Int64, of update: Identifier, in story: Int64) {
        if updateKeys.count >= Self.maximumRows { updateKeys = [:] }
        updateKeys[update] = (key, story)
    }

    // MARK: Reactions

    /// Returns a count, if it is known; `.some(nil)`: it has no row.
    func count(_ counter: ReactionCounter) -> Int?? { counts[counter] }

    func keep(_ count: Int?, of counter: ReactionCounter) {
        if counts.count >= Self.maximumRows { counts = [:] }
        counts[counter] = .some(count)
    }

    /// Sets a count, whose row is written later; `isNew`: there is none yet.
    func set(_ counter: ReactionCounter, to count: Int, isNew: Bool) {
        keep(count, of: counter)
        deferrals += 1
        deferred?.set(counter, to: count, isNew: isNew)
    }

    /// Whether writes are deferred.
    var defersWrites: Bool { deferred != nil }

    /// The secret of visitors' pseudonyms, if it is known.
    var secret: [UInt8]? { visitorsSecret }

    func keep(secret: [UInt8]) { visitorsSecret = secret }

    // MARK: Webhooks

    /// The rules of all enabled webhooks; `nil`: not known.
    var webhooks: [WebhookRule]? { rules }

    func keep(webhooks rules: [WebhookRule]) { self.rules = rules }

    // MARK: Takedowns

    /// Fingerprints of the requests that created updates which were taken down; `nil`: not known.
    var takenDown: Set<[UInt8]>? { takedowns }

    /// More takedowns than this are not kept.
    static let maximumTakedowns = 10_000

    func keep(takenDown fingerprints: [[UInt8]]) {
        takedowns = fingerprints.count > Self.maximumTakedowns ? nil : Set(fingerprints)
    }
}
