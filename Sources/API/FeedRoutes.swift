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
            let poll = DeltaRequest(request: request, query: query, counter: counter)
            switch request.poll {
            case .plain: return call.answer(feed.reader.look(up: feed.delta(poll, .none)))
            case .held(let seconds): return feed.held(poll, until: .now + .seconds(seconds))
            case .shared(let tick): return feed.shared(poll, tick)
            }
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
    /// How a delta is asked for.
    let poll: DeltaPoll

    /// The values of `only`.
    enum Only: String, CaseIterable { case key }

    /// The query parameters of the route.
    static let parameters = ["only", "tag", "author", "limit", "order", "before", "cursor", "wait", "tick"]

    init(_ call: Call) throws(Problem) {
        let parameters = Parameters(request: call.request)
        self.call = call
        story = try call.story
        filter = try Self.filter(parameters)
        limit = try parameters.limit()
        order = try parameters.choice("order") ?? .newest
        before = try parameters.position("before") { UpdatePosition($0) }
        cursor = try parameters.cursor()
        poll = try Self.poll(parameters)
        if cursor != nil, before != nil {
            throw Problem(parameter: "cursor", "cannot go with before: one is for changes, one for pages")
        }
        if case .plain = poll { return }
        if cursor == nil {
            throw Problem(parameter: "wait", "needs a cursor: what is to be waited for comes after it")
        }
    }

    /// Bounded because intermediaries time out longer requests.
    private static let waitSeconds = 1...30

    private static func poll(_ parameters: Parameters) throws(Problem) -> DeltaPoll {
        let wait = try parameters.integer("wait", in: waitSeconds)
        guard let tick = try parameters.integer("tick", in: SharedPoll.ticks) else {
            return wait.map { .held(seconds: $0) } ?? .plain
        }
        guard wait != nil else {
            throw Problem(parameter: "tick", "needs wait: it numbers the answers to polls that wait")
        }
        return .shared(tick: tick)
    }

    /// Returns the filter that the parameters of a poll or a stream select.
    static func filter(_ parameters: Parameters) throws(Problem) -> UpdateFilter {
        let only: Only? = try parameters.choice("only")
        return UpdateFilter(
            keyEventsOnly: only != nil, tag: try parameters.tag(), author: try parameters.author())
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
        query.add("author", filter.author)
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

    /// Returns the read of a delta, for an answer after this hold.
    func delta(_ poll: DeltaRequest, _ hold: CacheKey.Hold) -> CacheableRead {
        let (request, query, store) = (poll.request, poll.query, hub.store)
        var read = CacheableRead(
            request: request.call.request, access: request.call.access, story: request.story,
            variant: .delta(query, hold), shown: .none, counter: poll.counter,
            isPlain: request.isPlain && hold == .none
        ) { channel, access in
            let delta = try await restarting(at: request.snapshotAddress) {
                try await store.changes(of: .id(channel.id), query, access: access)
            }
            return Representation(
                delta.changes.map { (access.isReader ? JSONWriter.bytes(of: $0) : $0.markedJSON)[...] },
                of: channel.id, status: delta.status, after: query,
                cursor: delta.cursor, more: delta.more, version: delta.version, variant: request.variant,
                hold: hold)
        }
        if hold != .none { read.presentAccess = { try await request.call.presentAccess } }
        read.recall = { channel, access in
            guard
                let (delta, status, version) = channel.delta(
                    after: query.cursor, query.filter, limit: query.limit, access: access)
            else { return nil }
            return Representation(
                delta.changes, of: channel.id, status: status, after: query,
                cursor: Version(epoch: version.epoch, seq: delta.seq), more: delta.more, version: version,
                variant: request.variant, hold: hold)
        }
        return read
    }

    /// Answers a long poll of one client.
    func held(_ poll: DeltaRequest, until deadline: Instant) -> Answer {
        waited(poll) { _ in Wait(deadline: deadline) { .own } }
    }

    /// Answers a long poll that caches may share. So may they the problems that come of it: all its readers have them at once.
    func shared(_ poll: DeltaRequest, _ tick: Int) -> Answer {
        let (store, isReader) = (hub.store, poll.request.call.access.isReader)
        let answer = waited(poll) { channel in
            let shared = SharedPoll(tick: tick, story: channel.id)
            let hold = shared.hold(after: poll.query.cursor.seq, at: store.time)
            return Wait(deadline: hold == .zero ? nil : .now + hold) {
                .shared(tick: tick, window: shared.window(at: store.time))
            }
        }
        return answer.map { response in
            guard isReader, [.notFound, .gone].contains(response.status) else { return }
            response.headers[.cacheControl] = Representation.Freshness.shared.cacheControl
        }
    }

    /// How long a long poll waits.
    struct Wait: Sendable {
        /// `nil`: it is answered at once.
        let deadline: Instant?
        /// Returns the hold of an answer made now.
        let hold: @Sendable () -> CacheKey.Hold
    }

    /// Answers a long poll: checks for changes, else parks until the story changes or the deadline passes, and checks again. `wait` is
    /// called once, with the story's channel.
    private func waited(_ poll: DeltaRequest, _ wait: @escaping @Sendable (StoryChannel) -> Wait) -> Answer {
        let call = poll.request.call
        if let channel = hub.channel(poll.request.story) { return look(at: channel, poll, wait(channel)) }
        return call.pending {
            let channel = try await hub.open(poll.request.story, access: call.access)
            return look(at: channel, poll, wait(channel))
        }
    }

    private func look(at channel: StoryChannel, _ poll: DeltaRequest, _ wait: Wait) -> Answer {
        // Read before the check, so that no change between the check and parking is missed.
        let version = channel.changed.version
        let (call, query) = (poll.request.call, poll.query)
        guard let deadline = wait.deadline else { return answer(poll, wait, of: channel) }
        let park = Answer.parked(
            ParkedRequest(topic: channel.changed, version: version, deadline: deadline) { isLast in
                // The channel may have been replaced meanwhile.
                guard let channel = hub.channel(poll.request.story) else {
                    return call.answer(reader.look(up: delta(poll, wait.hold())))
                }
                return isLast ? answer(poll, wait, of: channel) : look(at: channel, poll, wait)
            })
        if let hasNews = channel.hasNews(after: query.cursor, query.filter, access: call.access) {
            return hasNews ? answer(poll, wait, of: channel) : park
        }
        return call.pending {
            let changes = try await restarting(at: poll.request.snapshotAddress) {
                try await hub.store.changes(of: .id(channel.id), query, access: call.access).changes
            }
            return changes.isEmpty ? park : answer(poll, wait, of: channel)
        }
    }

    private func answer(_ poll: DeltaRequest, _ wait: Wait, of channel: StoryChannel) -> Answer {
        poll.request.call.answer(reader.look(up: delta(poll, wait.hold()), of: channel))
    }
}

/// A poll for a delta.
private struct DeltaRequest: Sendable {
    let request: FeedRequest
    let query: DeltaQuery
    let counter: RouteCounter
}
