// SPDX-License-Identifier: Apache-2.0
package import HTTP
internal import Stories

/// A read-through cache: answers shared reads from memory, and reads the store on a miss (single flight).
package struct ReadThroughCache: Sendable {
    private let hub: ChannelHub
    private let cache: ResponseCache
    private let jobs: JobQueue

    /// Creates a cache that compresses responses on `jobs`.
    package init(hub: ChannelHub, cache: ResponseCache, jobs: JobQueue) {
        (self.hub, self.cache, self.jobs) = (hub, cache, jobs)
    }

    /// The result of a look-up in memory.
    package enum Lookup: Sendable {
        /// The response was in memory.
        case hit(Response)
        /// Makes the response, from opening the channel to compressing the body, in the task that calls it.
        case miss(@Sendable () async throws -> Response)
    }

    /// Looks up a read, without blocking.
    package func look(up read: CacheableRead) -> Lookup {
        if let channel = hub.channel(read.story) { return look(up: read, of: channel) }
        return .miss {
            try await response(to: read, of: hub.open(read.story, access: read.access))
        }
    }

    /// Looks up a read of a channel that is already open, without blocking.
    package func look(up read: CacheableRead, of channel: StoryChannel) -> Lookup {
        guard case .reader = read.access else {
            return .miss { try await privateResponse(to: read, of: channel) }
        }
        let place = place(of: read, in: channel)
        guard let cached = place.entry.current() ?? recall(read, place) else {
            return .miss { try await fetch(read, place) }
        }
        remember(read, place)
        if let response = cached.response(to: read.request) { return .hit(response) }
        return .miss { await compressed(cached, for: read) }
    }

    /// Returns the response; a miss is read in the caller's task.
    package func response(to read: CacheableRead, of channel: StoryChannel) async throws -> Response {
        switch look(up: read, of: channel) {
        case .hit(let response): response
        case .miss(let find): try await find()
        }
    }

    /// Where the response of a read is stored.
    private struct Place: Sendable {
        let key: CacheKey
        let entry: CacheEntry
        /// Whether the request names the story by a former slug.
        let isFormer: Bool
    }

    /// Returns the cache slot of a read. Former slugs share the slot of the id, so that freeing a slug leaves no entries behind.
    private func place(of read: CacheableRead, in channel: StoryChannel) -> Place {
        let isFormer = channel.isFormer(read.story)
        let key = CacheKey(story: isFormer ? .id(channel.id) : read.story, variant: read.variant)
        let entry = cache.entry(key, of: channel, showing: read.shown, read.counter)
        return Place(key: key, entry: entry, isFormer: isFormer)
    }

    private func recall(_ read: CacheableRead, _ place: Place) -> CachedResponse? {
        // Loaded before the channel is read, so that a later change makes the response stale.
        let generation = place.entry.channel.generation
        guard let representation = read.recall(place.entry.channel, .reader) else { return nil }
        let cached = place.entry.put(representation, generation: generation)
        cache.grew(by: cached.byteCount)
        return cached
    }

    private func fetch(_ read: CacheableRead, _ place: Place) async throws -> Response {
        let channel = place.entry.channel
        do {
            let cached = try await place.entry.cached {
                try await channel.coldReads.withPermit { try await read.load(channel, .reader) }
            }
            cache.grew(by: cached.byteCount)
            remember(read, place)
            return await compressed(cached, for: read)
        } catch {
            cache.drop(place.key, place.entry)
            throw error
        }
    }

    private func remember(_ read: CacheableRead, _ place: Place) {
        if read.isPlain, !place.isFormer { cache.remember(read.request, as: place.entry) }
    }

    /// Returns the response in the content coding that the client prefers, or uncompressed if too many compressions are queued.
    private func compressed(_ cached: CachedResponse, for read: CacheableRead) async -> Response {
        if let response = cached.response(to: read.request) { return response }
        let before = cached.byteCount
        await cached.compress(on: jobs)
        cache.grew(by: cached.byteCount - before)
        return cached.response(to: read.request) ?? cached.identityResponse(to: read.request)
    }

    /// Responses to holders of keys are not cached.
    private func privateResponse(to read: CacheableRead, of channel: StoryChannel) async throws -> Response {
        // The key may have been revoked during a long poll.
        let access = try await read.presentAccess?() ?? read.access
        let representation = try await read.load(channel, access)
        return representation.privateResponse(to: read.request, pollAfter: channel.pollAfter)
    }
}
