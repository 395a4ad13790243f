// SPDX-License-Identifier: Apache-2.0
/// The name of a header field (RFC 9110 §5.1). Comparison is case-insensitive.
///
/// Any name can be made; the encoder omits fields whose name is not a token.
public struct HeaderName: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The name as it is written on the wire.
    public let text: String

    /// A name known at run time only.
    public init(_ text: String) { self.text = text }

    /// A name written in the source.
    public init(stringLiteral value: String) { text = value }

    /// The name as it is written on the wire.
    public var description: String { text }

    /// Two names are the same when they differ in case only.
    public static func == (left: HeaderName, right: HeaderName) -> Bool {
        guard left.text.utf8.count == right.text.utf8.count else { return false }
        return zip(left.text.utf8, right.text.utf8).allSatisfy { $0.lowercased == $1.lowercased }
    }

    /// Hashes the name in lower case.
    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte.lowercased) }
    }
}

extension HeaderName {
    /// The units of ranges that a resource supports.
    public static var acceptRanges: HeaderName { "Accept-Ranges" }
    /// The media types that the client accepts.
    public static var accept: HeaderName { "Accept" }
    /// The content codings that the client accepts.
    public static var acceptEncoding: HeaderName { "Accept-Encoding" }
    /// The methods that a resource supports.
    public static var allow: HeaderName { "Allow" }
    /// The client's credentials.
    public static var authorization: HeaderName { "Authorization" }
    /// Caching directives.
    public static var cacheControl: HeaderName { "Cache-Control" }
    /// Options for this connection only.
    public static var connection: HeaderName { "Connection" }
    /// The content codings of the body.
    public static var contentEncoding: HeaderName { "Content-Encoding" }
    /// The length of the body in bytes.
    public static var contentLength: HeaderName { "Content-Length" }
    /// The part of the representation that the body has.
    public static var contentRange: HeaderName { "Content-Range" }
    /// Content Security Policy of a page.
    public static var contentSecurityPolicy: HeaderName { "Content-Security-Policy" }
    /// The media type of the body.
    public static var contentType: HeaderName { "Content-Type" }
    /// When the response was generated.
    public static var date: HeaderName { "Date" }
    /// The validator of a representation.
    public static var etag: HeaderName { "ETag" }
    /// Behaviour that the client requires of the server.
    public static var expect: HeaderName { "Expect" }
    /// The authority of the target.
    public static var host: HeaderName { "Host" }
    /// Idempotency key: makes a POST safe to retry.
    public static var idempotencyKey: HeaderName { "Idempotency-Key" }
    /// Precondition: only if the resource has this entity tag.
    public static var ifMatch: HeaderName { "If-Match" }
    /// Precondition: only if the resource was modified after this time.
    public static var ifModifiedSince: HeaderName { "If-Modified-Since" }
    /// Precondition: only if the resource has none of these entity tags.
    public static var ifNoneMatch: HeaderName { "If-None-Match" }
    /// Condition of `Range`: otherwise all of the representation is sent.
    public static var ifRange: HeaderName { "If-Range" }
    /// Precondition: only if the resource was not modified after this time.
    public static var ifUnmodifiedSince: HeaderName { "If-Unmodified-Since" }
    /// The last event that a reader of an event stream received.
    public static var lastEventID: HeaderName { "Last-Event-ID" }
    /// When the resource was last modified.
    public static var lastModified: HeaderName { "Last-Modified" }
    /// Links to related resources.
    public static var link: HeaderName { "Link" }
    /// The URI of the created resource, or of the redirect's target.
    public static var location: HeaderName { "Location" }
    /// The origin of the page that made the request.
    public static var origin: HeaderName { "Origin" }
    /// The part of the representation that is asked for.
    public static var range: HeaderName { "Range" }
    /// Delay before a retry, in seconds.
    public static var retryAfter: HeaderName { "Retry-After" }
    /// The transfer codings of the message.
    public static var transferEncoding: HeaderName { "Transfer-Encoding" }
    /// The client software.
    public static var userAgent: HeaderName { "User-Agent" }
    /// The request headers that selected the response.
    public static var vary: HeaderName { "Vary" }
    /// The authentication scheme to use.
    public static var wwwAuthenticate: HeaderName { "WWW-Authenticate" }
    /// The request id, in the response and in the log.
    public static var requestID: HeaderName { "X-Request-Id" }
}
