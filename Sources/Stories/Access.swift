// SPDX-License-Identifier: Apache-2.0
/// Who asks, and so what may be seen and done.
public enum Access: Sendable {
    /// Anyone: sees what is public, writes nothing but reactions.
    case reader
    /// The holder of a key.
    case holder(Grant)
}

/// What a key allows.
public struct Grant: Hashable, Sendable {
    /// What the holder is.
    public var role: Role
    /// The only stories that the key reaches; `nil` for all.
    public var stories: Set<Identifier>?
    /// Whose it is.
    public var actor: Principal

    /// A grant, of all stories unless told otherwise.
    public init(role: Role, stories: Set<Identifier>? = nil, actor: Principal = .commandLine) {
        self.role = role
        self.stories = stories
        self.actor = actor
    }

    func reaches(_ story: Identifier) -> Bool {
        stories?.contains(story) ?? true
    }
}

/// What the holder of a key is.
public enum Role: String, Hashable, Sendable, CaseIterable {
    /// Writes stories and what belongs to them.
    case editor
    /// An editor who may also remove whole stories.
    case admin
}

extension Access {
    /// Whether the story exists for the caller: drafts do only for those whose key reaches them.
    public func sees(_ story: Identifier, status: StoryStatus) -> Bool {
        switch self {
        case .reader: status != .draft
        case .holder(let grant): status != .draft || grant.reaches(story)
        }
    }

    /// Whether it is anyone.
    public var isReader: Bool {
        if case .reader = self { true } else { false }
    }

    /// What the caller's key allows. Throws ``StoryError/forbidden(_:)`` where there is none.
    public func requireKey() throws(StoryError) -> Grant {
        guard case .holder(let grant) = self else { throw .forbidden("requires a key") }
        return grant
    }

    /// Whether the caller may see what is written to the story before readers do.
    public func seesDrafts(of story: Identifier) -> Bool {
        if case .holder(let grant) = self { grant.reaches(story) } else { false }
    }

    /// Whether there can be drafts that the caller sees.
    public var maySeeDrafts: Bool {
        if case .holder = self { true } else { false }
    }

    /// Throws ``StoryError/forbidden(_:)`` unless the caller may write to the story.
    public func requireWrite(to story: Identifier) throws(StoryError) {
        guard try requireKey().reaches(story) else { throw .forbidden("this key is bound to other stories") }
    }

    /// Throws ``StoryError/forbidden(_:)`` unless the caller may make new stories.
    public func requireCreation() throws(StoryError) {
        guard try requireKey().stories == nil else {
            throw .forbidden("this key is bound to certain stories and cannot make new ones")
        }
    }

    /// Throws ``StoryError/forbidden(_:)`` unless the caller may give a story another slug: whether one is free tells of all stories,
    /// also of those that the caller may not see.
    public func requireNaming() throws(StoryError) {
        guard try requireKey().stories == nil else {
            throw .forbidden("this key is bound to certain stories and cannot change their slugs")
        }
    }

    /// Throws ``StoryError/forbidden(_:)`` unless the caller may take a former slug from the story.
    public func requireFreeing(of story: Identifier) throws(StoryError) {
        try requireRemoval(of: story)
        try requireNaming()
    }

    /// Throws ``StoryError/forbidden(_:)`` unless the caller may see who did what.
    public func requireAudit() throws(StoryError) {
        guard case .holder(let grant) = self, grant.role == .admin, grant.stories == nil else {
            throw .forbidden("requires a key with the role admin that is not bound to stories")
        }
    }

    /// Throws ``StoryError/forbidden(_:)`` unless the caller may remove the whole story.
    public func requireRemoval(of story: Identifier) throws(StoryError) {
        try requireWrite(to: story)
        guard case .holder(let grant) = self, grant.role == .admin else {
            throw .forbidden("requires a key with the role admin")
        }
    }
}
