// SPDX-License-Identifier: Apache-2.0
/// A request head: one buffer, and ranges in it. Nothing is decoded until it is needed.
///
/// A class, so that passing a request on costs one reference count, whatever the size of its head.
final class RequestHead: Sendable {
    /// One field line: the ranges of its name and of its value, without surrounding white space.
    struct Field: Sendable {
        let name: Range<UInt32>
        let value: Range<UInt32>
    }

    let bytes: [UInt8]
    let line: RequestLine
    let fields: [Field]
    let framing: Framing

    init(bytes: [UInt8], line: RequestLine, fields: [Field], framing: Framing) {
        self.bytes = bytes
        self.line = line
        self.fields = fields
        self.framing = framing
    }

    func text(_ range: Range<UInt32>) -> String {
        String(decoding: bytes[Int(range.lowerBound)..<Int(range.upperBound)], as: UTF8.self)
    }

    /// The values of all fields of that name, in order.
    func values(_ name: HeaderName) -> [FieldValue] {
        fields.lazy.filter { self.matches($0.name, name) }.map { self.value(of: $0) }
    }

    /// The first value of that name, without allocating an array.
    func firstValue(_ name: HeaderName) -> (value: FieldValue, isOnly: Bool)? {
        guard let first = fields.firstIndex(where: { matches($0.name, name) }) else { return nil }
        let isOnly = !fields[(first + 1)...].contains { matches($0.name, name) }
        return (value(of: fields[first]), isOnly)
    }

    func value(of field: Field) -> FieldValue {
        FieldValue(bytes[Int(field.value.lowerBound)..<Int(field.value.upperBound)])
    }

    /// The first field of that name.
    func firstField(_ name: HeaderName) -> Field? { fields.first { matches($0.name, name) } }

    /// Calls `body` with a range of the head's bytes.
    func withBytes<Result>(_ range: Range<UInt32>, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        bytes.withUnsafeBytes { all in
            body(UnsafeRawBufferPointer(rebasing: all[Int(range.lowerBound)..<Int(range.upperBound)]))
        }
    }

    func matches(_ range: Range<UInt32>, _ name: HeaderName) -> Bool {
        let wanted = name.text.utf8
        guard range.count == wanted.count else { return false }
        var index = Int(range.lowerBound)
        for byte in wanted {
            guard byte.lowercased == bytes[index].lowercased else { return false }
            index += 1
        }
        return true
    }
}

/// The request line (RFC 9112 §3), as ranges of the head's bytes.
struct RequestLine: Sendable {
    let method: Method
    let version: HTTPVersion
    /// The raw target, in any form.
    let target: Range<UInt32>
    /// The authority of an absolute-form target, which overrides `Host` (RFC 9112 §3.2.2).
    let authority: Range<UInt32>?
    /// The path; empty in an absolute-form target without one, which is equivalent to `/`.
    let path: Range<UInt32>
    /// The part after `?`.
    let query: Range<UInt32>?
}

/// The fields that determine the message's framing and the connection's persistence, collected during parsing.
struct Framing: Sendable, Equatable {
    /// How the length of the body is determined (RFC 9112 §6.3).
    enum Body: Sendable, Equatable {
        case length(Int)
        case chunked
    }

    var body = Body.length(0)
    var hasBody: Bool { body != .length(0) }
    /// `Expect: 100-continue`: the client waits before it sends its body (RFC 9110 §10.1.1).
    var expectsContinue = false
    /// `Connection: close` was sent.
    var wantsClose = false
    /// `Connection: keep-alive` was sent; significant in HTTP/1.0 only.
    var wantsKeepAlive = false

    /// `Expect` has another value (417).
    var hasUnknownExpectation = false
}
