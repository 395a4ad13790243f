// SPDX-License-Identifier: Apache-2.0
internal import Database
public import Stories

extension TableStore {
    /// See ``MediaStore``.
    public func addMedia(
        _ asset: MediaAsset, insteadOf lost: String?, idempotency: IdempotentWrite<MediaAsset>?,
        access: Access
    ) async throws(StoryError) -> MediaAsset {
        let actor = try access.requireKey().actor
        return try await write(idempotency) { transaction throws(StoryError) in
            try transaction.add(asset, insteadOf: lost, by: actor, at: self.now())
        } isCurrent: { transaction throws(StoryError) in
            guard let stored = try transaction.mediaAsset(asset.id) else { return false }
            return lost.map { !stored.folder.hasSameBytes(as: $0) } ?? true
        }
    }

    /// See ``MediaStore``.
    public func noteUpload(
        of id: Identifier, idempotency: IdempotentWrite<MediaAsset>?, access: Access
    ) async throws(StoryError) -> MediaAsset {
        _ = try access.requireKey()
        return try await write(idempotency) { transaction throws(StoryError) in
            guard let stored = try transaction.noteUpload(of: id, at: self.now()) else {
                throw .notFound(.media)
            }
            return stored
        } isCurrent: { transaction throws(StoryError) in
            try transaction.mediaAsset(id) != nil
        }
    }

    /// See ``MediaStore``.
    public func media(_ id: Identifier) async throws(StoryError) -> MediaAsset {
        try await engine.read { transaction throws(StoryError) in
            guard let asset = try transaction.mediaAsset(id) else { throw .notFound(.media) }
            return asset
        }
    }

    /// See ``MediaStore``.
    public func deleteMedia(_ id: Identifier, access: Access) async throws(StoryError) -> MediaAsset {
        let actor = try access.requireKey().actor
        return try await engine.write { transaction throws(StoryError) in
            guard try transaction.mediaAsset(id) != nil else { throw .notFound(.media) }
            let deleted = try transaction.deleteUnusedMedia(
                [id], lostToFormerSites: access.maySetSite, by: actor, at: self.now())
            if let asset = deleted.first { return asset }
            let uses = try transaction.uses(of: id).filter { access.seesDrafts(of: $0.story) }
            throw .mediaInUse(Array(uses.prefix(Limits.mediaUsesNamed)))
        }
    }

    /// See ``MediaStore``.
    public func removeOrphanedMedia(
        olderThan time: Timestamp, limit: Int
    ) async throws(StoryError) -> [MediaAsset] {
        // Searched on a reader, as there is usually nothing to write. The write looks again at those that were found.
        let found = try await engine.read { transaction throws(StoryError) in
            try transaction.rows(
                """
                SELECT id FROM media_assets AS m WHERE uploaded_at < ?
                    AND \(MediaUse.isNone(of: "m.id"))
                ORDER BY uploaded_at, id LIMIT ?
                """, time, limit
            ) { $0.identifier() }
        }
        guard !found.isEmpty else { return [] }
        return try await engine.write { transaction throws(StoryError) in
            try transaction.deleteUnusedMedia(found, uploadedBefore: time, by: .sweep, at: self.now())
        }
    }

    /// See ``MediaStore``.
    public func mediaFolders() async throws(StoryError) -> Set<String> {
        let folders = try await engine.read { transaction throws(StoryError) in
            try transaction.rows("SELECT folder FROM media_assets") { $0.text() }
        }
        return Set(folders)
    }

    /// See ``MediaStore``.
    public func mediaUsage() async throws(StoryError) -> MediaUsage {
        let usage = try await engine.read { transaction throws(StoryError) in
            try transaction.first(
                "SELECT count(*), CAST(coalesce(sum(total_bytes), 0) AS BIGINT) FROM media_assets"
            ) { MediaUsage(count: Int($0.integer()), bytes: Int($0.integer())) }
        }
        return usage ?? MediaUsage(count: 0, bytes: 0)
    }
}

extension Transaction {
    /// Adds an asset, and returns it; if it is there already, counts it as uploaded now, and returns it as it is stored. If the stored one
    /// has lost its files, which were in the folder `lost`, it gets those of the given one.
    func add(
        _ asset: MediaAsset, insteadOf lost: String? = nil, by actor: Principal, at now: Timestamp
    ) throws(StoryError) -> MediaAsset {
        var added = asset
        added.createdAt = now
        if let stored = try noteUpload(of: asset.id, at: now) {
            guard let lost, stored.folder.hasSameBytes(as: lost) else { return stored }
            added.createdAt = stored.createdAt
            try replaceFiles(with: added)
        } else {
            try insert(added, at: now)
        }
        try record(.addMedia, by: actor, at: now, detail: asset.id.description)
        return added
    }

    private func replaceFiles(with asset: MediaAsset) throws(StoryError) {
        try run(
            "UPDATE media_assets SET type = ?, bytes = ?, folder = ?, variants = ?, total_bytes = ? WHERE id = ?",
            asset.type.rawValue, asset.bytes, asset.folder, asset.variantColumn, asset.totalBytes, asset.id)
    }

    /// Notes that an asset was uploaded again, and returns it; `nil` if it is not there.
    fileprivate func noteUpload(of id: Identifier, at now: Timestamp) throws(StoryError) -> MediaAsset? {
        guard let stored = try mediaAsset(id) else { return nil }
        try run("UPDATE media_assets SET uploaded_at = ? WHERE id = ?", now, id)
        return stored
    }

    private func insert(_ asset: MediaAsset, at now: Timestamp) throws(StoryError) {
        try run(
            """
            INSERT INTO media_assets (\(MediaAsset.columns), total_bytes, uploaded_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, asset.id, asset.type.rawValue, asset.bytes, asset.width, asset.height, asset.color,
            asset.isAnimated, asset.folder, asset.variantColumn, asset.createdAt, asset.totalBytes, now)
    }
}
