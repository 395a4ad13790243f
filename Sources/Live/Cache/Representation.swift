// SPDX-License-Identifier: Apache-2.0
package import HTTP
package import Stories

/// A representation of a story, or of a part of it (RFC 9110 §3.2), before it becomes a response: the body, and what its head is made of.
package struct Representation: Sendable {
    /// The body, up to the place where ``PollAfter`` puts the interval.
    package var bytes: [UInt8]
    /// The format of the body.
    package var format: MediaFormat
    /// The entity tag without quotes: names the state of the thing and the variant. Equal tags, equal bytes.
    package var tag: String
    /// The story that it is of: its surrogate key in caches that purge by key.
    package var story: Identifier
    /// How long caches may store it.
    package var freshness: Freshness
    /// Where the poll interval stands.
    package var pollAfter: PollAfter

    /// A representation, all members given.
    package init(
        bytes: [UInt8], format: MediaFormat = .json, tag: String, story: Identifier, freshness: Freshness,
        pollAfter: PollAfter = .none
    ) {
        (self.bytes, self.format, self.tag, self.story) = (bytes, format, tag, story)
        (self.freshness, self.pollAfter) = (freshness, pollAfter)
    }

    /// How long caches may store it.
    package enum Freshness: Sendable {
        /// For a second, and longer while it is revalidated or the server cannot be reached.
        case live
        /// For a minute: little is expected to change.
        case closed
        /// Not without revalidation: the response to a long poll, which is another one when it is asked for again.
        case waited
        /// For a second.
        case second

        /// That of a story of this status.
        package init(_ status: StoryStatus) {
            self = status == .closed ? .closed : .live
        }

        /// Cache-Control (RFC 9111 §5.2, RFC 5861).
        package var cacheControl: String {
            switch self {
            case .live: "public, max-age=1, stale-while-revalidate=5, stale-if-error=600"
            case .closed: "public, max-age=60, stale-while-revalidate=5, stale-if-error=600"
            case .waited: "public, no-cache"
            case .second: "public, max-age=1"
            }
        }
    }

    /// Where the poll interval stands.
    package enum PollAfter: Sendable {
        /// Nowhere: it is not polled for.
        case none
        /// In the header as it is now; in the body as it was when the body was made, for a new one would cost every
        /// reader the whole body again.
        case header(inBody: Int)
        /// In the header and in the body, which is small. The body is an object of JSON that was left open behind the name of the member.
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

    /// The same, without the bytes where the body that was made of them never changes.
    var withoutStaticBody: Representation {
        if case .body = pollAfter { return self }
        var representation = self
        representation.bytes = []
        return representation
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

    /// The entity tag of the body.
    func tag(pollAfter: Int) -> String {
        switch self.pollAfter {
        case .none: tag
        case .header(let seconds): "\(tag).\(seconds)"
        case .body: "\(tag).\(pollAfter)"
        }
    }

    /// The fields of both the 200 and the 304 (RFC 9110 §15.4.5).
    func headers(tag: String, pollAfter: Int) -> Headers {
        var headers: Headers = [
            .etag: tag, .cacheControl: freshness.cacheControl, .vary: "Accept-Encoding",
            "Surrogate-Key": "story-\(story)",
        ]
        if case .none = self.pollAfter { return headers }
        headers.add("X-Poll-Interval", "\(pollAfter)")
        return headers
    }

    /// The response to the holder of a key: private, and never stored.
    package func privateResponse(to request: Request, pollAfter: Int) -> Response {
        let tag = "\"\(tag(pollAfter: pollAfter))\""
        var headers = headers(tag: tag, pollAfter: pollAfter)
        headers[.cacheControl] = "private, no-store"
        if request.ifNoneMatch(names: Array(tag.utf8)) { return Response(.notModified, headers: headers) }
        format.add(to: &headers)
        return Response(.ok, headers: headers, body: body(pollAfter: pollAfter))
    }
}
