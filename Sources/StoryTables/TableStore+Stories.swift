// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``StoryStore``.
    public func stories(_ query: StoryListQuery, access: Access) async throws(StoryError) -> StoryList {
        try await engine.read { transaction throws(StoryError) in
            try transaction.stories(query, access: access)
        }
    }

    /// See ``StoryStore``.
    public func story(_ story: StoryReference, access: Access) async throws(StoryError) -> StoryDetail {
        try await engine.read { transaction throws(StoryError) in
            let row = try transaction.story(story, for: access)
            return StoryDetail(
                story: row.story, version: row.ownVersion, reactions: try transaction.storyReactions(row.key))
        }
    }

    /// See ``StoryStore``.
    public func createStory(
        _ patch: StoryPatch, idempotency: IdempotentWrite<Versioned<Story>>?, access: Access
    ) async throws(StoryError) -> Versioned<Story> {
        _ = try patch.newContent()
        return try await write(idempotency) { transaction throws(StoryError) in
            try access.requireCreation()
            return try self.insertStory(patch, access, transaction)
        }
    }

    /// See ``StoryStore``.
    public func putStory(
        _ slug: Slug, _ patch: StoryPatch, if precondition: Precondition, access: Access
    ) async throws(StoryError) -> (story: Versioned<Story>, created: Bool) {
        let content = try patch.newContent()
        return try await engine.write { transaction throws(StoryError) in
            guard let row = try transaction.story(.slug(slug)) else {
                try access.requireCreation()
                try precondition.check(nil)
                return (try self.insertStory(slug, content, access, transaction), true)
            }
            try access.requireReplacement(of: row.story)
            try precondition.check(row.present)
            // A request by a former slug replaces the story but keeps its current slug.
            let story = try self.replace(
                row, row.story.slug, content, .replaceStory, members: patch.memberNames, access, transaction)
            return (story, false)
        }
    }

    /// See ``StoryStore``.
    public func editStory(
        _ story: StoryReference, _ patch: StoryPatch, if precondition: Precondition, access: Access
    ) async throws(StoryError) -> Versioned<Story> {
        try await engine.write { transaction throws(StoryError) in
            let row = try transaction.writableStory(story, for: access)
            try precondition.check(row.present)
            var content = row.story.content
            try patch.apply(to: &content)
            let newSlug = try patch.newSlug(of: row.story, for: access)
            if let newSlug { try transaction.requireFree(newSlug, for: row.key) }
            return try self.replace(
                row, newSlug ?? row.story.slug, content, .editStory, members: patch.memberNames, access,
                transaction)
        }
    }

    /// See ``StoryStore``.
    @discardableResult
    public func deleteStory(
        _ story: StoryReference, if precondition: Precondition, access: Access
    ) async throws(StoryError) -> StoryNames {
        try await engine.write { transaction throws(StoryError) in
            let row = try transaction.story(story, for: access)
            try access.requireRemoval(of: row.story.id)
            try precondition.check(row.present)
            let names = try transaction.names(of: row)
            try transaction.run("DELETE FROM stories WHERE key = ?", row.key)
            try transaction.forgetUnusedCards()
            let now = self.now()
            try transaction.keepFormerSlug(row.story.slug, of: nil, at: now)
            transaction.emit(.removed(row.story.id))
            try transaction.forgetLinks(to: row.story.id, at: now)
            try transaction.record(
                .deleteStory, by: access, at: now, story: row.story.id, detail: row.story.slug.text)
            return names
        }
    }

    /// Creates the story of a patch, under its slug or one made from its title.
    func insertStory(
        _ patch: StoryPatch, _ access: Access, _ transaction: Transaction
    ) throws(StoryError) -> Versioned<Story> {
        let content = try patch.newContent()
        let slug = try transaction.slug(for: patch, title: content.title)
        return try insertStory(slug, content, access, transaction)
    }

    private func insertStory(
        _ slug: Slug, _ content: StoryContent, _ access: Access, _ transaction: Transaction
    ) throws(StoryError) -> Versioned<Story> {
        let now = now()
        let content = try transaction.describingImage(of: content)
        let story = Story(new: nextIdentifier(at: now), slug: slug, content: content, at: now)
        try transaction.record(
            .createStory, by: access, at: now, story: story.id, seq: story.seq)
        let made = try transaction.insert(story, at: now)
        try transaction.queueOpening(of: made, at: now)
        return made
    }

    /// Replaces the members of a story, and records the action in the audit trail if anything changed.
    private func replace(
        _ row: StoryRow, _ slug: Slug, _ content: StoryContent, _ action: AuditEntry.Action,
        members: [String], _ access: Access, _ transaction: Transaction
    ) throws(StoryError) -> Versioned<Story> {
        let now = now()
        let isSameImage = content.image == row.story.content.image
        let content = isSameImage ? content : try transaction.describingImage(of: content)
        let story = try transaction.replace(row, slug: slug, content: content, at: now)
        guard story.version != row.ownVersion else { return story }
        try transaction.record(
            action, by: access, at: now, story: row.story.id, seq: story.version.seq, members: members,
            detail: AuditEntry.detail(from: row.story.content.status, to: content.status))
        return story
    }
}

