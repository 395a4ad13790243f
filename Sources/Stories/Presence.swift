// SPDX-License-Identifier: Apache-2.0
/// Somebody who has the form of an update open.
public struct Presence: Hashable, Sendable {
    /// Whose key it is.
    public var editor: Principal
    /// Since when.
    public var since: Timestamp
    /// When the form was last heard of.
    public var seenAt: Timestamp

    /// Memberwise.
    public init(editor: Principal, since: Timestamp, seenAt: Timestamp) {
        (self.editor, self.since, self.seenAt) = (editor, since, seenAt)
    }
}

/// What who has the form of an update open is told with each sign of life.
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
    /// Notes that the caller has a form of an update open, under a name that the program gives the form. To be repeated: a form that is not
    /// heard of for ``Limits/presenceMilliseconds`` counts as closed. Beyond ``Limits/presences`` forms of an update the first are dropped.
    func announcePresence(
        _ name: String, at update: Identifier, of story: StoryReference, access: Access
    ) async throws(StoryError) -> UpdateEditing

    /// Notes that the form is closed, which it may be already.
    func endPresence(
        _ name: String, at update: Identifier, of story: StoryReference, access: Access
    ) async throws(StoryError)
}
