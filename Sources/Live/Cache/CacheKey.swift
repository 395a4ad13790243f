// SPDX-License-Identifier: Apache-2.0
package import Stories

/// What a cached response is of: which representation of which story, by the name that the reader has for it. A name can go to another
/// story, and must not take the responses of the first along.
package struct CacheKey: Hashable, Sendable {
    /// The story.
    package let story: StoryReference
    /// Which representation of it.
    package let variant: Variant

    /// A key, all members given.
    package init(story: StoryReference, variant: Variant) {
        (self.story, self.variant) = (story, variant)
    }

    /// The representations that there are of a story.
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
        /// Its changes after a cursor; those of a long poll go by another rule for caches.
        case delta(DeltaQuery, isWaited: Bool)
        /// The story shown whole in the format of this number.
        case overview(format: Int, OverviewQuery)
    }
}

/// What a representation shows of the reactions to its story, and so which of them make it stale.
package enum ShownReactions: Sendable {
    /// Nothing.
    case none
    /// Counts that are right after each reaction, for as long as the body is small: ``CacheEntry/exactBytes``.
    case exactly
    /// Counts beside much else: made anew about once a second at most.
    case throttled
}
