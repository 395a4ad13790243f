// SPDX-License-Identifier: Apache-2.0
// Queries are evaluated in place: names are compared in encoded form, and only requested values are decoded. A query of many
// parameters costs no memory, and a look-up is linear in its length.

extension Request {
    /// The values of a parameter, percent- and plus-decoded, in order; empty if there is none. A name without `=` has the
    /// value "". A query that cannot be decoded was rejected earlier (400).
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

    /// The raw query, not decoded, hence ASCII; `nil` if there is none.
    public var queryText: String? { head.line.query.map(head.text) }

    /// Whether the query has no parameters but these.
    public func queryHasOnly(_ names: [String]) -> Bool {
        allQueryItems { item, _ in
            names.contains { PercentEncoding.decodes(item, to: $0, plusIsSpace: true) }
        }
    }

    /// The names of the first parameters that are not among `known`, decoded, at most `limit`. Client-chosen text: compare it
    /// bytewise.
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

    /// All names and values of the query, percent- and plus-decoded, in order. Client-chosen text: compare it
    /// bytewise.
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

    /// Whether a predicate holds for all items (empty ones are skipped); stops at the first for which it does not.
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
    /// A request without a socket, parsed like any other: for tests and internal calls.
    ///
    /// Adds `Host` if it is missing.
    ///
    /// - Throws: the failure that a client would be sent.
    public init(
        _ method: Method, _ target: String, headers: Headers = [:], body: [UInt8] = [],
        spooledBody: SpooledBody? = nil, peer: SocketAddress = .loopback(), limits: Limits = Limits()
    ) throws(RequestFailure) {
        var text = "\(method) \(target) HTTP/1.1\r\n"
        if headers[.host] == nil { text += "Host: localhost\r\n" }
        for field in headers.fields { text += "\(field.name): \(field.value)\r\n" }
        let bytes = Array((text + "\r\n").utf8)
        var parser = HeadParser(limits: SharedLimits(limits))
        guard let head = try parser.parse(bytes.span) else {
            throw RequestFailure(.badRequest, "the head is not complete")
        }
        let id = RequestID(head, worker: 0xF, number: .random(in: 0...(.max)))
        self.init(head: head, body: body, peer: peer, id: id)
        self.spooledBody = spooledBody
    }
}

extension String {
    /// Bytewise equality; `==` uses canonical equivalence.
    func hasSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}
