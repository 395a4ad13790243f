// SPDX-License-Identifier: Apache-2.0
/// Header fields (RFC 9112 §5), especially Host.
extension Sample {
    private static let request = StateDriver.Outcome.request("GET /", body: "")

    private static func head(_ fields: String) -> String { "GET / HTTP/1.1\r\nHost: x\r\n\(fields)\r\n\r\n" }

    private static func takes(_ rule: String, _ fields: String) -> Sample {
        .accepts(rule, head(fields), request)
    }

    private static func refuses(_ rule: String, _ fields: String, _ words: String) -> Sample {
        .rejects(rule, head(fields), 400, words)
    }

    private static func takes(_ rule: String, host: String) -> Sample {
        .accepts(rule, "GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n", request)
    }

    private static func refuses(_ rule: String, host: String, _ words: String = "Host is not") -> Sample {
        .rejects(rule, "GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n", 400, words)
    }

    static let fields = takenFields + refusedFields + takenHosts + refusedHosts

    private static let takenFields: [Sample] = [
        takes("RFC 9110 §5.6.2: all characters of a name", "!#$%&'*+-.^_`|~0Az: b"),
        takes("RFC 9112 §5: colons in a value", "A: b: c:"),
        takes("RFC 9112 §5: a colon as value", "A::"),
        takes("RFC 9112 §5.1: no space before a value", "A:b"),
        takes("RFC 9110 §5.5: a value of only white space", "A:  \t "),
        takes("RFC 9110 §5.3: a repeated field", "A: b\r\na: c"),
        takes(
            "RFC 9110 §5.3: a repeated type is left to the application",
            "Content-Type: text/plain\r\nContent-Type: application/json"),
        takes(
            "RFC 9110 §11.6.2: two keys are left to the application",
            "Authorization: Bearer a\r\nAuthorization: Bearer b"),
        takes(
            "RFC 9110 §7.8: an unsupported upgrade is ignored",
            "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings"),
        takes(
            "RFC 9110 §7.8: a WebSocket upgrade is ignored", "Upgrade: websocket\r\nSec-WebSocket-Version: 13"
        ),
        takes("RFC 9110 §14.2: an invalid range is ignored", "Range: bytes=5-1"),
        takes("RFC 9110 §13.1.3: an invalid date is ignored", "If-Modified-Since: yesterday"),
        Sample(
            rule: "RFC 9110 §5.5: bytes that are not UTF-8",
            input: Array("GET / HTTP/1.1\r\nHost: x\r\nA: ".utf8) + [0x80, 0xFF, 0xC0]
                + Array("\r\n\r\n".utf8),
            outcomes: [request]),
    ]

