// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import Stories

/// The rules that pictures in use are there, with all their files, and that their uses are recorded as they are. Checked here, because
/// engines cannot find references in texts.
enum MediaRules {
    static func faults(in database: any Database) throws(DatabaseError) -> [String] {
        var faults = try incomplete(in: database)
        let stories = try database.rows("SELECT key, slug, image_url FROM stories ORDER BY key") { row in
            let (key, slug) = (row.integer(), row.text())
            var content = StoryContent.blank
            content.image = row.optionalText().map { StoryImage(url: $0) }
            return (key: key, slug: slug, content: content)
        }
        for story in stories where faults.count < mostFaults {
            let found = try self.faults(ofStory: story.key, story.content, in: database)
            faults += found.map { "story \(story.slug): \($0)" }
        }
        return Array(faults.prefix(mostFaults))
    }

    private static let mostFaults = 100

    /// Assets of which a file is not listed.
    private static func incomplete(in database: any Database) throws(DatabaseError) -> [String] {
        try database.rows("SELECT \(MediaAsset.columns) FROM media_assets ORDER BY id") { row -> String? in
            let asset = MediaAsset(&row)
            let listed = asset.variants.map(\.name).sorted()
            let isWhole = asset.variants.allSatisfy { $0.bytes > 0 && $0.checksum.count == 32 }
            return isWhole && listed == asset.variantNames.sorted()
                ? nil : "media asset \(asset.id): its files are not listed as they have to be"
        }.compactMap(\.self)
    }

    /// A use of an asset by a story (both 0), an update (its key) or a revision.
    private struct Use: Hashable {
        let update: Int64
        let seq: Int64
        let asset: Identifier
    }

    private static func faults(
        ofStory key: Int64, _ content: StoryContent, in database: any Database
    ) throws(DatabaseError) -> [String] {
        var uses = Set(content.assets.map { Use(update: noUpdate, seq: 0, asset: $0) })
        var shown = Set([content.image?.reference?.id].compactMap(\.self))
        for state in try states(ofStory: key, in: database) {
            uses.formUnion(
                state.content.assets.map { Use(update: state.update, seq: state.seq, asset: $0) })
            shown.formUnion(state.content.media.compactMap { $0.reference?.id })
        }
        let recorded = try recordedUses(ofStory: key, in: database)
        let present = Set(recorded.filter(\.isThere).map(\.use.asset))
        let known = Set(recorded.map(\.use))
        return sentences("a picture in use is not there: ", shown.subtracting(present))
            + sentences("the use of a picture is not recorded: ", uses.subtracting(known).map(\.asset))
            + sentences("a use of a picture is recorded that is none: ", known.subtracting(uses).map(\.asset))
    }

    private static func sentences(_ fault: String, _ assets: some Sequence<Identifier>) -> [String] {
        assets.sorted().map { fault + MediaReference($0).path }
    }

    /// The present and former states of a story's updates that refer to pictures.
    private static func states(
        ofStory key: Int64, in database: any Database
    ) throws(DatabaseError) -> [(update: Int64, seq: Int64, content: UpdateContent)] {
        let refers = "story = ? AND (media <> '[]' OR body LIKE '%/media/%')"
        return try database.rows(
            """
            SELECT key, 0, media, body FROM updates WHERE \(refers)
            UNION ALL SELECT key, 0, media, body FROM drafts WHERE \(refers)
            UNION ALL SELECT key, 0, media, body FROM bin WHERE \(refers)
            UNION ALL SELECT update_key, seq, media, body FROM revisions WHERE \(refers)
            """, key, key, key, key
        ) { row in
            let (update, seq, media) = (row.integer(), row.integer(), row.media())
            var content = UpdateContent(body: row.text())
            content.media = media
            return (update, seq, content)
        }
    }

    private static func recordedUses(
        ofStory key: Int64, in database: any Database
    ) throws(DatabaseError) -> [(use: Use, isThere: Bool)] {
        try database.rows(
            """
            SELECT m.update_key, m.seq, m.asset, a.id IS NOT NULL
            FROM media_uses AS m LEFT JOIN media_assets AS a ON a.id = m.asset WHERE m.story = ?
            """, key
        ) { row in
            let use = Use(update: row.integer(), seq: row.integer(), asset: row.identifier())
            return (use, row.bool())
        }
    }
}
