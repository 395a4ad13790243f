// SPDX-License-Identifier: Apache-2.0
/// Persistence and pipelining. The paths `/204`, `/304`, `/later` and `/stream` get such responses
/// over sockets (`SampleResponder`).
extension Sample {
    private static func request(_ line: String, _ fields: String = "", body: String = "") -> String {
        "\(line) HTTP/1.1\r\nHost: x\r\n\(fields.isEmpty ? "" : fields + "\r\n")\r\n\(body)"
    }

    private static func get(_ path: String) -> String { request("GET \(path)") }

    private static func got(_ path: String) -> StateDriver.Outcome { .request("GET \(path)", body: "") }

    static let connections = keeping + closing + pipelines + broken + continuing + bodiless

    private static let keeping: [Sample] = [
        .accepts("RFC 9112 §9.3: HTTP/1.1 persists", get("/1") + get("/2"), got("/1"), got("/2")),
        .accepts(
            "RFC 9112 §9.3: keep-alive is redundant in HTTP/1.1",
            request("GET /1", "Connection: keep-alive") + get("/2"),
            got("/1"), got("/2")),
        .accepts(
            "RFC 9110 §7.6.1: an option that only starts with close",
            request("GET /1", "Connection: closed") + get("/2"),
            got("/1"), got("/2")),
        .accepts(
            "RFC 9110 §7.6.1: a quoted option is different",
            request("GET /1", "Connection: \"close\"") + get("/2"),
            got("/1"), got("/2")),
        .accepts(
            "RFC 9110 §7.6.1: close in another field",
            request("GET /1", "Proxy-Connection: close\r\nKeep-Alive: close") + get("/2"),
            got("/1"), got("/2")),
        .accepts(
            "RFC 9112 §9.3: HTTP/1.0 persists with keep-alive",
            "GET /1 HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\nGET /2 HTTP/1.0\r\nConnection: x, keep-alive\r\n\r\n",
            got("/1"), got("/2")),
        .accepts(
            "RFC 9112 §9.3: HTTP/1.0, then HTTP/1.1",
            "GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + get("/2"),
            got("/1"), got("/2")),
        .accepts(
            "RFC 9112 §9.3: HTTP/1.2 persists", "GET /1 HTTP/1.2\r\nHost: x\r\n\r\n" + get("/2"), got("/1"),
            got("/2")),
    ]

    private static func closes(_ rule: String, _ fields: String, version: String = "1.1") -> Sample {
        .accepts(rule, "GET /1 HTTP/\(version)\r\nHost: x\r\n\(fields)\r\n" + get("/2"), got("/1")).closing
    }

    private static let closing: [Sample] = [
        closes("RFC 9112 §9.6: close", "Connection: close\r\n"),
        closes("RFC 9110 §7.6.1: close in capitals", "CONNECTION: CLOSE\r\n"),
        closes("RFC 9110 §7.6.1: close after empty list elements", "Connection: ,\t, close ,\r\n"),
        closes("RFC 9110 §7.6.1: close in a second line", "Connection: upgrade\r\nConnection: close\r\n"),
        closes("RFC 9112 §9.3: close takes precedence over keep-alive", "Connection: keep-alive, close\r\n"),
        closes(
            "RFC 9112 §9.3: close takes precedence over a later keep-alive",
            "Connection: close\r\nConnection: keep-alive\r\n"),
        closes("RFC 9112 §9.3: HTTP/1.0 is closed", "", version: "1.0"),
        closes(
            "RFC 9112 §9.3: HTTP/1.0 with a Keep-Alive field only is closed", "Keep-Alive: 5\r\n",
            version: "1.0"),
        closes(
            "RFC 9112 §9.3: HTTP/1.0 with both options is closed", "Connection: close, keep-alive\r\n",
            version: "1.0"),
        .accepts(
            "RFC 9112 §9.6: close in the second of three",
            get("/1") + request("PUT /2", "Connection: close\r\nContent-Length: 2", body: "ab") + get("/3"),
            got("/1"), .request("PUT /2", body: "ab")
        ).closing,
        .accepts(
            "RFC 9112 §9.6: close on a stream", request("GET /stream", "Connection: close") + get("/2"),
            got("/stream")
        ).closing,
    ]

