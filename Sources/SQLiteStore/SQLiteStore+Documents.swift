internal import SQLite
public import Stories

extension SQLiteStore {
    /// See ``StoryStore``.
    public func importStory(
        _ document: StoryDocument, idempotency: IdempotentWrite<ImportedStory>?, access: Access
    ) async throws(StoryError) -> ImportedStory {
        let bodies = try await renderer.html(
            of: document.updates.map(\.content.body), keepingEmbedCodes: true
        ) {
            "/updates/\($0)/body"
        }
        return try await write(idempotency) { transaction throws(StoryError) in
            try access.requireCreation()
            try transaction.requireNotTakenDown(idempotency?.request)
            let takenDown = try transaction.membersTakenDown(of: document)
            let members = document.updates.indices.filter { !takenDown.contains($0) }
            let idsKept = try transaction.areFree(document.identifiers(of: members))
            let story = try self.insert(
                document, members, bodies: bodies, keepingIDs: idsKept, by: idempotency?.request, transaction)
            try transaction.record(
                .importStory, by: access, at: self.now(), story: story.value.id,
                seq: story.value.seq)
            return ImportedStory(story: story, idsKept: idsKept, takenDown: takenDown)
        }
    }

    /// See ``StoryStore``.
    public func exportStory(
        _ story: StoryReference, access: Access
    ) async throws(StoryError) -> StoryDocument {
        try await readers.read { transaction throws(StoryError) in
            let row = try transaction.story(story, for: access)
            var document = StoryDocument(row.story)
            let reactions = try transaction.updateReactions(of: row.key)
            document.updates = try transaction.rows(
                """
                SELECT \(UpdateRow.columns) FROM updates AS u WHERE u.story = ?
                ORDER BY u.published_at DESC, u.id DESC
                """, row.key
            ) { StoryDocument.UpdateEntry(UpdateRow(&$0).update, reactions) }
            document.links = try transaction.linkLists(of: row.key, for: access)
            document.reactions = try transaction.storyReactions(row.key)
            return document
        }
    }

    /// Writes the story, these of its updates from the oldest on so that new ids sort as the document does, and its links.
    private func insert(
        _ document: StoryDocument, _ members: [Int], bodies: [String], keepingIDs: Bool,
        by request: WriteRequest?, _ transaction: Transaction
    ) throws(StoryError) -> Versioned<Story> {
        let now = now()
        let story = try newStory(document, keepingIDs: keepingIDs, at: now, transaction)
        let row = try transaction.insertedStory(story, at: now)
        // Lists of others may have brought its id from where it was exported.
        if document.content.status != .draft { try transaction.renewLinks(to: story.id, at: now) }
        var seq = story.seq
        for member in members.reversed() {
            seq += 1
            let entry = document.updates[member]
            let html = renderer.html(bodies[member], placedIn: story.id)
            let update = newUpdate(entry, html: html, keepingIDs: keepingIDs, seq: seq, at: now)
            let key = try transaction.nextUpdateKey()
            try transaction.insert(update, key: key, firstSeq: seq, into: row.key, renderer)
            try transaction.keepRequest(request, member: member, of: key, in: row.key)
            for (kind, count) in entry.reactions {
                try transaction.addReactions(count, kind, story: row.key, updateKey: key)
            }
        }
        try transaction.advance(row, to: seq, at: now, updatesAdded: members.count)
        try transaction.insertLists(document.links, document.reactions, story: story.id, at: now)
        return try transaction.finished(story.id)
    }

    private func newStory(
        _ document: StoryDocument, keepingIDs: Bool, at now: Timestamp, _ transaction: Transaction
    ) throws(StoryError) -> Story {
        let isDraft = document.content.status == .draft
        return Story(
            id: (keepingIDs ? document.id : nil) ?? nextIdentifier(at: now),
            slug: try slug(for: document, transaction),
            content: document.content, publishedAt: document.publishedAt ?? (isDraft ? nil : now),
            createdAt: document.createdAt ?? now, modifiedAt: document.modifiedAt ?? now,
            closedAt: document.closing(at: now), seq: 1, updateCount: 0)
    }

