// SPDX-License-Identifier: Apache-2.0
/// Request lines (RFC 9112 §3): methods, targets, versions, and the white space between them.
extension Sample {
    private static func line(_ line: String) -> String { "\(line)\r\nHost: x\r\n\r\n" }

    private static func takes(_ rule: String, _ request: String, version: String = "1.1") -> Sample {
        .accepts(rule, line("\(request) HTTP/\(version)"), .request(request, body: ""))
    }

    private static func refuses(_ rule: String, _ text: String, _ status: Int, _ words: String) -> Sample {
        .rejects(rule, line(text), status, words)
    }

    static let lines = takenMethods + takenTargets + refusedMethods + refusedTargets + refusedVersions

    private static let takenMethods: [Sample] = [
        takes("RFC 9110 §9.3.8: TRACE is left to the application", "TRACE /"),
        takes("RFC 5789 §2: PATCH", "PATCH /"),
        takes("RFC 4918 §9.1: a method of WebDAV", "PROPFIND /"),
        takes("RFC 9110 §9.1: methods are case-sensitive", "get /"),
        takes("RFC 9110 §9.1: a method with a hyphen", "M-SEARCH /"),
        takes("RFC 9110 §9.1: a method of digits", "123 /"),
        takes("RFC 9112 §3: a method of 32 bytes", "\(String(repeating: "A", count: 32)) /"),
        takes("RFC 9110 §2.5: HTTP/1.9", "GET /", version: "1.9"),
        .accepts(
            "RFC 9112 §2.2: four empty lines before a request",
            "\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
            .request("GET /", body: "")),
    ]

    private static let takenTargets: [Sample] = [
        takes("RFC 3986 §3.3: two slashes", "GET //a//b"),
        takes("RFC 3986 §5.2.4: dot segments are kept", "GET /a/./../b"),
        takes("RFC 3986 §3.3: all characters of a path", "GET /a-._~!$&'()*+,;=:@%20"),
        takes("RFC 3986 §3.4: an empty query", "GET /?"),
        takes("RFC 3986 §3.4: a question mark in a query", "GET /?a?b/c"),
        takes("RFC 3986 §2.2: an encoded slash", "GET /a%2Fb"),
        takes("RFC 3986 §2.1: an encoded line end", "GET /a%0D%0AHost:%20y"),
        takes("RFC 9112 §3: characters that browsers do not encode in a query", "GET /?a={b|c}^`\\"),
        takes("RFC 3986 §3.2.3: an empty port", "GET http://a:/b"),
        takes("RFC 3986 §3.2.2: an IPv6 authority", "GET http://[2001:db8::1]:80/"),
        takes("RFC 3986 §3.2.2: an escape in an authority", "GET http://%61.b/"),
        takes("RFC 9112 §3.2.2: an authority that differs from Host", "GET http://another.example/"),
        takes("RFC 9112 §3.2.4: OPTIONS of a path", "OPTIONS /a"),
        takes("RFC 9112 §3.2.4: OPTIONS of a whole server by URL", "OPTIONS http://a"),
    ]

    private static let refusedMethods: [Sample] = [
        refuses("RFC 9110 §9.1: no method", " / HTTP/1.1", 400, "method is no token"),
        refuses("RFC 9110 §9.1: a method in quotes", "\"GET\" / HTTP/1.1", 400, "method is no token"),
        refuses("RFC 9110 §9.1: a method with a colon", "GET: / HTTP/1.1", 400, "method is no token"),
        refuses("RFC 9110 §9.1: a method that is not ASCII", "GÉT / HTTP/1.1", 400, "method is no token"),
        refuses("RFC 9110 §9.1: a byte order mark", "\u{FEFF}GET / HTTP/1.1", 400, "method is no token"),
        refuses("RFC 9110 §9.1: a field as a request line", "Host: x HTTP/1.1", 400, "method is no token"),
        refuses("RFC 9110 §5.5: a NUL in a method", "GE\0T / HTTP/1.1", 400, "control character 0x0"),
        refuses("RFC 9110 §9.3.6: CONNECT with a path", "CONNECT / HTTP/1.1", 501, "no proxy"),
        refuses("RFC 9112 §3: only a method", "GET", 400, "single spaces"),
        refuses("RFC 9112 §3: no space before the target", "GET/ HTTP/1.1", 400, "single spaces"),
        refuses("RFC 9112 §3: no method and no space", "/ HTTP/1.1", 400, "single spaces"),
        refuses("RFC 9112 §3: tabs instead of all spaces", "GET\t/\tHTTP/1.1", 400, "single spaces"),
        refuses("RFC 9112 §2.2: a bare CR before a request", "\rGET / HTTP/1.1", 400, "carriage return"),
        refuses("RFC 9112 §2.2: a bare LF before a request", "\nGET / HTTP/1.1", 400, "line feed"),
        refuses("RFC 9112 §2.2: a tab before a request", "\tGET / HTTP/1.1", 400, "method is no token"),
    ]

