// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``StoryStore``.
    public func names(of story: StoryReference, access: Access) async throws(StoryError) -> StoryNames {
        try await engine.read { transaction throws(StoryError) in
            try transaction.names(of: try transaction.story(story, for: access))
        }
    }

    /// See ``StoryStore``.
    @discardableResult
    public func freeSlug(
        _ slug: Slug, of story: StoryReference, access: Access
    ) async throws(StoryError) -> StoryNames {
        try await engine.write { transaction throws(StoryError) in
            let row = try transaction.writableStory(story, for: access)
            try access.requireFreeing(of: row.story.id)
            let names = try transaction.names(of: row)
            try names.requireFormer(slug)
            let now = self.now()
            try transaction.keepFormerSlug(slug, of: nil, at: now)
            transaction.emit(.slugFreed(slug, of: row.story.id))
            try transaction.record(.freeSlug, by: access, at: now, story: row.story.id, detail: slug.text)
            return names
        }
    }
}

extension Transaction {
    /// Throws `.slugTaken` or `.slugReserved` if a slug is, or was, that of another story than the one with key `story`. A slug
    /// reserved without a story is free to a request that names it.
    func requireFree(_ slug: Slug, for story: Int64? = nil) throws(StoryError) {
        let isTaken = try first("SELECT 1 FROM stories WHERE slug = ?", slug.text) { _ in true }
        guard isTaken == nil else { throw .slugTaken(slug) }
        let owner = try first(
            """
            SELECT s.key, s.slug FROM former_slugs AS f JOIN stories AS s ON s.key = f.story WHERE f.slug = ?
            """, slug.text
        ) { (key: $0.integer(), slug: Slug(stored: $0.text())) }
        guard let owner, owner.key != story else { return }
        throw .slugReserved(slug, present: owner.slug)
    }

    /// Returns the slug requested for a new story, or one derived from its title.
    func slug(for patch: StoryPatch, title: String) throws(StoryError) -> Slug {
        guard case .set(let wanted) = patch.slug else { return try freeSlug(title: title) }
        try requireFree(wanted)
        return wanted
    }

    /// Returns a slug derived from a title that no story has or had.
    func freeSlug(title: String) throws(StoryError) -> Slug {
        try Slug.free(title: title) { slug throws(StoryError) in try isKnown(slug) }
    }

    /// Returns whether any story, also a deleted one, has or had a slug.
    private func isKnown(_ slug: Slug) throws(StoryError) -> Bool {
        try first(
            "SELECT 1 FROM stories WHERE slug = ?1 UNION ALL SELECT 1 FROM former_slugs WHERE slug = ?1",
            slug.text
        ) { _ in true } ?? false
    }

    /// Stores a former slug of a story; without a story it is only reserved.
    func keepFormerSlug(_ slug: Slug, of story: Int64?, at now: Timestamp) throws(StoryError) {
        try run(
            """
            INSERT INTO former_slugs (slug, story, since) VALUES (?, ?, ?)
            ON CONFLICT (slug) DO UPDATE SET story = excluded.story, since = excluded.since
            """, slug.text, story, now)
    }

    /// Removes a slug from the former ones, because a story has it now.
    func takeFromFormer(_ slug: Slug) throws(StoryError) {
        try run("DELETE FROM former_slugs WHERE slug = ?", slug.text)
    }

    /// Returns the id and the current and former slugs of a story.
    func names(of row: StoryRow) throws(StoryError) -> StoryNames {
        let former = try rows(
            "SELECT slug FROM former_slugs WHERE story = ? ORDER BY slug", row.key
        ) { Slug(stored: $0.text()) }
        return StoryNames(id: row.story.id, slug: row.story.slug, formerSlugs: former)
    }
}
