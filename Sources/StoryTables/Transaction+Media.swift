// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Stories

extension Transaction {
    /// Returns an asset; `nil` if there is none.
    func mediaAsset(_ id: Identifier) throws(StoryError) -> MediaAsset? {
        try first("SELECT \(MediaAsset.columns) FROM media_assets WHERE id = ?", id) { MediaAsset(&$0) }
    }

    /// Returns those of the assets that there are.
    private func mediaAssets(_ ids: [Identifier]) throws(StoryError) -> [Identifier: MediaAsset] {
        guard !ids.isEmpty else { return [:] }
        let found = try rows(
            "SELECT \(MediaAsset.columns) FROM media_assets WHERE id IN (\(IdentifierList.query))",
            IdentifierList(ids)
        ) { MediaAsset(&$0) }
        return Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
    }

    /// Returns the uses of an asset.
    func uses(of asset: Identifier) throws(StoryError) -> [MediaUse] {
        try rows(MediaUse.selection, asset, asset) { MediaUse(&$0) }
    }

    /// Deletes those of the assets that nothing uses, and that were last uploaded before a time, if it is given. Returns them as they were.
    /// If they may be `lostToFormerSites`, former revisions of the site keep none: one that names it cannot be restored any more.
    func deleteUnusedMedia(
        _ assets: [Identifier], uploadedBefore time: Timestamp? = nil, lostToFormerSites: Bool = false,
        by actor: Principal, at now: Timestamp
    ) throws(StoryError) -> [MediaAsset] {
        var deleted: [MediaAsset] = []
        for id in assets {
            deleted += try rows(
                """
                DELETE FROM media_assets WHERE id = ? AND uploaded_at < ?
                    AND \(MediaUse.isNone(of: "media_assets.id", lostToFormerSites: lostToFormerSites))
                RETURNING \(MediaAsset.columns)
                """, id, time ?? Timestamp(milliseconds: .max)
            ) { MediaAsset(&$0) }
        }
        for asset in deleted {
            if lostToFormerSites { try run("DELETE FROM site_media WHERE asset = ?", asset.id) }
            try record(.deleteMedia, by: actor, at: now, detail: asset.id.description)
        }
        return deleted
    }
}

// MARK: Uses

extension Transaction {
    /// Stores which assets somebody uses. Nothing is written, or read, for those who use none and used none before.
    func keepMediaUses(
        of assets: Set<Identifier>, insteadOf former: Set<Identifier> = [], by user: MediaUser
    ) throws(StoryError) {
        guard assets != former else { return }
        for asset in former.subtracting(assets) {
            try run(
                "DELETE FROM media_uses WHERE story = ? AND update_key = ? AND seq = ? AND asset = ?",
                user.story, user.update, user.seq, asset)
        }
        for asset in assets.subtracting(former).sorted() {
            try run(
                "INSERT INTO media_uses (story, update_key, seq, asset) VALUES (?, ?, ?, ?)", user.story,
                user.update, user.seq, asset)
        }
    }

    /// Returns the assets that an update uses in its present state and in its revisions.
    func assets(usedBy update: Int64, in story: Int64) throws(StoryError) -> [Identifier] {
        try rows(
            "SELECT DISTINCT asset FROM media_uses WHERE story = ? AND update_key = ? ORDER BY asset", story,
            update
        ) { $0.identifier() }
    }
}

// MARK: Descriptions

extension Transaction {
    /// Returns the updates with what is known of their pictures. Throws `.invalid` for assets that do not exist.
    func describingMedia(of news: [NewUpdate]) throws(StoryError) -> [NewUpdate] {
        guard news.contains(where: { !$0.content.media.isEmpty }) else { return news }
        var (described, errors) = (news, [ValidationError]())
        for index in described.indices { errors += try described[index].describeMedia(mediaAsset) }
        try errors.requireNone()
        return described
    }

    /// Returns the patch with what is known of its pictures. Throws `.invalid` for assets that do not exist.
    func describingMedia(of patch: UpdatePatch) throws(StoryError) -> UpdatePatch {
        var described = patch
        let errors = try described.describeMedia(mediaAsset)
        try errors.requireNone()
        return described
    }

    /// Returns the content with what is known of the story's image. Throws `.invalid` for an asset that does not exist.
    func describingImage(of content: StoryContent) throws(StoryError) -> StoryContent {
        var described = content
        let errors = try described.describeImage(at: "", mediaAsset)
        try errors.requireNone()
        return described
    }

    /// Returns the document with what is known of its pictures; of its updates only `members`. Throws `.invalid` for assets that do not
    /// exist.
    func describingMedia(
        of document: StoryDocument, _ members: [Int]
    ) throws(StoryError) -> StoryDocument {
        var described = document
        var errors = try described.content.describeImage(at: "/story", mediaAsset)
        let withMedia = members.filter { !document.updates[$0].content.media.isEmpty }
        let pictures = withMedia.flatMap { document.updates[$0].content.media.compactMap(\.reference?.id) }
        let known = try mediaAssets(pictures)
        for member in withMedia {
            errors += try described.updates[member].content.describeMedia(at: "/updates/\(member)") {
                known[$0]
            }
        }
        try errors.requireNone()
        return described
    }
}

extension [ValidationError] {
    /// Throws `.invalid` if there are any.
    fileprivate func requireNone() throws(StoryError) {
        guard isEmpty else { throw .invalid(self) }
    }
}