extension Transaction {
    /// Inserts a new story.
    func insert(_ story: Story, at now: Timestamp) throws(StoryError) -> Versioned<Story> {
        try takeFromFormer(story.slug)
        try run(
            StoryRow.insertion, story.id, story.slug.text, Int64.random(in: .min ... .max), story.seq,
            story.seq,
            MemberCells(story.content), tagKeys(of: story.content), story.publishedAt, story.createdAt,
            story.modifiedAt, story.closedAt,
            now)
        emit(.created(story.id))
        let made = try versioned(story.id)
        try keepMediaUses(of: story.content.assets, by: MediaUser(story: made.key))
        return made.story
    }

    /// Replaces the members of a story. If they are unchanged, nothing is written and no sequence number is used.
    fileprivate func replace(
        _ row: StoryRow, slug: Slug, content: StoryContent, at now: Timestamp
    ) throws(StoryError) -> Versioned<Story> {
        guard row.story.differs(from: slug, content) else { return Versioned(row.story, row.ownVersion) }
        let story = row.story.replaced(slug: slug, content: content, seq: try row.nextSeq, at: now)
        try run(
            StoryRow.replacement, slug.text, MemberCells(content), tagKeys(of: content), story.publishedAt,
            story.modifiedAt, story.closedAt, story.seq, story.seq, now, row.key)
        try keepMediaUses(
            of: content.assets, insteadOf: row.story.content.assets, by: MediaUser(story: row.key))
        if slug != row.story.slug {
            try takeFromFormer(slug)
            try keepFormerSlug(row.story.slug, of: row.key, at: now)
        }
        emit(.story(story, seq: story.seq), of: row, status: content.status)
        try queueStoryChange(of: row, to: story, at: now)
        if story.isHidden != row.story.isHidden { try renewLinks(to: story.id, at: now) }
        return Versioned(story, Version(epoch: row.epoch, seq: story.seq))
    }

    /// Queues the event of a new story: opened, or closed.
    fileprivate func queueOpening(of made: Versioned<Story>, at now: Timestamp) throws(StoryError) {
        guard !made.value.isHidden, try hasWebhooks, let row = try story(.id(made.value.id)) else { return }
        try queueDeliveries(
            made.value.content.status == .closed ? .storyClosed : .storyOpened, of: row,
            seq: made.value.seq, tags: [], at: now)
    }

    /// Queues the event of a change, by the status before and after it. A story that becomes hidden causes a last event, without its new
    /// content.
    private func queueStoryChange(of row: StoryRow, to story: Story, at now: Timestamp) throws(StoryError) {
        var shown = row
        if !story.isHidden { shown.story = story }
        let event: WebhookEvent =
            switch (row.story.content.status, story.content.status) {
            case (.draft, .live), (.closed, .live): .storyOpened
            case (.draft, .closed), (.live, .closed): .storyClosed
            default: .storyEdited
            }
        try queueDeliveries(event, of: shown, seq: story.seq, tags: row.story.content.tags, at: now)
    }

    /// The keys by which stories are found by their tags, as stored.
    private func tagKeys(of content: StoryContent) -> String {
        column(Tag.distinct(content.tags).map(Tag.key))
    }

    private func versioned(
        _ id: Identifier
    ) throws(StoryError) -> (key: Int64, story: Versioned<Story>) {
        guard let row = try story(.id(id)) else { throw .notFound(.story) }
        return (row.key, Versioned(row.story, row.ownVersion))
    }

    fileprivate func stories(_ query: StoryListQuery, access: Access) throws(StoryError) -> StoryList {
        guard access.mayList(query) else { return StoryList(entries: [], older: nil) }
        var found: [StoryRow] = []
        var before = query.before
        // Draft stories outside the grant of the caller's key are filtered out here, so that a page may take several queries.
        while found.count <= query.limit {
            let rows = try storyRows(
                query, before: before, maySeeDrafts: access.maySeeDrafts, count: query.limit + 1)
            found += rows.filter { access.sees($0.story.id, status: $0.story.content.status) }
            guard rows.count > query.limit, let last = rows.last else { break }
            before = last.position
        }
        let page = found.prefix(query.limit)
        return StoryList(
            entries: page.map { StoryList.Entry($0.story, activeAt: $0.activeAt) },
            older: found.count > query.limit ? page.last?.position : nil)
    }

    func storyRows(
        _ query: StoryListQuery, before: StoryPosition?, maySeeDrafts: Bool, count: Int
    ) throws(StoryError) -> [StoryRow] {
        try rows(
            """
            SELECT \(StoryRow.columns) FROM stories
            WHERE (active_at, id) < (?, ?) AND status = coalesce(?, status) AND (status <> 'draft' OR ? <> 0)
                AND (? IS NULL OR EXISTS (SELECT 1 FROM \(dialect.items("tag_keys")) WHERE value = ?))
            ORDER BY active_at DESC, id DESC LIMIT ?
            """,
            before?.activeAt.milliseconds ?? .max, before?.id ?? Identifier(high: 0, low: 0),
            query.status?.rawValue, maySeeDrafts, query.tag, query.tag, count
        ) { StoryRow(&$0) }
    }
}
