internal import HTTP
internal import JSON
internal import Stories

extension Endpoints {
    /// `GET /stories/{story}/updates`: with a cursor the delta after it, without one the snapshot.
    mutating func addFeed() {
        let feed = FeedReader(reader: reader, store: store)
        onRead("/stories/{story}/updates", parameters: FeedRequest.parameters) {
            call, counter throws(Problem) in
            let request = try FeedRequest(call)
            guard let query = request.deltaQuery else { return feed.snapshot(request, counter) }
            guard let wait = request.wait else {
                return feed.reader.answer(feed.delta(request, query, counter))
            }
            return feed.waited(request, query, counter, until: .now + .seconds(wait))
        }
    }
}

/// A poll: which story, and what of it.
struct FeedRequest {
    let call: Call
    let story: StoryReference
    let filter: UpdateFilter
    let limit: Int
    let order: UpdateOrder
    let before: UpdatePosition?
    let cursor: Version?
    /// Seconds.
    let wait: Int?

    /// The values of `only`.
    enum Only: String, CaseIterable { case key }

    /// The query parameters of the route.
    static let parameters = ["only", "tag", "limit", "order", "before", "cursor", "wait"]

    init(_ call: Call) throws(Problem) {
        let parameters = Parameters(request: call.request)
        self.call = call
        story = try call.story
        filter = try Self.filter(parameters)
        limit = try parameters.limit()
        order = try parameters.choice("order") ?? .newest
        before = try parameters.position("before") { UpdatePosition($0) }
        cursor = try parameters.cursor()
        wait = try parameters.integer("wait", in: Self.waitSeconds)
        if cursor != nil, before != nil {
            throw Problem(parameter: "cursor", "cannot go with before: one is for changes, one for pages")
        }
        if wait != nil, cursor == nil {
            throw Problem(parameter: "wait", "needs a cursor: what is to be waited for comes after it")
        }
    }

    /// Longer than this and something on the way gives up.
    private static let waitSeconds = 1...30

    /// The filter that parameters name, of a poll and of a stream.
    static func filter(_ parameters: Parameters) throws(Problem) -> UpdateFilter {
        let only: Only? = try parameters.choice("only")
        return UpdateFilter(keyEventsOnly: only != nil, tag: try parameters.tag())
    }

    var deltaQuery: DeltaQuery? {
        cursor.map { DeltaQuery(cursor: $0, filter: filter, limit: limit) }
    }

    var snapshotQuery: SnapshotQuery {
        SnapshotQuery(filter: filter, order: order, limit: limit, before: before)
    }

    /// Whether the target holds nothing but what we know.
    var isPlain: Bool { call.request.queryHasOnly(Self.parameters) }

    /// What the reader asked for, as a query that asks for it again. Defaults are left out, so that readers who mean
    /// the same share addresses, and with them caches.
    var wishes: QueryBuilder {
        var query = QueryBuilder()
        query.add("only", filter.keyEventsOnly ? Only.key.rawValue : nil)
        query.add("tag", filter.tag)
        query.add("order", order == .newest ? nil : order.rawValue)
        query.add("limit", limit == Limits.defaultPageSize ? nil : String(limit))
        return query
    }

    /// Names the variant in entity tags.
    var variant: String {
        var query = wishes
        query.add("before", before?.description)
        query.add("cursor", cursor?.description)
        return EntityTag.variant(query.text)
    }

    /// Runs a reading of the feed; an expired cursor is told where to start again.
    func read<Result>(_ body: () async throws(StoryError) -> Result) async throws(Problem) -> Result {
        do throws(StoryError) {
            return try await body()
        } catch {
            var problem = Problem(error)
            if error == .cursorExpired { problem.snapshot = "/stories/\(story)/updates" + wishes.text }
            throw problem
        }
    }

    func address(of story: Story, before: UpdatePosition) -> String {
        var query = wishes
        query.add("before", before.description)
        return "/stories/\(story.id)/updates" + query.text
    }
}

/// Answers polls.
private struct FeedReader: Sendable {
    let reader: ReadThroughCache
    let store: any StoryStore

    func snapshot(_ request: FeedRequest, _ counter: RouteCounter) -> Answer {
        let query = request.snapshotQuery
        return reader.answer(
            CacheableRead(
                call: request.call, reference: request.story, kind: .snapshot(query), counter: counter,
                isPlain: request.isPlain
            ) { [store] channel, access throws(Problem) in
                let snapshot = try await request.read { () async throws(StoryError) in
                    try await store.snapshot(of: .id(channel.id), query, access: access)
                }
                return Representation(
                    access.isReader ? snapshot : snapshot.marked,
                    older: snapshot.older.map { request.address(of: snapshot.story, before: $0) },
                    variant: request.variant, pollAfter: channel.pollAfter)
            })
    }

    func delta(_ request: FeedRequest, _ query: DeltaQuery, _ counter: RouteCounter) -> CacheableRead {
        let isWaited = request.wait != nil
        var read = CacheableRead(
            call: request.call, reference: request.story, kind: .delta(query, isWaited: isWaited),
            counter: counter, isPlain: request.isPlain && !isWaited
        ) { [store] channel, access throws(Problem) in
            let delta = try await request.read { () async throws(StoryError) in
                try await store.changes(of: .id(channel.id), query, access: access)
            }
            return Representation(
                delta.changes.map { (access.isReader ? JSONWriter.bytes(of: $0) : $0.markedJSON)[...] },
                of: channel.id, status: delta.status,
                cursor: delta.cursor, more: delta.more, version: delta.version, variant: request.variant,
                isWaited: isWaited)
        }
        read.hasWaited = isWaited
        read.recall = { channel, access in
            guard
                let (delta, status, version) = channel.delta(
                    after: query.cursor, query.filter, limit: query.limit, access: access)
            else { return nil }
            return Representation(
                delta.changes, of: channel.id, status: status,
                cursor: Version(epoch: version.epoch, seq: delta.seq), more: delta.more, version: version,
                variant: request.variant, isWaited: isWaited)
        }
        return read
    }

    /// A poll that waits for a change: looks, parks, looks again.
    func waited(
        _ request: FeedRequest, _ query: DeltaQuery, _ counter: RouteCounter, until deadline: Instant
    ) -> Answer {
        let read = delta(request, query, counter)
        @Sendable func look(at channel: StoryChannel, isLast: Bool) -> Answer {
            // Before the look, so that no change is missed between the look and the parking.
            let version = channel.changed.version
            let access = request.call.access
            let park = Answer.parked(
                ParkedRequest(topic: channel.changed, version: version, deadline: deadline) { isLast in
                    // The story may have been forgotten, and be another feed by now.
                    if let channel = reader.hub.channel(request.story) {
                        return look(at: channel, isLast: isLast)
                    }
                    return reader.answer(read)
                })
            if isLast { return reader.answer(read, of: channel) }
            if let hasNews = channel.hasNews(after: query.cursor, query.filter, access: access) {
                return hasNews ? reader.answer(read, of: channel) : park
            }
            return request.call.pending { () async throws(Problem) in
                let delta = try await request.read { () async throws(StoryError) in
                    try await store.changes(of: .id(channel.id), query, access: access)
                }
                return delta.changes.isEmpty ? park : reader.answer(read, of: channel)
            }
        }
        if let channel = reader.hub.channel(request.story) { return look(at: channel, isLast: false) }
        return request.call.pending { () async throws(Problem) in
            look(at: try await reader.open(read), isLast: false)
        }
    }
}
