// SPDX-License-Identifier: Apache-2.0
package import HTTP
package import Stories

/// A representation of a story or of a part of it (RFC 9110 §3.2): the body, and what the head of the response is made from.
package struct Representation: Sendable {
    /// The body, up to the poll interval if ``PollAfter`` puts it there.
    package var bytes: [UInt8]
    /// The format of the body.
    package var format: MediaFormat
    /// The entity tag without quotes, identifying state and variant. Equal tags mean equal bytes.
    package var tag: String
    /// The story represented, for the surrogate key by which caches purge.
    package var story: Identifier
    /// How long caches may store it.
    package var freshness: Freshness
    /// Where the response states the poll interval.
    package var pollAfter: PollAfter

    /// Creates a representation with these members.
    package init(
        bytes: [UInt8], format: MediaFormat = .json, tag: String, story: Identifier, freshness: Freshness,
        pollAfter: PollAfter = .none
    ) {
        (self.bytes, self.format, self.tag, self.story) = (bytes, format, tag, story)
        (self.freshness, self.pollAfter) = (freshness, pollAfter)
    }

    /// How long caches may store it.
    package enum Freshness: Sendable {
        /// For a second; stale, while it is revalidated or if the server cannot be reached.
        case live
        /// For a minute, because closed stories rarely change.
        case closed
        /// Only with revalidation: the response to a long poll, which differs when requested again.
        case waited
        /// For two seconds and no longer: the response to a long poll that all its readers share. It has no entity tag, because each of
        /// them is to get the body.
        case shared
        /// For a second.
        case second

        /// Creates the freshness for a story with this status.
        package init(_ status: StoryStatus) {
            self = status == .closed ? .closed : .live
        }

        /// The value of Cache-Control (RFC 9111 §5.2, RFC 5861).
        package var cacheControl: String {
            switch self {
            case .live: "public, max-age=1, stale-while-revalidate=5, stale-if-error=600"
            case .closed: "public, max-age=60, stale-while-revalidate=5, stale-if-error=600"
            case .waited: "public, no-cache"
            case .shared: "public, max-age=2, must-revalidate"
            case .second: "public, max-age=1"
            }
        }
    }

    /// Where the response states the poll interval.
    package enum PollAfter: Sendable {
        /// Nowhere: clients do not poll for it.
        case none
        /// The current interval in the header; in the body that of the time when it was made, because a new body would have to be
        /// sent to every reader again.
        case header(inBody: Int)
        /// In the header and in the body, which is small. `bytes` is a JSON object left open after the name of the member.
        case body
    }
}

extension Representation {
    /// Returns the complete body.
    func body(pollAfter: Int) -> [UInt8] {
        switch self.pollAfter {
        case .none: bytes
        case .header(let seconds): Self.ended(bytes, seconds)
        case .body: Self.ended(bytes, pollAfter)
        }
    }

    /// The representation without `bytes`, unless the body has to be remade for each poll interval.
    var withoutStaticBody: Representation {
        if case .body = pollAfter { return self }
        var representation = self
        representation.bytes = []
        return representation
    }

    private static func ended(_ bytes: [UInt8], _ seconds: Int) -> [UInt8] {
        // Reserves the exact size: growth by appending could leave up to twice the capacity.
        let end = "\(seconds)}\n".utf8
        var body: [UInt8] = []
        body.reserveCapacity(bytes.count + end.count)
        body += bytes
        body += end
        return body
    }

    /// Returns the entity tag of the body.
    func tag(pollAfter: Int) -> String {
        switch self.pollAfter {
        case .none: tag
        case .header(let seconds): "\(tag).\(seconds)"
        case .body: "\(tag).\(pollAfter)"
        }
    }

    /// Whether responses have an entity tag and may be answered 304.
    package var isConditional: Bool { freshness != .shared }

    /// Returns the header fields of both the 200 and the 304 (RFC 9110 §15.4.5). The entity tag, if any, is the first.
    func headers(tag: String, pollAfter: Int) -> Headers {
        var headers: Headers = isConditional ? [.etag: tag] : [:]
        headers.add(.cacheControl, freshness.cacheControl)
        headers.add(.vary, "Accept-Encoding")
        headers.add("Surrogate-Key", "story-\(story)")
        if case .none = self.pollAfter { return headers }
        headers.add("X-Poll-Interval", "\(pollAfter)")
        return headers
    }

    /// Returns the response to the holder of a key: private, `no-store`.
    package func privateResponse(to request: Request, pollAfter: Int) -> Response {
        let tag = "\"\(tag(pollAfter: pollAfter))\""
        var headers = headers(tag: tag, pollAfter: pollAfter)
        headers[.cacheControl] = "private, no-store"
        if isConditional, request.ifNoneMatch(names: Array(tag.utf8)) {
            return Response(.notModified, headers: headers)
        }
        format.add(to: &headers)
        return Response(.ok, headers: headers, body: body(pollAfter: pollAfter))
    }
}
