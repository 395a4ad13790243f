// SPDX-License-Identifier: Apache-2.0
/// Encodes response heads: all but `Date`, `Connection` and the empty line, which `DateLine` adds.
enum ResponseEncoder {
    /// How the body is framed.
    enum Body {
        case length(Int)
        case chunked
        /// Ended by closing the connection (HTTP/1.0).
        case untilClose
    }

    /// Status line, fields and `Content-Length` of a complete response.
    static func head(of response: Response) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        append(response, to: &bytes)
        return bytes
    }

    /// Appends the head of a complete response; for a prebuilt one, only the additional fields.
    static func append(_ response: Response, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: response.sharedLines)
        if response.prebuiltHead != nil, response.headers.isEmpty { return }
        if response.prebuiltHead == nil {
            append(response.status, response.headers, body: .length(response.bodyBytes), to: &bytes)
        } else {
            append(response.headers, to: &bytes)
        }
    }

    /// Appends a head. 1xx, 204 and 304 have neither a body nor a length (RFC 9110 §8.6, RFC 9112 §6.1).
    static func append(_ status: Status, _ headers: Headers, body: Body, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "HTTP/1.1 ".utf8)
        bytes.append(decimal: status.code)
        bytes.append(ASCII.space)
        appendLine(status.reason, to: &bytes)
        append(headers, to: &bytes)
        guard status.allowsBody else { return }
        switch body {
        case .length(let length):
            bytes.append(contentsOf: "Content-Length: ".utf8)
            bytes.append(decimal: length)
            bytes.append(contentsOf: ASCII.crlf)
        case .chunked: bytes.append(contentsOf: "Transfer-Encoding: chunked\r\n".utf8)
        case .untilClose: break
        }
    }

    /// Appends `X-Request-Id`.
    static func append(_ id: RequestID, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: requestIDName)
        id.append(to: &bytes)
        bytes.append(contentsOf: ASCII.crlf)
    }

    private static let requestIDName = Array("\(HeaderName.requestID): ".utf8)

    static func append(_ headers: Headers, to bytes: inout [UInt8]) {
        for field in headers.fields where isAllowed(field.name) {
            bytes.append(contentsOf: field.name.text.utf8)
            bytes.append(ASCII.colon)
            bytes.append(ASCII.space)
            appendLine(field.value, to: &bytes)
        }
    }

    /// Whether an application may set the field: a token, and not one of those reserved for the server.
    private static func isAllowed(_ name: HeaderName) -> Bool {
        let text = name.text.utf8
        switch text.count {
        case 4 where name == .date, 10 where name == .connection, 12 where name == .requestID: return false
        case 14 where name == .contentLength, 17 where name == .transferEncoding: return false
        default: return ASCII.isToken(text.span)
        }
    }

    /// Appends text of a line. Control characters become spaces (RFC 9110 §5.5), so that no value can inject a field or a body
    /// (response splitting).
    private static func appendLine(_ text: String, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        for index in start..<bytes.count where bytes[index].isForbiddenControl { bytes[index] = ASCII.space }
        bytes.append(contentsOf: ASCII.crlf)
    }

    /// The status code of an encoded head; 500 if it is malformed.
    static func code(ofHead head: [UInt8]) -> Int {
        let digits = head.dropFirst("HTTP/1.1 ".utf8.count).prefix(3)
        guard digits.count == 3, digits.allSatisfy(\.isDigit) else { return 500 }
        return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    }
}

extension [UInt8] {
    /// Appends a non-negative number in decimal, without allocating a string.
    mutating func append(decimal number: Int) {
        if number >= 10 { append(decimal: number / 10) }
        append(UInt8(48 + number % 10))
    }

    /// Appends a non-negative number in hexadecimal.
    mutating func append(hexadecimal number: Int) {
        if number >= 16 { append(hexadecimal: number / 16) }
        let digit = UInt8(number % 16)
        append(digit < 10 ? 48 + digit : 87 + digit)
    }
}
