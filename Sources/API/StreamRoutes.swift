// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Live
internal import Stories

extension Endpoints {
    /// `GET /stories/{story}/stream`: the changes as they happen, as server-sent events (HTML Living Standard §9.2).
    mutating func addStream() {
        let (hub, store) = (hub, store)
        onRead(
            "/stories/{story}/stream", produces: "text/event-stream", parameters: StreamRequest.parameters,
            isStream: true
        ) { call, _ in
            let request = try StreamRequest(call)
            if let channel = hub.channel(request.story), let answer = request.answer(of: channel, store) {
                return answer
            }
            return call.pending { try await request.open(in: hub) }
        }
    }
}

/// The parsed parameters of a stream.
private struct StreamRequest: Sendable {
    let call: Call
    let story: StoryReference
    let filter: UpdateFilter
    /// Position from which to stream; `nil`: now.
    let cursor: Version?

    init(_ call: Call) throws(Problem) {
        let parameters = Parameters(request: call.request)
        self.call = call
        story = try call.story
        filter = try FeedRequest.filter(parameters)
        // The last event id takes precedence: on reconnecting, browsers repeat the original address.
        let address = try parameters.cursor()
        cursor = try Self.lastEvent(call.request) ?? address
    }

    /// Returns the id of the last event received: from the header, or from the parameters that `EventSource` polyfills use where
    /// they cannot set a header. An empty id means none.
    private static func lastEvent(_ request: Request) throws(Problem) -> Version? {
        if let last = request.header(.lastEventID), !last.isEmpty {
            guard let cursor = Version(bytes: last.bytes) else { throw .badCursor("Last-Event-ID") }
            return cursor
        }
        for name in lastEventParameters {
            // Some polyfills append to the previous address, so only the last value is current.
            guard let text = request.query(name).last, !text.isEmpty else { continue }
            guard let cursor = Version(text) else { throw .badCursor(name) }
            return cursor
        }
        return nil
    }

    private static let lastEventParameters = ["lastEventId", "evs_last_event_id"]

    /// The query parameters of the route.
    static let parameters = ["only", "tag", "author", "cursor"] + lastEventParameters

    /// Returns the stream, or 204 if there is nothing more to stream; `nil` if only the store can judge the cursor.
    func answer(of channel: StoryChannel, _ store: any StoryStore) -> Answer? {
        let position = cursor ?? channel.version
        guard let isOver = channel.isOver(for: position, access: call.access) else { return nil }
        if isOver { return Self.nothingToStream(of: channel) }
        return stream(of: channel, after: position, store)
    }

    /// Returns 204 for a closed story: `EventSource` does not reconnect, and followers go on by polls.
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
                // Disables response buffering in nginx, which would delay events.
                "X-Accel-Buffering": "no",
            ], topic: channel.streamed,
            body: FeedStream(of: channel, after: position, filter, store: store, access: call.access))
        response.heartbeat = Array(":\n\n".utf8)
        return .stream(response)
    }

    /// Opens a stream after the store has checked a cursor that the channel cannot.
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
