// SPDX-License-Identifier: Apache-2.0
// Pure functions: the effect of a write on a story.

extension StoryPatch {
    /// The content of a new story. Throws `.invalid` if the patch has no title.
    public func newContent() throws(StoryError) -> StoryContent {
        guard case .set(let title) = self.title else {
            throw .invalid([ValidationError("/title", "is required")])
        }
        var content = StoryContent(title: title)
        try apply(to: &content)
        return content
    }

    /// The new slug set by the patch; `nil` if it does not change. Throws `.forbidden` if the caller may not choose slugs.
    public func newSlug(of story: Story, for access: Access) throws(StoryError) -> Slug? {
        guard case .set(let wanted) = slug, wanted != story.slug else { return nil }
        try access.requireNaming()
        return wanted
    }
}

extension Story {
    /// A new story, at its first sequence number.
    public init(new id: Identifier, slug: Slug, content: StoryContent, at now: Timestamp) {
        self.init(
            id: id, slug: slug, content: content, publishedAt: content.status == .draft ? nil : now,
            createdAt: now, modifiedAt: now, closedAt: content.status == .closed ? now : nil, seq: 1,
            updateCount: 0)
    }

    /// Whether it is hidden from readers.
    public var isHidden: Bool { content.status == .draft }

    /// Whether the slug or the content differs from the story's.
    public func differs(from slug: Slug, _ content: StoryContent) -> Bool {
        slug != self.slug || content != self.content
    }

    /// The edited story, at its next sequence number. It is published when it first becomes visible; edits of a closed story
    /// keep its closing time.
    public func replaced(slug: Slug, content: StoryContent, seq: Int64, at now: Timestamp) -> Story {
        var story = self
        (story.slug, story.content, story.seq) = (slug, content, seq)
        story.publishedAt = publishedAt ?? (content.status == .draft ? nil : max(now, createdAt))
        story.modifiedAt = max(now, createdAt, story.publishedAt ?? now)
        story.closedAt = content.status == .closed ? closedAt ?? story.modifiedAt : nil
        return story
    }
}

extension Access {
    /// Throws ``StoryError/forbidden(_:)`` unless the caller may replace the story. A story that is not visible to the caller is
    /// treated like one to be created, so that its existence is not revealed.
    public func requireReplacement(of story: Story) throws(StoryError) {
        if !sees(story.id, status: story.content.status) { try requireCreation() }
        try requireWrite(to: story.id)
    }

    /// Whether the caller may see any of the requested stories.
    public func mayList(_ query: StoryListQuery) -> Bool { query.status != .draft || maySeeDrafts }
}

extension StoryNames {
    /// Throws `.invalid` for the story's current slug, and `.notFound(.slug)` if it is not a former slug.
    public func requireFormer(_ slug: Slug) throws(StoryError) {
        guard slug != self.slug else {
            throw .invalid([
                ValidationError("/slug", "is the story's present slug: give the story another one first")
            ])
        }
        guard formerSlugs.contains(slug) else { throw .notFound(.slug) }
    }
}

extension Slug {
    /// A free slug derived from a title, with the next numeric suffix if other stories have the same title.
    public static func free(
        title: String, isKnown: (Slug) throws(StoryError) -> Bool
    ) throws(StoryError) -> Slug {
        guard let plain = Slug(title: title) ?? Slug("story") else {
            preconditionFailure("\"story\" is a slug")
        }
        guard try isKnown(plain) else { return plain }
        // Suffixes are usually contiguous: an exponential search for a free one, then a binary search for the first.
        var (known, free) = (1, 2)
        while try isKnown(try plain.withNumber(free)) { (known, free) = (free, free * 2) }
        while free - known > 1 {
            let middle = known + (free - known) / 2
            if try isKnown(try plain.withNumber(middle)) { known = middle } else { free = middle }
        }
        return try plain.withNumber(free)
    }

    private func withNumber(_ number: Int) throws(StoryError) -> Slug {
        guard let next = numbered(number) else { throw .slugTaken(self) }
        return next
    }
}

extension Link {
    /// The link as visible to the caller: a link to a hidden story becomes a bare title. `status` is the story's; `nil` if it
    /// does not exist, which looks the same as hidden.
    public func asSeen(by access: Access, status: StoryStatus?) -> Link {
        guard let target = story, !access.sees(target, status: status ?? .draft) else { return self }
        var link = self
        link.story = nil
        return link
    }
}

extension [Link] {
    /// The new list with the targets of hidden links restored, which the caller could not see and so could not send: `seen`
    /// is the old list as visible to the caller, `all` the stored one.
    public func keepingHiddenTargets(seen: [Link], all: [Link]) -> [Link] {
        let hidden = zip(seen, all).filter { $0.story == nil && $1.story != nil }
        return map { link in hidden.first { $0.0 == link }?.1 ?? link }
    }

    /// Throws `.invalid` for each link to a story that is not visible to the caller, except targets already in the list
    /// `before`, which an import may have created.
    public func requireTargets(
        before: [Link], isSeen: (Identifier) throws(StoryError) -> Bool
    ) throws(StoryError) {
        let known = Set(before.compactMap(\.story))
        var errors: [ValidationError] = []
        for (index, link) in enumerated() {
            guard let target = link.story, !known.contains(target), try !isSeen(target) else { continue }
            errors.append(ValidationError("/\(index)/story", "does not name an existing story"))
        }
        guard errors.isEmpty else { throw .invalid(errors) }
    }
}
