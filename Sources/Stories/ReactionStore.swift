/// Readers' reactions.
public protocol ReactionStore: Sendable {
    /// The counts of a story and of all its updates.
    func reactions(of story: StoryReference, access: Access) async throws(StoryError) -> Reactions

    /// Counts a reaction to the story, or to one of its updates: of a visitor only the first. Throws `.notFound(.update)`.
    func react(
        _ kind: ReactionKind, to update: Identifier?, of story: StoryReference, by visitor: Visitor?,
        idempotency: IdempotentWrite<ReactionOutcome>?, access: Access
    ) async throws(StoryError) -> ReactionOutcome

    /// Takes a visitor's reaction back, if there is one. Throws `.notFound(.update)`.
    func takeBackReaction(
        _ kind: ReactionKind, to update: Identifier?, of story: StoryReference, by visitor: Visitor,
        access: Access
    ) async throws(StoryError) -> ReactionOutcome
}
