// SPDX-License-Identifier: Apache-2.0
/// The author of a write: the holder of an API key, or the program itself.
public struct Principal: Hashable, Sendable {
    /// The public part of the API key, or a reserved word.
    public var key: String
    /// A label: whose key it is.
    public var name: String

    /// Memberwise.
    public init(key: String, name: String) {
        self.key = key
        self.name = name
    }

    /// The operator at the command line.
    public static let commandLine = Principal(key: "command", name: "command line")
    /// The holder of the admin key in the server's configuration.
    public static let configuration = Principal(key: "configuration", name: "WIREROOM_ADMIN_KEY")
    /// The server, when it publishes scheduled updates.
    public static let schedule = Principal(key: "schedule", name: "schedule")
    /// The server, when it disables a webhook.
    public static let deliveries = Principal(key: "deliveries", name: "deliveries")
    /// The server, when it adds the thumbnail of a card.
    public static let cards = Principal(key: "cards", name: "cards")
    /// The server, when it deletes media assets that nothing uses.
    public static let sweep = Principal(key: "sweep", name: "sweep")
}

/// An entry of the audit trail: who did what, and when. It contains no editorial text, which takedowns must be able to erase.
public struct AuditEntry: Hashable, Sendable {
    /// The kind of write.
    public enum Action: String, Hashable, Sendable, CaseIterable {
        case createStory = "story.create"
        case replaceStory = "story.replace"
        case editStory = "story.edit"
        case deleteStory = "story.delete"
        case importStory = "story.import"
        case writeNote = "note.write"
        case clearNote = "note.clear"
        case replaceLinks = "links.replace"
        case replaceSnippets = "snippets.replace"
        case publishUpdate = "update.publish"
        case draftUpdate = "update.draft"
        case scheduleUpdate = "update.schedule"
        case unpublishUpdate = "update.unpublish"
        case editUpdate = "update.edit"
        case strikeUpdate = "update.strike"
        case unstrikeUpdate = "update.unstrike"
        case deleteUpdate = "update.delete"
        case moveUpdate = "update.move"
        case restoreUpdate = "update.restored"
        case takeDownUpdate = "update.takedown"
        case createPreview = "preview.create"
        case freeSlug = "slug.free"
        case addKey = "key.add"
        case revokeKey = "key.revoke"
        case createWebhook = "webhook.create"
        case editWebhook = "webhook.edit"
        case rotateWebhook = "webhook.rotate"
        case deleteWebhook = "webhook.delete"
        case disableWebhook = "webhook.disable"
        case addMedia = "media.add"
        case deleteMedia = "media.delete"
        case replaceSite = "site.replace"
        case addFont = "font.add"
    }

    /// Its number in the trail, from 1.
    public var number: Int64
    /// When it was done.
    public var at: Timestamp
    /// Who did it.
    public var actor: Principal
    /// What was done: an ``Action``, or that of another version of the program.
    public var action: String
    /// The id of the story, if it concerns one.
    public var story: Identifier?
    /// The id of the update, if it concerns one.
    public var update: Identifier?
    /// The story's sequence number after it; `nil` if readers saw no change.
    public var seq: Int64?
    /// The names of the members in the request.
    public var members: [String]
    /// Further information: the reason of a takedown, the list of links, the key, the webhook, the media asset, the other story of a move
    /// (`to` or `from` and its id), a change of status (see ``detail(from:to:)``), the number of the site's revision, the font.
    public var detail: String?

    /// Memberwise.
    public init(
        number: Int64, at: Timestamp, actor: Principal, action: String, story: Identifier?,
        update: Identifier?,
        seq: Int64?, members: [String], detail: String?
    ) {
        self.number = number
        self.at = at
        self.actor = actor
        self.action = action
        self.story = story
        self.update = update
        self.seq = seq
        self.members = members
        self.detail = detail
    }
}

extension AuditEntry {
    /// The detail of an edit that changes the status of a story, such as `from live to closed`; `nil` if it does not.
    public static func detail(from former: StoryStatus, to status: StoryStatus) -> String? {
        former == status ? nil : "from \(former.rawValue) to \(status.rawValue)"
    }
}

/// Parameters of a page of the audit trail.
public struct AuditQuery: Hashable, Sendable {
    /// Only writes to this story, which may have been deleted since.
    public var story: Identifier?
    /// Only writes to this update, in whichever story it was.
    public var update: Identifier?
    /// Only writes with this key.
    public var key: String?
    /// Only writes of this kind.
    public var action: AuditEntry.Action?
    /// Page size, within ``Limits/pageSize``.
    public var limit: Int
    /// Start before the entry with this number.
    public var before: Int64?

    /// The latest entries by default.
    public init(
        story: Identifier? = nil, update: Identifier? = nil, key: String? = nil,
        action: AuditEntry.Action? = nil, limit: Int = Limits.defaultPageSize, before: Int64? = nil
    ) {
        self.story = story
        self.update = update
        self.key = key
        self.action = action
        self.limit = limit
        self.before = before
    }
}

/// A page of the audit trail (keyset pagination).
public struct AuditTrail: Equatable, Sendable {
    /// By number, latest first.
    public var entries: [AuditEntry]
    /// Position of the next page, the last number of this one; `nil` on the last.
    public var older: Int64?

    /// Memberwise.
    public init(entries: [AuditEntry], older: Int64?) {
        self.entries = entries
        self.older = older
    }
}
