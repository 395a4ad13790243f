// SPDX-License-Identifier: Apache-2.0
/// Message framing. Each of the rejected inputs has been used for request smuggling, where two parsers disagree on where
/// the next request begins.
extension Sample {
    private static let hello = StateDriver.Outcome.request("PUT /", body: "hello")

    private static func head(_ fields: String) -> String { "PUT / HTTP/1.1\r\nHost: x\r\n\(fields)\r\n\r\n" }

    private static let smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"

    static let frames = takenFrames + refusedLengths + refusedCodings

    private static let takenFrames: [Sample] = [
        .accepts("RFC 9110 §5.5: spaces around a length", head("Content-Length:  \t 5 \t") + "hello", hello),
        .accepts("RFC 9112 §5.1: no space before a length", head("Content-Length:5") + "hello", hello),
        .accepts("RFC 9110 §5.1: a length in capitals", head("CONTENT-LENGTH: 5") + "hello", hello),
        .accepts("RFC 9110 §8.6: a length of 0", head("Content-Length: 0"), .request("PUT /", body: "")),
        .accepts(
            "RFC 9110 §8.6: a length with many zeros", head("Content-Length: 0000"),
            .request("PUT /", body: "")
        ),
        .accepts("RFC 9112 §6.3: no framing, no body", head("A: b"), .request("PUT /", body: "")),
        .accepts(
            "RFC 9112 §6.2: a request inside a body is data",
            head("Content-Length: \(smuggled.utf8.count)") + smuggled,
            .request("PUT /", body: smuggled)),
        .accepts(
            "RFC 9110 §9.3.1: a request inside the body of GET is data",
            "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: \(smuggled.utf8.count)\r\n\r\n\(smuggled)",
            .request("GET /", body: smuggled)),
        .accepts(
            "RFC 9110 §9.3.5: DELETE with a body",
            "DELETE / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab",
            .request("DELETE /", body: "ab")),
        .accepts(
            "RFC 9110 §5.1: a name that only looks like Content-Length",
            head("Content_Length: 5\r\nX-Content-Length: 6"),
            .request("PUT /", body: "")),
        .accepts(
            "RFC 9110 §5.1: a name that only looks like Transfer-Encoding",
            head("Transfer_Encoding: chunked\r\nX-Transfer-Encoding: chunked"), .request("PUT /", body: "")),
        .accepts("RFC 9110 §10.1.4: TE is not framing", head("TE: chunked"), .request("PUT /", body: "")),
        .accepts(
            "RFC 9110 §8.4: Content-Encoding is not framing", head("Content-Encoding: chunked"),
            .request("PUT /", body: "")),
        .accepts(
            "RFC 9110 §5.5: spaces around a coding",
            head("Transfer-Encoding: \t chunked \t") + "5\r\nhello\r\n0\r\n\r\n",
            hello),
        .accepts(
            "RFC 9112 §7: codings in any case", head("TRANSFER-ENCODING:CHUNKED") + "5\r\nhello\r\n0\r\n\r\n",
            hello),
    ]

    private static func length(_ rule: String, _ value: String, _ words: String = "not a number") -> Sample {
        .rejects(rule, head("Content-Length: \(value)") + "hello", 400, words)
    }

