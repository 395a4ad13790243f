// SPDX-License-Identifier: Apache-2.0
package import HTTP
package import Stories

/// A read of one story that all readers share: what is asked for, and how it is made where it is not in memory.
package struct CacheableRead: Sendable {
    /// Reads the representation from the store, as the caller may see it.
    package typealias Load = @Sendable (StoryChannel, Access) async throws -> Representation

    /// Who asks, and how.
    package let request: Request
    /// What the caller may see.
    package let access: Access
    /// Of which story.
    package let story: StoryReference
    /// Which representation of it.
    package let variant: CacheKey.Variant
    /// What it shows of the reactions.
    package let shown: ShownReactions
    /// Counts for the route.
    package let counter: RouteCounter
    /// Whether the request's target may lead to the entry: not where it holds anything that does not matter, for of such targets
    /// there is no end.
    package let isPlain: Bool
    /// See ``Load``.
    package let load: Load
    /// Makes the representation of what is in memory, if that is enough.
    package var recall: @Sendable (StoryChannel, Access) -> Representation? = { _, _ in nil }
    /// For a response that may come long after the request: what the caller's key allows by now.
    package var presentAccess: (@Sendable () async throws -> Access)?

    /// A read that takes no time beyond its load.
    package init(
        request: Request, access: Access, story: StoryReference, variant: CacheKey.Variant,
        shown: ShownReactions, counter: RouteCounter, isPlain: Bool, load: @escaping Load
    ) {
        (self.request, self.access, self.story, self.variant) = (request, access, story, variant)
        (self.shown, self.counter, self.isPlain, self.load) = (shown, counter, isPlain, load)
    }
}
