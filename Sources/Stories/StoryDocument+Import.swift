// SPDX-License-Identifier: Apache-2.0
// Conversions between documents and stories.

extension StoryDocument {
    /// A document of the story without its updates.
    public init(_ story: Story) {
        self.init(content: story.content)
        id = story.id
        slug = story.slug
        publishedAt = story.publishedAt
        createdAt = story.createdAt
        modifiedAt = story.modifiedAt
        closedAt = story.closedAt
    }

    /// The story, without its updates. Missing times default to `now`.
    public func story(id: Identifier, slug: Slug, at now: Timestamp) -> Story {
        Story(
            id: id, slug: slug, content: content,
            publishedAt: publishedAt ?? (content.status == .draft ? nil : now), createdAt: createdAt ?? now,
            modifiedAt: modifiedAt ?? now, closedAt: closing(at: now), seq: 1, updateCount: 0)
    }

    /// The ids of the story and of the updates at these indices.
    public func identifiers(of members: [Int]) -> [Identifier] {
        [id].compactMap(\.self) + members.compactMap { updates[$0].id }
    }

    /// When the story was closed, at the latest now; `nil` if it is open.
    private func closing(at now: Timestamp) -> Timestamp? {
        guard content.status == .closed else { return nil }
        let known = ([modifiedAt] + updates.map(\.publishedAt)).compactMap(\.self).max()
        return min(closedAt ?? known ?? now, now)
    }
}

extension StoryDocument.UpdateEntry {
    /// The entry of an update, with its reaction counts.
    public init(_ update: Update, reactions: ReactionCounts) {
        self.init(content: update.content)
        id = update.id
        edited = update.edited
        publishedAt = update.publishedAt
        createdAt = update.createdAt
        modifiedAt = update.modifiedAt
        self.reactions = reactions
        stricken = update.stricken
    }

    /// The update of this entry.
    public func update(id: Identifier, seq: Int64, bodyHtml: String, at now: Timestamp) -> Update {
        let time = publishedAt ?? now
        return Update(
            id: id, seq: seq, content: content, bodyHtml: bodyHtml, edited: edited, publishedAt: time,
            createdAt: createdAt ?? time, modifiedAt: modifiedAt ?? time, stricken: stricken)
    }
}
