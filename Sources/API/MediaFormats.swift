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

    /// RFC 9239.
    static let javaScript = text("text/javascript")
    /// No media type is registered for TypeScript; this is the one that runtimes and editors take.
    static let typeScript = text("application/typescript")
    /// RFC 2318.
    static let style = text("text/css")
    /// SVG 2, appendix on its media type.
    static let picture = text("image/svg+xml")

    private static func text(_ mediaType: String) -> MediaFormat {
        MediaFormat(mediaType: mediaType, contentType: mediaType + "; charset=utf-8")
    }
}
