// How a document becomes a story, and a story a document.

extension StoryDocument {
    /// A document of the story alone.
    public init(_ story: Story) {
        self.init(content: story.content)
        id = story.id
        slug = story.slug
        publishedAt = story.publishedAt
        createdAt = story.createdAt
        modifiedAt = story.modifiedAt
        closedAt = story.closedAt
    }

    /// The story that the document becomes, without its updates. What the document does not know is now.
    public func story(id: Identifier, slug: Slug, at now: Timestamp) -> Story {
        Story(
            id: id, slug: slug, content: content,
            publishedAt: publishedAt ?? (content.status == .draft ? nil : now), createdAt: createdAt ?? now,
            modifiedAt: modifiedAt ?? now, closedAt: closing(at: now), seq: 1, updateCount: 0)
    }

    /// The ids of the story and of these of its updates.
    public func identifiers(of members: [Int]) -> [Identifier] {
        [id].compactMap(\.self) + members.compactMap { updates[$0].id }
    }

    /// When the story was closed, as far as the document knows, and not after its import; `nil` where it is not closed.
    private func closing(at now: Timestamp) -> Timestamp? {
        guard content.status == .closed else { return nil }
        let known = ([modifiedAt] + updates.map(\.publishedAt)).compactMap(\.self).max()
        return min(closedAt ?? known ?? now, now)
    }
}

extension StoryDocument.UpdateEntry {
    /// The entry of an update, with its counts.
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

    /// The update that the entry becomes.
    public func update(id: Identifier, seq: Int64, bodyHtml: String, at now: Timestamp) -> Update {
        let time = publishedAt ?? now
        return Update(
            id: id, seq: seq, content: content, bodyHtml: bodyHtml, edited: edited, publishedAt: time,
            createdAt: createdAt ?? time, modifiedAt: modifiedAt ?? time, stricken: stricken)
    }
}
