/// A complete request: its head as ranges of one buffer, decoded only where asked for, and its body.
public struct Request: Sendable {
    let head: RequestHead
    /// The decoded body; empty when there is none.
    public let body: [UInt8]
    /// Who sent it: the other end of the connection, which may be a proxy.
    public let peer: SocketAddress
    /// By what the request is found again.
    public let id: RequestID
    /// What the router found for the parameters of the route, percent-decoded.
    public internal(set) var parameters = PathParameters()
    /// The template of the route that answers, such as `/stories/{story}`; nil before routing.
    public internal(set) var route: String?

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

    /// The request target as it was sent: ASCII, for nothing else may stand there.
    public var target: String { head.text(head.line.target) }

    /// The path as it was sent, not decoded, and so ASCII: `/a%20b`; `*` for `OPTIONS *`.
    public var path: String { head.line.path.isEmpty ? "/" : head.text(head.line.path) }

    /// The authority asked for, from the target if it is in absolute form, otherwise from `Host`.
    /// ASCII: see `Authority`.
    public var host: String? {
        (head.line.authority ?? head.firstField(.host)?.value).map(head.text)
    }

    /// The percent-decoded segments of the path: `/a/b%2Fc` gives `a` and `b/c`, `/a/` gives `a` and an
    /// empty one, `/` gives none. Dot segments stay. A path that cannot be decoded is refused before (400).
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

    /// The value of a field; several are joined by a comma (RFC 9110 §5.3), nil where there is none.
    public func header(_ name: HeaderName) -> FieldValue? {
        guard let first = head.firstValue(name) else { return nil }
        guard !first.isOnly else { return first.value }
        return FieldValue(Array(head.values(name).map(\.bytes).joined(separator: ", ".utf8))[...])
    }

    /// The values of each field line of that name, in order.
    public func headers(named name: HeaderName) -> [FieldValue] { head.values(name) }

    /// Every field line in order, names as sent.
    public var allHeaders: [(name: HeaderName, value: FieldValue)] {
        head.fields.map { (HeaderName(head.text($0.name)), head.value(of: $0)) }
    }
}

/// The values of a route's parameters.
public struct PathParameters: Sendable {
    private var pairs: [(name: String, value: String)] = []

    init() {}

    /// The value of a parameter; nil when the route has none of that name.
    public subscript(name: String) -> String? {
        pairs.first { $0.name.hasSameBytes(as: name) }?.value
    }

    mutating func add(_ name: String, _ value: String) { pairs.append((name, value)) }
}
