// SPDX-License-Identifier: Apache-2.0
/// Valid and invalid chunked bodies (RFC 9112 §7.1).
extension Sample {
    private static func chunks(_ body: String) -> String {
        "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body
    }

    private static func takes(_ rule: String, _ body: String, as decoded: String) -> Sample {
        .accepts(rule, chunks(body), .request("PUT /", body: decoded))
    }

    private static func refuses(_ rule: String, _ body: String, _ words: String, status: Int = 400) -> Sample
    {
        .rejects(rule, chunks(body), status, words)
    }

    private static let smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"

    static let chunkSamples = takenChunks + refusedSizes + refusedExtensions + refusedTrailers

    private static let takenChunks: [Sample] = [
        takes("RFC 9112 §7.1: an empty body", "0\r\n\r\n", as: ""),
        takes(
            "RFC 9112 §7.1: sizes in either case", "a\r\n0123456789\r\nA\r\n9876543210\r\n0\r\n\r\n",
            as: "01234567899876543210"),
        takes(
            "RFC 9112 §7.1: a size with many leading zeros", "0000000000000000000005\r\nhello\r\n0\r\n\r\n",
            as: "hello"
        ),
        takes("RFC 9112 §7.1: a last chunk with many zeros", "1\r\n!\r\n0000\r\n\r\n", as: "!"),
        takes(
            "RFC 9112 §7.1: line ends in the data", "6\r\n\r\n0\r\n\r\r\n1\r\n\n\r\n0\r\n\r\n",
            as: "\r\n0\r\n\r\n"),
        takes("RFC 9112 §7.1: a NUL in the data", "1\r\n\0\r\n0\r\n\r\n", as: "\0"),
        takes("RFC 9112 §7.1: a request in the data", "23\r\n\(smuggled)\r\n0\r\n\r\n", as: smuggled),
        takes("RFC 9112 §7.1.1: many extensions", "1;a;b=c;d=\"e\"\r\n!\r\n0;f\r\n\r\n", as: "!"),
        takes("RFC 9112 §7.1.1: spaces around an extension", "1 \t;\t a \t=\t b\r\n!\r\n0\r\n\r\n", as: "!"),
        takes("RFC 9112 §7.1.1: a semicolon in quotes", "1;a=\";b\"\r\n!\r\n0\r\n\r\n", as: "!"),
        takes("RFC 9110 §5.6.4: an escaped quote in quotes", "1;a=\"\\\"\\\\\"\r\n!\r\n0\r\n\r\n", as: "!"),
        takes("RFC 9110 §5.6.4: a size in quotes", "1;a=\"5\"\r\n!\r\n0\r\n\r\n", as: "!"),
        takes("RFC 9110 §6.5.1: a coding in the trailers", "0\r\nTransfer-Encoding: gzip\r\n\r\n", as: ""),
        takes("RFC 9110 §6.5.1: another Host in the trailers", "0\r\nHost: y\r\nHost: z\r\n\r\n", as: ""),
        takes(
            "RFC 9110 §6.5.1: a key in the trailers", "1\r\n!\r\n0\r\nAuthorization: Bearer x\r\n\r\n",
            as: "!"),
        takes("RFC 9110 §6.5.1: an expectation in the trailers", "0\r\nExpect: magic\r\n\r\n", as: ""),
        takes("RFC 9110 §6.5.1: close in the trailers", "0\r\nConnection: close\r\n\r\n", as: ""),
        takes("RFC 9110 §6.5.1: a range in the trailers", "0\r\nRange: bytes=0-0\r\n\r\n", as: ""),
        .accepts(
            "RFC 9112 §7.1.2: a request after trailers",
            chunks("1\r\n!\r\n0\r\nX: y\r\n\r\n") + "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n",
            .request("PUT /", body: "!"), .request("GET /2", body: "")),
    ]

