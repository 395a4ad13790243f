// SPDX-License-Identifier: Apache-2.0
/// Readers' reactions.
public protocol ReactionStore: Sendable {
    /// The reaction counts of a story and of all its updates.
    func reactions(of story: StoryReference, access: Access) async throws(StoryError) -> Reactions

    /// Counts a reaction to the story or to one of its updates, once per visitor. Throws `.notFound(.update)`.
    func react(
        _ kind: ReactionKind, to update: Identifier?, of story: StoryReference, by visitor: Visitor?,
        idempotency: IdempotentWrite<ReactionOutcome>?, access: Access
    ) async throws(StoryError) -> ReactionOutcome

    /// Removes a visitor's reaction, if there is one; idempotent. Throws `.notFound(.update)`.
    func takeBackReaction(
        _ kind: ReactionKind, to update: Identifier?, of story: StoryReference, by visitor: Visitor,
        access: Access
    ) async throws(StoryError) -> ReactionOutcome
}
