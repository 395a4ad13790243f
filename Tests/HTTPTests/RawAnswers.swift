// SPDX-License-Identifier: Apache-2.0
import Testing

/// A strict parser of the server's output, which shares no code with the server.
struct RawAnswers {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// The reason phrase of each status (RFC 9110 §15, RFC 6585 §5).
    private static let reasons = [
        100: "Continue", 200: "OK", 204: "No Content", 304: "Not Modified", 400: "Bad Request",
        413: "Content Too Large", 414: "URI Too Long", 417: "Expectation Failed",
        431: "Request Header Fields Too Large", 501: "Not Implemented", 505: "HTTP Version Not Supported",
    ]

    /// Consumes the next response, and checks it against the expected outcome.
    mutating func expect(_ outcome: StateDriver.Outcome, isLast: Bool, failsWithoutBody: Bool) throws {
        switch outcome {
        case .continue:
            #expect(try line() == "HTTP/1.1 100 Continue")
            #expect(try line() == "")
        case .request(let request, let body): try expectEcho(of: request, body, isLast)
        case .failure(let status, let words):
            let fields = try head(status)
            #expect(fields["connection"] == ["close"])
            let sentence = try takeBody(fields, isForHead: failsWithoutBody)
            #expect(failsWithoutBody ? sentence.isEmpty : sentence.contains(words), "\(sentence)")
        case .close: Issue.record("an answer cannot be expected of a close")
        }
    }

    private mutating func expectEcho(of request: String, _ body: String, _ isLast: Bool) throws {
        let isForHead = request.hasPrefix("HEAD ")
        let path = request.split(separator: " ").last ?? ""
        let status = path == "/204" ? 204 : path == "/304" ? 304 : 200
        let fields = try head(status)
        // HTTP/1.1 is sent `close` before the end, HTTP/1.0 `keep-alive` otherwise (RFC 9112 §9.3, §9.6).
        #expect(isLast ? fields["connection"] == ["close"] : fields["connection"] != ["close"])
        let echo = SampleResponder.echo(request, body)
        guard status == 200 else {
            // RFC 9110 §8.6, RFC 9112 §6.1: neither field may be sent; 304 may have a length, but does not here.
            #expect(fields["content-length"] == nil && fields["transfer-encoding"] == nil)
            return
        }
        #expect(try takeBody(fields, isForHead: isForHead) == (isForHead ? "" : echo))
        if let length = fields["content-length"] { #expect(length == ["\(echo.utf8.count)"]) }
    }

    /// The fields of the next head by lower-case name.
    private mutating func head(_ status: Int) throws -> [String: [String]] {
        #expect(try line() == "HTTP/1.1 \(status) \(try #require(Self.reasons[status]))")
        var fields: [String: [String]] = [:]
        while true {
            let line = try line()
            if line.isEmpty { break }
            let field = try #require(line.wholeMatch(of: /([A-Za-z-]+): ([\x20-\x7E]*)/), "\(line)")
            fields[field.1.lowercased(), default: []].append(String(field.2))
        }
        for idempotency in ["date", "x-request-id"] {
            #expect(fields[idempotency]?.count == 1, "\(idempotency)")
        }
        return fields
    }

    /// RFC 9112 §6.3: exactly one way of framing.
    private mutating func takeBody(_ fields: [String: [String]], isForHead: Bool) throws -> String {
        let (length, coding) = (fields["content-length"], fields["transfer-encoding"])
        #expect(length == nil || coding == nil)
        if isForHead { return "" }
        if let length {
            return String(decoding: try take(#require(Int(length.joined(separator: "?")))), as: UTF8.self)
        }
        guard let coding else {
            #expect(fields["connection"] == ["close"])
            return String(decoding: try take(rest.count), as: UTF8.self)
        }
        #expect(coding == ["chunked"])
        var body: [UInt8] = []
        while true {
            let size = try #require(Int(try line(), radix: 16))
            body += try take(size)
            #expect(try line() == "")
            if size == 0 { return String(decoding: body, as: UTF8.self) }
        }
    }

    private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        try #require(count >= 0 && count <= rest.count, "\(rest.count) bytes for \(count)")
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// The next line, which must end in CRLF.
    private mutating func line() throws -> String {
        let end = try #require(rest.firstIndex(of: 13), "no line in \(String(decoding: rest, as: UTF8.self))")
        let line = String(decoding: rest[..<end], as: UTF8.self)
        try #require(rest.dropFirst(line.utf8.count + 1).first == 10)
        rest = rest[(end + 2)...]
        return line
    }
}
