// SPDX-License-Identifier: Apache-2.0
/// The caller's authorization.
public enum Access: Sendable {
    /// Anonymous: may read what is public, and write reactions only.
    case reader
    /// The holder of an API key.
    case holder(Grant)
}

/// The permissions of an API key.
public struct Grant: Hashable, Sendable {
    /// The role.
    public var role: Role
    /// The stories that the key is bound to; `nil` for all.
    public var stories: Set<Identifier>?
    /// The principal recorded with writes.
    public var actor: Principal

    /// Creates a grant, by default for all stories.
    public init(role: Role, stories: Set<Identifier>? = nil, actor: Principal = .commandLine) {
        self.role = role
        self.stories = stories
        self.actor = actor
    }

    func reaches(_ story: Identifier) -> Bool {
        stories?.contains(story) ?? true
    }
}

/// The role of the holder of an API key.
public enum Role: String, Hashable, Sendable, CaseIterable {
    /// May write stories and everything in them.
    case editor
    /// An editor who may also delete stories and, with a key for all stories, release former slugs, read the audit
    /// trail, manage webhooks and change the settings of the site.
    case admin
}

extension Access {
    /// Whether the story is visible to the caller; a draft only with a key for it.
    public func sees(_ story: Identifier, status: StoryStatus) -> Bool {
        switch self {
        case .reader: status != .draft
        case .holder(let grant): status != .draft || grant.reaches(story)
        }
    }

    /// Whether the caller is anonymous.
    public var isReader: Bool {
        if case .reader = self { true } else { false }
    }

    /// Returns the grant of the caller's key. Throws ``StoryError/forbidden(_:)`` without a key.
    public func requireKey() throws(StoryError) -> Grant {
        guard case .holder(let grant) = self else { throw .forbidden("requires a key") }
        return grant
    }

    /// Whether the caller may see the story's unpublished updates.
    public func seesDrafts(of story: Identifier) -> Bool {
        if case .holder(let grant) = self { grant.reaches(story) } else { false }
    }

    /// Whether the caller may see drafts of any story.
    public var maySeeDrafts: Bool {
        if case .holder = self { true } else { false }
    }

    /// Throws ``StoryError/forbidden(_:)`` unless the caller may write to the story.
    public func requireWrite(to story: Identifier) throws(StoryError) {
        guard try requireKey().reaches(story) else { throw .forbidden("this key is bound to other stories") }
    }

    /// Throws ``StoryError/forbidden(_:)`` unless the caller may create stories.
    public func requireCreation() throws(StoryError) {
        guard try requireKey().stories == nil else {
            throw .forbidden("this key is bound to certain stories and cannot make new ones")
        }
    }

    /// Throws ``StoryError/forbidden(_:)`` unless the caller may change slugs, which requires a key for all stories: whether a slug is
    /// free reveals the existence of hidden stories.
    public func requireNaming() throws(StoryError) {
        guard try requireKey().stories == nil else {
            throw .forbidden("this key is bound to certain stories and cannot change their slugs")
        }
    }

    /// Throws ``StoryError/forbidden(_:)`` unless the caller may release a former slug of the story.
    public func requireFreeing(of story: Identifier) throws(StoryError) {
        try requireRemoval(of: story)
        try requireNaming()
    }

    /// Throws ``StoryError/forbidden(_:)`` unless the caller may read the audit trail.
    public func requireAudit() throws(StoryError) { try requireAdministration() }

    /// Throws ``StoryError/forbidden(_:)`` unless the caller may manage webhooks.
    public func requireWebhooks() throws(StoryError) { try requireAdministration() }

    /// Throws ``StoryError/forbidden(_:)`` unless the caller may change the snippets, which are those of all stories.
    public func requireSnippets() throws(StoryError) {
        guard try requireKey().stories == nil else {
            throw .forbidden("this key is bound to certain stories and cannot change the snippets")
        }
    }

    /// Throws ``StoryError/forbidden(_:)`` unless the caller may change the settings of the site.
    public func requireSite() throws(StoryError) { try requireAdministration() }

    /// Whether the caller may change the settings of the site.
    public var maySetSite: Bool { isAdministrator }

    private var isAdministrator: Bool {
        if case .holder(let grant) = self { grant.role == .admin && grant.stories == nil } else { false }
    }

    private func requireAdministration() throws(StoryError) {
        guard isAdministrator else {
            throw .forbidden("requires a key with the role admin that is not bound to stories")
        }
    }

    /// Throws ``StoryError/forbidden(_:)`` unless the caller may delete the story.
    public func requireRemoval(of story: Identifier) throws(StoryError) {
        try requireWrite(to: story)
        guard case .holder(let grant) = self, grant.role == .admin else {
            throw .forbidden("requires a key with the role admin")
        }
    }
}
