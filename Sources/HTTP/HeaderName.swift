/// The name of a header field (RFC 9110 §5.1), compared without regard to case.
///
/// An open set. A name that is no token cannot be sent: the encoder leaves its field out.
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
    /// The types that the client takes.
    public static var accept: HeaderName { "Accept" }
    /// The codings that the client takes.
    public static var acceptEncoding: HeaderName { "Accept-Encoding" }
    /// The methods of a resource.
    public static var allow: HeaderName { "Allow" }
    /// Who asks.
    public static var authorization: HeaderName { "Authorization" }
    /// How long an answer may be kept.
    public static var cacheControl: HeaderName { "Cache-Control" }
    /// Options for this connection only.
    public static var connection: HeaderName { "Connection" }
    /// How the body is coded.
    public static var contentEncoding: HeaderName { "Content-Encoding" }
    /// The length of the body in bytes.
    public static var contentLength: HeaderName { "Content-Length" }
    /// What a page may load.
    public static var contentSecurityPolicy: HeaderName { "Content-Security-Policy" }
    /// The type of the body.
    public static var contentType: HeaderName { "Content-Type" }
    /// When the answer was made.
    public static var date: HeaderName { "Date" }
    /// The validator of a representation.
    public static var etag: HeaderName { "ETag" }
    /// What the client expects of the server.
    public static var expect: HeaderName { "Expect" }
    /// Authority of the target.
    public static var host: HeaderName { "Host" }
    /// Makes a POST safe to repeat.
    public static var idempotencyKey: HeaderName { "Idempotency-Key" }
    /// Do it only to this version.
    public static var ifMatch: HeaderName { "If-Match" }
    /// Send it only if it is another version.
    public static var ifNoneMatch: HeaderName { "If-None-Match" }
    /// Where a reader of an event stream left off.
    public static var lastEventID: HeaderName { "Last-Event-ID" }
    /// Relations to other resources.
    public static var link: HeaderName { "Link" }
    /// Where the made or moved thing is.
    public static var location: HeaderName { "Location" }
    /// Where a request of a browser comes from.
    public static var origin: HeaderName { "Origin" }
    /// When to come back, in seconds.
    public static var retryAfter: HeaderName { "Retry-After" }
    /// How the message is framed.
    public static var transferEncoding: HeaderName { "Transfer-Encoding" }
    /// Which client asks.
    public static var userAgent: HeaderName { "User-Agent" }
    /// The request headers that the answer depends on.
    public static var vary: HeaderName { "Vary" }
    /// How to say who is asking.
    public static var wwwAuthenticate: HeaderName { "WWW-Authenticate" }
    /// The id of a request, in the answer and in the log.
    public static var requestID: HeaderName { "X-Request-Id" }
}