    private static let refusedLengths: [Sample] = [
        length("RFC 9110 §8.6: a list of two lengths", "5,6"),
        length("RFC 9110 §8.6: a length and an empty element", "5,"),
        length("RFC 9110 §8.6: an empty element and a length", ",5"),
        length("RFC 9110 §8.6: two lengths separated by a space", "5 5"),
        length("RFC 9110 §8.6: a parameter", "5;a=b"),
        length("RFC 9110 §8.6: a fraction", "5.0"),
        length("RFC 9110 §8.6: an exponent", "5e0"),
        length("RFC 9110 §8.6: a length in quotes", "\"5\""),
        length("RFC 9110 §8.6: digits with a separator", "1_0"),
        length("RFC 9110 §8.6: a minus sign before zero", "-0"),
        length("RFC 9110 §8.6: a plus sign before zero", "+0"),
        length("RFC 9110 §8.6: two signs", "--5"),
        length("RFC 9110 §8.6: binary", "0b101"),
        length("RFC 9110 §8.6: octal", "0o5"),
        length("RFC 9110 §8.6: hexadecimal without a prefix", "a"),
        length("RFC 9110 §8.6: a word", "five"),
        length("RFC 9110 §8.6: digits of other scripts", "٥"),
        length("RFC 9110 §8.6: full-width digits", "５"),
        length("RFC 9110 §5.5: a no-break space", "5\u{A0}"),
        length("RFC 9110 §5.5: a vertical tab after a length", "5\u{B}", "control character 0xb"),
        length("RFC 9110 §5.5: a form feed before a length", "\u{C}5", "control character 0xc"),
        length("RFC 9110 §5.5: a NUL after a length", "5\0", "control character 0x0"),
        length("RFC 9112 §5.2: a folded length", "5\r\n 6", "folded"),
        length("RFC 9112 §5.2: an empty length with a fold", "\r\n 5"),
        length("RFC 9112 §6.3: two lengths in two cases", "5\r\ncontent-length: 6", "more than one"),
        length("RFC 9112 §6.3: two lengths apart", "5\r\nA: b\r\nContent-Length: 0", "more than one"),
        .rejects(
            "RFC 9112 §5.1: space before the colon of a length", head("Content-Length : 5"), 400,
            "white space before"),
        .rejects(
            "RFC 9112 §5.1: tab before the colon of a length", head("Content-Length\t: 5"), 400,
            "white space before"),
        .rejects(
            "RFC 9112 §5.2: a length on a folded line", head("A: b\r\n Content-Length: 5"), 400, "folded"),
        .rejects("RFC 9112 §5: a length without a colon", head("Content-Length 5"), 400, "no colon"),
        .rejects(
            "RFC 9112 §2.2: a length after a bare CR", head("A: b\rContent-Length: 5"), 400,
            "carriage return"),
        .rejects(
            "RFC 9112 §2.2: a length after a bare LF", head("A: b\nContent-Length: 5"), 400, "line feed"),
        .rejects("RFC 9110 §8.6: 2^32 + 5", head("Content-Length: 4294967301"), 413, "1048576 bytes"),
        .rejects(
            "RFC 9110 §8.6: 2^63 + 5", head("Content-Length: 9223372036854775813"), 413, "1048576 bytes"),
        .rejects(
            "RFC 9110 §8.6: 2^64 + 5", head("Content-Length: 18446744073709551621"), 413, "1048576 bytes"),
        .rejects(
            "RFC 9110 §15.5.14: one byte over the limit, in a GET",
            "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n", 413, "1048576 bytes"),
    ]

    private static func coding(_ rule: String, _ value: String, _ status: Int, _ words: String) -> Sample {
        .rejects(rule, head("Transfer-Encoding: \(value)") + "0\r\n\r\n", status, words)
    }