    private static let refusedTargets: [Sample] = [
        refuses("RFC 9112 §3.2: an empty target", "GET  HTTP/1.1", 400, "neither a path"),
        refuses("RFC 9112 §3.2: a query as target", "GET ?a HTTP/1.1", 400, "neither a path"),
        refuses("RFC 9112 §3.2: a scheme without slashes", "GET http:a HTTP/1.1", 400, "neither a path"),
        refuses("RFC 9112 §3.2: a scheme with one slash", "GET http:/a HTTP/1.1", 400, "neither a path"),
        refuses("RFC 9112 §3.2: a file", "GET file:///etc/passwd HTTP/1.1", 400, "neither a path"),
        refuses("RFC 9112 §3.2: a backslash instead of a slash", "GET \\a HTTP/1.1", 400, "neither a path"),
        refuses("RFC 9112 §3.2.4: more than an asterisk", "OPTIONS *a HTTP/1.1", 400, "neither a path"),
        refuses("RFC 9112 §3.2.4: an asterisk and a query", "OPTIONS *?a HTTP/1.1", 400, "neither a path"),
        refuses("RFC 9112 §3.2: a space in a target", "GET /a b HTTP/1.1", 400, "version"),
        refuses("RFC 9112 §3.2: a tab in a target", "GET /a\tb HTTP/1.1", 400, "must be percent-encoded"),
        refuses("RFC 9112 §3.2: a tab in a query", "GET /?a=\t HTTP/1.1", 400, "must be percent-encoded"),
        refuses(
            "RFC 9110 §5.5: an escape character in a target", "GET /\u{1B} HTTP/1.1", 400,
            "control character 0x1b"),
        refuses("RFC 9110 §5.5: DEL in a target", "GET /\u{7F} HTTP/1.1", 400, "control character 0x7f"),
        refuses(
            "RFC 9110 §4.2.1: an authority with only a port", "GET http://:80/ HTTP/1.1", 400, "authority"),
        refuses("RFC 9110 §4.2.1: an empty authority", "GET http:// HTTP/1.1", 400, "authority"),
        refuses(
            "RFC 9110 §4.2.1: an empty authority and a query", "GET https://?a HTTP/1.1", 400,
            "authority"),
        refuses("RFC 9110 §4.2.4: a name and a password", "GET http://a:b@c/ HTTP/1.1", 400, "authority"),
        refuses("RFC 3986 §3.2.3: a port of letters", "GET http://a:b/ HTTP/1.1", 400, "authority"),
        refuses("RFC 3986 §3.2.3: two ports", "GET http://a:1:2/ HTTP/1.1", 400, "authority"),
        refuses(
            "RFC 3986 §3.2.2: an authority with a backslash", "GET http://a\\b/ HTTP/1.1", 400, "authority"),
        refuses(
            "RFC 3986 §3.2.2: an unclosed IPv6 authority", "GET http://[::1/ HTTP/1.1", 400, "authority"),
        refuses(
            "RFC 3986 §3.2.2: an IPv6 authority of only colons", "GET http://[:::]/ HTTP/1.1", 400,
            "authority"),
        refuses(
            "RFC 3986 §3.5: a fragment in a URL", "GET http://a/#b HTTP/1.1", 400, "must be percent-encoded"),
        refuses("RFC 3986 §2.1: a percent sign at the end", "GET /% HTTP/1.1", 400, "percent-encoding"),
        refuses("RFC 3986 §2.1: two percent signs", "GET /%%41 HTTP/1.1", 400, "percent-encoding"),
        refuses("RFC 3629 §3: an incomplete character", "GET /%E2%82 HTTP/1.1", 400, "UTF-8"),
        refuses("RFC 3629 §3: a surrogate", "GET /%ED%A0%80 HTTP/1.1", 400, "UTF-8"),
        refuses("RFC 3629 §3: a code point beyond U+10FFFF", "GET /%F4%90%80%80 HTTP/1.1", 400, "UTF-8"),
    ]

    private static let refusedVersions: [Sample] = [
        refuses("RFC 9112 §2.3: a version without a minor number", "GET / HTTP/1", 400, "version"),
        refuses("RFC 9112 §2.3: a version without digits after the point", "GET / HTTP/1.", 400, "version"),
        refuses("RFC 9112 §2.3: a version without a point", "GET / HTTP/11", 400, "version"),
        refuses("RFC 9112 §2.3: a version with two points", "GET / HTTP/1.1.1", 400, "version"),
        refuses("RFC 9112 §2.3: a version with a comma", "GET / HTTP/1,1", 400, "version"),
        refuses("RFC 9112 §2.3: a version with a leading zero", "GET / HTTP/01.1", 400, "version"),
        refuses("RFC 9112 §2.3: a version of letters", "GET / HTTP/a.b", 400, "version"),
        refuses("RFC 9112 §2.3: a version without a slash", "GET / HTTP-1.1", 400, "version"),
        refuses("RFC 9112 §2.3: a slash and a space", "GET / HTTP/ 1.1", 400, "version"),
        refuses("RFC 9112 §2.3: another protocol", "GET / HTTPS/1.1", 400, "version"),
        refuses("RFC 9112 §2.3: another protocol of four letters", "GET / SMTP/1.1", 400, "version"),
        refuses("RFC 9112 §2.3: an empty version", "GET / ", 400, "version"),
        refuses("RFC 9112 §2.3: two versions", "GET / HTTP/1.1 HTTP/1.1", 400, "version"),
        refuses("RFC 9112 §3: a tab at the end", "GET / HTTP/1.1\t", 400, "version"),
        refuses("RFC 9112 §2.2: an extra CR at the end", "GET / HTTP/1.1\r", 400, "carriage return"),
        refuses("RFC 9112 §2.3: HTTP/3", "GET / HTTP/3.0", 505, "HTTP/1.1"),
        refuses("RFC 9112 §2.3: HTTP/0.0", "GET / HTTP/0.0", 505, "HTTP/1.1"),
    ]
}
