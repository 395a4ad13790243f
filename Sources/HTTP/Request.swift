// SPDX-License-Identifier: Apache-2.0
/// A complete request: its head as ranges of one buffer, decoded lazily, and its body.
public struct Request: Sendable {
    let head: RequestHead
    /// The decoded body; empty if there is none, or if it is on disk (``spooledBody``).
    public internal(set) var body: [UInt8]
    /// The other end of the connection, which may be a proxy.
    public let peer: SocketAddress
    /// The request id, as sent in `X-Request-Id`.
    public let id: RequestID
    /// The path parameters of the route, percent-decoded; set by the router.
    public internal(set) var parameters = PathParameters()
    /// The route's template, such as `/stories/{story}`; `nil` before routing.
    public internal(set) var route: String?

    /// The decoded body on disk, also if it is empty; `nil` unless the route has a ``SpoolPolicy``.
    public internal(set) var spooledBody: SpooledBody?

    init(head: RequestHead, body: [UInt8], peer: SocketAddress, id: RequestID) {
        self.head = head
        self.id = id
        self.body = body
        self.peer = peer
    }

    /// The method.
    public var method: Method { head.line.method }

    /// The version.
    public var version: HTTPVersion { head.line.version }

    /// The raw request target; always ASCII.
    public var target: String { head.text(head.line.target) }

    /// The raw path, not decoded, hence ASCII: `/a%20b`; `*` for `OPTIONS *`.
    public var path: String { head.line.path.isEmpty ? "/" : head.text(head.line.path) }

    /// The authority of the target in absolute form, otherwise `Host`. ASCII: see `Authority`.
    public var host: String? {
        (head.line.authority ?? head.firstField(.host)?.value).map(head.text)
    }

    /// The percent-decoded segments of the path: `/a/b%2Fc` has `a` and `b/c`, `/a/` has `a` and an empty one, `/` has none. Dot
    /// segments are kept. A path that cannot be decoded was rejected earlier (400).
    public var pathSegments: [String] {
        let range = head.line.path
        guard range.count > 1 else { return [] }
        let buffer = head.bytes
        let bytes = buffer.span.extracting(Int(range.lowerBound) + 1..<Int(range.upperBound))
        var segments: [String] = []
        var start = 0
        for index in 0...bytes.count where index == bytes.count || bytes[index] == ASCII.slash {
            segments.append(PercentEncoding.text(bytes.extracting(start..<index)))
            start = index + 1
        }
        return segments
    }

    /// The value of a field; several are joined by commas (RFC 9110 §5.3); `nil` if there is none.
    public func header(_ name: HeaderName) -> FieldValue? {
        guard let first = head.firstValue(name) else { return nil }
        guard !first.isOnly else { return first.value }
        return FieldValue(Array(head.values(name).map(\.bytes).joined(separator: ", ".utf8))[...])
    }

    /// The values of each field line of that name, in order.
    public func headers(named name: HeaderName) -> [FieldValue] { head.values(name) }

    /// All field lines in order, names as sent.
    public var allHeaders: [(name: HeaderName, value: FieldValue)] {
        head.fields.map { (HeaderName(head.text($0.name)), head.value(of: $0)) }
    }
}

/// The values of a route's parameters.
public struct PathParameters: Sendable {
    private var pairs: [(name: String, value: String)] = []

    init() {}

    /// The value of a parameter; `nil` if the route has none of that name.
    public subscript(name: String) -> String? {
        pairs.first { $0.name.hasSameBytes(as: name) }?.value
    }

    mutating func add(_ name: String, _ value: String) { pairs.append((name, value)) }
}