    private func slug(
        for document: StoryDocument, _ transaction: Transaction
    ) throws(StoryError) -> Slug {
        guard let slug = document.slug else { return try transaction.freeSlug(title: document.content.title) }
        try transaction.requireFree(slug)
        return slug
    }

    private func newUpdate(
        _ entry: StoryDocument.UpdateEntry, html: String, keepingIDs: Bool, seq: Int64, at now: Timestamp
    ) -> Update {
        let publishedAt = entry.publishedAt ?? now
        return Update(
            id: (keepingIDs ? entry.id : nil) ?? nextIdentifier(at: now), seq: seq, content: entry.content,
            bodyHtml: html, edited: entry.edited, publishedAt: publishedAt,
            createdAt: entry.createdAt ?? publishedAt, modifiedAt: entry.modifiedAt ?? publishedAt,
            stricken: entry.stricken)
    }
}

extension StoryDocument {
    /// The ids of the story and of these of its updates.
    fileprivate func identifiers(of members: [Int]) -> [Identifier] {
        [id].compactMap(\.self) + members.compactMap { updates[$0].id }
    }

    fileprivate init(_ story: Story) {
        self.init(content: story.content)
        id = story.id
        slug = story.slug
        publishedAt = story.publishedAt
        createdAt = story.createdAt
        modifiedAt = story.modifiedAt
        closedAt = story.closedAt
    }

    /// When the story was closed, as far as the document knows, and not after its import; `nil` where it is not closed.
    fileprivate func closing(at now: Timestamp) -> Timestamp? {
        guard content.status == .closed else { return nil }
        let known = ([modifiedAt] + updates.map(\.publishedAt)).compactMap(\.self).max()
        return min(closedAt ?? known ?? now, now)
    }
}

extension StoryDocument.UpdateEntry {
    fileprivate init(_ update: Update, _ reactions: [Identifier: ReactionCounts]) {
        self.init(content: update.content)
        id = update.id
        edited = update.edited
        publishedAt = update.publishedAt
        createdAt = update.createdAt
        modifiedAt = update.modifiedAt
        self.reactions = reactions[update.id] ?? [:]
        stricken = update.stricken
    }
}

extension Transaction {
    /// Whether no story and no update has any of these ids.
    fileprivate func areFree(_ identifiers: [Identifier]) throws(StoryError) -> Bool {
        for id in identifiers {
            let taken = try first(
                """
                SELECT 1 FROM stories WHERE id = ? UNION ALL SELECT 1 FROM updates WHERE id = ?
                UNION ALL SELECT 1 FROM drafts WHERE id = ? UNION ALL SELECT 1 FROM bin WHERE id = ?
                """, id, id, id, id
            ) { _ in true }
            if taken != nil { return false }
        }
        return true
    }

    fileprivate func insertedStory(_ story: Story, at now: Timestamp) throws(StoryError) -> StoryRow {
        _ = try insert(story, at: now)
        return try self.story(.id(story.id), for: .holder(Grant(role: .admin)))
    }

    fileprivate func insertLists(
        _ links: LinkLists, _ reactions: ReactionCounts, story: Identifier, at now: Timestamp
    ) throws(StoryError) {
        let row = try self.story(.id(story), for: .holder(Grant(role: .admin)))
        for kind in LinkKind.allCases { try insert(links[kind], kind, story: row.key) }
        if links != LinkLists() { try touchLinks(of: row, at: now) }
        for (kind, count) in reactions { try addReactions(count, kind, story: row.key, updateKey: noUpdate) }
    }

    fileprivate func finished(_ id: Identifier) throws(StoryError) -> Versioned<Story> {
        let row = try story(.id(id), for: .holder(Grant(role: .admin)))
        return Versioned(row.story, row.ownVersion)
    }
}
