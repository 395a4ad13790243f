/// A request head as it came: one buffer, and where in it the parts are. Nothing is decoded before it is
/// asked for.
///
/// A class, so that a request is passed on by one reference, whatever the size of its head.
final class RequestHead: Sendable {
    /// One field line: where its name and its value (without white space around) stand.
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

    /// The values of every field of that name, in order.
    func values(_ name: HeaderName) -> [FieldValue] {
        fields.lazy.filter { self.matches($0.name, name) }.map { self.value(of: $0) }
    }

    /// The first value of that name, without making an array.
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

    /// The bytes of a part of the head.
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

/// The first line of a request (RFC 9112 §3), as ranges of the head's bytes.
struct RequestLine: Sendable {
    let method: Method
    let version: HTTPVersion
    /// The target as sent, in whatever form.
    let target: Range<UInt32>
    /// The authority of an absolute-form target, which overrides `Host` (RFC 9112 §3.2.2).
    let authority: Range<UInt32>?
    /// The path; empty in an absolute-form target that has none, which means `/`.
    let path: Range<UInt32>
    /// What follows the `?`.
    let query: Range<UInt32>?
}

/// What the fields say about the message's frame and the connection, gathered while they are read.
struct Framing: Sendable, Equatable {
    /// How the end of the body is found (RFC 9112 §6.3).
    enum Body: Sendable, Equatable {
        case length(Int)
        case chunked
    }

    var body = Body.length(0)
    var hasBody: Bool { body != .length(0) }
    /// The client waits for 100 before it sends its body (RFC 9110 §10.1.1).
    var expectsContinue = false
    /// `Connection: close` was given.
    var wantsClose = false
    /// `Connection: keep-alive` was given, which only HTTP/1.0 needs.
    var wantsKeepAlive = false

    /// `Expect` asks for something else (417).
    var hasUnknownExpectation = false
}
