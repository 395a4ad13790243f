internal import HTTP
internal import JSON
internal import Stories

extension Endpoints {
    /// `GET /stories/{story}/updates`: with a cursor the delta after it, without one the snapshot.
    mutating func addFeed() {
        let store = store
        on(.get, "/stories/{story}/updates") { call throws(Problem) in
            let request = try FeedRequest(call)
            guard let cursor = request.cursor else { return try await request.snapshot(from: store) }
            return try await request.delta(after: cursor, from: store)
        }
    }
}

/// A poll: which story, and what of it.
private struct FeedRequest {
    let access: Access
    let story: StoryReference
    let filter: UpdateFilter
    let limit: Int
    let order: UpdateOrder
    let before: UpdatePosition?
    let cursor: Version?

    /// The values of `only`.
    private enum Only: String, CaseIterable { case key }

    init(_ call: Call) throws(Problem) {
        let parameters = Parameters(request: call.request)
        access = call.access
        story = try call.story
        let only: Only? = try parameters.choice("only")
        filter = UpdateFilter(keyEventsOnly: only != nil, tag: try parameters.tag())
        limit = try parameters.limit()
        order = try parameters.choice("order") ?? .newest
        before = try parameters.position("before") { UpdatePosition($0) }
        cursor = try Self.cursor(parameters)
        if cursor != nil, before != nil {
            throw Problem(parameter: "cursor", "cannot go with before: one is for changes, one for pages")
        }
    }

    private static func cursor(_ parameters: Parameters) throws(Problem) -> Version? {
        let values = parameters.request.query("cursor")
        guard let text = values.first else { return nil }
        guard values.count == 1, let cursor = Version(text) else {
            let detail = "must be a cursor of a snapshot or a delta, given once and unchanged"
            throw Problem(.badCursor, "cursor " + detail, errors: [Fault("/cursor", detail)])
        }
        return cursor
    }

    func snapshot(from store: any StoryStore) async throws(Problem) -> Response {
        let query = SnapshotQuery(filter: filter, order: order, limit: limit, before: before)
        let snapshot = try await feed { () async throws(StoryError) in
            try await store.snapshot(of: story, query, access: access)
        }
        let pollAfter = PollInterval.seconds(for: snapshot.story.content.status)
        let older = snapshot.older.map { address(of: snapshot.story, before: $0) }
        return .feed(
            SnapshotAnswer(snapshot: snapshot, older: older, pollAfter: pollAfter), pollAfter: pollAfter)
    }

    func delta(after cursor: Version, from store: any StoryStore) async throws(Problem) -> Response {
        let query = DeltaQuery(cursor: cursor, filter: filter, limit: limit)
        let delta = try await feed { () async throws(StoryError) in
            try await store.changes(of: story, query, access: access)
        }
        let pollAfter = PollInterval.seconds(for: delta.status)
        return .feed(DeltaAnswer(delta: delta, pollAfter: pollAfter), pollAfter: pollAfter)
    }

    /// Runs a reading of the feed; an expired cursor is told where to start again.
    private func feed<Result>(
        _ read: () async throws(StoryError) -> Result
    ) async throws(Problem) -> Result {
        do throws(StoryError) {
            return try await read()
        } catch {
            var problem = Problem(error)
            if error == .cursorExpired { problem.snapshot = "/stories/\(story)/updates" + wishes.text }
            throw problem
        }
    }

    private func address(of story: Story, before: UpdatePosition) -> String {
        var query = wishes
        query.add("before", before.description)
        return "/stories/\(story.id)/updates" + query.text
    }

    /// What the reader asked for, as a query that asks for it again. Defaults are left out, so that readers who mean
    /// the same share addresses, and with them caches.
    private var wishes: QueryBuilder {
        var query = QueryBuilder()
        query.add("only", filter.keyEventsOnly ? Only.key.rawValue : nil)
        query.add("tag", filter.tag)
        query.add("order", order == .newest ? nil : order.rawValue)
        query.add("limit", limit == Limits.defaultPageSize ? nil : String(limit))
        return query
    }
}

/// The server's word to its pollers.
enum PollInterval {
    /// Seconds until the next poll of a story; 0 means: closed, stop.
    static func seconds(for status: StoryStatus) -> Int {
        status == .closed ? 0 : 10
    }
}

extension Response {
    /// An answer of the feed: pollers may also take the interval from its header.
    fileprivate static func feed(_ answer: some JSONWritable, pollAfter: Int) -> Response {
        .json(answer, capacity: 64 * 1_024, headers: ["X-Poll-Interval": String(pollAfter)])
    }
}
