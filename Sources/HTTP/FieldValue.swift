// SPDX-License-Identifier: Apache-2.0
/// The raw value of a header field: bytes chosen by a client.
///
/// Deliberately not a `String`. Swift compares, hashes and splits strings by canonical equivalence, which takes quadratic time
/// for a run of combining marks. Consumers work on bytes, and get a string only if all bytes are ASCII, where the two notions of
/// equality agree.
public struct FieldValue: Sendable {
    /// The bytes, a slice of the head.
    public let bytes: ArraySlice<UInt8>

    /// A value of these bytes.
    public init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// A value made from text.
    public init(_ text: String) { bytes = Array(text.utf8)[...] }

    /// Whether there are no bytes.
    public var isEmpty: Bool { bytes.isEmpty }

    /// The text; `nil` unless all of it is ASCII.
    public var ascii: String? {
        bytes.allSatisfy { $0 < 0x80 } ? String(decoding: bytes, as: UTF8.self) : nil
    }

    /// The text if it is a token (RFC 9110 §5.6.2), hence ASCII; otherwise `nil`.
    public var token: String? { ASCII.isToken(bytes.span) ? String(decoding: bytes, as: UTF8.self) : nil }

    /// The value without surrounding white space (OWS, RFC 9110 §5.6.3).
    public var trimmed: FieldValue {
        var (start, end) = (bytes.startIndex, bytes.endIndex)
        while start < end, bytes[start].isWhitespace { start += 1 }
        while start < end, bytes[end - 1].isWhitespace { end -= 1 }
        return FieldValue(bytes[start..<end])
    }

    /// The value without surrounding quotes, if any. Quoted pairs are not decoded: no field read here has them.
    public var unquoted: FieldValue {
        guard bytes.count >= 2, bytes.first == ASCII.quote, bytes.last == ASCII.quote else { return self }
        return FieldValue(bytes.dropFirst().dropLast())
    }

    /// ASCII case-insensitive comparison with a literal.
    public func matches(_ word: StaticString) -> Bool {
        bytes.count == word.utf8CodeUnitCount
            && zip(bytes, 0..<bytes.count).allSatisfy { $0.lowercased == word.utf8Start[$1].lowercased }
    }

    /// ASCII case-insensitive comparison with another value.
    public func matches(_ other: FieldValue) -> Bool {
        bytes.count == other.bytes.count
            && zip(bytes, other.bytes).allSatisfy { $0.lowercased == $1.lowercased }
    }

    /// The parts between separators, untrimmed, including empty ones.
    public func split(at separator: UInt8) -> Parts {
        Parts(bytes: bytes, separator: separator, start: bytes.startIndex)
    }

    /// The parts before and after the first separator, trimmed; `tail` is `nil` if there is no separator.
    public func cut(at separator: UInt8) -> (head: FieldValue, tail: FieldValue?) {
        guard let end = bytes.firstIndex(of: separator) else { return (trimmed, nil) }
        return (FieldValue(bytes[..<end]).trimmed, FieldValue(bytes[(end + 1)...]).trimmed)
    }

    /// A lazy sequence of the parts of a value.
    public struct Parts: Sequence, IteratorProtocol, Sendable {
        fileprivate let bytes: ArraySlice<UInt8>
        fileprivate let separator: UInt8
        /// Start of the next part; past `endIndex` after the last.
        fileprivate var start: Int

        /// The next part; `nil` after the last.
        public mutating func next() -> FieldValue? {
            guard start <= bytes.endIndex else { return nil }
            var end = start
            while end < bytes.endIndex, bytes[end] != separator { end += 1 }
            defer { start = end + 1 }
            return FieldValue(bytes[start..<end])
        }
    }
}
