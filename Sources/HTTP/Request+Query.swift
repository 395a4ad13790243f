// A query is read where it lies: names are compared as they stand, and only values that are asked for are decoded. So a query of
// many parameters costs no memory, and each look-up no more than its length.

extension Request {
    /// The values given for a name in the query, percent- and plus-decoded, in order; empty when there are
    /// none. A name without `=` has the value "". A query that cannot be decoded is refused before (400).
    public func query(_ name: String) -> [String] {
        var values: [String] = []
        _ = allQueryItems { item, value in
            if PercentEncoding.decodes(item, to: name, plusIsSpace: true) {
                values.append(PercentEncoding.text(value, plusIsSpace: true))
            }
            return true
        }
        return values
    }

    /// The query as it was sent, not decoded, and so ASCII; nil where there is none.
    public var queryText: String? { head.line.query.map(head.text) }

    /// Whether the query has no parameter but those of these names.
    public func queryHasOnly(_ names: [String]) -> Bool {
        allQueryItems { item, _ in
            names.contains { PercentEncoding.decodes(item, to: $0, plusIsSpace: true) }
        }
    }

    /// The names of parameters other than these, decoded: the first so many. The texts are what the client chose: to be compared by
    /// their bytes.
    public func queryNames(besides known: [String], atMost limit: Int) -> [String] {
        var names: [String] = []
        _ = allQueryItems { name, _ in
            if !known.contains(where: { PercentEncoding.decodes(name, to: $0, plusIsSpace: true) }) {
                names.append(PercentEncoding.text(name, plusIsSpace: true))
            }
            return names.count < limit
        }
        return names
    }

    /// Every name and value of the query, percent- and plus-decoded, in order. The texts are what the client chose: to be
    /// compared by their bytes.
    public var queryItems: [(name: String, value: String)] {
        var items: [(name: String, value: String)] = []
        _ = allQueryItems { name, value in
            items.append(
                (
                    PercentEncoding.text(name, plusIsSpace: true),
                    PercentEncoding.text(value, plusIsSpace: true)
                ))
            return true
        }
        return items
    }

    /// Whether something holds of all items, of which empty ones are none; looks at no item behind one of which it does not.
    private func allQueryItems(_ holds: (_ name: Span<UInt8>, _ value: Span<UInt8>) -> Bool) -> Bool {
        guard let range = head.line.query else { return true }
        let buffer = head.bytes
        let bytes = buffer.span.extracting(Int(range.lowerBound)..<Int(range.upperBound))
        var start = 0
        for index in 0...bytes.count where index == bytes.count || bytes[index] == ASCII.ampersand {
            let item = bytes.extracting(start..<index)
            start = index + 1
            guard !item.isEmpty else { continue }
            let end = item.indices.first { item[$0] == ASCII.equals } ?? item.count
            let value = item.extracting(min(end + 1, item.count)..<item.count)
            guard holds(item.extracting(0..<end), value) else { return false }
        }
        return true
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
