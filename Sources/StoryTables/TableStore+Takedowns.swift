// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``StoryStore``.
    public func takeDownUpdate(
        _ id: Identifier, of story: StoryReference, reason: String, if precondition: Precondition,
        idempotency: IdempotentWrite<Takedown>?, access: Access
    ) async throws(StoryError) -> Takedown {
        var takedown = try await write(idempotency) { transaction throws(StoryError) in
            let (row, now) = (try transaction.writableStory(story, for: access), self.now())
            let stored = try transaction.storedUpdate(id, of: row, for: access)
            try precondition.check(.update(stored.row.versioned(in: row)))
            let media =
                try transaction.assets(usedBy: stored.row.key, in: row.key)
                + transaction.thumbnails(of: stored.row.key)
            let seq = try transaction.takeForGood(stored, from: row, reason, at: now)
            try transaction.record(
                .takeDownUpdate, by: access, at: now, story: row.story.id, update: id, seq: seq,
                detail: reason)
            try transaction.keepTakedown(of: id, in: row, key: stored.row.key, at: now)
            try transaction.eraseResponses(with: id, of: row.story.id)
            try transaction.eraseAutosaves(besides: id, in: row.key)
            return Takedown(
                update: id, story: try transaction.names(of: row),
                formerStories: try transaction.tellFormerStories(of: stored.row, in: row, at: now),
                isErased: true,
                erasedMedia: try transaction.deleteUnusedMedia(
                    media, lostToFormerSites: true, by: try access.requireKey().actor, at: now))
        }
        takedown.isErased = await eraseTraces()
        return takedown
    }

    /// See ``StoryStore``.
    public func eraseTraces() async -> Bool { await engine.eraseTraces() }
}

extension Transaction {
    /// Erases an update, also from the bin, with all its dependent rows except its request. Returns the sequence number of the
    /// tombstone; `nil` for a draft or an update in the bin.
    fileprivate func takeForGood(
        _ stored: StoredUpdate, from story: StoryRow, _ reason: String, at now: Timestamp
    ) throws(StoryError) -> Int64? {
        var seq: Int64?
        switch stored {
        case .present(let row): seq = try take(row, from: story, .takedown, detail: reason, at: now)
        case .inBin(let binned): try deleteFromBin(binned.row.key)
        }
        if seq == nil, stored.row.wasSeen {
            // Readers have heard of the deletion; receivers may have kept the text.
            try queueDeliveries(
                .updateTakenDown, of: story, update: stored.row.id, seq: story.story.seq,
                tags: stored.row.update.content.tags, at: now)
        }
        // After `take`, which reads the reactions to emit their removal.
        try eraseDependentRows(of: stored.row.key, in: story.key)
        return seq
    }

    /// Erases what is stored of an update in the stories that it was moved away from, and tells their webhooks. Returns their names.
    fileprivate func tellFormerStories(
        of row: EditorRow, in story: StoryRow, at now: Timestamp
    ) throws(StoryError) -> [StoryNames] {
        let keys = try rows(
            "SELECT DISTINCT story FROM tombstones WHERE id = ? AND story <> ?", row.id, story.key
        ) { $0.integer() }
        var names: [StoryNames] = []
        for key in keys {
            guard let former = try self.story(key: key) else { continue }
            try queueDeliveries(
                .updateTakenDown, of: former, update: row.id, seq: former.story.seq,
                tags: row.update.content.tags, at: now)
            try eraseResponses(with: row.id, of: former.story.id)
            names.append(try self.names(of: former))
        }
        return names
    }

    /// Returns an update of a story for a caller with write access. Throws `.takenDown` if it was taken down; for callers who
    /// may only read, `.notFound`.
    func writableRow(
        _ id: Identifier, of story: StoryRow, for access: Access
    ) throws(StoryError) -> EditorRow {
        if let row = try findEditorRow(id, of: story, for: access) { return row }
        guard access.seesDrafts(of: story.story.id), try isTakenDown(id, of: story) else {
            throw .notFound(.update)
        }
        throw .takenDown(members: [])
    }

    private func isTakenDown(_ id: Identifier, of story: StoryRow) throws(StoryError) -> Bool {
        try first(
            "SELECT 1 FROM takedowns WHERE update_id = ? AND story = ?", id, story.story.id
        ) { _ in true } ?? false
    }

    /// Stores the fingerprint of the request that created an update, for as long as the update exists.
    func keepRequest(
        _ request: WriteRequest?, member: Int, of key: Int64, in story: Int64
    ) throws(StoryError) {
        guard let request else { return }
        try runKnown(
            "INSERT INTO update_requests (story, update_key, fingerprint, member) VALUES (?, ?, ?, ?)", story,
            key, request.fingerprint, member)
    }

    /// Permanently records that an update was taken down, and the fingerprint of the request that created it.
    fileprivate func keepTakedown(
        of id: Identifier, in story: StoryRow, key: Int64, at now: Timestamp
    ) throws(StoryError) {
        try run(
            """
            INSERT INTO takedowns (update_id, story, fingerprint, member, at)
            SELECT ?, ?, r.fingerprint, coalesce(r.member, 0), ?
            FROM (SELECT 1) AS one LEFT JOIN update_requests AS r ON r.story = ? AND r.update_key = ? WHERE TRUE
            ON CONFLICT (update_id) DO UPDATE SET story = excluded.story, fingerprint = excluded.fingerprint,
                member = excluded.member, at = excluded.at
            """, id, story.story.id, now, story.key, key)
        try forgetRequest(of: key, in: story.key)
    }

    /// Returns the indices, within its batch or document, of updates that a request created and that were taken down.
    func membersTakenDown(by fingerprint: [UInt8]) throws(StoryError) -> [Int] {
        try rows(
            "SELECT DISTINCT member FROM takedowns WHERE fingerprint = ? ORDER BY member", fingerprint
        ) { Int(truncatingIfNeeded: $0.integer()) }
    }

    /// Throws `.takenDown` if a request repeats one that created an update which was taken down. Call it after checking that the
    /// caller may write.
    func requireNotTakenDown(_ request: WriteRequest?) throws(StoryError) {
        guard let request, try mayBeTakenDown(request.fingerprint) else { return }
        let members = try membersTakenDown(by: request.fingerprint)
        guard members.isEmpty else { throw .takenDown(members: members) }
    }

    /// Returns whether a request may have created an update that was taken down; few have, so that all are kept in memory.
    private func mayBeTakenDown(_ fingerprint: [UInt8]) throws(StoryError) -> Bool {
        guard let cache else { return true }
        if let known = cache.takenDown { return known.contains(fingerprint) }
        let all = try rows(
            "SELECT DISTINCT fingerprint FROM takedowns WHERE fingerprint IS NOT NULL LIMIT ?",
            WriterCache.maximumTakedowns + 1
        ) { $0.withBytes { [UInt8]($0) } }
        cache.keep(takenDown: all)
        return all.count > WriterCache.maximumTakedowns || all.contains(fingerprint)
    }

    /// Returns the indices of updates in a document whose ids were taken down.
    func membersTakenDown(of document: StoryDocument) throws(StoryError) -> [Int] {
        let ids = IdentifierList(document.updates.compactMap(\.id))
        let takenDown = Set(
            try rows(
                "SELECT update_id FROM takedowns WHERE update_id IN (\(IdentifierList.query))", ids
            ) { $0.identifier() })
        return document.updates.indices.filter { index in
            document.updates[index].id.map(takenDown.contains) ?? false
        }
    }
}
