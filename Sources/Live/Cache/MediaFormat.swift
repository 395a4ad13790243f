// SPDX-License-Identifier: Apache-2.0
package import HTTP

/// The media type of a body, and the header fields that depend on it.
package struct MediaFormat: Hashable, Sendable {
    /// The media type without parameters, to be matched against `Accept`.
    package let mediaType: String
    /// The value of Content-Type.
    package let contentType: String
    /// The Content Security Policy of the response; `nil`: the strictest.
    package var policy: String?
    /// The language of the body (BCP 47); `nil` if it is not known, or has none.
    package var language: String?
    /// Whether `Accept` is disregarded (RFC 9110 §12.4.1): feed readers take any of the feed types, and many ask for another.
    package var ignoresAccept: Bool

    /// Creates a format with these members.
    package init(
        mediaType: String, contentType: String, policy: String? = nil, ignoresAccept: Bool = false
    ) {
        (self.mediaType, self.contentType) = (mediaType, contentType)
        (self.policy, self.ignoresAccept) = (policy, ignoresAccept)
    }

    /// Returns the format of a body in a language (BCP 47).
    package func inLanguage(_ language: String?) -> MediaFormat {
        var format = self
        format.language = language
        return format
    }

    /// JSON (RFC 8259).
    package static let json = MediaFormat(mediaType: "application/json", contentType: "application/json")

    /// Returns the format of an HTML page with a policy (Content Security Policy Level 3).
    package static func html(policy: String) -> MediaFormat {
        MediaFormat(mediaType: "text/html", contentType: "text/html; charset=utf-8", policy: policy)
    }

    /// Adds the header fields of a body in this format.
    package func add(to headers: inout Headers) {
        headers.add(.contentType, contentType)
        if let policy { headers.add(.contentSecurityPolicy, policy) }
        if let language { headers.add("Content-Language", language) }
    }
}
