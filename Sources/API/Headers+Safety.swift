internal import HTTP

extension Headers {
    /// What every answer with a body says to browsers: that it is what its type says, whatever it looks like (the Fetch standard's
    /// `nosniff`), and that nothing in it is to be run, fetched or framed (Content Security Policy Level 3), should somebody open
    /// it as a page.
    mutating func addSafety() {
        self["X-Content-Type-Options"] = "nosniff"
        self["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    }
}
