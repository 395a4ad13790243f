// SPDX-License-Identifier: Apache-2.0
/// The position of a request in a trace (W3C Trace Context, `traceparent`).
public struct TraceParent: Hashable, Sendable {
    /// The trace id: 32 lower-case hexadecimal digits, not all 0.
    public let traceID: String
    /// The caller's span id: 16 such digits.
    public let parentID: String
    /// Trace flags, two digits; the lowest bit is `sampled`.
    public let flags: String

    /// Parses the field's value. Of future versions the known part is parsed (§3.2.4). `nil` if it is malformed, which is
    /// treated as absent.
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

    /// Parses text.
    public init?(_ text: String) { self.init(FieldValue(text)) }

    private static let hyphen = UInt8(ascii: "-")

    private static func digits(_ part: FieldValue?, _ count: Int) -> FieldValue? {
        guard let part, part.bytes.count == count else { return nil }
        let areDigits = part.bytes.allSatisfy { $0.hexValue != nil && $0 == $0.lowercased }
        return areDigits ? part : nil
    }

    /// The value to propagate, with the sender's own span id.
    public func child(_ id: UInt64 = .random(in: 1 ... .max)) -> String {
        let digits = String(id, radix: 16)
        return "00-\(traceID)-\(String(repeating: "0", count: 16 - digits.count))\(digits)-\(flags)"
    }
}

extension Request {
    /// The request's `traceparent`, if it has exactly one.
    public var traceParent: TraceParent? {
        let values = headers(named: "traceparent")
        return values.count == 1 ? TraceParent(values[0]) : nil
    }
}

extension FieldValue {
    /// Whether all digits are 0.
    fileprivate var isZero: Bool { bytes.allSatisfy { $0 == UInt8(ascii: "0") } }
}