    private static let refusedFields: [Sample] = [
        refuses("RFC 9112 §5.2: a line folded by a tab", "A: b\r\n\tc", "header line 3 is folded"),
        refuses("RFC 9112 §5.2: a fold with only a space", "A: b\r\n ", "header line 3 is folded"),
        refuses("RFC 9112 §5.2: a field folded after Host", " A: b", "header line 2 is folded"),
        refuses("RFC 9112 §5.1: a tab before the colon", "A\t: b", "header line 2 has white space before"),
        refuses("RFC 9110 §5.1: a colon alone", ":", "header line 2 has a name"),
        refuses("RFC 9110 §5.1: a space in a name", "A B: c", "header line 2 has a name"),
        refuses("RFC 9110 §5.1: a slash in a name", "A/B: c", "header line 2 has a name"),
        refuses("RFC 9110 §5.1: a comma in a name", "A,B: c", "header line 2 has a name"),
        refuses("RFC 9110 §5.1: a name in quotes", "\"A\": b", "header line 2 has a name"),
        refuses("RFC 9110 §5.5: a NUL in a name", "A\0: b", "control character 0x0"),
        refuses("RFC 9110 §5.5: a vertical tab in a value", "A: b\u{B}c", "control character 0xb"),
        refuses("RFC 9110 §5.5: a back space in a value", "A: b\u{8}", "control character 0x8"),
        refuses("RFC 9112 §2.2: an extra CR after a value", "A: b\r", "carriage return"),
        refuses("RFC 9112 §2.2: a bare CR before the colon", "A\r: b", "carriage return"),
        refuses("RFC 9112 §2.2: an extra LF after a value", "A: b\n\r\nC: d", "line feed"),
        refuses("RFC 9112 §3: a second request line as a field", "GET /a HTTP/1.1", "no colon"),
        .rejects(
            "RFC 9112 §2.2: a bare LF as the end of a head", "GET / HTTP/1.1\r\nHost: x\r\n\n", 400,
            "line feed"),
        .rejects(
            "RFC 9112 §2.2: a bare CR as the end of a head", "GET / HTTP/1.1\r\nHost: x\r\n\rX", 400,
            "carriage return"),
        .rejects(
            "RFC 6585 §5: an endless name",
            "GET / HTTP/1.1\r\nHost: x\r\n\(String(repeating: "A", count: 17_000)): b",
            431, "16384 bytes"),
        .rejects(
            "RFC 9110 §9.3.2: HEAD with an invalid field", "HEAD / HTTP/1.1\r\nHost: x\r\nA\r\n\r\n", 400,
            "no colon"),
        .rejects("RFC 9110 §9.3.2: HEAD without Host", "HEAD / HTTP/1.1\r\n\r\n", 400, "no Host"),
        .rejects(
            "RFC 9110 §9.3.2: HEAD with too large a body",
            "HEAD / HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n",
            413, "1048576 bytes"),
        .rejects(
            "RFC 9110 §9.3.2: HEAD with an invalid chunk",
            "HEAD / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400, "chunk size"),
    ]

    private static let takenHosts: [Sample] = [
        takes("RFC 9110 §7.2: a host and a port", host: "localhost:8080"),
        takes("RFC 3986 §3.2.3: a host and an empty port", host: "localhost:"),
        takes("RFC 3986 §3.2.2: an IPv4 host", host: "127.0.0.1:80"),
        takes("RFC 3986 §3.2.2: an IPv4-mapped IPv6 host", host: "[::ffff:127.0.0.1]"),
        takes("RFC 3986 §3.2.2: all characters of a host name", host: "a-._~!$&'()*+;=%2Cb"),
        takes("RFC 9110 §5.5: spaces around Host", host: " \t x \t "),
        .accepts(
            "RFC 9112 §3.2.2: the target takes precedence over Host",
            "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n",
            .request("GET http://a/", body: "")),
    ]

    private static let refusedHosts: [Sample] = [
        refuses("RFC 9110 §7.2: two hosts separated by a space", host: "x y"),
        refuses("RFC 9110 §7.2: two hosts separated by a tab", host: "x\ty"),
        refuses("RFC 9110 §4.2.4: user information in Host", host: "a@x"),
        refuses("RFC 9110 §7.2: a URL as host", host: "http://x"),
        refuses("RFC 9110 §7.2: a query in Host", host: "x?a"),
        refuses("RFC 9110 §7.2: a fragment in Host", host: "x#a"),
        refuses("RFC 9110 §7.2: a backslash in Host", host: "x\\a"),
        refuses("RFC 9110 §7.2: a host in quotes", host: "\"x\""),
        refuses("RFC 9110 §7.2: a host in angle brackets", host: "<x>"),
        refuses("RFC 9110 §7.2: a port only", host: ":80"),
        refuses("RFC 9110 §7.2: two ports in Host", host: "x:80:80"),
        refuses("RFC 9110 §7.2: a negative port", host: "x:-1"),
        refuses("RFC 3986 §3.2.2: a host that is not ASCII", host: "é"),
        refuses("RFC 3986 §2.1: a percent sign in Host", host: "x%"),
        refuses("RFC 3986 §2.1: an incomplete escape in Host", host: "x%2"),
        refuses("RFC 3986 §2.1: an invalid escape in Host", host: "x%zz"),
        refuses("RFC 3986 §3.2.2: an IPv6 host without brackets", host: "::1"),
        refuses("RFC 3986 §3.2.2: brackets without a host", host: "[]"),
        refuses("RFC 3986 §3.2.2: an IPv6 host of only colons", host: "[:::]"),
        refuses("RFC 3986 §3.2.2: an IPv6 host with an invalid digit", host: "[::g]"),
        refuses("RFC 3986 §3.2.2: an IPv6 host of nine groups", host: "[1:2:3:4:5:6:7:8:9]"),
        refuses("RFC 3986 §3.2.2: an IPv6 host with two double colons", host: "[1::2::3]"),
        refuses("RFC 3986 §3.2.2: an IPv4 host in brackets", host: "[127.0.0.1]"),
        refuses("RFC 3986 §3.2.2: an IPv6 host with a zone", host: "[fe80::1%25eth0]"),
        refuses("RFC 3986 §3.2.2: an IPv6 host and a letter", host: "[::1]x"),
        refuses("RFC 3986 §3.2.2: brackets in a name", host: "x[::1]"),
        refuses("RFC 9110 §5.5: a NUL in Host", host: "x\0", "control character 0x0"),
        refuses("RFC 9112 §5.2: a folded Host", host: "x\r\n y", "folded"),
        refuses("RFC 9112 §3.2: two Hosts of which one is empty", host: "x\r\nhost:", "more than one Host"),
        .rejects("RFC 9112 §3.2: no Host, but X-Host", "GET / HTTP/1.1\r\nX-Host: x\r\n\r\n", 400, "no Host"),
        .rejects(
            "RFC 9112 §3.2: Host with a space before its colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400,
            "white space"),
        .rejects("RFC 9112 §3.2: an asterisk without Host", "OPTIONS * HTTP/1.1\r\n\r\n", 400, "no Host"),
        .rejects(
            "RFC 9112 §3.2: HTTP/1.0 with two Hosts", "GET / HTTP/1.0\r\nHost: x\r\nHost: x\r\n\r\n", 400,
            "more than one"),
        .rejects(
            "RFC 9112 §3.2: HTTP/1.0 with an invalid Host", "GET / HTTP/1.0\r\nHost: x/y\r\n\r\n", 400,
            "Host is not"),
    ]
}
