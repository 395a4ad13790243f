// SPDX-License-Identifier: Apache-2.0
public import HTTP

/// A request to another server.
public struct OutboundRequest: Sendable {
    /// The method.
    public var method: Method
    /// An absolute URL, http or https, of ASCII characters: no user information, names of hosts as A-labels (RFC 5891).
    public var url: String
    /// Header fields. `User-Agent`, `Connection` and, unless it is set, `Host` are the fetcher's; `Content-Length` follows from the body.
    public var headers: Headers
    /// The body; `nil` for none. An empty one has `Content-Length: 0`.
    public var body: [UInt8]?
    /// An open file as the body, in place of `body`; it is read as it is sent. Not sent again after a redirect.
    public var file: FileBody?
    /// Redirects that are followed, at most; 0 returns them as responses.
    public var redirects: Int
    /// What is read of the response's body.
    public var reading: Reading

    /// What is read of a response's body.
    public enum Reading: Sendable, Equatable {
        /// Nothing: the connection is closed after the head.
        case head
        /// All of it, if it has at most that many bytes; otherwise the request fails.
        case body(atMost: Int)
        /// So many bytes at most; the connection is closed after them.
        case beginning(atMost: Int)
        /// As `body`, but that of a success (2xx) is appended to the open file instead of being kept in memory.
        case file(Int32, atMost: Int)
    }

    /// A request; by default without a body and redirects, and with at most 1 MiB of the response's body.
    public init(
        _ method: Method = .get, _ url: String, headers: Headers = [:], body: [UInt8]? = nil,
        redirects: Int = 0, reading: Reading = .body(atMost: 1 << 20)
    ) {
        (self.method, self.url, self.headers, self.body) = (method, url, headers, body)
        (self.redirects, self.reading) = (redirects, reading)
    }
}

/// The response of another server. All in it was chosen by that server.
public struct OutboundResponse: Sendable {
    /// The URL that it comes from: that of the request, or of its last redirect.
    public let url: String
    /// The status, from 200 to 599.
    public let status: Status
    /// The fields of the head, without trailers. Bytes that are not UTF-8 are replaced.
    public let headers: Headers
    /// The body as sent: a content coding is not undone.
    public let body: [UInt8]
}

// MARK: Redirects

extension OutboundRequest {
    /// Fields that say nothing of who asks, and go with a redirect to another origin.
    private static let impersonal: [HeaderName] = [.accept, .acceptEncoding, "Accept-Language"]

    /// The request to where a response of this status redirects (RFC 9110 §15.4). `isSameOrigin`: scheme, host and port stay the same;
    /// otherwise neither fields that may be credentials nor `Host` are carried on.
    func redirected(by status: Status, isSameOrigin: Bool) -> OutboundRequest {
        var next = self
        let isRepeated = status.code == 307 || status.code == 308
        if !isRepeated, method != .get, method != .head { (next.method, next.body) = (.get, nil) }
        var kept = Self.impersonal
        if next.body != nil { kept.append(.contentType) }
        // A file is not sent to a redirect's target, which the other server has chosen.
        next.file = nil
        next.headers = [:]
        for field in headers.fields {
            let describesBody = field.name == .contentType && next.body == nil
            if isSameOrigin ? !describesBody : kept.contains(field.name) {
                next.headers.add(field.name, field.value)
            }
        }
        return next
    }
}

extension OutboundResponse {
    /// The absolute URL, http or https, that a reference in the response leads to (RFC 3986 §5.3); `nil` for anything else. Characters that URLs
    /// do not have are percent-encoded, as browsers do it.
    public func resolving(_ reference: String) -> String? {
        let bytes = reference.utf8.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed()
        guard !bytes.isEmpty else { return nil }
        let encoded = bytes.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            let isVisible = (0x21...0x7E).contains(byte)
            return isVisible ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + digits
        }
        return try? OutboundURL(url).resolving(encoded.joined()).text
    }

    /// Where the response redirects to.
    var redirect: String? { Self.redirecting.contains(status.code) ? headers[.location] : nil }

    static let redirecting = [301, 302, 303, 307, 308]
}
