// SPDX-License-Identifier: Apache-2.0
package import HTTP

extension HeaderName {
    /// Content Security Policy Level 3.
    package static let contentSecurityPolicy: HeaderName = "Content-Security-Policy"
}

extension Headers {
    /// What every answer with a body says to browsers: that it is what its type says, whatever it looks like (the Fetch standard's
    /// `nosniff`), and that nothing in it is to be run, fetched or framed (Content Security Policy Level 3), if a user opens
    /// it as a page.
    ///
    /// A page for people brings a policy of its own, which stays.
    package mutating func addSafety() {
        self["X-Content-Type-Options"] = "nosniff"
        if self[.contentSecurityPolicy] == nil {
            self[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
        }
    }
}
