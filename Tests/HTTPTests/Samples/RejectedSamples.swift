// SPDX-License-Identifier: Apache-2.0
extension Sample {
    private static func head(_ fields: String) -> String { "PUT / HTTP/1.1\r\nHost: x\r\n\(fields)\r\n\r\n" }

    private static func chunks(_ body: String) -> String { head("Transfer-Encoding: chunked") + body }

    private static func line(_ line: String) -> String { "\(line)\r\nHost: x\r\n\r\n" }

    /// Input that must be rejected.
    static let rejected = rejectedLines + rejectedFields + rejectedFrames + rejectedChunks

    private static let rejectedLines: [Sample] = [
        .rejects(
            "RFC 9112 §2.2: too many empty lines", String(repeating: "\r\n", count: 5), 400, "empty lines"),
        .rejects("RFC 9112 §2.2: a bare LF", "GET / HTTP/1.1\nHost: x\n\n", 400, "line feed without"),
        .rejects("RFC 9112 §2.2: a bare CR", "GET / HTTP/1.1\rHost: x\r\r", 400, "carriage return without"),
        .rejects("RFC 9112 §2.2: leading white space", line(" GET / HTTP/1.1"), 400, "method is no token"),
        .rejects("RFC 9112 §3: two spaces", line("GET  / HTTP/1.1"), 400, "version"),
        .rejects("RFC 9112 §3: a tab instead of a space", line("GET\t/ HTTP/1.1"), 400, "single spaces"),
        .rejects("RFC 9112 §3: no version", line("GET /"), 400, "single spaces"),
        .rejects("RFC 9112 §3: a space at the end", line("GET / HTTP/1.1 "), 400, "version"),
        .rejects("RFC 9112 §3: a NUL", line("GET /\0 HTTP/1.1"), 400, "control character 0x0"),
        .rejects("RFC 9112 §3: TLS on a plain port", "\u{16}\u{3}\u{1}", 400, "control character 0x16"),
        .rejects("RFC 9110 §9.1: a method that is not a token", line("G(T / HTTP/1.1"), 400, "no token"),
        .rejects(
            "RFC 9112 §3: a method that is too long", line("\(String(repeating: "A", count: 33)) / HTTP/1.1"),
            501,
            "method"),
        .rejects("RFC 9110 §9.3.6: CONNECT", line("CONNECT a:80 HTTP/1.1"), 501, "no proxy"),
        .rejects("RFC 9112 §2.3: another major version", line("GET / HTTP/2.0"), 505, "HTTP/1.1"),
        .rejects("RFC 9113 §3.4: the HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "HTTP/1.1"),
        .rejects("RFC 9112 §2.3: HTTP/0.9", line("GET / HTTP/0.9"), 505, "HTTP/1.1"),
        .rejects("RFC 9112 §2.3: versions are case-sensitive", line("GET / http/1.1"), 400, "version"),
        .rejects("RFC 9112 §2.3: versions have one digit", line("GET / HTTP/1.10"), 400, "version"),
        .rejects("RFC 9112 §3.2: no valid form", line("GET a HTTP/1.1"), 400, "neither a path"),
        .rejects("RFC 9112 §3.2.3: authority form", line("GET a:80 HTTP/1.1"), 400, "neither a path"),
        .rejects("RFC 9112 §3.2.4: * is only for OPTIONS", line("GET * HTTP/1.1"), 400, "neither a path"),
        .rejects("RFC 9110 §4.2.1: an empty host", line("GET http:///a HTTP/1.1"), 400, "authority"),
        .rejects("RFC 9110 §4.2.4: user information", line("GET http://a@b/ HTTP/1.1"), 400, "authority"),
        .rejects("RFC 9112 §3.2: another scheme", line("GET ftp://a/ HTTP/1.1"), 400, "neither a path"),
        .rejects("RFC 3986 §3.5: a fragment", line("GET /#a HTTP/1.1"), 400, "percent-encoded"),
        .rejects("RFC 3986 §2: raw UTF-8", line("GET /é HTTP/1.1"), 400, "percent-encoded"),
        .rejects("RFC 3986 §2.1: an incomplete escape", line("GET /%4 HTTP/1.1"), 400, "percent-encoding"),
        .rejects(
            "RFC 3986 §2.1: an escape that is not hexadecimal", line("GET /?a=%zz HTTP/1.1"), 400,
            "percent-encoding"),
        .rejects("RFC 3629 §3: an overlong UTF-8 sequence", line("GET /%C0%AF HTTP/1.1"), 400, "UTF-8"),
        .rejects("RFC 3986 §7.3: an encoded NUL", line("GET /%00 HTTP/1.1"), 400, "NUL"),
        .rejects(
            "RFC 9112 §3: a target that is too long", "GET /\(String(repeating: "a", count: 9000))", 414,
            "8192 bytes"),
        .rejects(
            "RFC 9112 §3: a bare CR beyond the limit is not read",
            "GET /\(String(repeating: "a", count: 9000))\r\r", 414, "8192 bytes"),
    ]

    private static let rejectedFields: [Sample] = [
        .rejects(
            "RFC 9112 §5.1: space before the colon", head("A: b\r\nC : d"), 400,
            "header line 3 has white space before"),
        .rejects("RFC 9112 §5.2: a folded line", head("A: b\r\n c"), 400, "header line 3 is folded"),
        .rejects(
            "RFC 9112 §5.2: a folded first line", "GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400,
            "header line 1 is folded"),
        .rejects("RFC 9112 §5: no colon", head("A"), 400, "header line 2 has no colon"),
        .rejects("RFC 9110 §5.1: no name", head(": a"), 400, "header line 2 has a name"),
        .rejects("RFC 9110 §5.1: a name with a bracket", head("A[: a"), 400, "header line 2 has a name"),
        .rejects("RFC 9110 §5.1: a name that is not ASCII", head("É: a"), 400, "header line 2 has a name"),
        .rejects(
            "RFC 9110 §5.5: a NUL in a value", head("A: \0"), 400,
            "header line 2 has the control character 0x0"),
        .rejects("RFC 9110 §5.5: a control character in a value", head("A: \u{1B}[m"), 400, "0x1b"),
        .rejects("RFC 9110 §5.5: DEL in a value", head("A: \u{7F}"), 400, "0x7f"),
        .rejects(
            "RFC 9112 §2.2: a bare CR in a value", head("A: b\rC: d"), 400,
            "header line 2 has a carriage return"),
        .rejects(
            "RFC 9112 §2.2: a bare LF in a value", head("A: b\nC: d"), 400, "header line 2 has a line feed"),
        .rejects(
            "RFC 6585 §5: too many header lines",
            head((0..<100).map { "A: \($0)" }.joined(separator: "\r\n")), 431,
            "100 header lines"),
        .rejects(
            "RFC 6585 §5: an endless head",
            "GET / HTTP/1.1\r\nA: \(String(repeating: "a", count: 17_000))", 431, "16384 bytes"),
        .rejects("RFC 9112 §3.2: no Host", "GET / HTTP/1.1\r\n\r\n", 400, "no Host"),
        .rejects(
            "RFC 9112 §3.2: no Host, with an absolute target", "GET http://a/ HTTP/1.1\r\n\r\n", 400,
            "no Host"),
        .rejects("RFC 9112 §3.2: two Hosts", head("Host: x"), 400, "more than one Host"),
        .rejects(
            "RFC 9112 §3.2: a list of Hosts", "GET / HTTP/1.1\r\nHost: x, y\r\n\r\n", 400, "Host is not"),
        .rejects("RFC 9110 §4.2.1: an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400, "Host is not"),
        .rejects("RFC 9110 §7.2: a path in Host", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", 400, "Host is not"),
        .rejects(
            "RFC 9110 §7.2: an invalid port", "GET / HTTP/1.1\r\nHost: x:8a\r\n\r\n", 400, "Host is not"),
        .rejects(
            "RFC 3986 §3.2.2: an unclosed bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400, "Host is not"
        ),
        .rejects("RFC 9110 §10.1.1: another expectation", head("Expect: magic"), 417, "100-continue"),
    ]

    private static let rejectedFrames: [Sample] = [
        .rejects(
            "RFC 9112 §6.3: two lengths", head("Content-Length: 5\r\nContent-Length: 6"), 400, "more than one"
        ),
        .rejects(
            "RFC 9112 §6.3: the same length twice", head("Content-Length: 5\r\nContent-Length: 5"), 400,
            "more than one"),
        .rejects("RFC 9112 §6.3: a list of lengths", head("Content-Length: 5, 5"), 400, "not a number"),
        .rejects("RFC 9110 §8.6: a sign", head("Content-Length: +5"), 400, "not a number"),
        .rejects("RFC 9110 §8.6: a negative length", head("Content-Length: -1"), 400, "not a number"),
        .rejects("RFC 9110 §8.6: hexadecimal", head("Content-Length: 0x5"), 400, "not a number"),
        .rejects("RFC 9110 §8.6: an empty length", head("Content-Length: "), 400, "not a number"),
        .rejects(
            "RFC 9110 §15.5.14: a length over the limit", head("Content-Length: 1048577"), 413,
            "1048576 bytes"),
        .rejects(
            "RFC 9110 §8.6: a length that overflows 64 bits",
            head("Content-Length: \(String(repeating: "9", count: 40))"), 413, "1048576 bytes"),
        .rejects(
            "RFC 9112 §6.1: both framings", head("Content-Length: 5\r\nTransfer-Encoding: chunked"), 400,
            "both"
        ),
        .rejects(
            "RFC 9112 §6.1: both framings, in reverse order",
            head("Transfer-Encoding: chunked\r\nContent-Length: 5"), 400, "both"),
        .rejects(
            "RFC 9112 §6.1: chunks in HTTP/1.0", "PUT / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
            "HTTP/1.0"),
        .rejects(
            "RFC 9112 §6.1: an unknown coding", head("Transfer-Encoding: gzip, chunked"), 501, "chunked"),
        .rejects(
            "RFC 9112 §7: a coding with parameters", head("Transfer-Encoding: chunked;a=b"), 501, "chunked"),
        .rejects(
            "RFC 9112 §6.3: chunked is not last", head("Transfer-Encoding: chunked, gzip"), 400, "goes on"),
        .rejects(
            "RFC 9112 §6.1: chunked twice", head("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
            400, "goes on"),
        .rejects("RFC 9112 §6.1: an empty coding", head("Transfer-Encoding:"), 400, "empty"),
        .rejects("RFC 9112 §6.1: identity is obsolete", head("Transfer-Encoding: identity"), 501, "chunked"),
    ]

    private static let rejectedChunks: [Sample] = [
        .rejects("RFC 9112 §7.1: no size", chunks("\r\n"), 400, "chunk size"),
        .rejects("RFC 9112 §7.1: a sign", chunks("-1\r\n"), 400, "chunk size"),
        .rejects("RFC 9112 §7.1: a 0x prefix", chunks("0x5\r\nhello\r\n"), 400, "chunk size"),
        .rejects("RFC 9112 §7.1: a space before the size", chunks(" 5\r\n"), 400, "chunk size"),
        .rejects("RFC 9112 §7.1: a space after the size", chunks("5 \r\n"), 400, "chunk size"),
        .rejects(
            "RFC 9112 §7.1: a size that overflows 64 bits", chunks("FFFFFFFFFFFFFFFFF\r\n"), 413,
            "1048576 bytes"),
        .rejects(
            "RFC 9112 §7.1: a size that would wrap to 5", chunks("10000000000000005\r\nhello"), 413,
            "1048576 bytes"),
        .rejects(
            "RFC 9112 §7.1: data longer than its size", chunks("4\r\nhello\r\n"), 400, "longer than its size"),
        .rejects("RFC 9112 §7.1: a bare LF after the size", chunks("5\nhello"), 400, "line feed"),
        .rejects("RFC 9112 §7.1: a bare LF after the data", chunks("1\r\n!\n"), 400, "longer than its size"),
        .rejects("RFC 9112 §7.1.1: no name", chunks("1;\r\n"), 400, "extension"),
        .rejects("RFC 9112 §7.1.1: no value", chunks("1;a=\r\n"), 400, "extension"),
        .rejects("RFC 9112 §7.1.1: an unclosed quote", chunks("1;a=\"b\r\n"), 400, "extension"),
        .rejects(
            "RFC 9112 §7.1.1: an extension that is too long",
            chunks("1;\(String(repeating: "a", count: 600))"), 400, "too long"
        ),
        .rejects(
            "RFC 9112 §7.1.1: too many extension bytes",
            chunks(String(repeating: "1;\(String(repeating: "a", count: 400))\r\n!\r\n", count: 50)), 400,
            "extensions are too long"),
        .rejects(
            "RFC 9112 §7.1.2: a folded trailer", chunks("0\r\nA: b\r\n c\r\n\r\n"), 400,
            "trailer line 2 is folded"),
        .rejects(
            "RFC 9112 §7.1.2: too many trailers", chunks("0\r\n" + String(repeating: "A: b\r\n", count: 101)),
            431, "100 trailer lines"),
    ]
}
