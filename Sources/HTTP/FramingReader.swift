// SPDX-License-Identifier: Apache-2.0
/// Collects the fields that frame the message, in the one pass that parses the head.
struct FramingReader {
    private var result = Framing()
    private var hosts = 0
    private var length: Int?
    private var isChunked = false
    private var hasUnknownExpectation = false

    /// Reads one field. Names are dispatched by length first, so most are dismissed without a comparison.
    mutating func read(name: Span<UInt8>, value: Span<UInt8>) throws(RequestFailure) {
        switch name.count {
        case 4 where ASCII.equals(name, "host"): try readHost(value)
        case 6 where ASCII.equals(name, "expect"): readExpect(value)
        case 10 where ASCII.equals(name, "connection"): readConnection(value)
        case 14 where ASCII.equals(name, "content-length"): try readLength(value)
        case 17 where ASCII.equals(name, "transfer-encoding"): try readCoding(value)
        default: break
        }
    }

    /// Validates the combination of fields once all are read.
    func finish(line: RequestLine) throws(RequestFailure) -> Framing {
        try check(line.version)
        var framing = result
        framing.expectsContinue = result.expectsContinue && line.version == .http11
        framing.body = isChunked ? .chunked : .length(length ?? 0)
        // RFC 9110 §10.1.1: an expectation in HTTP/1.0 is ignored.
        framing.hasUnknownExpectation = hasUnknownExpectation && line.version == .http11
        return framing
    }

    private func check(_ version: HTTPVersion) throws(RequestFailure) {
        // RFC 9112 §3.2: exactly one Host in HTTP/1.1, whatever the form of the target.
        guard hosts > 0 || version == .http10 else {
            throw RequestFailure(.badRequest, "the request has no Host")
        }
        // RFC 9112 §6.1: both together indicate request smuggling; so does a transfer coding in HTTP/1.0.
        guard !isChunked || length == nil else {
            throw RequestFailure(.badRequest, "the request has both Content-Length and Transfer-Encoding")
        }
        guard !isChunked || version == .http11 else {
            throw RequestFailure(.badRequest, "HTTP/1.0 has no Transfer-Encoding")
        }
    }

    private mutating func readHost(_ value: Span<UInt8>) throws(RequestFailure) {
        hosts += 1
        guard hosts == 1 else { throw RequestFailure(.badRequest, "the request has more than one Host") }
        guard Authority.isValid(value) else {
            throw RequestFailure(.badRequest, "Host is not a host and maybe a port")
        }
    }

    private mutating func readExpect(_ value: Span<UInt8>) {
        Self.forEachMember(of: value) { member in
            if ASCII.equals(member, "100-continue") {
                result.expectsContinue = true
            } else {
                hasUnknownExpectation = true
            }
        }
    }

    private mutating func readConnection(_ value: Span<UInt8>) {
        Self.forEachMember(of: value) { member in
            if ASCII.equals(member, "close") { result.wantsClose = true }
            if ASCII.equals(member, "keep-alive") { result.wantsKeepAlive = true }
        }
    }

    /// RFC 9112 §6.3 permits merging equal lengths; it also permits rejecting them, which is safer.
    private mutating func readLength(_ value: Span<UInt8>) throws(RequestFailure) {
        guard length == nil else {
            throw RequestFailure(.badRequest, "the request has more than one Content-Length")
        }
        guard !value.isEmpty, value.indices.allSatisfy({ value[$0].isDigit }) else {
            throw RequestFailure(.badRequest, "Content-Length is not a number of bytes")
        }
        var number = 0
        for index in value.indices {
            // Saturating arithmetic: far above any limit, and never an overflow.
            number = min(number, Int(UInt32.max)) * 10 + Int(value[index] - 48)
        }
        length = number
    }

    /// `chunked`, once, is the only supported transfer coding (RFC 9112 §6.1, §7). Empty list members, ignored elsewhere, are
    /// rejected: another parser might read them differently (parser differential).
    private mutating func readCoding(_ value: Span<UInt8>) throws(RequestFailure) {
        guard !isChunked, !value.isEmpty, !Self.continues(after: "chunked", value) else {
            throw RequestFailure(.badRequest, "Transfer-Encoding is empty, or goes on after chunked")
        }
        guard ASCII.equals(value, "chunked") else {
            throw RequestFailure(.notImplemented, "the only transfer coding that is known is chunked")
        }
        isChunked = true
    }

    /// Whether a comma-separated list has `word` before its last comma.
    private static func continues(after word: StaticString, _ value: Span<UInt8>) -> Bool {
        guard let comma = value.indices.last(where: { value[$0] == ASCII.comma }) else { return false }
        var isFound = false
        forEachMember(of: value.extracting(0..<comma)) { member in
            isFound = isFound || ASCII.equals(member, word)
        }
        return isFound
    }

    /// Iterates over the members of a comma-separated list, without empty ones (RFC 9110 §5.6.1).
    private static func forEachMember(of value: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
        var start = 0
        for index in 0...value.count where index == value.count || value[index] == ASCII.comma {
            let range = ASCII.trimmed(start..<index, of: value)
            if !range.isEmpty { body(value.extracting(range)) }
            start = index + 1
        }
    }
}
