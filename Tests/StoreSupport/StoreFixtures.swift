// SPDX-License-Identifier: Apache-2.0
public import Stories
public import StoryTables
public import Support

/// An admin's access.
public let everything = Access.holder(Grant(role: .admin))

extension TemporaryFolder {
    /// Opens a store on the current test engine, with a fixed time.
    public func testStore() throws -> TableStore {
        try TestEngine.current.store(
            in: self,
            TestEngine.Options(renderer: .plain { "<p>\($0)</p>" }) {
                Timestamp(milliseconds: 1_795_000_000_000)
            })
    }
}

extension TableStore {
    /// Creates a story.
    public func newStory(_ slug: String = "harbour", status: StoryStatus = .live) async throws -> Versioned<
        Story
    > {
        try await createStory(.make(slug: slug, status: status), access: everything)
    }

    /// Creates an update.
    @discardableResult
    public func post(_ body: String, to story: StoryReference, tags: [String] = [], keyEvent: Bool = false)
        async throws -> Update
    {
        var patch = UpdatePatch.make(body: body)
        patch.tags = .set(tags)
        patch.keyEvent = .set(keyEvent)
        return try await createUpdate(of: story, patch, access: everything).value.update
    }

    /// Returns the delta for readers after a cursor, also as short texts: `put 3`, `deleted 4`.
    public func changes(
        of story: StoryReference, after cursor: Version, _ filter: UpdateFilter = UpdateFilter(),
        limit: Int = 50
    ) async throws -> (texts: [String], delta: Delta) {
        let delta = try await changes(
            of: story, DeltaQuery(cursor: cursor, filter: filter, limit: limit), access: .reader)
        let texts = delta.changes.map { change in
            switch change {
            case .put(let update): "put \(update.seq)"
            case .remove(let removal): "\(removal.reason) \(removal.seq)"
            case .story(_, let seq): "story \(seq)"
            case .links(_, let seq): "links \(seq)"
            }
        }
        return (texts, delta)
    }
}

extension StoryPatch {
    /// Creates a patch that sets these members.
    public static func make(title: String = "A story", slug: String? = nil, status: StoryStatus = .live)
        -> StoryPatch
    {
        var patch = StoryPatch()
        patch.title = .set(title)
        patch.status = .set(status)
        if let slug = slug.flatMap({ Slug($0) }) { patch.slug = .set(slug) }
        return patch
    }
}

extension UpdatePatch {
    /// Creates a patch that sets these members.
    public static func make(body: String) -> UpdatePatch {
        var patch = UpdatePatch()
        patch.body = .set(body)
        return patch
    }
}
