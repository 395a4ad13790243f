// SPDX-License-Identifier: Apache-2.0
/// Where updates are moved to.
public enum MoveTarget: Sendable {
    /// A story that exists.
    case story(StoryReference)
    /// A new story, made in the same transaction: the updates are split off.
    case newStory(StoryPatch)
}

/// The result of a move.
public struct MovedUpdates: Hashable, Sendable {
    /// The names of the story that the updates were in.
    public var source: StoryNames
    /// The story that they are in now, with the version of its own members.
    public var target: Versioned<Story>
    /// The ids of the request, in its order.
    public var ids: [Identifier]

    /// Memberwise.
    public init(source: StoryNames, target: Versioned<Story>, ids: [Identifier]) {
        (self.source, self.target, self.ids) = (source, target, ids)
    }
}
