internal import SQLite
public import Stories

extension SQLiteStore {
    /// See ``StoryStore``.
    public func links(
        of story: StoryReference, access: Access
    ) async throws(StoryError) -> Versioned<LinkLists> {
        try await readers.read { transaction throws(StoryError) in
            let story = try transaction.story(story, for: access)
            return Versioned(try transaction.linkLists(of: story.key, for: access), story.linksVersion)
        }
    }

    /// See ``StoryStore``.
    public func replaceLinks(
        _ kind: LinkKind, of story: StoryReference, with links: [Link], if precondition: Precondition,
        access: Access
    ) async throws(StoryError) -> Versioned<LinkLists> {
        try await writer.write { transaction throws(StoryError) in
            let story = try transaction.writableStory(story, for: access)
            var lists = try transaction.linkLists(of: story.key, for: access)
            try precondition.check(.links(Versioned(lists, story.linksVersion)))
            try transaction.requireTargets(
                of: links, besides: Set(lists[kind].compactMap(\.story)), for: access)
            guard !identical(lists[kind], links) else { return Versioned(lists, story.linksVersion) }
            let kept = try transaction.keepingHiddenTargets(links, kind, of: story.key, seen: lists[kind])
            lists[kind] = links
            try transaction.run("DELETE FROM links WHERE story = ? AND kind = ?", story.key, kind.rawValue)
            try transaction.insert(kept, kind, story: story.key)
            let (now, seq) = (self.now(), try story.nextSeq)
            try transaction.touchLinks(of: story, at: now)
            try transaction.record(
                .replaceLinks, by: access, at: now, story: story.story.id, seq: seq,
                detail: kind.rawValue)
            return Versioned(lists, Version(epoch: story.epoch, seq: seq))
        }
    }
}

extension Transaction {
    /// The lists as the caller sees them: a link to a story that he does not see is a bare title.
    func linkLists(of story: Int64, for access: Access) throws(StoryError) -> LinkLists {
        let entries = try rows(
            """
            SELECT l.kind, l.title, l.url, l.target, l.image, ifnull(s.status, 'draft')
            FROM links AS l LEFT JOIN stories AS s ON s.id = l.target
            WHERE l.story = ? ORDER BY l.kind, l.position
            """, story
        ) { row in
            (
                kind: LinkKind(rawValue: row.text()),
                link: Link(
                    title: row.text(), url: row.optionalText(), story: row.optionalIdentifier(),
                    image: row.optionalText()),
                // One that is not here looks like one that is hidden.
                status: StoryStatus(rawValue: row.text()) ?? .draft
            )
        }
        var lists = LinkLists()
        for (kind, var link, status) in entries {
            if let target = link.story, !access.sees(target, status: status) { link.story = nil }
            if let kind { lists[kind].append(link) }
        }
        return lists
    }

    /// The new links, with the targets of old ones that the caller could not see, and so could not repeat.
    fileprivate func keepingHiddenTargets(
        _ links: [Link], _ kind: LinkKind, of story: Int64, seen: [Link]
    ) throws(StoryError) -> [Link] {
        let all = try linkLists(of: story, for: .holder(Grant(role: .admin)))[kind]
        let hidden = zip(seen, all).filter { $0.story == nil && $1.story != nil }
        return links.map { link in hidden.first { identical($0.0, link) }?.1 ?? link }
    }

    func insert(_ links: [Link], _ kind: LinkKind, story: Int64) throws(StoryError) {
        for (position, link) in links.enumerated() {
            try run(
                "INSERT INTO links (story, kind, position, title, url, target, image) VALUES (?, ?, ?, ?, ?, ?, ?)",
                story, kind.rawValue, position, link.title, link.url, link.story, link.image)
        }
    }

    /// Links to a story that is gone become bare titles, and their readers hear of it.
    func forgetLinks(to target: Identifier, at now: Timestamp) throws(StoryError) {
        let linking = try storiesLinking(to: target)
        try run("UPDATE links SET target = NULL WHERE target = ?", target)
        for story in linking { try touchLinks(of: story, at: now) }
    }

    /// Readers see a story from now on, or see it no more: its id in the lists of others goes with it.
    func renewLinks(to target: Identifier, at now: Timestamp) throws(StoryError) {
        for story in try storiesLinking(to: target) { try touchLinks(of: story, at: now) }
    }

    private func storiesLinking(to target: Identifier) throws(StoryError) -> [StoryRow] {
        try rows(
            "SELECT \(StoryRow.columns) FROM stories WHERE key IN (SELECT story FROM links WHERE target = ?)",
            target
        ) { StoryRow(&$0) }
    }

    func touchLinks(of story: StoryRow, at now: Timestamp) throws(StoryError) {
        let seq = try story.nextSeq
        try advance(story, to: seq, at: now)
        try run("UPDATE stories SET links_seq = ? WHERE key = ?", seq, story.key)
        emit(.links(try linkLists(of: story.key, for: .reader), seq: seq), of: story)
    }

    /// Links may name stories here that the caller sees, and what the list named before: an import may have brought it
    /// from elsewhere.
    fileprivate func requireTargets(
        of links: [Link], besides known: Set<Identifier>, for access: Access
    ) throws(StoryError) {
        var errors: [ValidationError] = []
        for (index, link) in links.enumerated() {
            guard let target = link.story, !known.contains(target) else { continue }
            if try seenStory(.id(target), by: access) == nil {
                errors.append(ValidationError("/\(index)/story", "does not name an existing story"))
            }
        }
        guard errors.isEmpty else { throw .invalid(errors) }
    }
}
