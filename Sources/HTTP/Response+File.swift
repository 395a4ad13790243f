// SPDX-License-Identifier: Apache-2.0
/// Why a file is not sent to a request.
public enum FileRefusal: Error, Hashable, Sendable {
    /// `If-Match` or `If-Unmodified-Since` does not hold (412).
    case preconditionFailed
    /// The range is outside of the file of `size` bytes (416).
    case rangeNotSatisfiable(size: Int)

    /// The status, and a sentence for the client's developer.
    public var failure: RequestFailure {
        switch self {
        case .preconditionFailed:
            RequestFailure(.preconditionFailed, "the file is not the one that the precondition names")
        case .rangeNotSatisfiable(let size):
            RequestFailure(.rangeNotSatisfiable, "the range is outside of the \(size) bytes of the file")
        }
    }

    /// The fields that the response must have: for 416 `Content-Range` with the size (RFC 9110 §15.5.17).
    public var headers: Headers {
        switch self {
        case .preconditionFailed: [:]
        case .rangeNotSatisfiable(let size): [.contentRange: "bytes */\(size)"]
        }
    }
}

extension Response {
    /// A response whose body is a file, or a part of one, sent by `sendfile(2)`.
    ///
    /// - Precondition: the range is within the file.
    public init(_ status: Status, headers: Headers = [:], file: FileBody, range: Range<Int>? = nil) {
        self.init(status, headers: headers)
        slice = FileSlice(file, range ?? 0..<file.size)
    }

    /// The file that is sent instead of `body`.
    public var file: FileBody? { slice?.file }

    /// The part of ``file`` that is sent.
    public var fileRange: Range<Int>? { slice?.range }

    /// The response to GET or HEAD of a file: all of it (200), a part (206), or nothing because the client has it (304), by the rules
    /// for preconditions (RFC 9110 §13.2.2) and ranges (§14.2).
    ///
    /// `If-None-Match` precedes `If-Modified-Since`, `If-Match` precedes `If-Unmodified-Since`, and `If-Range` holds for this strong
    /// entity tag only. Of several ranges the whole file is sent.
    ///
    /// - Parameters:
    ///   - type: the media type.
    ///   - etag: a strong entity tag with its quotes.
    ///   - cacheControl: the value of `Cache-Control`.
    ///   - lastModified: seconds since 1970; `nil` for no `Last-Modified`.
    /// - Throws: that a precondition does not hold, or that the range is outside of the file.
    public static func file(
        _ file: FileBody, type: String, etag: String, cacheControl: String, lastModified: Int? = nil,
        for request: Request
    ) throws(FileRefusal) -> Response {
        var headers: Headers = [.etag: etag, .cacheControl: cacheControl]
        if let lastModified { headers.add(.lastModified, HTTPDate.text(lastModified)) }
        let tag = Array(etag.utf8)
        guard request.permits(tag, lastModified) else { throw .preconditionFailed }
        if request.has(tag, lastModified) { return Response(.notModified, headers: headers) }
        headers.add(.contentType, type)
        headers.add(.acceptRanges, "bytes")
        switch request.byteRange(tag, size: file.size) {
        case .whole: return Response(.ok, headers: headers, file: file)
        case .unsatisfiable: throw .rangeNotSatisfiable(size: file.size)
        case .part(let range):
            headers.add(.contentRange, "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.size)")
            return Response(.partialContent, headers: headers, file: file, range: range)
        }
    }
}

extension Request {
    /// Whether `If-Match`, or else `If-Unmodified-Since`, holds.
    fileprivate func permits(_ tag: [UInt8], _ lastModified: Int?) -> Bool {
        if has(.ifMatch) { return ifMatch(names: tag) }
        guard let lastModified, let time = header(.ifUnmodifiedSince).flatMap(HTTPDate.seconds) else {
            return true
        }
        return lastModified <= time
    }

    /// Whether the client has the representation, by `If-None-Match` or else `If-Modified-Since`.
    fileprivate func has(_ tag: [UInt8], _ lastModified: Int?) -> Bool {
        if has(.ifNoneMatch) { return ifNoneMatch(names: tag) }
        guard let lastModified, let time = header(.ifModifiedSince).flatMap(HTTPDate.seconds) else {
            return false
        }
        return lastModified <= time
    }

    /// The range that is asked for. Only GET has ranges (RFC 9110 §14.2).
    fileprivate func byteRange(_ tag: [UInt8], size: Int) -> ByteRange {
        guard method == .get, let value = header(.range) else { return .whole }
        // §13.1.5: a strong comparison. A date would have to be exact and strong, which a file's is not.
        if let condition = header(.ifRange), !condition.bytes.elementsEqual(tag) { return .whole }
        return ByteRange(value, size: size)
    }
}
