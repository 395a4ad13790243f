internal import HTTP
internal import Stories

/// What an answer says, before it is dressed for the wire: the body, and what its head is made of.
struct Representation: Sendable {
    /// The body, up to the place where ``PollAfter/body`` puts the interval.
    var bytes: [UInt8]
    /// What sort of body it is.
    var form = MediaFormat.json
    /// Names the state of the thing and the variant, without quotes: equal tags, equal bytes.
    var tag: String
    /// The story that it is of, for caches that are purged by name.
    var story: Identifier
    var freshness: Freshness
    var pollAfter = PollAfter.none

    /// How long others may keep it.
    enum Freshness: Sendable {
        /// For a moment, and longer where the server cannot be reached.
        case live
        /// Little is expected to change.
        case closed
        /// The answer to a question that waited: asked again, it is another one.
        case waited
        /// For the next second.
        case second

        init(_ status: StoryStatus) {
            self = status == .closed ? .closed : .live
        }

        /// Cache-Control (RFC 9111 §5.2, RFC 5861).
        var cacheControl: String {
            switch self {
            case .live: "public, max-age=1, stale-while-revalidate=5, stale-if-error=600"
            case .closed: "public, max-age=60, stale-while-revalidate=5, stale-if-error=600"
            case .waited: "public, no-cache"
            case .second: "public, max-age=1"
            }
        }
    }

    /// Where the server's word to its pollers stands.
    enum PollAfter: Sendable {
        /// Nowhere: it is not polled for.
        case none
        /// In the header as it is now; in the body as it was when the body was made, for a new one would cost every
        /// reader the whole body again.
        case header(inBody: Int)
        /// In the header and in the body, which is small.
        case body
    }
}

extension Representation {
    /// The whole body.
    func body(pollAfter: Int) -> [UInt8] {
        switch self.pollAfter {
        case .none: bytes
        case .header(let seconds): Self.ended(bytes, seconds)
        case .body: Self.ended(bytes, pollAfter)
        }
    }

    /// The same, without the bytes where a body that was made of it does for good.
    var keptWithBody: Representation {
        if case .body = pollAfter { return self }
        var content = self
        content.bytes = []
        return content
    }

    private static func ended(_ bytes: [UInt8], _ seconds: Int) -> [UInt8] {
        // Exactly as large as it is: grown by appending it would keep up to twice the room.
        let end = "\(seconds)}\n".utf8
        var body: [UInt8] = []
        body.reserveCapacity(bytes.count + end.count)
        body += bytes
        body += end
        return body
    }

    /// The tag of the body.
    func tag(pollAfter: Int) -> String {
        switch self.pollAfter {
        case .none: tag
        case .header(let seconds): "\(tag).\(seconds)"
        case .body: "\(tag).\(pollAfter)"
        }
    }

    /// The fields that go with the body and with a 304.
    func headers(tag: String, pollAfter: Int) -> Headers {
        var headers: Headers = [
            .etag: tag, .cacheControl: freshness.cacheControl, .vary: "Accept-Encoding",
            "Surrogate-Key": "story-\(story)",
        ]
        if case .none = self.pollAfter { return headers }
        headers.add("X-Poll-Interval", "\(pollAfter)")
        return headers
    }

    /// The answer to the holder of a key: for nobody else, and in no cache.
    func privateResponse(to request: Request, pollAfter: Int) -> Response {
        let tag = "\"\(tag(pollAfter: pollAfter))\""
        var headers = headers(tag: tag, pollAfter: pollAfter)
        headers[.cacheControl] = "private, no-store"
        if request.ifNoneMatch(names: Array(tag.utf8)) { return Response(.notModified, headers: headers) }
        form.add(to: &headers)
        return Response(.ok, headers: headers, body: body(pollAfter: pollAfter))
    }
}
