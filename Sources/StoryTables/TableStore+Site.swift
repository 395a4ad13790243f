// SPDX-License-Identifier: Apache-2.0
internal import Database
internal import JSON
public import Stories
internal import StoriesJSON

extension TableStore {
    /// See ``SiteStore``.
    public func site() async throws(StoryError) -> Versioned<SiteSettings> {
        try await engine.read { transaction throws(StoryError) in try transaction.site() }
    }

    /// See ``SiteStore``.
    public func replaceSite(
        with settings: SiteSettings, if precondition: Precondition, access: Access
    ) async throws(StoryError) -> Versioned<SiteSettings> {
        try access.requireSite()
        let actor = try access.requireKey().actor
        return try await engine.write { transaction throws(StoryError) in
            let present = try transaction.site()
            try precondition.check(.site(present))
            var described = settings
            let pictureErrors = try described.describePictures(transaction.mediaAsset)
            let errors = pictureErrors + (try described.fontErrors(isThere: transaction.hasFont))
            guard errors.isEmpty else { throw .invalid(errors) }
            guard described != present.value else { return present }
            let revision = SiteRevision(
                number: present.version.seq + 1, at: self.now(), actor: actor, settings: described)
            try transaction.insert(revision)
            try transaction.record(
                .replaceSite, by: actor, at: revision.at, members: present.value.changes(to: described),
                detail: String(revision.number))
            transaction.emit(.siteChanged)
            return Versioned(described, Version(epoch: present.version.epoch, seq: revision.number))
        }
    }

    /// See ``SiteStore``.
    public func siteRevisions(access: Access) async throws(StoryError) -> [SiteRevision] {
        try access.requireSite()
        return try await engine.read { transaction throws(StoryError) in
            try transaction.rows(
                "SELECT \(SiteRevision.columns) FROM site_revisions ORDER BY number DESC LIMIT ?",
                Limits.siteRevisions
            ) { SiteRevision(&$0) }
        }
    }
}

extension Transaction {
    fileprivate func site() throws(StoryError) -> Versioned<SiteSettings> {
        let epoch = try first("SELECT epoch FROM database_epoch") { UInt64(bitPattern: $0.integer()) } ?? 0
        let revision = try first(
            "SELECT \(SiteRevision.columns) FROM site_revisions ORDER BY number DESC LIMIT 1"
        ) { SiteRevision(&$0) }
        let version = Version(epoch: epoch, seq: revision?.number ?? 0)
        return Versioned(revision?.settings ?? .blank, version)
    }

    /// Inserts a revision, and deletes the oldest ones beyond the limit.
    fileprivate func insert(_ revision: SiteRevision) throws(StoryError) {
        try run(
            "INSERT INTO site_revisions (\(SiteRevision.columns)) VALUES (?, ?, ?, ?, ?)", revision.number,
            revision.settings.column, revision.at, revision.actor.key, revision.actor.name)
        for asset in revision.settings.assets.sorted() {
            try run("INSERT INTO site_media (revision, asset) VALUES (?, ?)", revision.number, asset)
        }
        let first = revision.number - Int64(Limits.siteRevisions)
        try run("DELETE FROM site_media WHERE revision <= ?", first)
        try run("DELETE FROM site_revisions WHERE number <= ?", first)
    }
}

extension SiteRevision {
    fileprivate static let columns = "number, settings, at, actor, actor_name"

    fileprivate init(_ row: inout Row) {
        let (number, settings) = (row.integer(), SiteSettings(column: row.text()))
        self.init(
            number: number, at: row.timestamp(), actor: Principal(key: row.text(), name: row.text()),
            settings: settings)
    }
}

extension SiteSettings {
    /// The names of the members that other settings have other values of.
    fileprivate func changes(to other: SiteSettings) -> [String] {
        Self.members.filter { $0.value(of: self) != $0.value(of: other) }.map(\.field.name)
    }

    /// The settings as JSON.
    fileprivate var column: String {
        var writer = JSONWriter()
        writer.object { $0.members(of: self) }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Reads what ``column`` has written. Damaged members, and those of another version of the program, are left out.
    fileprivate init(column: String) {
        self = .blank
        guard let json = try? JSONValue(parsing: Array(column.utf8)) else { return }
        for member in Self.members {
            let value = json[member.field.name].flatMap { MemberValue(written: $0, member.field.form) }
            if let value { member.set(value, of: &self) }
        }
    }
}
