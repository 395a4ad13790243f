// SPDX-License-Identifier: Apache-2.0
package import HTTP

extension HeaderName {
    /// Content Security Policy Level 3.
    package static let contentSecurityPolicy: HeaderName = "Content-Security-Policy"
}

extension Headers {
    /// Adds the security headers of every response with a body: no content sniffing (`nosniff`, Fetch standard), and a Content
    /// Security Policy (Level 3) by which nothing in it may be run, fetched or framed if a user opens it as a page.
    ///
    /// A policy that is already set, as for HTML pages, is kept.
    package mutating func addSafety() {
        self["X-Content-Type-Options"] = "nosniff"
        if self[.contentSecurityPolicy] == nil {
            self[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
        }
    }
}
