internal import SQLite
public import Stories

extension SQLiteStore {
    /// See ``StoryStore``.
    public func reactions(
        of story: StoryReference, access: Access
    ) async throws(StoryError) -> Reactions {
        try await readers.read { session throws(StoryError) in
            let story = try session.story(story, for: access)
            return Reactions(
                story: try session.storyReactions(story.key),
                updates: try session.updateReactions(of: story.key))
        }
    }

    /// See ``StoryStore``.
    public func react(
        _ kind: ReactionKind, to update: Identifier?, of story: StoryReference, access: Access
    ) async throws(StoryError) -> Int {
        try await writer.write { session throws(StoryError) in
            let story = try session.story(story, for: access)
            var updateKey = noUpdate
            if let update { updateKey = try session.update(update, of: story).key }
            session.tell(.reacted(story.story.id))
            return try session.addReactions(1, kind, story: story.key, updateKey: updateKey)
        }
    }
}

/// Stands for "the story itself" where a reaction's row names an update.
let noUpdate: Int64 = 0

extension Session {
    func storyReactions(_ story: Int64) throws(StoryError) -> ReactionCounts {
        var counts: ReactionCounts = [:]
        for (kind, count) in try rows(
            "SELECT kind, count FROM reactions WHERE story = ? AND update_key = 0", story,
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

    /// Adds to a count, and gives the new one.
    @discardableResult
    func addReactions(
        _ number: Int, _ kind: ReactionKind, story: Int64, updateKey: Int64
    ) throws(StoryError) -> Int {
        let count = try first(
            """
            INSERT INTO reactions (story, update_key, kind, count) VALUES (?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET count = min(count + excluded.count, ?) RETURNING count
            """, story, updateKey, kind.name, number, Limits.reactionCount
        ) { Int($0.integer()) }
        return count ?? number
    }
}
