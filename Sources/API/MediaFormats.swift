// SPDX-License-Identifier: Apache-2.0
internal import Live

extension MediaFormat {
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

    /// Markup to be included in a page (HTML Living Standard).
    static let fragment = text("text/html")

    /// RFC 9239.
    static let javaScript = text("text/javascript")
    /// No media type is registered for TypeScript; this is the one that runtimes and editors take.
    static let typeScript = text("application/typescript")
    /// RFC 2318.
    static let style = text("text/css")
    /// SVG 2, appendix on its media type.
    static let picture = text("image/svg+xml")

    /// RFC 2046 §4.1.3.
    static let plain = text("text/plain")
    /// RFC 7303.
    static let xml = text("application/xml")
    /// W3C Web Application Manifest, "Media type registration".
    static let manifest = MediaFormat(
        mediaType: "application/manifest+json", contentType: "application/manifest+json")
    /// PNG specification, third edition, annex on its media type.
    static let png = MediaFormat(mediaType: "image/png", contentType: "image/png")
    /// IANA's registration of `image/vnd.microsoft.icon`.
    static let icon = MediaFormat(
        mediaType: "image/vnd.microsoft.icon", contentType: "image/vnd.microsoft.icon")

    private static func text(_ mediaType: String) -> MediaFormat {
        MediaFormat(mediaType: mediaType, contentType: mediaType + "; charset=utf-8")
    }
}
