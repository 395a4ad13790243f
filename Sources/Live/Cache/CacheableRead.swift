// SPDX-License-Identifier: Apache-2.0
package import HTTP
package import Stories

/// A read of one story whose result all readers share: the request, and how to make the response on a cache miss.
package struct CacheableRead: Sendable {
    /// Reads the representation from the store, as visible to the caller.
    package typealias Load = @Sendable (StoryChannel, Access) async throws -> Representation

    /// The HTTP request.
    package let request: Request
    /// The caller's access.
    package let access: Access
    /// The story requested.
    package let story: StoryReference
    /// The representation requested.
    package let variant: CacheKey.Variant
    /// How the representation depends on reactions.
    package let shown: ShownReactions
    /// Counts the route's cache hits.
    package let counter: RouteCounter
    /// Whether the request target may be mapped to the cache entry. `false` if it contains anything that does not affect the
    /// response, because there is no bound to the number of such targets.
    package let isPlain: Bool
    /// See ``Load``.
    package let load: Load
    /// Makes the representation from the channel's memory, or returns `nil` if that is insufficient.
    package var recall: @Sendable (StoryChannel, Access) -> Representation? = { _, _ in nil }
    /// Re-evaluates the access of the caller's key, for a response that may come long after the request.
    package var presentAccess: (@Sendable () async throws -> Access)?

    /// Creates a read that is neither served from the channel's memory nor delayed.
    package init(
        request: Request, access: Access, story: StoryReference, variant: CacheKey.Variant,
        shown: ShownReactions, counter: RouteCounter, isPlain: Bool, load: @escaping Load
    ) {
        (self.request, self.access, self.story, self.variant) = (request, access, story, variant)
        (self.shown, self.counter, self.isPlain, self.load) = (shown, counter, isPlain, load)
    }
}
