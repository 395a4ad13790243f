// SPDX-License-Identifier: Apache-2.0
package import Stories

/// Identifies a cached response: a representation of a story, by the name used in the request. A slug can be reassigned to another
/// story, which must not inherit the cached responses of the first.
package struct CacheKey: Hashable, Sendable {
    /// The story.
    package let story: StoryReference
    /// The representation of the story.
    package let variant: Variant

    /// Creates a key with these members.
    package init(story: StoryReference, variant: Variant) {
        (self.story, self.variant) = (story, variant)
    }

    /// The cacheable representations of a story.
    package enum Variant: Hashable, Sendable {
        /// The story itself.
        case story
        /// One of its updates.
        case update(Identifier)
        /// Its lists of links.
        case links
        /// Its counts of reactions.
        case reactions
        /// A page of its updates.
        case snapshot(SnapshotQuery)
        /// Its changes after a cursor.
        case delta(DeltaQuery, Hold)
        /// The whole story in the format with this number.
        case overview(format: Int, OverviewQuery)
    }

    /// How a delta was waited for, on which its body and its Cache-Control depend.
    package enum Hold: Hashable, Sendable {
        /// Not at all.
        case none
        /// By one client.
        case own
        /// By all clients that ask with this tick; answered in this window of time.
        case shared(tick: Int, window: Int)
    }
}

/// How a representation depends on the reactions to its story, and so which reactions make it stale.
package enum ShownReactions: Sendable {
    /// Shows no reactions.
    case none
    /// Shows counts and is stale after each reaction, provided that the body is small: ``CacheEntry/exactBytes``.
    case exactly
    /// Shows counts among much else: reactions make it stale at most about once a second.
    case throttled
}
