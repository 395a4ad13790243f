// What a write does to a story, decided without a look at any table.

extension StoryPatch {
    /// The content of a new story. Throws `.invalid` where the patch has no title.
    public func newContent() throws(StoryError) -> StoryContent {
        guard case .set(let title) = self.title else {
            throw .invalid([ValidationError("/title", "is required")])
        }
        var content = StoryContent(title: title)
        try apply(to: &content)
        return content
    }

    /// The slug that the patch gives a story in place of its present one; `nil` where that stays. Throws `.forbidden` where the caller
    /// may not choose slugs.
    public func newSlug(of story: Story, for access: Access) throws(StoryError) -> Slug? {
        guard case .set(let wanted) = slug, wanted != story.slug else { return nil }
        try access.requireNaming()
        return wanted
    }
}

extension Story {
    /// A new story, at its first number.
    public init(new id: Identifier, slug: Slug, content: StoryContent, at now: Timestamp) {
        self.init(
            id: id, slug: slug, content: content, publishedAt: content.status == .draft ? nil : now,
            createdAt: now, modifiedAt: now, closedAt: content.status == .closed ? now : nil, seq: 1,
            updateCount: 0)
    }

    /// Whether readers do not see it.
    public var isHidden: Bool { content.status == .draft }

    /// Whether this slug and this content are other ones than the story has.
    public func differs(from slug: Slug, _ content: StoryContent) -> Bool {
        slug != self.slug || content != self.content
    }

    /// The story with other members, at its next number. It is published when readers first see it; edits of a closed story keep the
    /// time of closing.
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
    /// Throws ``StoryError/forbidden(_:)`` unless the caller may replace the story. One that the caller may not see must look like one
    /// that is not there.
    public func requireReplacement(of story: Story) throws(StoryError) {
        if !sees(story.id, status: story.content.status) { try requireCreation() }
        try requireWrite(to: story.id)
    }

    /// Whether the caller could see any of the stories that are asked for.
    public func mayList(_ query: StoryListQuery) -> Bool { query.status != .draft || maySeeDrafts }
}

extension StoryNames {
    /// Throws `.invalid` for the story's present slug, and `.notFound(.slug)` for one that it never had.
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
    /// A slug that is not known yet, from the words of a title: with the next number behind it where other stories have the title.
    public static func free(
        title: String, isKnown: (Slug) throws(StoryError) -> Bool
    ) throws(StoryError) -> Slug {
        guard let plain = Slug(title: title) ?? Slug("story") else {
            preconditionFailure("\"story\" is a slug")
        }
        guard try isKnown(plain) else { return plain }
        // Numbers are given without gaps as a rule: the first free one is found between a power of two that is free and the one before.
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
    /// The link as the caller sees it: one to a story that he does not see is a bare title. `status` is that of the story; `nil` where
    /// it is not here, which looks like one that is hidden.
    public func asSeen(by access: Access, status: StoryStatus?) -> Link {
        guard let target = story, !access.sees(target, status: status ?? .draft) else { return self }
        var link = self
        link.story = nil
        return link
    }
}

extension [Link] {
    /// The new list, with the targets of old links that the caller could not see, and so could not repeat: `seen` is the old list as
    /// the caller sees it, `all` as it is.
    public func keepingHiddenTargets(seen: [Link], all: [Link]) -> [Link] {
        let hidden = zip(seen, all).filter { $0.story == nil && $1.story != nil }
        return map { link in hidden.first { $0.0 == link }?.1 ?? link }
    }

    /// Throws `.invalid`, which names each link to a story that the caller does not see, and that the list did not name `before`: an
    /// import may have brought it from elsewhere.
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