    private static let refusedSizes: [Sample] = [
        refuses("RFC 9112 §7.1: a size that is not hexadecimal", "g\r\n", "chunk size"),
        refuses("RFC 9112 §7.1: a letter after the size", "1g\r\n!\r\n0\r\n\r\n", "chunk size"),
        refuses("RFC 9112 §7.1: a plus sign", "+1\r\n!\r\n0\r\n\r\n", "chunk size"),
        refuses("RFC 9112 §7.1: a list of sizes", "1,1\r\n!\r\n0\r\n\r\n", "chunk size"),
        refuses("RFC 9112 §7.1: a fractional size", "1.0\r\n!\r\n0\r\n\r\n", "chunk size"),
        refuses("RFC 9112 §7.1: digits with a separator", "0_1\r\n!\r\n0\r\n\r\n", "chunk size"),
        refuses("RFC 9112 §7.1: a full-width digit", "１\r\n!\r\n0\r\n\r\n", "chunk size"),
        refuses("RFC 9112 §7.1: a tab before the size", "\t1\r\n!\r\n0\r\n\r\n", "chunk size"),
        refuses("RFC 9112 §7.1: a NUL after the size", "1\0\r\n!\r\n0\r\n\r\n", "control character 0x0"),
        refuses("RFC 9112 §7.1: an empty line before the size", "\r\n1\r\n!\r\n0\r\n\r\n", "chunk size"),
        refuses("RFC 9112 §7.1: an extension without a size", ";a=b\r\n!\r\n0\r\n\r\n", "chunk size"),
        refuses("RFC 9112 §7.1: a bare CR after the size", "1\r!\r\n0\r\n\r\n", "carriage return"),
        refuses(
            "RFC 9112 §7.1: a bare CR and a line end after the size", "1\r\r\n!\r\n0\r\n\r\n",
            "carriage return"),
        refuses("RFC 9112 §7.1: a bare LF after the last size", "0\n\r\n", "line feed"),
        refuses("RFC 9112 §7.1: no line end after the data", "1\r\n!0\r\n\r\n", "longer than its size"),
        refuses("RFC 9112 §7.1: a bare CR after the data", "1\r\n!\r0\r\n\r\n", "longer than its size"),
        refuses(
            "RFC 9112 §7.1: data shorter than its size", "6\r\nhello\r\n0\r\n\r\n", "longer than its size"),
        refuses(
            "RFC 9112 §7.1: two bytes other than a line end after the data", "5\r\nhelloXX5\r\n",
            "longer than its size"),
        refuses(
            "RFC 9112 §7.1: a size of 2^32 + 5", "100000005\r\nhello\r\n0\r\n\r\n", "1048576 bytes",
            status: 413),
        refuses(
            "RFC 9112 §7.1: a size of 2^63 + 5", "8000000000000005\r\nhello\r\n0\r\n\r\n", "1048576 bytes",
            status: 413),
        refuses(
            "RFC 9112 §7.1: a size of 2^64 - 1", "FFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n", "1048576 bytes",
            status: 413),
        refuses(
            "RFC 9110 §15.5.14: a chunk one byte over the limit", "100001\r\n", "1048576 bytes",
            status: 413),
        refuses(
            "RFC 9110 §15.5.14: chunks that together exceed the limit", "1\r\n!\r\n100000\r\n",
            "1048576 bytes", status: 413),
    ]

    private static let refusedExtensions: [Sample] = [
        refuses("RFC 9112 §7.1.1: a bare LF in an extension", "1;a\n!\r\n0\r\n\r\n", "line feed"),
        refuses("RFC 9112 §7.1.1: a bare CR in an extension", "1;a\r!\r\n0\r\n\r\n", "carriage return"),
        refuses("RFC 9112 §7.1.1: a bare LF in quotes", "1;a=\"\n\"\r\n!\r\n0\r\n\r\n", "line feed"),
        refuses("RFC 9112 §7.1.1: a line end in quotes", "1;a=\"\r\n\"\r\n!\r\n0\r\n\r\n", "extension"),
        refuses("RFC 9112 §7.1.1: a value without a name", "1;=b\r\n!\r\n0\r\n\r\n", "extension"),
        refuses("RFC 9112 §7.1.1: two names", "1;a b\r\n!\r\n0\r\n\r\n", "extension"),
        refuses("RFC 9112 §7.1.1: a token after quotes", "1;a=\"b\"c\r\n!\r\n0\r\n\r\n", "extension"),
        refuses("RFC 9112 §7.1.1: two semicolons", "1;;a\r\n!\r\n0\r\n\r\n", "extension"),
        refuses("RFC 9112 §7.1.1: two values", "1;a=b=c\r\n!\r\n0\r\n\r\n", "extension"),
        refuses(
            "RFC 9112 §7.1.1: an unterminated string with an escaped quote", "1;a=\"b\\\"\r\n!\r\n0\r\n\r\n",
            "extension"),
        refuses("RFC 9110 §5.6.2: a name that is not a token", "1;a@=b\r\n!\r\n0\r\n\r\n", "extension"),
    ]

    private static let refusedTrailers: [Sample] = [
        refuses("RFC 9112 §7.1: no empty line after the last chunk", "0\r\n\(smuggled)", "no colon"),
        refuses(
            "RFC 9112 §7.1.2: a trailer without a colon", "0\r\nX\r\n\r\n", "trailer line 1 has no colon"),
        refuses(
            "RFC 9112 §5.1: space before the colon of a trailer", "0\r\nX : y\r\n\r\n", "white space before"),
        refuses(
            "RFC 9110 §5.1: a trailer name that is not a token", "0\r\nX@: y\r\n\r\n",
            "trailer line 1 has a name"),
        refuses("RFC 9112 §2.2: a bare LF after a trailer", "0\r\nX: y\n\r\n", "line feed"),
        refuses("RFC 9112 §2.2: a bare CR in a trailer", "0\r\nX: y\rZ: z\r\n\r\n", "carriage return"),
        refuses("RFC 9112 §2.2: a bare LF as the end of trailers", "0\r\nX: y\r\n\n", "line feed"),
        refuses("RFC 9110 §5.5: a NUL in a trailer", "0\r\nX: \0\r\n\r\n", "control character 0x0"),
        refuses("RFC 9112 §5.2: a folded first trailer", "0\r\n X: y\r\n\r\n", "trailer line 1 is folded"),
        refuses(
            "RFC 6585 §5: an endless trailer", "0\r\nX: \(String(repeating: "y", count: 17_000))",
            "trailer", status: 431),
    ]
}
