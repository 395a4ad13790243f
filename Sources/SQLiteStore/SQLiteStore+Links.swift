internal import SQLite
public import Stories

extension SQLiteStore {
    /// See ``StoryStore``.
    public func links(
        of story: StoryReference, access: Access
    ) async throws(StoryError) -> Versioned<LinkLists> {
        try await readers.read { session throws(StoryError) in
            let story = try session.story(story, for: access)
            return Versioned(try session.linkLists(of: story.key), story.linksVersion)
        }
    }

    /// See ``StoryStore``.
    public func replaceLinks(
        _ kind: LinkKind, of story: StoryReference, with links: [Link], if precondition: Precondition,
        access: Access
    ) async throws(StoryError) -> Versioned<LinkLists> {
        try await writer.write { session throws(StoryError) in
            let story = try session.writableStory(story, for: access)
            var lists = try session.linkLists(of: story.key)
            try precondition.check(.links(Versioned(lists, story.linksVersion)))
            try session.requireTargets(of: links, besides: Set(lists[kind].compactMap(\.story)), for: access)
            guard !identical(lists[kind], links) else { return Versioned(lists, story.linksVersion) }
            lists[kind] = links
            try session.run("DELETE FROM links WHERE story = ? AND kind = ?", story.key, kind.rawValue)
            try session.insert(links, kind, story: story.key)
            let now = self.now()
            try session.touchLinks(of: story, at: now)
            try session.record(
                .replaceLinks, by: access, at: now, story: story.story.id, seq: story.nextSeq,
                detail: kind.rawValue)
            return Versioned(lists, Version(epoch: story.epoch, seq: story.nextSeq))
        }
    }
}

extension Session {
    func linkLists(of story: Int64) throws(StoryError) -> LinkLists {
        let entries = try rows(
            "SELECT kind, title, url, target, image FROM links WHERE story = ? ORDER BY kind, position", story
        ) { row in
            (
                kind: LinkKind(rawValue: row.text()),
                link: Link(
                    title: row.text(), url: row.optionalText(), story: row.optionalIdentifier(),
                    image: row.optionalText())
            )
        }
        var lists = LinkLists()
        for (kind, link) in entries {
            if let kind { lists[kind].append(link) }
        }
        return lists
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
        let linking = try rows(
            "SELECT \(StoryRow.columns) FROM stories WHERE key IN (SELECT story FROM links WHERE target = ?)",
            target
        ) { StoryRow(&$0) }
        try run("UPDATE links SET target = NULL WHERE target = ?", target)
        for story in linking { try touchLinks(of: story, at: now) }
    }

    func touchLinks(of story: StoryRow, at now: Timestamp) throws(StoryError) {
        try advance(story, to: story.nextSeq, at: now)
        try run("UPDATE stories SET links_seq = ? WHERE key = ?", story.nextSeq, story.key)
        tell(.links(try linkLists(of: story.key), seq: story.nextSeq), of: story)
    }

    /// Links may name stories here that the caller sees, and what the list named before: an import may have brought it
    /// from elsewhere.
    fileprivate func requireTargets(
        of links: [Link], besides known: Set<Identifier>, for access: Access
    ) throws(StoryError) {
        var faults: [Fault] = []
        for (index, link) in links.enumerated() {
            guard let target = link.story, !known.contains(target) else { continue }
            let row = try story(.id(target))
            if row.map({ access.sees(target, status: $0.story.content.status) }) != true {
                faults.append(Fault("/\(index)/story", "names no story here"))
            }
        }
        guard faults.isEmpty else { throw .invalid(faults) }
    }
}
