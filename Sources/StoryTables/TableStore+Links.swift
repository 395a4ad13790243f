// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``StoryStore``.
    public func links(
        of story: StoryReference, access: Access
    ) async throws(StoryError) -> Versioned<LinkLists> {
        try await engine.read { transaction throws(StoryError) in
            let story = try transaction.story(story, for: access)
            return Versioned(try transaction.linkLists(of: story.key, for: access), story.linksVersion)
        }
    }

    /// See ``StoryStore``.
    public func replaceLinks(
        _ kind: LinkKind, of story: StoryReference, with links: [Link], if precondition: Precondition,
        access: Access
    ) async throws(StoryError) -> Versioned<LinkLists> {
        try await engine.write { transaction throws(StoryError) in
            let story = try transaction.writableStory(story, for: access)
            var lists = try transaction.linkLists(of: story.key, for: access)
            try precondition.check(.links(Versioned(lists, story.linksVersion)))
            try links.requireTargets(before: lists[kind]) { target throws(StoryError) in
                try transaction.seenStory(.id(target), by: access) != nil
            }
            guard lists[kind] != links else { return Versioned(lists, story.linksVersion) }
            let all = try transaction.linkLists(of: story.key, for: .holder(Grant(role: .admin)))[kind]
            let kept = links.keepingHiddenTargets(seen: lists[kind], all: all)
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
    /// Returns the lists as visible to the caller: a link to a story that the caller may not see is a bare title.
    func linkLists(of story: Int64, for access: Access) throws(StoryError) -> LinkLists {
        let entries = try rows(
            """
            SELECT l.kind, l.title, l.url, l.target, l.image, s.status
            FROM links AS l LEFT JOIN stories AS s ON s.id = l.target
            WHERE l.story = ? ORDER BY l.kind, l.position
            """, story
        ) { row in
            (
                kind: LinkKind(rawValue: row.text()),
                link: Link(
                    title: row.text(), url: row.optionalText(), story: row.optionalIdentifier(),
                    image: row.optionalText()),
                status: row.optionalText().flatMap(StoryStatus.init)
            )
        }
        var lists = LinkLists()
        for (kind, link, status) in entries {
            if let kind { lists[kind].append(link.asSeen(by: access, status: status)) }
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

    /// Turns links to a deleted story into bare titles, as a change of the linking stories.
    func forgetLinks(to target: Identifier, at now: Timestamp) throws(StoryError) {
        let linking = try storiesLinking(to: target)
        try run("UPDATE links SET target = NULL WHERE target = ?", target)
        for story in linking { try touchLinks(of: story, at: now) }
    }

    /// Updates the lists that link to a story that became visible or hidden, because its id is shown only while it is visible.
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
}
