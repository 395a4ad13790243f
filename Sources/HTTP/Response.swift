// SPDX-License-Identifier: Apache-2.0
/// A response whose body is complete: in memory, or a part of a file.
///
/// The server adds `Date`, `X-Request-Id`, `Content-Length` and, if needed, `Connection`. Fields of these names and
/// `Transfer-Encoding` that an application sets are dropped: they describe the connection, which the application does not
/// know. HEAD gets the same head without the body.
public struct Response: Sendable {
    /// The status of the response.
    public let status: Status
    /// The header fields; for a prebuilt response, those in addition to the prebuilt head.
    ///
    /// Safe against header injection: control characters in values are sent as spaces. A field whose name is not a token is
    /// dropped.
    public var headers: Headers
    /// The body in memory; empty if it is a file. Not sent if the status does not allow one (204, 304).
    public let body: [UInt8]
    /// Encoded status line and fields, each ended by CRLF, without the empty line; `nil` to encode when sending.
    public let prebuiltHead: [UInt8]?
    /// Encoded lines that follow the prebuilt head. Many prebuilt responses share one array instead of ten thousand
    /// copies.
    public var sharedLines: [UInt8] = []
    /// Meter that records the response when it is sent; `nil` if no route answered.
    public var meter: RouteMeter?
    /// The file that is sent instead of `body`. One optional reference: few responses have it.
    var slice: FileSlice?

    /// A response from its parts.
    public init(_ status: Status, headers: Headers = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
        prebuiltHead = nil
    }

    /// A response with a pre-encoded head, which is cheap to send; see also `prebuilt()`.
    ///
    /// - Parameters:
    ///   - prebuiltHead: the status line and all fields but `Date`, `X-Request-Id` and `Connection`, including a correct
    ///     `Content-Length`; each line ended by CRLF, without the final empty line. It is sent unchecked.
    ///   - body: the bytes of the body.
    public init(prebuiltHead: [UInt8], body: [UInt8]) {
        status = Status(ResponseEncoder.code(ofHead: prebuiltHead))
        headers = [:]
        self.body = body
        self.prebuiltHead = prebuiltHead
    }

    /// Bytes of the body, in memory or in the file.
    public var bodyBytes: Int { slice?.range.count ?? body.count }

    /// Whether the head is encoded already.
    public var isPrebuilt: Bool { prebuiltHead != nil }

    /// Encodes the head now, for a response that is sent many times. Fields can still be added.
    ///
    /// - Parameter sharedLines: the result of `lines(of:)`, to be sent after the head.
    public func prebuilt(sharedLines: [UInt8] = []) -> Response {
        var response = Response(prebuiltHead: ResponseEncoder.head(of: self), body: body)
        response.sharedLines = sharedLines
        response.slice = slice
        return response
    }

    /// Encodes fields as header lines.
    public static func lines(of headers: Headers) -> [UInt8] {
        var bytes: [UInt8] = []
        ResponseEncoder.append(headers, to: &bytes)
        return bytes
    }
}
