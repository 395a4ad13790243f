// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Live
internal import Stories

extension Endpoints {
    /// `GET /stories/{story}/stream`: the changes as they happen, as server-sent events (HTML Living Standard §9.2).
    mutating func addStream() {
        let (hub, store) = (hub, store)
        onRead(
            "/stories/{story}/stream", produces: "text/event-stream", parameters: StreamRequest.parameters
        ) { call, _ in
            let request = try StreamRequest(call)
            if let channel = hub.channel(request.story), let answer = request.answer(of: channel, store) {
                return answer
            }
            return call.pending { try await request.open(in: hub) }
        }
    }
}

/// A reader who wants to be told.
private struct StreamRequest: Sendable {
    let call: Call
    let story: StoryReference
    let filter: UpdateFilter
    /// Where the reader stands; `nil`: now.
    let cursor: Version?

    init(_ call: Call) throws(Problem) {
        let parameters = Parameters(request: call.request)
        self.call = call
        story = try call.story
        filter = try FeedRequest.filter(parameters)
        // The last event is the later word: browsers repeat the address of the first time.
        let address = try parameters.cursor()
        cursor = try Self.lastEvent(call.request) ?? address
    }

    /// The id of the last event that the reader has got: from the header, or from the parameters in which polyfills of
    /// `EventSource` send it where they cannot set a header. Empty, it is that of no event.
    private static func lastEvent(_ request: Request) throws(Problem) -> Version? {
        if let last = request.header(.lastEventID), !last.isEmpty {
            guard let cursor = Version(bytes: last.bytes) else { throw .badCursor("Last-Event-ID") }
            return cursor
        }
        for name in lastEventParameters {
            // Some repeat the address of the time before, with its parameter in it.
            guard let text = request.query(name).last, !text.isEmpty else { continue }
            guard let cursor = Version(text) else { throw .badCursor(name) }
            return cursor
        }
        return nil
    }

    private static let lastEventParameters = ["lastEventId", "evs_last_event_id"]

    /// The query parameters of the route.
    static let parameters = ["only", "tag", "cursor"] + lastEventParameters

    /// The stream, or word that there is none any more; `nil` where the store must be asked about the cursor.
    func answer(of channel: StoryChannel, _ store: any StoryStore) -> Answer? {
        let position = cursor ?? channel.version
        guard let isOver = channel.isOver(for: position, access: call.access) else { return nil }
        if isOver { return Self.nothingToStream(of: channel) }
        return stream(of: channel, after: position, store)
    }

    /// The story is closed: a browser that hears this does not ask again, and followers go on by polls.
    private static func nothingToStream(of channel: StoryChannel) -> Answer {
        .ready(
            Response(
                .noContent, headers: [.cacheControl: "no-store", "X-Poll-Interval": "\(channel.pollAfter)"]))
    }

    private func stream(of channel: StoryChannel, after position: Version, _ store: any StoryStore) -> Answer
    {
        var response = StreamResponse(
            headers: [
                .contentType: "text/event-stream", .cacheControl: "no-store",
                // nginx would hold the events back to fill its buffer.
                "X-Accel-Buffering": "no",
            ], topic: channel.streamed,
            body: FeedStream(of: channel, after: position, filter, store: store, access: call.access))
        response.heartbeat = Array(":\n\n".utf8)
        return .stream(response)
    }

    /// Has the store judge a cursor that memory cannot.
    func open(in hub: ChannelHub) async throws -> Answer {
        let channel = try await hub.open(story, access: call.access)
        if let answer = answer(of: channel, hub.store) { return answer }
        let position = cursor ?? channel.version
        let query = DeltaQuery(cursor: position, filter: filter, limit: 1)
        let delta = try await restarting(at: "/stories/\(story)/updates") {
            try await hub.store.changes(of: .id(channel.id), query, access: call.access)
        }
        if delta.status == .closed, delta.changes.isEmpty { return Self.nothingToStream(of: channel) }
        return stream(of: channel, after: position, hub.store)
    }
}
