internal import HTTP

/// What sort of body an answer has, as its head says it.
struct MediaFormat: Hashable, Sendable {
    /// The media type without parameters, as `Accept` is held against it.
    let mediaType: String
    /// The value of Content-Type.
    let contentType: String
    /// What the body may do when a browser shows it; `nil`: nothing.
    var policy: String?
    /// Whether it is sent whatever `Accept` says (RFC 9110 §12.4.1): readers of feeds take any of their types, and many ask for
    /// another.
    var ignoresAccept = false

    /// RFC 8259.
    static let json = MediaFormat(mediaType: "application/json", contentType: "application/json")
    /// JSON Feed 1.1, "MIME Type".
    static let jsonFeed = MediaFormat(
        mediaType: "application/feed+json", contentType: "application/feed+json", ignoresAccept: true)
    /// RFC 4287 §7.
    static let atom = MediaFormat(
        mediaType: "application/atom+xml", contentType: "application/atom+xml; charset=utf-8",
        ignoresAccept: true)
    /// JSON-LD 1.1, appendix C.
    static let jsonLD = MediaFormat(
        mediaType: "application/ld+json", contentType: "application/ld+json", ignoresAccept: true)

    /// RFC 9239.
    static let javaScript = text("text/javascript")
    /// RFC 2318.
    static let style = text("text/css")
    /// SVG 2, appendix on its media type.
    static let picture = text("image/svg+xml")

    private static func text(_ mediaType: String) -> MediaFormat {
        MediaFormat(mediaType: mediaType, contentType: mediaType + "; charset=utf-8")
    }

    /// A page that may do what the policy says (Content Security Policy Level 3).
    static func html(policy: String) -> MediaFormat {
        MediaFormat(mediaType: "text/html", contentType: "text/html; charset=utf-8", policy: policy)
    }

    func add(to headers: inout Headers) {
        headers.add(.contentType, contentType)
        if let policy { headers.add(.contentSecurityPolicy, policy) }
    }
}
