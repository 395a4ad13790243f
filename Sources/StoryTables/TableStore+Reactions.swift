// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``StoryStore``.
    public func reactions(
        of story: StoryReference, access: Access
    ) async throws(StoryError) -> Reactions {
        try await engine.read { transaction throws(StoryError) in
            let story = try transaction.story(story, for: access)
            return Reactions(
                story: try transaction.storyReactions(story.key),
                updates: try transaction.updateReactions(of: story.key))
        }
    }

    /// See ``StoryStore``.
    public func react(
        _ kind: ReactionKind, to update: Identifier?, of story: StoryReference, by visitor: Visitor?,
        idempotency: IdempotentWrite<ReactionOutcome>?, access: Access
    ) async throws(StoryError) -> ReactionOutcome {
        try await write(idempotency) { transaction throws(StoryError) in
            let target = try transaction.target(update, of: story, for: access, of: kind)
            if let visitor, try !transaction.note(visitor, kind, target) {
                return ReactionOutcome(count: try transaction.count(kind, target), counted: false)
            }
            let count = try transaction.addReactions(1, kind, story: target.story, updateKey: target.update)
            transaction.emit(target.step(kind, count: count))
            return ReactionOutcome(count: count, counted: true)
        }
    }

    /// See ``StoryStore``.
    public func takeBackReaction(
        _ kind: ReactionKind, to update: Identifier?, of story: StoryReference, by visitor: Visitor,
        access: Access
    ) async throws(StoryError) -> ReactionOutcome {
        try await engine.write { transaction throws(StoryError) in
            let target = try transaction.target(update, of: story, for: access)
            guard try transaction.forget(visitor, kind, target) else {
                return ReactionOutcome(count: try transaction.count(kind, target), counted: false)
            }
            let count = try transaction.addReactions(-1, kind, story: target.story, updateKey: target.update)
            transaction.emit(target.step(kind, count: count))
            return ReactionOutcome(count: count, counted: true)
        }
    }
}

/// The target of a reaction: a story, or one of its updates.
private struct ReactionTarget {
    let id: Identifier
    let updateID: Identifier?
    let story: Int64
    let update: Int64

    func step(_ kind: ReactionKind, count: Int) -> StoreEvent {
        .reacted(ReactionStep(story: id, update: updateID, kind: kind, count: count))
    }
}

extension Transaction {
    fileprivate func target(
        _ update: Identifier?, of story: StoryReference, for access: Access, of given: ReactionKind? = nil
    ) throws(StoryError) -> ReactionTarget {
        let row = try self.story(story, for: access)
        if let given, !row.story.content.allows(given) { throw .notFound(.reactionKind) }
        var key = noUpdate
        if let update {
            guard let found = try publishedKey(of: update, in: row) else { throw .notFound(.update) }
            key = found
        }
        return ReactionTarget(id: row.story.id, updateID: update, story: row.key, update: key)
    }

    /// Returns the key of a published update.
    private func publishedKey(of update: Identifier, in story: StoryRow) throws(StoryError) -> Int64? {
        if let known = cache?.key(of: update, in: story.key) { return known }
        let key = try first("SELECT key FROM updates WHERE id = ? AND story = ?", update, story.key) {
            $0.integer()
        }
        if let key { cache?.keep(key, of: update, in: story.key) }
        return key
    }

