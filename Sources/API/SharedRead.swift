internal import HTTP
internal import Stories

/// A read of one story that all readers share.
struct SharedRead: Sendable {
    let call: Call
    let reference: StoryReference
    let kind: PageKey.Kind
    let counter: RouteCounter
    /// Whether the page may be remembered by the request's target: not where that holds anything that does not matter, for
    /// of such targets there is no end.
    let isPlain: Bool
    /// Whether the answer may come long after the question.
    var hasWaited = false
    /// Reads the content from the store, as the caller may see it.
    let load: @Sendable (LiveFeed, Access) async throws(Problem) -> PageContent
    /// Makes the content of what is in memory, if that is enough.
    var recall: @Sendable (LiveFeed, Access) -> PageContent? = { _, _ in nil }
}

extension Endpoints {
    /// What answers shared reads.
    var reader: SharedReader { SharedReader(hub: hub, cache: cache, jobs: jobs) }
}

/// Answers shared reads: from memory at once, from the store for whoever comes first.
struct SharedReader: Sendable {
    let hub: FeedHub
    let cache: PageCache
    let jobs: JobQueue

    func answer(_ read: SharedRead) -> Answer {
        if let feed = hub.feed(read.reference) { return answer(read, of: feed) }
        return read.call.pending { () async throws(Problem) in answer(read, of: try await open(read)) }
    }

    func open(_ read: SharedRead) async throws(Problem) -> LiveFeed {
        try await domain { () async throws(StoryError) in
            try await hub.open(read.reference, access: read.call.access)
        }
    }

    func answer(_ read: SharedRead, of feed: LiveFeed) -> Answer {
        guard case .reader = read.call.access else { return privateAnswer(read, of: feed) }
        // Pages under former slugs are those under the id: who frees the slug need not look for them.
        let isFormer = feed.isFormer(read.reference)
        let key = PageKey(story: isFormer ? .id(feed.id) : read.reference, kind: read.kind)
        let slot = cache.slot(key, of: feed, read.counter)
        if let page = slot.current() ?? recall(read, of: feed, slot) {
            return finish(page, read, slot, isFormer: isFormer)
        }
        return read.call.pending { () async throws(Problem) in
            do throws(Problem) {
                let page = try await slot.page { () async throws(Problem) in
                    try await feed.coldReads.perform { () async throws(Problem) in
                        try await read.load(feed, .reader)
                    }
                }
                cache.grew(by: page.byteCount)
                return finish(page, read, slot, isFormer: isFormer)
            } catch {
                cache.drop(key, slot)
                throw error
            }
        }
    }

    private func recall(_ read: SharedRead, of feed: LiveFeed, _ slot: PageSlot) -> Page? {
        // Before the look, so that a change after it makes the page old.
        let stamp = feed.stamp
        guard let content = read.recall(feed, .reader) else { return nil }
        let page = slot.put(content, stamp: stamp)
        cache.grew(by: page.byteCount)
        return page
    }

    private func finish(_ page: Page, _ read: SharedRead, _ slot: PageSlot, isFormer: Bool) -> Answer {
        if read.isPlain, !isFormer { cache.remember(read.call.request, asking: slot) }
        if let response = page.response(to: read.call.request) { return .ready(response) }
        return .pending {
            let before = page.byteCount
            await page.pack(on: jobs)
            cache.grew(by: page.byteCount - before)
            return .ready(
                page.response(to: read.call.request) ?? page.plainResponse(to: read.call.request))
        }
    }

    /// For the holder of a key nothing is kept.
    private func privateAnswer(_ read: SharedRead, of feed: LiveFeed) -> Answer {
        let request = read.call.request
        return read.call.pending { () async throws(Problem) in
            // Who has waited may have lost the key meanwhile.
            let access = read.hasWaited ? try await read.call.presentAccess : read.call.access
            let content = try await read.load(feed, access)
            return .ready(content.privateResponse(to: request, pollAfter: feed.pollAfter))
        }
    }
}
