// SPDX-License-Identifier: Apache-2.0
extension RequestLine {
    /// Bytes of a request line besides method and target: two spaces, the version, CRLF.
    static let fixedBytes = 2 + 8 + 2

    static func targetTooLong(_ limits: Limits) -> RequestFailure {
        RequestFailure(.uriTooLong, "the request target is longer than \(limits.targetBytes) bytes")
    }

    /// Parses `method SP request-target SP HTTP-version` (RFC 9112 §3), with single spaces only.
    init(_ bytes: Span<UInt8>, _ range: Range<Int>, limits: Limits) throws(RequestFailure) {
        guard let first = range.first(where: { bytes[$0] == ASCII.space }),
            let second = (first + 1..<range.upperBound).first(where: { bytes[$0] == ASCII.space })
        else {
            throw RequestFailure(
                .badRequest,
                "the request line is not a method, a target and a version with single spaces between")
        }
        let method = try Self.method(bytes.extracting(range.lowerBound..<first), limits)
        let version = try Self.version(bytes.extracting(second + 1..<range.upperBound))
        let target = first + 1..<second
        guard target.count <= limits.targetBytes else { throw Self.targetTooLong(limits) }
        try Self.checkCharacters(bytes.extracting(target))
        self = try Self.form(method, version, target, bytes)
    }

    private static func method(_ bytes: Span<UInt8>, _ limits: Limits) throws(RequestFailure) -> Method {
        guard ASCII.isToken(bytes) else { throw RequestFailure(.badRequest, "the method is no token") }
        guard bytes.count <= limits.methodBytes else {
            throw RequestFailure(.notImplemented, "the method is longer than any that is known")
        }
        let token = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        let method = Method(rawValue: token)  // ascii: a token
        guard method != .connect else {
            throw RequestFailure(.notImplemented, "this server is no proxy and opens no tunnels")
        }
        return method
    }

    /// RFC 9112 §2.3; a later minor version is treated as 1.1 (RFC 9110 §2.5).
    private static func version(_ bytes: Span<UInt8>) throws(RequestFailure) -> HTTPVersion {
        guard bytes.count == 8, bytes[0] == UInt8(ascii: "H"), bytes[1] == UInt8(ascii: "T"),
            bytes[2] == UInt8(ascii: "T"), bytes[3] == UInt8(ascii: "P"), bytes[4] == ASCII.slash,
            bytes[5].isDigit, bytes[6] == UInt8(ascii: "."), bytes[7].isDigit
        else {
            throw RequestFailure(.badRequest, "the request line does not end in a version such as HTTP/1.1")
        }
        guard bytes[5] == UInt8(ascii: "1") else {
            throw RequestFailure(.httpVersionNotSupported, "this server speaks HTTP/1.0 and HTTP/1.1")
        }
        return bytes[7] == UInt8(ascii: "0") ? .http10 : .http11
    }

    private static func checkCharacters(_ target: Span<UInt8>) throws(RequestFailure) {
        var isEncoded = false
        for index in target.indices {
            let byte = target[index]
            // Of the control characters only tab can get here; a target may not contain it.
            guard byte < 0x80, byte != UInt8(ascii: "#"), byte != ASCII.tab else {
                throw RequestFailure(
                    .badRequest, "the request target has a character that must be percent-encoded")
            }
            isEncoded = isEncoded || byte == ASCII.percent
        }
        guard !isEncoded || PercentEncoding.isValid(target) else {
            throw RequestFailure(
                .badRequest,
                "the percent-encoding of the request target does not stand for UTF-8 text without NUL")
        }
    }

    /// Determines the form of the target (RFC 9112 §3.2).
    private static func form(
        _ method: Method, _ version: HTTPVersion, _ target: Range<Int>, _ bytes: Span<UInt8>
    ) throws(RequestFailure) -> RequestLine {
        let text = bytes.extracting(target)
        if !text.isEmpty, text[0] == ASCII.slash {
            return RequestLine(method, version, target, authority: nil, pathFrom: target.lowerBound, bytes)
        }
        if method == .options, ASCII.equals(text, "*") {
            return RequestLine(method, version, target, authority: nil, pathFrom: target.lowerBound, bytes)
        }
        guard let start = schemeLength(text) else {
            throw RequestFailure(
                .badRequest, "the request target is neither a path nor an http URL (nor * for OPTIONS)")
        }
        let end =
            (start..<text.count).first { text[$0] == ASCII.slash || text[$0] == ASCII.questionMark }
            ?? text.count
        guard Authority.isValid(text.extracting(start..<end)) else {
            throw RequestFailure(.badRequest, "the authority of the request target is not a host and a port")
        }
        let offset = target.lowerBound
        let authority = UInt32(start + offset)..<UInt32(end + offset)
        return RequestLine(method, version, target, authority: authority, pathFrom: end + offset, bytes)
    }

    private static func schemeLength(_ text: Span<UInt8>) -> Int? {
        if text.count >= 7, ASCII.equals(text.extracting(0..<7), "http://") { return 7 }
        if text.count >= 8, ASCII.equals(text.extracting(0..<8), "https://") { return 8 }
        return nil
    }

    private init(
        _ method: Method, _ version: HTTPVersion, _ target: Range<Int>, authority: Range<UInt32>?,
        pathFrom: Int,
        _ bytes: Span<UInt8>
    ) {
        let mark = (pathFrom..<target.upperBound).first { bytes[$0] == ASCII.questionMark }
        let end = UInt32(target.upperBound)
        self.init(
            method: method, version: version, target: UInt32(target.lowerBound)..<end, authority: authority,
            path: UInt32(pathFrom)..<(mark.map(UInt32.init) ?? end), query: mark.map { UInt32($0 + 1)..<end })
    }
}
