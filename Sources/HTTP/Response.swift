/// A response whose body is complete and in memory.
///
/// The server adds `Date`, `X-Request-Id`, `Content-Length` and, where due, `Connection`; fields of these names and
/// `Transfer-Encoding` that an application sets are left out, for they are about the connection, which it
/// cannot see. HEAD gets the same head without the body.
public struct Response: Sendable {
    /// The status of the response.
    public let status: Status
    /// The header fields; for a prebuilt response those that come on top of the prebuilt head.
    ///
    /// Values are safe to take from input: a control character is sent as a space, so that no value can end
    /// its line and begin another. A field whose name is no token is left out.
    public var headers: Headers
    /// The bytes of the body. Not sent where the status allows none (204, 304).
    public let body: [UInt8]
    /// Status line and fields, each ended by CRLF, without the empty line; nil to encode them when sending.
    public let prebuiltHead: [UInt8]?
    /// Lines that come after those, for many prebuilt responses the same array: ten thousand heads need not hold them ten
    /// thousand times.
    public var sharedLines: [UInt8] = []
    /// What counts the answer when it is sent; nil for one of no route, which the server counts itself.
    public var meter: RouteMeter?

    /// A response of its parts.
    public init(_ status: Status, headers: Headers = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
        prebuiltHead = nil
    }

    /// A response whose head was encoded before, which costs next to nothing to send; see also `prebuilt()`.
    ///
    /// - Parameters:
    ///   - prebuiltHead: the status line and all fields but `Date`, `X-Request-Id` and `Connection`, with a `Content-Length`
    ///     that is right, each line ended by CRLF and without the empty line at the end. It is sent as it is.
    ///   - body: the bytes of the body.
    public init(prebuiltHead: [UInt8], body: [UInt8]) {
        status = Status(ResponseEncoder.code(ofHead: prebuiltHead))
        headers = [:]
        self.body = body
        self.prebuiltHead = prebuiltHead
    }

    /// Whether its head is encoded already.
    public var isPrebuilt: Bool { prebuiltHead != nil }

    /// The same response with its head encoded now, to be sent many times. Fields can still be added to it.
    ///
    /// - Parameter sharedLines: what `lines(of:)` has made, to be sent with it.
    public func prebuilt(sharedLines: [UInt8] = []) -> Response {
        var response = Response(prebuiltHead: ResponseEncoder.head(of: self), body: body)
        response.sharedLines = sharedLines
        return response
    }

    /// Fields as lines of a head.
    public static func lines(of headers: Headers) -> [UInt8] {
        var bytes: [UInt8] = []
        ResponseEncoder.append(headers, to: &bytes)
        return bytes
    }
}