    private static let refusedCodings: [Sample] = [
        coding("RFC 9112 §6.1: chunked twice in a list", "chunked, chunked", 400, "goes on"),
        coding("RFC 9112 §6.1: chunked twice without a space", "chunked,chunked", 400, "goes on"),
        coding("RFC 9112 §6.1: chunked twice around another", "chunked, gzip, chunked", 400, "goes on"),
        coding("RFC 9112 §6.3: chunked, then identity", "chunked, identity", 400, "goes on"),
        coding("RFC 9112 §6.3: chunked, then an empty element", "chunked,", 400, "goes on"),
        coding(
            "RFC 9112 §6.3: chunked, then identity in a separate field line",
            "chunked\r\nTransfer-Encoding: identity", 400, "goes on"),
        coding(
            "RFC 9112 §6.3: chunked, then nonsense in another case",
            "chunked\r\ntransfer-encoding: cow", 400, "goes on"),
        coding("RFC 9112 §6.1: an empty element, then chunked", ", chunked", 501, "known is chunked"),
        coding("RFC 9112 §6.1: identity, then chunked", "identity, chunked", 501, "known is chunked"),
        coding(
            "RFC 9112 §6.1: gzip, then chunked in a separate field line",
            "gzip\r\nTransfer-Encoding: chunked", 501, "known is chunked"),
        coding("RFC 9112 §6.1: gzip alone", "gzip", 501, "known is chunked"),
        coding("RFC 9112 §6.1: deflate alone", "deflate", 501, "known is chunked"),
        coding("RFC 9112 §6.1: xchunked", "xchunked", 501, "known is chunked"),
        coding("RFC 9112 §6.1: x-chunked", "x-chunked", 501, "known is chunked"),
        coding("RFC 9112 §6.1: chunkedx", "chunkedx", 501, "known is chunked"),
        coding("RFC 9112 §6.1: chunke", "chunke", 501, "known is chunked"),
        coding("RFC 9112 §6.1: chunked in quotes", "\"chunked\"", 501, "known is chunked"),
        coding("RFC 9112 §6.1: chunked in single quotes", "'chunked'", 501, "known is chunked"),
        coding(
            "RFC 9112 §6.1: chunked and another separated by a space", "chunked identity", 501,
            "known is chunked"),
        coding("RFC 9112 §6.1: the Kelvin sign in chunked", "chun\u{212A}ed", 501, "known is chunked"),
        coding("RFC 9112 §7: chunked with a weight", "chunked;q=0", 501, "known is chunked"),
        coding("RFC 9110 §5.5: a vertical tab before chunked", "\u{B}chunked", 400, "control character 0xb"),
        coding("RFC 9110 §5.5: a form feed after chunked", "chunked\u{C}", 400, "control character 0xc"),
        coding("RFC 9110 §5.5: a NUL after chunked", "chunked\0", 400, "control character 0x0"),
        coding(
            "RFC 9110 §5.5: a no-break space before chunked", "\u{A0}chunked", 501, "known is chunked"),
        coding("RFC 9112 §5.2: a folded coding", "\r\n chunked", 400, "is empty"),
        coding(
            "RFC 9112 §5.2: a coding list continued on a folded line", "chunked\r\n , identity", 400, "folded"
        ),
        coding("RFC 9112 §6.1: chunked and a length of 0", "chunked\r\nContent-Length: 0", 400, "both"),
        coding(
            "RFC 9112 §6.1: chunked and an invalid length", "chunked\r\nContent-Length: x", 400,
            "not a number"),
        coding(
            "RFC 9112 §6.1: an unknown coding and a length", "cow\r\nContent-Length: 3", 501,
            "known is chunked"),
        coding(
            "RFC 9112 §6.1: a length, chunked, and a length",
            "chunked\r\nContent-Length: 1\r\nContent-Length: 1",
            400, "more than one"),
        .rejects(
            "RFC 9112 §5.1: space before the colon of a coding", head("Transfer-Encoding : chunked"), 400,
            "white space before"),
        .rejects(
            "RFC 9112 §5.1: a vertical tab before the colon of a coding",
            head("Transfer-Encoding\u{B}: chunked"), 400,
            "control character 0xb"),
        .rejects(
            "RFC 9110 §5.1: a coding with a semicolon in its name", head("Transfer-Encoding;: chunked"), 400,
            "a name"),
        .rejects(
            "RFC 9110 §5.1: a coding with a no-break space in its name",
            head("Transfer-Encoding\u{A0}: chunked"),
            400, "a name"),
        .rejects(
            "RFC 9112 §5.2: a coding on a folded line", head("A: b\r\n Transfer-Encoding: chunked"), 400,
            "folded"),
        .rejects(
            "RFC 9112 §2.2: a coding after a bare CR", head("A: b\rTransfer-Encoding: chunked"), 400,
            "carriage return"),
        .rejects(
            "RFC 9112 §6.1: both framings in HTTP/1.0",
            "PUT / HTTP/1.0\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "both"),
        .rejects(
            "RFC 9112 §6.1: an unknown coding in HTTP/1.0",
            "PUT / HTTP/1.0\r\nTransfer-Encoding: gzip\r\n\r\n", 501, "known is chunked"),
        .rejects(
            "RFC 9112 §11.2: the length hides a request from a parser of chunks",
            head("Content-Length: 40\r\nTransfer-Encoding: chunked") + "0\r\n\r\n" + smuggled, 400, "both"),
        .rejects(
            "RFC 9112 §11.2: the chunks hide a request from a parser of lengths",
            head("Transfer-Encoding: chunked\r\nContent-Length: 4") + "23\r\n" + smuggled + "\r\n0\r\n\r\n",
            400, "both"),
    ]
}
