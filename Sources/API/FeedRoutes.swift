// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import JSON
internal import Live
internal import Stories

extension Endpoints {
    /// `GET /stories/{story}/updates`: with a cursor the delta after it, without one the snapshot.
    mutating func addFeed() {
        let feed = FeedReader(hub: hub, reader: reader)
        onRead(PublicPath.updates.template, parameters: FeedRequest.parameters) {
            call, counter in
            let request = try FeedRequest(call)
            guard let query = request.deltaQuery else { return try feed.snapshot(request, counter) }
            let delta = try feed.delta(request, query, counter)
            guard let wait = request.wait else { return call.answer(feed.reader.look(up: delta)) }
            return feed.waited(request, query, delta, until: .now + .seconds(wait))
        }
    }
}

/// The parsed parameters of a poll.
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

    /// Bounded because intermediaries time out longer requests.
    private static let waitSeconds = 1...30

    /// Returns the filter that the parameters of a poll or a stream select.
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

    /// Whether the query has only known parameters.
    var isPlain: Bool { call.request.queryHasOnly(Self.parameters) }

    /// The canonical query for the same filter, order and limit. Defaults are omitted, so that equivalent requests share an
    /// address and its cached response.
    var wishes: QueryBuilder {
        var query = QueryBuilder()
        query.add("only", filter.keyEventsOnly ? Only.key.rawValue : nil)
        query.add("tag", filter.tag)
        query.add("order", order == .newest ? nil : order.rawValue)
        query.add("limit", limit == Limits.defaultPageSize ? nil : String(limit))
        return query
    }

    /// Identifies the variant in entity tags.
    var variant: String {
        var query = wishes
        query.add("before", before?.description)
        query.add("cursor", cursor?.description)
        return EntityTag.variant(query.text)
    }

    /// Address of the snapshot to restart from when the cursor has expired.
    var snapshotAddress: String { "/stories/\(story)/updates" + wishes.text }

    func address(of story: Story, before: UpdatePosition) -> String {
        var query = wishes
        query.add("before", before.description)
        return "/stories/\(story.id)/updates" + query.text
    }
}

/// Answers polls.
private struct FeedReader: Sendable {
    let hub: ChannelHub
    let reader: ReadThroughCache

    func snapshot(_ request: FeedRequest, _ counter: RouteCounter) throws(Problem) -> Answer {
        let (query, store) = (request.snapshotQuery, hub.store)
        let read = try request.call.read(.snapshot(query), counter, isPlain: request.isPlain) {
            channel, access in
            let snapshot = try await restarting(at: request.snapshotAddress) {
                try await store.snapshot(of: .id(channel.id), query, access: access)
            }
            return Representation(
                access.isReader ? snapshot : snapshot.marked,
                older: snapshot.older.map { request.address(of: snapshot.story, before: $0) },
                variant: request.variant, pollAfter: channel.pollAfter)
        }
        return request.call.answer(reader.look(up: read))
    }

    func delta(
        _ request: FeedRequest, _ query: DeltaQuery, _ counter: RouteCounter
    ) throws(Problem) -> CacheableRead {
        let (isWaited, store) = (request.wait != nil, hub.store)
        var read = try request.call.read(
            .delta(query, isWaited: isWaited), counter, isPlain: request.isPlain && !isWaited
        ) { channel, access in
            let delta = try await restarting(at: request.snapshotAddress) {
                try await store.changes(of: .id(channel.id), query, access: access)
            }
            return Representation(
                delta.changes.map { (access.isReader ? JSONWriter.bytes(of: $0) : $0.markedJSON)[...] },
                of: channel.id, status: delta.status,
                cursor: delta.cursor, more: delta.more, version: delta.version, variant: request.variant,
                isWaited: isWaited)
        }
        if isWaited { read.presentAccess = { try await request.call.presentAccess } }
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

    /// Answers a long poll: checks for changes, else parks until the story changes or the deadline passes, and checks again.
    func waited(
        _ request: FeedRequest, _ query: DeltaQuery, _ read: CacheableRead, until deadline: Instant
    ) -> Answer {
        @Sendable func delta(of channel: StoryChannel) -> Answer {
            request.call.answer(reader.look(up: read, of: channel))
        }
        @Sendable func look(at channel: StoryChannel, isLast: Bool) -> Answer {
            // Read before the check, so that no change between the check and parking is missed.
            let version = channel.changed.version
            let access = request.call.access
            let park = Answer.parked(
                ParkedRequest(topic: channel.changed, version: version, deadline: deadline) { isLast in
                    // The channel may have been replaced meanwhile.
                    if let channel = hub.channel(request.story) {
                        return look(at: channel, isLast: isLast)
                    }
                    return request.call.answer(reader.look(up: read))
                })
            if isLast { return delta(of: channel) }
            if let hasNews = channel.hasNews(after: query.cursor, query.filter, access: access) {
                return hasNews ? delta(of: channel) : park
            }
            return request.call.pending {
                let changes = try await restarting(at: request.snapshotAddress) {
                    try await hub.store.changes(of: .id(channel.id), query, access: access).changes
                }
                return changes.isEmpty ? park : delta(of: channel)
            }
        }
        if let channel = hub.channel(request.story) { return look(at: channel, isLast: false) }
        return request.call.pending {
            look(at: try await hub.open(request.story, access: request.call.access), isLast: false)
        }
    }
}