    /// Records a visitor's reaction; returns `false` if it was recorded before.
    fileprivate func note(
        _ visitor: Visitor, _ kind: ReactionKind, _ target: ReactionTarget
    ) throws(StoryError) -> Bool {
        try changes(
            "INSERT INTO visitors (story, update_key, kind, visitor) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            target.story, target.update, kind.name, try mark(of: visitor)) > 0
    }

    /// Deletes a visitor's reaction; returns `false` if there was none.
    fileprivate func forget(
        _ visitor: Visitor, _ kind: ReactionKind, _ target: ReactionTarget
    ) throws(StoryError) -> Bool {
        try changes(
            "DELETE FROM visitors WHERE story = ? AND update_key = ? AND kind = ? AND visitor = ?",
            target.story, target.update, kind.name, try mark(of: visitor)) > 0
    }

    fileprivate func count(
        _ kind: ReactionKind, _ target: ReactionTarget
    ) throws(StoryError) -> Int {
        try count(ReactionCounter(story: target.story, update: target.update, kind: kind.name)) ?? 0
    }

    /// Returns a count; `nil` if there is no row.
    private func count(_ counter: ReactionCounter) throws(StoryError) -> Int? {
        if let known = cache?.count(counter) { return known }
        let count = try first(
            "SELECT count FROM reactions WHERE story = ? AND update_key = ? AND kind = ?",
            counter.story, counter.update, counter.kind
        ) { Int($0.integer()) }
        cache?.keep(count, of: counter)
        return count
    }

    /// Returns the pseudonym of a visitor.
    private func mark(of visitor: Visitor) throws(StoryError) -> [UInt8] { try keyedHash(of: visitor.name) }
}

/// Value of `update_key` for reactions to the story itself.
let noUpdate: Int64 = 0

extension Transaction {
    func storyReactions(_ story: Int64) throws(StoryError) -> ReactionCounts {
        try reactions(of: noUpdate, in: story)
    }

    private func reactions(of update: Int64, in story: Int64) throws(StoryError) -> ReactionCounts {
        var counts: ReactionCounts = [:]
        for (kind, count) in try rows(
            "SELECT kind, count FROM reactions WHERE story = ? AND update_key = ?", story, update,
            read: { ($0.text(), Int($0.integer())) })
        {
            if let kind = ReactionKind(kind) { counts[kind] = count }
        }
        return counts
    }

    func updateReactions(of story: Int64) throws(StoryError) -> [Identifier: ReactionCounts] {
        var counts: [Identifier: ReactionCounts] = [:]
        for (update, kind, count) in try rows(
            """
            SELECT u.id, r.kind, r.count FROM reactions AS r JOIN updates AS u ON u.key = r.update_key
            WHERE r.story = ? AND r.update_key > 0
            """, story, read: { ($0.identifier(), $0.text(), Int($0.integer())) })
        {
            if let kind = ReactionKind(kind) { counts[update, default: [:]][kind] = count }
        }
        return counts
    }

    /// Emits events for the counts of an update that becomes visible again or (`areSeen: false`) is no longer visible.
    func emitReactions(
        to update: Identifier, key: Int64, of story: StoryRow, areSeen: Bool
    ) throws(StoryError) {
        let counts = try reactions(of: key, in: story.key)
        for event in StoreEvent.reactions(to: update, of: story.story.id, counts, areSeen: areSeen) {
            emit(event)
        }
    }

    /// Adds `number` to a count, which is kept within 0 and the limit, and returns the new count.
    @discardableResult
    func addReactions(
        _ number: Int, _ kind: ReactionKind, story: Int64, updateKey: Int64
    ) throws(StoryError) -> Int {
        let counter = ReactionCounter(story: story, update: updateKey, kind: kind.name)
        if let cache, cache.defersWrites {
            let before = try self.count(counter)
            let (sum, overflow) = (before ?? 0).addingReportingOverflow(number)
            let count = overflow ? Limits.reactionCount : max(min(sum, Limits.reactionCount), 0)
            cache.set(counter, to: count, isNew: before == nil)
            return count
        }
        let count = try first(
            """
            INSERT INTO reactions (story, update_key, kind, count) VALUES (?, ?, ?, ?)
            ON CONFLICT (story, update_key, kind) DO UPDATE SET count =
                \(dialect.greatest)(\(dialect.least)(reactions.count + ?, ?), 0)
            RETURNING count
            """, story, updateKey, kind.name, max(number, 0), number, Limits.reactionCount
        ) { Int($0.integer()) }
        return count ?? number
    }

    /// Stores a count of what is new, so that it has no row yet.
    func insertReactions(
        _ count: Int, _ kind: ReactionKind, story: Int64, updateKey: Int64
    ) throws(StoryError) {
        try runKnown(
            "INSERT INTO reactions (story, update_key, kind, count) VALUES (?, ?, ?, ?)", story, updateKey,
            kind.name, max(min(count, Limits.reactionCount), 0))
    }
}
