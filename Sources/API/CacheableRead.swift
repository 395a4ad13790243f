internal import HTTP
internal import Stories

/// A read of one story that all readers share.
struct CacheableRead: Sendable {
    let call: Call
    let reference: StoryReference
    let kind: CacheKey.Kind
    let counter: RouteCounter
    /// Whether the page may be remembered by the request's target: not where that holds anything that does not matter, for
    /// of such targets there is no end.
    let isPlain: Bool
    /// Whether the answer may come long after the question.
    var hasWaited = false
    /// Reads the content from the store, as the caller may see it.
    let load: @Sendable (StoryChannel, Access) async throws(Problem) -> Representation
    /// Makes the content of what is in memory, if that is enough.
    var recall: @Sendable (StoryChannel, Access) -> Representation? = { _, _ in nil }
}

extension Endpoints {
    /// What answers shared reads.
    var reader: ReadThroughCache { ReadThroughCache(hub: hub, cache: cache, jobs: jobs) }
}

/// Answers shared reads: from memory at once, from the store for whoever comes first.
struct ReadThroughCache: Sendable {
    let hub: ChannelHub
    let cache: ResponseCache
    let jobs: JobQueue

    func answer(_ read: CacheableRead) -> Answer {
        if let channel = hub.channel(read.reference) { return answer(read, of: channel) }
        return read.call.pending { () async throws(Problem) in answer(read, of: try await open(read)) }
    }

    func open(_ read: CacheableRead) async throws(Problem) -> StoryChannel {
        try await domain { () async throws(StoryError) in
            try await hub.open(read.reference, access: read.call.access)
        }
    }

    func answer(_ read: CacheableRead, of channel: StoryChannel) -> Answer {
        guard case .reader = read.call.access else { return privateAnswer(read, of: channel) }
        // Pages under former slugs are those under the id: who frees the slug need not look for them.
        let isFormer = channel.isFormer(read.reference)
        let key = CacheKey(story: isFormer ? .id(channel.id) : read.reference, kind: read.kind)
        let entry = cache.entry(key, of: channel, read.counter)
        if let cached = entry.current() ?? recall(read, of: channel, entry) {
            return finish(cached, read, entry, isFormer: isFormer)
        }
        return read.call.pending { () async throws(Problem) in
            do throws(Problem) {
                let cached = try await entry.cached { () async throws(Problem) in
                    try await channel.coldReads.perform { () async throws(Problem) in
                        try await read.load(channel, .reader)
                    }
                }
                cache.grew(by: cached.byteCount)
                return finish(cached, read, entry, isFormer: isFormer)
            } catch {
                cache.drop(key, entry)
                throw error
            }
        }
    }

    private func recall(_ read: CacheableRead, of channel: StoryChannel, _ entry: CacheEntry)
        -> CachedResponse?
    {
        // Before the look, so that a change after it makes the page old.
        let generation = channel.generation
        guard let content = read.recall(channel, .reader) else { return nil }
        let cached = entry.put(content, generation: generation)
        cache.grew(by: cached.byteCount)
        return cached
    }

    private func finish(_ cached: CachedResponse, _ read: CacheableRead, _ entry: CacheEntry, isFormer: Bool)
        -> Answer
    {
        if read.isPlain, !isFormer { cache.remember(read.call.request, asking: entry) }
        if let response = cached.response(to: read.call.request) { return .ready(response) }
        return .pending {
            let before = cached.byteCount
            await cached.pack(on: jobs)
            cache.grew(by: cached.byteCount - before)
            return .ready(
                cached.response(to: read.call.request) ?? cached.plainResponse(to: read.call.request))
        }
    }

    /// For the holder of a key nothing is kept.
    private func privateAnswer(_ read: CacheableRead, of channel: StoryChannel) -> Answer {
        let request = read.call.request
        return read.call.pending { () async throws(Problem) in
            // Who has waited may have lost the key meanwhile.
            let access = read.hasWaited ? try await read.call.presentAccess : read.call.access
            let content = try await read.load(channel, access)
            return .ready(content.privateResponse(to: request, pollAfter: channel.pollAfter))
        }
    }
}
