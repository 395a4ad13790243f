// SPDX-License-Identifier: Apache-2.0
/// Who did something: the holder of a key, or this program by itself.
public struct Principal: Hashable, Sendable {
    /// The public part of the key, or a word that no key has.
    public var key: String
    /// For people: whose key it is.
    public var name: String

    /// A principal by the key and its name.
    public init(key: String, name: String) {
        self.key = key
        self.name = name
    }

    /// Whoever sits at the terminal.
    public static let commandLine = Principal(key: "command", name: "command line")
    /// The holder of the key that the server was started with.
    public static let configuration = Principal(key: "configuration", name: "WIREROOM_ADMIN_KEY")
    /// The server, when the time of a scheduled update has come.
    public static let schedule = Principal(key: "schedule", name: "schedule")
}

/// Something that was written, as the audit trail keeps it: who, what and when, but never the words, which a takedown must be
/// able to erase.
public struct AuditEntry: Hashable, Sendable {
    /// What can be done.
    public enum Action: String, Hashable, Sendable, CaseIterable {
        case createStory = "story.create"
        case replaceStory = "story.replace"
        case editStory = "story.edit"
        case deleteStory = "story.delete"
        case importStory = "story.import"
        case replaceLinks = "links.replace"
        case publishUpdate = "update.publish"
        case draftUpdate = "update.draft"
        case scheduleUpdate = "update.schedule"
        case unpublishUpdate = "update.unpublish"
        case editUpdate = "update.edit"
        case strikeUpdate = "update.strike"
        case unstrikeUpdate = "update.unstrike"
        case deleteUpdate = "update.delete"
        case restoreUpdate = "update.restored"
        case takeDownUpdate = "update.takedown"
        case freeSlug = "slug.free"
        case addKey = "key.add"
        case revokeKey = "key.revoke"
    }

    /// Its place in the trail, from 1.
    public var number: Int64
    /// When it was done.
    public var at: Timestamp
    /// Who did it.
    public var actor: Principal
    /// What was done: an ``Action``, or a word of another version of this program.
    public var action: String
    /// To which story.
    public var story: Identifier?
    /// To which of its updates.
    public var update: Identifier?
    /// The number that the story's feed came to by it; `nil` where readers saw no change.
    public var seq: Int64?
    /// The members that the request named.
    public var members: [String]
    /// What else there is to say: the reason of a takedown, the list of links, the key.
    public var detail: String?

    /// An entry, all members given.
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

/// Which entries of the audit trail to list.
public struct AuditQuery: Hashable, Sendable {
    /// Only what was done to this story, which may be gone by now.
    public var story: Identifier?
    /// Only what the holder of this key did.
    public var key: String?
    /// Entries a page, in ``Limits/pageSize``.
    public var limit: Int
    /// Begin before the entry of this number.
    public var before: Int64?

    /// The latest entries, unless told otherwise.
    public init(
        story: Identifier? = nil, key: String? = nil, limit: Int = Limits.defaultPageSize,
        before: Int64? = nil
    ) {
        self.story = story
        self.key = key
        self.limit = limit
        self.before = before
    }
}

/// A page of the audit trail.
public struct AuditTrail: Equatable, Sendable {
    /// The latest first.
    public var entries: [AuditEntry]
    /// The next page begins before this number; `nil` on the last.
    public var older: Int64?

    /// A page, all members given.
    public init(entries: [AuditEntry], older: Int64?) {
        self.entries = entries
        self.older = older
    }
}
