// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
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
            let members = Array(Set(document.updates.indices).subtracting(takenDown)).sorted()
            let idsKept = try transaction.areFree(document.identifiers(of: members))
            let story = try self.insert(
                try transaction.describingMedia(of: document, members), members, bodies: bodies,
                keepingIDs: idsKept, by: idempotency?.request, transaction)
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
        try await engine.read { transaction throws(StoryError) in
            let row = try transaction.story(story, for: access)
            var document = StoryDocument(row.story)
            let reactions = try transaction.updateReactions(of: row.key)
            document.updates = try transaction.rows(
                """
                SELECT \(UpdateRow.columns) FROM updates AS u WHERE u.story = ?
                ORDER BY u.published_at DESC, u.id DESC
                """, row.key
            ) {
                let update = UpdateRow(&$0).update
                return StoryDocument.UpdateEntry(update, reactions: reactions[update.id] ?? [:])
            }
            document.links = try transaction.linkLists(of: row.key, for: access)
            document.reactions = try transaction.storyReactions(row.key)
            return document
        }
    }

    /// Inserts the story, its links, and the updates `members`, oldest first so that new ids sort like the document.
    private func insert(
        _ document: StoryDocument, _ members: [Int], bodies: [String], keepingIDs: Bool,
        by request: WriteRequest?, _ transaction: Transaction
    ) throws(StoryError) -> Versioned<Story> {
        let now = now()
        let id = (keepingIDs ? document.id : nil) ?? nextIdentifier(at: now)
        let story = document.story(id: id, slug: try slug(for: document, transaction), at: now)
        let row = try transaction.insertedStory(story, at: now)
        // Imported lists of other stories may already link to its id.
        if !story.isHidden { try transaction.renewLinks(to: story.id, at: now) }
        var (seq, bodies, urls) = (story.seq, bodies, [[String]](repeating: [], count: bodies.count))
        for member in members {
            bodies[member] = renderer.html(bodies[member], placedIn: story.id)
            urls[member] = CardAddresses.all(in: bodies[member], document.updates[member].content.media)
        }
        let cards = try transaction.keptRows(of: urls.reversed().flatMap(\.self), at: now)
        for member in members.reversed() {
            seq += 1
            let entry = document.updates[member]
            let id = (keepingIDs ? entry.id : nil) ?? nextIdentifier(at: now)
            var update = entry.update(id: id, seq: seq, bodyHtml: bodies[member], at: now)
            let key = try transaction.nextUpdateKey()
            let rows = urls[member].compactMap { cards[Array($0.utf8)] }
            try transaction.insertUses(of: rows, by: key, in: row.key)
            update.cards = rows.compactMap(\.card)
            try transaction.insert(update, key: key, firstSeq: seq, into: row.key, renderer)
            try transaction.keepRequest(request, member: member, of: key, in: row.key)
            try transaction.keepMediaUses(
                of: update.content.assets, by: MediaUser(story: row.key, update: key))
            for (kind, count) in entry.reactions {
                try transaction.insertReactions(count, kind, story: row.key, updateKey: key)
            }
        }
        try transaction.advance(row, to: seq, at: now, updatesAdded: members.count)
        try transaction.insertLists(document.links, document.reactions, story: story.id, at: now)
        return try transaction.finished(story.id)
    }

    private func slug(
        for document: StoryDocument, _ transaction: Transaction
    ) throws(StoryError) -> Slug {
        guard let slug = document.slug else { return try transaction.freeSlug(title: document.content.title) }
        try transaction.requireFree(slug)
        return slug
    }
}

extension Transaction {
    /// Returns whether none of these ids is used by a story or an update.
    fileprivate func areFree(_ identifiers: [Identifier]) throws(StoryError) -> Bool {
        let ids = IdentifierList(identifiers)
        for table in ["stories", "updates", "drafts", "bin"] {
            let taken = try first(
                "SELECT 1 FROM \(table) WHERE id IN (\(IdentifierList.query)) LIMIT 1", ids
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
        for (kind, count) in reactions {
            try insertReactions(count, kind, story: row.key, updateKey: noUpdate)
        }
    }

    fileprivate func finished(_ id: Identifier) throws(StoryError) -> Versioned<Story> {
        let row = try story(.id(id), for: .holder(Grant(role: .admin)))
        return Versioned(row.story, row.ownVersion)
    }
}
