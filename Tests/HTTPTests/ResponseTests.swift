// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HTTP

@Suite("Encoding a response")
struct ResponseTests {
    private func head(_ response: Response) -> String {
        String(decoding: ResponseEncoder.head(of: response), as: UTF8.self)
    }

    @Test("writes the status line, the fields in order, and the length")
    func writesHeads() {
        let response = Response(.created, headers: [.location: "/a", "X-B": "é"], body: [1, 2, 3])
        #expect(head(response) == "HTTP/1.1 201 Created\r\nLocation: /a\r\nX-B: é\r\nContent-Length: 3\r\n")
    }

    @Test(
        "writes no length where there is no body (RFC 9110 §8.6)",
        arguments: [Status.noContent, .notModified])
    func writesNoLength(status: Status) {
        #expect(!head(Response(status, body: [1])).contains("Content-Length"))
    }

    @Test("prevents header injection by values and names")
    func resistsInjection() {
        let response = Response(
            .ok,
            headers: [
                .location: "/a\r\nSet-Cookie: b\r\n\r\n<html>\0", "X\r\nY": "z", "": "empty", "X Y": "z",
            ])
        #expect(
            head(response)
                == "HTTP/1.1 200 OK\r\nLocation: /a  Set-Cookie: b    <html> \r\nContent-Length: 0\r\n")
        #expect(head(Response(Status(299, reason: "a\r\nb"))).hasPrefix("HTTP/1.1 299 a  b\r\n"))
    }

    @Test("omits fields that are reserved for the server")
    func ownsFraming() {
        let response = Response(
            .ok,
            headers: [
                "content-length": "9", "Transfer-Encoding": "chunked", "DATE": "x", "connection": "close",
            ])
        #expect(head(response) == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n")
    }

    @Test("keeps the bytes of a prebuilt head, and adds further fields")
    func prebuilds() {
        var response = Response(.gone, headers: [.etag: "\"a\""], body: [1]).prebuilt()
        #expect(response.status == .gone)
        #expect(
            response.prebuiltHead.map { String(decoding: $0, as: UTF8.self) }
                == "HTTP/1.1 410 Gone\r\nETag: \"a\"\r\nContent-Length: 1\r\n")
        response.headers.add(.link, "7")
        #expect(head(response) == "Link: 7\r\n")
        #expect(Response(prebuiltHead: [], body: []).status == .internalServerError)
    }

    @Test("formats the date by RFC 9110 §5.6.7")
    func formatsDates() {
        #expect(HTTPDate.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDate.text(0) == "Thu, 01 Jan 1970 00:00:00 GMT")
    }

    @Test("a status always has three valid digits")
    func clampsStatuses() {
        #expect(Status(42).code == 500)
        #expect(Status(1000).code == 500)
        #expect(Status(404) == .notFound)
    }

    @Test("headers are found and replaced case-insensitively")
    func editsHeaders() {
        var headers: Headers = ["Vary": "a", "VARY": "b", .etag: "c"]
        #expect(headers[.vary] == "a")
        headers["vary"] = "d"
        #expect(headers.fields.map(\.value) == ["c", "d"])
        headers[.etag] = nil
        #expect(headers.fields.count == 1)
    }
}
