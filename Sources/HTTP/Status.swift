// SPDX-License-Identifier: Apache-2.0
/// A status code (RFC 9110 §15). Any code from 100 to 599; those without a registered phrase have an empty one.
public struct Status: Hashable, Sendable, CustomStringConvertible {
    /// The three digits.
    public let code: Int
    /// The reason phrase, informational only.
    public let reason: String

    /// A status of any code; outside 100…599 it becomes 500, so that the status line is always well formed.
    public init(_ code: Int, reason: String = "") {
        let known = (100...599).contains(code)
        self.code = known ? code : 500
        self.reason = reason
    }

    /// Equality by code.
    public static func == (left: Status, right: Status) -> Bool { left.code == right.code }

    /// Hashes the code.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }

    /// The code and its phrase, such as `404 Not Found`.
    public var description: String { reason.isEmpty ? "\(code)" : "\(code) \(reason)" }

    /// Whether a response of this status may have a body (RFC 9110 §6.4.1).
    public var allowsBody: Bool { code >= 200 && code != 204 && code != 304 }
}

extension Status {
    /// 100: the client may send its body.
    public static var `continue`: Status { Status(100, reason: "Continue") }
    /// 200.
    public static var ok: Status { Status(200, reason: "OK") }
    /// 201: `Location` has the new resource.
    public static var created: Status { Status(201, reason: "Created") }
    /// 202: accepted, not yet processed.
    public static var accepted: Status { Status(202, reason: "Accepted") }
    /// 204: successful, without a body.
    public static var noContent: Status { Status(204, reason: "No Content") }
    /// 206: a part of the representation, for `Range`.
    public static var partialContent: Status { Status(206, reason: "Partial Content") }
    /// 301.
    public static var movedPermanently: Status { Status(301, reason: "Moved Permanently") }
    /// 303: the result is at `Location`, by GET.
    public static var seeOther: Status { Status(303, reason: "See Other") }
    /// 304: the client's cached copy is current.
    public static var notModified: Status { Status(304, reason: "Not Modified") }
    /// 307.
    public static var temporaryRedirect: Status { Status(307, reason: "Temporary Redirect") }
    /// 308.
    public static var permanentRedirect: Status { Status(308, reason: "Permanent Redirect") }
}

extension Status {
    /// 400: malformed request.
    public static var badRequest: Status { Status(400, reason: "Bad Request") }
    /// 401: authentication required.
    public static var unauthorized: Status { Status(401, reason: "Unauthorized") }
    /// 403: authenticated, but not authorized.
    public static var forbidden: Status { Status(403, reason: "Forbidden") }
    /// 404.
    public static var notFound: Status { Status(404, reason: "Not Found") }
    /// 405: `Allow` lists the supported methods.
    public static var methodNotAllowed: Status { Status(405, reason: "Method Not Allowed") }
    /// 406: no acceptable representation.
    public static var notAcceptable: Status { Status(406, reason: "Not Acceptable") }
    /// 408: the request was not complete in time.
    public static var requestTimeout: Status { Status(408, reason: "Request Timeout") }
    /// 409: conflict with the current state.
    public static var conflict: Status { Status(409, reason: "Conflict") }
    /// 410: permanently removed.
    public static var gone: Status { Status(410, reason: "Gone") }
    /// 412: a precondition such as `If-Match` failed.
    public static var preconditionFailed: Status { Status(412, reason: "Precondition Failed") }
    /// 413: the body is too large.
    public static var contentTooLarge: Status { Status(413, reason: "Content Too Large") }
    /// 414: the request target is too long.
    public static var uriTooLong: Status { Status(414, reason: "URI Too Long") }
    /// 415: unsupported media type of the body.
    public static var unsupportedMediaType: Status { Status(415, reason: "Unsupported Media Type") }
    /// 416: the range is outside of the representation.
    public static var rangeNotSatisfiable: Status { Status(416, reason: "Range Not Satisfiable") }
    /// 417: an `Expect` other than `100-continue`.
    public static var expectationFailed: Status { Status(417, reason: "Expectation Failed") }
    /// 422: well formed, but invalid.
    public static var unprocessableContent: Status { Status(422, reason: "Unprocessable Content") }
    /// 428: a precondition is required (RFC 6585).
    public static var preconditionRequired: Status { Status(428, reason: "Precondition Required") }
    /// 429: rate limit exceeded (RFC 6585).
    public static var tooManyRequests: Status { Status(429, reason: "Too Many Requests") }
    /// 431: the head is too large (RFC 6585).
    public static var requestHeaderFieldsTooLarge: Status {
        Status(431, reason: "Request Header Fields Too Large")
    }
}

extension Status {
    /// 500: an error of the server.
    public static var internalServerError: Status { Status(500, reason: "Internal Server Error") }
    /// 501: unsupported method or transfer coding.
    public static var notImplemented: Status { Status(501, reason: "Not Implemented") }
    /// 503: temporarily unavailable.
    public static var serviceUnavailable: Status { Status(503, reason: "Service Unavailable") }
    /// 504: an upstream did not respond in time.
    public static var gatewayTimeout: Status { Status(504, reason: "Gateway Timeout") }
    /// 505: a major version other than 1.
    public static var httpVersionNotSupported: Status { Status(505, reason: "HTTP Version Not Supported") }
    /// 507: the storage is full (RFC 4918).
    public static var insufficientStorage: Status { Status(507, reason: "Insufficient Storage") }
}
