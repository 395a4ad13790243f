// SPDX-License-Identifier: Apache-2.0
package import HTTP

/// The media type of a body, and what goes with it in the head.
package struct MediaFormat: Hashable, Sendable {
    /// The media type without parameters, as `Accept` is held against it.
    package let mediaType: String
    /// The value of Content-Type.
    package let contentType: String
    /// The Content Security Policy of the body when a browser shows it; `nil`: the strictest.
    package var policy: String?
    /// Whether it is sent whatever `Accept` says (RFC 9110 §12.4.1): feed readers take any of the feed types, and many ask for
    /// another.
    package var ignoresAccept: Bool

    /// A format, all members given.
    package init(
        mediaType: String, contentType: String, policy: String? = nil, ignoresAccept: Bool = false
    ) {
        (self.mediaType, self.contentType) = (mediaType, contentType)
        (self.policy, self.ignoresAccept) = (policy, ignoresAccept)
    }

    /// RFC 8259.
    package static let json = MediaFormat(mediaType: "application/json", contentType: "application/json")

    /// A page that may do what the policy says (Content Security Policy Level 3).
    package static func html(policy: String) -> MediaFormat {
        MediaFormat(mediaType: "text/html", contentType: "text/html; charset=utf-8", policy: policy)
    }

    /// Adds the fields that a body of this format needs.
    package func add(to headers: inout Headers) {
        headers.add(.contentType, contentType)
        if let policy { headers.add(.contentSecurityPolicy, policy) }
    }
}
