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
    public init?(_ value: String) {
        let parts = value.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, Self.areDigits(parts[0], 2), parts[0] != "ff",
            parts[0] != "00" || parts.count == 4, Self.areDigits(parts[1], 32),
            Self.areDigits(parts[2], 16), Self.areDigits(parts[3], 2),
            parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" })
        else { return nil }
        (traceID, parentID, flags) = (String(parts[1]), String(parts[2]), String(parts[3]))
    }

    private static func areDigits(_ text: Substring, _ count: Int) -> Bool {
        text.utf8.count == count
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
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
