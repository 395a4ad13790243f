/// Where a request stands in a trace (W3C Trace Context, `traceparent`).
public struct TraceParent: Hashable, Sendable {
    /// The trace: 32 lower-case hexadecimal digits, not all of them 0.
    public let traceID: String
    /// The caller's place in it: 16 such digits.
    public let parentID: String
    /// Two digits; the lowest bit says that the trace is recorded.
    public let flags: String

    /// Reads the field's value. Of versions yet to come what is known of this one is read, as the standard asks (§3.2.4); nil where
    /// the value is not well formed, which counts as if there were none.
    public init?(_ value: FieldValue) {
        var parts = value.split(at: Self.hyphen)
        guard let version = Self.digits(parts.next(), 2), !version.matches("ff"),
            let trace = Self.digits(parts.next(), 32), let parent = Self.digits(parts.next(), 16),
            let flags = Self.digits(parts.next(), 2), !version.matches("00") || parts.next() == nil,
            !trace.isZero, !parent.isZero
        else { return nil }
        traceID = String(decoding: trace.bytes, as: UTF8.self)
        parentID = String(decoding: parent.bytes, as: UTF8.self)
        self.flags = String(decoding: flags.bytes, as: UTF8.self)
    }

    /// The same of a text.
    public init?(_ text: String) { self.init(FieldValue(text)) }

    private static let hyphen = UInt8(ascii: "-")

    private static func digits(_ part: FieldValue?, _ count: Int) -> FieldValue? {
        guard let part, part.bytes.count == count else { return nil }
        let areDigits = part.bytes.allSatisfy { $0.hexValue != nil && $0 == $0.lowercased }
        return areDigits ? part : nil
    }

    /// The value to send on, with the sender's own place in the trace.
    public func child(_ id: UInt64 = .random(in: 1 ... .max)) -> String {
        let digits = String(id, radix: 16)
        return "00-\(traceID)-\(String(repeating: "0", count: 16 - digits.count))\(digits)-\(flags)"
    }
}

extension Request {
    /// Where the caller stands in a trace, if it says so, once.
    public var traceParent: TraceParent? {
        let values = headers(named: "traceparent")
        return values.count == 1 ? TraceParent(values[0]) : nil
    }
}

extension FieldValue {
    /// Whether there is nothing but the digit 0.
    fileprivate var isZero: Bool { bytes.allSatisfy { $0 == UInt8(ascii: "0") } }
}