    /// Cases that depend on the response, and so only run over a socket.
    static let answers: [Sample] = [
        .accepts(
            "RFC 9112 §7.1: a stream to HTTP/1.0 ends with the connection",
            "GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + get("/2"), got("/stream")
        ).closing
    ]

    private static let pipelines: [Sample] = [
        .accepts(
            "RFC 9112 §9.3.2: the same request three times", get("/") + get("/") + get("/"), got("/"),
            got("/"), got("/")),
        .accepts(
            "RFC 9112 §9.3.2: alternating requests that differ in their last byte",
            get("/a") + get("/b") + get("/a"),
            got("/a"), got("/b"), got("/a")),
        .accepts(
            "RFC 9112 §9.3.2: the same head with and without a body",
            get("/") + request("GET /", "Content-Length: 1", body: "!")
                + get("/"), got("/"), .request("GET /", body: "!"), got("/")),
        .accepts(
            "RFC 9112 §9.3.2: asynchronous responses, in order",
            get("/later") + get("/2") + get("/later") + get("/4"),
            got("/later"), got("/2"), got("/later"), got("/4")),
        .accepts(
            "RFC 9112 §9.3.2: streams, in order", get("/stream") + get("/2") + get("/stream"), got("/stream"),
            got("/2"),
            got("/stream")),
        .accepts(
            "RFC 9112 §2.2: empty lines between requests", get("/1") + "\r\n\r\n" + get("/2"), got("/1"),
            got("/2")),
        .accepts(
            "RFC 9112 §2.2: an empty line after a body",
            request("PUT /1", "Content-Length: 1", body: "!\r\n") + get("/2"),
            .request("PUT /1", body: "!"), got("/2")),
        .accepts(
            "RFC 9112 §6.3: bytes after an empty body are a request",
            request("PUT /1", "Content-Length: 0", body: get("/2")), .request("PUT /1", body: ""), got("/2")),
        .accepts(
            "RFC 9112 §6.3: a short length ends a body early",
            request("PUT /1", "Content-Length: 2", body: "ab" + get("/2")), .request("PUT /1", body: "ab"),
            got("/2")),
    ]

    private static let broken: [Sample] = [
        .rejects(
            "RFC 9112 §9.6: nothing is processed after an error", get("/1") + "nonsense\r\n\r\n" + get("/3"),
            400,
            "single spaces",
            after: got("/1")),
        .rejects(
            "RFC 9112 §9.6: nothing is processed after an invalid chunk",
            get("/1") + request("PUT /2", "Transfer-Encoding: chunked", body: "x\r\n") + get("/3"), 400,
            "chunk size",
            after: got("/1")),
        .rejects(
            "RFC 9112 §9.6: nothing is processed after a body that is too large",
            get("/1") + request("PUT /2", "Content-Length: 1048577") + get("/3"), 413, "1048576 bytes",
            after: got("/1")),
        .rejects(
            "RFC 9112 §9.6: nothing is processed after an unknown coding",
            get("/1") + request("PUT /2", "Transfer-Encoding: gzip") + get("/3"), 501, "chunked",
            after: got("/1")),
        .rejects(
            "RFC 9112 §6.3: bytes beyond a body's length are parsed as a request",
            request("PUT /1", "Content-Length: 2", body: "ab:") + get("/2"), 400, "no token",
            after: .request("PUT /1", body: "ab")
        ),
        .rejects(
            "RFC 9112 §2.2: too many empty lines between requests",
            get("/1") + String(repeating: "\r\n", count: 5) + get("/2"),
            400, "empty lines", after: got("/1")),
        .rejects(
            "RFC 9112 §9.6: an error after an asynchronous response", get("/later") + "\0" + get("/3"), 400,
            "control character", after: got("/later")),
    ]

