// SPDX-License-Identifier: Apache-2.0
extension Sample {
    private static let host = "Host: example.org\r\n"
    private static let chunked = "PUT / HTTP/1.1\r\n\(host)Transfer-Encoding: Chunked\r\n\r\n"

    /// Input that must be accepted.
    static let accepted: [Sample] = [
        .accepts(
            "RFC 9112 §3: a request line", "GET /a?b=c HTTP/1.1\r\n\(host)\r\n",
            .request("GET /a?b=c", body: "")),
        .accepts(
            "RFC 9112 §2.2: empty lines before the request line", "\r\n\r\nGET / HTTP/1.1\r\n\(host)\r\n",
            .request("GET /", body: "")),
        .accepts(
            "RFC 9110 §9.1: any token is a method", "a!#~ / HTTP/1.1\r\n\(host)\r\n",
            .request("a!#~ /", body: "")),
        .accepts(
            "RFC 9110 §2.5: a later minor version", "GET / HTTP/1.7\r\n\(host)\r\n",
            .request("GET /", body: "")),
        .accepts(
            "RFC 9112 §3.2: HTTP/1.0 may omit Host", "GET / HTTP/1.0\r\n\r\n", .request("GET /", body: "")
        ).closing,
        .accepts(
            "RFC 9112 §3.2.2: absolute form", "GET http://a.b:80/c HTTP/1.1\r\n\(host)\r\n",
            .request("GET http://a.b:80/c", body: "")),
        .accepts(
            "RFC 9112 §3.2.2: absolute form without a path", "GET HTTPS://a?q HTTP/1.1\r\n\(host)\r\n",
            .request("GET HTTPS://a?q", body: "")),
        .accepts(
            "RFC 9112 §3.2.4: asterisk form", "OPTIONS * HTTP/1.1\r\n\(host)\r\n",
            .request("OPTIONS *", body: "")),
        .accepts(
            "RFC 3986 §2.1: percent-encoded UTF-8", "GET /%E2%82%ac HTTP/1.1\r\n\(host)\r\n",
            .request("GET /%E2%82%ac", body: "")),
        .accepts(
            "RFC 3986 §3.2.2: an IPv6 host", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
            .request("GET /", body: "")),
        .accepts(
            "RFC 9110 §5.1: names in any case", "GET / HTTP/1.1\r\nhOST:x\r\n\r\n",
            .request("GET /", body: "")),
        .accepts(
            "RFC 9110 §5.5: empty, tabbed and non-ASCII values",
            "GET / HTTP/1.1\r\nHost: x\r\nA:\r\nB:\t b\tc \r\nC: é\r\n\r\n", .request("GET /", body: "")),
        .accepts(
            "RFC 9112 §6.2: a length", "PUT / HTTP/1.1\r\n\(host)Content-Length: 005\r\n\r\nhello",
            .request("PUT /", body: "hello")),
        .accepts(
            "RFC 9110 §9.3.1: GET with a body", "GET / HTTP/1.1\r\n\(host)Content-Length: 1\r\n\r\n!",
            .request("GET /", body: "!")),
        .accepts(
            "RFC 9112 §7.1: chunks",
            "\(chunked)5\r\nhello\r\n00a\r\n0123456789\r\n0\r\n\r\n",
            .request("PUT /", body: "hello0123456789")),
        .accepts(
            "RFC 9112 §7.1.1: chunk extensions are ignored",
            "\(chunked)1;a\r\n!\r\n1 ; a = b;c=\"d;\\\"\"\r\n?\r\n0;z\r\n\r\n",
            .request("PUT /", body: "!?")),
        .accepts(
            "RFC 9112 §7.1.2: trailers are dropped",
            "\(chunked)0\r\nX: y\r\nContent-Length: 9\r\n\r\n",
            .request("PUT /", body: "")),
        .accepts(
            "RFC 9112 §9.3.2: pipelined requests",
            "PUT /1 HTTP/1.1\r\n\(host)Content-Length: 2\r\n\r\nab"
                + "GET /2 HTTP/1.1\r\n\(host)\r\n\r\nGET /3 HTTP/1.1\r\n\(host)\r\n",
            .request("PUT /1", body: "ab"), .request("GET /2", body: ""), .request("GET /3", body: "")),
        .accepts(
            "RFC 9112 §9.6: nothing is read after close",
            "GET /1 HTTP/1.1\r\n\(host)Connection: x, Close\r\n\r\nGET /2 HTTP/1.1\r\n\(host)\r\n",
            .request("GET /1", body: "")
        ).closing,
        .accepts(
            "RFC 9110 §10.1.1: 100-continue",
            "PUT / HTTP/1.1\r\n\(host)Expect: 100-Continue\r\nContent-Length: 1\r\n\r\n.", .continue,
            .request("PUT /", body: ".")),
        .accepts(
            "RFC 9110 §10.1.1: no 100 without a body",
            "GET / HTTP/1.1\r\n\(host)Expect: 100-continue\r\n\r\n",
            .request("GET /", body: "")),
        .accepts(
            "RFC 9110 §10.1.1: no 100 for HTTP/1.0",
            "PUT / HTTP/1.0\r\nExpect: magic\r\nContent-Length: 1\r\n\r\n.", .request("PUT /", body: ".")
        ).closing,
    ]
}
