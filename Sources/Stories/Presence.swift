// SPDX-License-Identifier: Apache-2.0
/// The presence of an editor: an open form of an update, renewed by heartbeats.
public struct Presence: Hashable, Sendable {
    /// Whose key it is.
    public var editor: Principal
    /// Since when.
    public var since: Timestamp
    /// The time of the latest heartbeat.
    public var seenAt: Timestamp

    /// Memberwise.
    public init(editor: Principal, since: Timestamp, seenAt: Timestamp) {
        (self.editor, self.since, self.seenAt) = (editor, since, seenAt)
    }
}

/// The response to a heartbeat: the other editors present, and the latest change of the update.
public struct UpdateEditing: Hashable, Sendable {
    /// The other open forms, the first to come first.
    public var others: [Presence]
    /// When the update was last changed.
    public var modifiedAt: Timestamp
    /// Who changed it last; `nil` if the audit trail does not say.
    public var modifiedBy: Principal?

    /// Memberwise.
    public init(others: [Presence], modifiedAt: Timestamp, modifiedBy: Principal?) {
        (self.others, self.modifiedAt, self.modifiedBy) = (others, modifiedAt, modifiedBy)
    }
}

/// Who has which update open, for those who may write to the story. No feed, trail or export has any of it.
public protocol PresenceStore: Sendable {
    /// Records a heartbeat of an open form, under a name that the client gives the form. A presence without a heartbeat for
    /// ``Limits/presenceMilliseconds`` expires. Beyond ``Limits/presences`` forms of an update the oldest are evicted.
    func announcePresence(
        _ name: String, at update: Identifier, of story: StoryReference, access: Access
    ) async throws(StoryError) -> UpdateEditing

    /// Removes the presence of a form; idempotent.
    func endPresence(
        _ name: String, at update: Identifier, of story: StoryReference, access: Access
    ) async throws(StoryError)
}