    private static let continuing: [Sample] = [
        .accepts(
            "RFC 9110 §10.1.1: 100-continue for chunks",
            request(
                "PUT /", "Expect: 100-continue\r\nTransfer-Encoding: chunked", body: "1\r\n!\r\n0\r\n\r\n"),
            .continue,
            .request("PUT /", body: "!")),
        .accepts(
            "RFC 9110 §10.1.1: 100-continue in two lines",
            request("PUT /", "Expect: 100-continue\r\nExpect: 100-continue\r\nContent-Length: 1", body: "!"),
            .continue,
            .request("PUT /", body: "!")),
        .accepts(
            "RFC 9110 §10.1.1: 100-continue in a list",
            request("PUT /", "Expect: , 100-continue\r\nContent-Length: 1", body: "!"),
            .continue, .request("PUT /", body: "!")),
        .accepts(
            "RFC 9110 §5.6.1: an empty expectation",
            request("PUT /", "Expect:\r\nContent-Length: 1", body: "!"),
            .request("PUT /", body: "!")),
        .accepts(
            "RFC 9110 §10.1.1: 100-continue with an empty body",
            request("PUT /", "Expect: 100-continue\r\nContent-Length: 0"), .request("PUT /", body: "")),
        .accepts(
            "RFC 9110 §10.1.1: 100-continue between other requests",
            get("/1") + request("PUT /2", "Expect: 100-continue\r\nContent-Length: 1", body: "!") + get("/3"),
            got("/1"), .continue, .request("PUT /2", body: "!"), got("/3")),
        .rejects(
            "RFC 9110 §10.1.1: 100-continue and another expectation",
            request("PUT /", "Expect: 100-continue, magic\r\nContent-Length: 1", body: "!"), 417,
            "100-continue"),
        .rejects(
            "RFC 9110 §10.1.1: an expectation with a value",
            request("PUT /", "Expect: 100-continue=yes\r\nContent-Length: 1", body: "!"), 417, "100-continue"),
        .rejects(
            "RFC 9110 §10.1.1: another expectation without a body", request("GET /", "Expect: 200-ok"), 417,
            "100-continue"),
        .rejects(
            "RFC 9110 §10.1.1: no 100 before a refusal",
            request("PUT /", "Expect: 100-continue\r\nContent-Length: 1048577"), 413, "1048576 bytes"),
        .rejects(
            "RFC 9110 §9.3.2: HEAD with another expectation", request("HEAD /", "Expect: magic"), 417,
            "100-continue"),
    ]

    private static let bodiless: [Sample] = [
        .accepts(
            "RFC 9110 §9.3.2: HEAD has no body", request("HEAD /1") + get("/2"),
            .request("HEAD /1", body: ""), got("/2")),
        .accepts(
            "RFC 9110 §9.3.2: HEAD of a stream has no body", request("HEAD /stream") + get("/2"),
            .request("HEAD /stream", body: ""), got("/2")),
        .accepts(
            "RFC 9110 §9.3.2: HEAD with an asynchronous response has no body",
            request("HEAD /later") + get("/2"),
            .request("HEAD /later", body: ""), got("/2")),
        .accepts(
            "RFC 9110 §9.3.2: HEAD with a request body has no response body",
            request("HEAD /1", "Content-Length: 2", body: "ab") + get("/2"), .request("HEAD /1", body: "ab"),
            got("/2")),
        .accepts(
            "RFC 9110 §15.3.5: 204 has no body",
            get("/204") + request("PUT /204", "Content-Length: 1", body: "!") + get("/3"),
            got("/204"), .request("PUT /204", body: "!"), got("/3")),
        .accepts("RFC 9110 §15.4.5: 304 has no body", get("/304") + get("/2"), got("/304"), got("/2")),
        .accepts(
            "RFC 9110 §9.3.2: HEAD of 204 and of 304",
            request("HEAD /204") + request("HEAD /304") + get("/3"),
            .request("HEAD /204", body: ""), .request("HEAD /304", body: ""), got("/3")),
        .accepts(
            "RFC 9110 §9.3.2: HEAD in HTTP/1.0", "HEAD / HTTP/1.0\r\n\r\n", .request("HEAD /", body: "")
        ).closing,
        .accepts(
            "RFC 9112 §6.3: the last response is framed too", request("HEAD /", "Connection: close"),
            .request("HEAD /", body: "")
        ).closing,
    ]
}
