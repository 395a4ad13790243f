extension Request {
    /// The values given for a name in the query, percent- and plus-decoded, in order; empty when there are
    /// none. A name without `=` has the value "". A query that cannot be decoded is refused before (400).
    public func query(_ name: String) -> [String] {
        queryItems.filter { $0.name.hasSameBytes(as: name) }.map(\.value)
    }

    /// Whether the query has no parameter but those of these names.
    public func queryHasOnly(_ names: [String]) -> Bool {
        queryItems.allSatisfy { item in names.contains { $0.hasSameBytes(as: item.name) } }
    }

    /// Every name and value of the query, percent- and plus-decoded, in order. Decoded once for each request. The texts are what
    /// the client chose: to be compared by their bytes.
    public var queryItems: [(name: String, value: String)] { head.queryItems }
}

/// A query in its parts.
final class Query: Sendable {
    typealias Item = (name: String, value: String)

    let items: [Item]

    init(items: [Item]) { self.items = items }

    static func items(of bytes: Span<UInt8>) -> [Item] {
        var items: [Item] = []
        var start = 0
        for index in 0...bytes.count where index == bytes.count || bytes[index] == UInt8(ascii: "&") {
            if index > start { items.append(item(bytes.extracting(start..<index))) }
            start = index + 1
        }
        return items
    }

    private static func item(_ bytes: Span<UInt8>) -> Item {
        let split = bytes.indices.first { bytes[$0] == ASCII.equals } ?? bytes.count
        let value = min(split + 1, bytes.count)..<bytes.count
        return (
            PercentEncoding.text(bytes.extracting(0..<split), plusIsSpace: true),
            PercentEncoding.text(bytes.extracting(value), plusIsSpace: true)
        )
    }
}

extension Request {
    /// A request that came over no socket, read by the same parser as any other: for tests and internal
    /// calls.
    ///
    /// `Host` and `Content-Length` are added where they are missing.
    ///
    /// - Throws: what a client would be told about such a request.
    public init(
        _ method: Method, _ target: String, headers: Headers = [:], body: [UInt8] = [],
        peer: SocketAddress = .loopback(), limits: Limits = Limits()
    ) throws(RequestFailure) {
        var text = "\(method) \(target) HTTP/1.1\r\n"
        if headers[.host] == nil { text += "Host: localhost\r\n" }
        for field in headers.fields { text += "\(field.name): \(field.value)\r\n" }
        let bytes = Array((text + "\r\n").utf8)
        var parser = HeadParser(limits: limits)
        guard let head = try parser.parse(bytes.span) else {
            throw RequestFailure(.badRequest, "the head is not complete")
        }
        let id = RequestID(head, worker: 0xF, number: .random(in: 0...(.max)))
        self.init(head: head, body: body, peer: peer, id: id)
    }
}

extension String {
    /// Whether the other text is the same to the byte. `==` asks whether they look alike.
    func hasSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}
