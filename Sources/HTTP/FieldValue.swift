/// The value of a header field as it came: bytes that a client chose.
///
/// It is no string on purpose. Swift compares, hashes and splits strings by what they look like (canonical equivalence), which
/// takes time in the square of a run of combining marks. Whoever reads a field reads its bytes, and gets a string only where all
/// of them are ASCII, for which the two are the same.
public struct FieldValue: Sendable {
    /// The bytes, a part of the head's.
    public let bytes: ArraySlice<UInt8>

    /// A value of these bytes.
    public init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// A value that is known as text.
    public init(_ text: String) { bytes = Array(text.utf8)[...] }

    /// Whether there are no bytes.
    public var isEmpty: Bool { bytes.isEmpty }

    /// The text; nil unless all of it is ASCII.
    public var ascii: String? {
        bytes.allSatisfy { $0 < 0x80 } ? String(decoding: bytes, as: UTF8.self) : nil
    }

    /// The text where it is a token (RFC 9110 §5.6.2), and so ASCII; nil otherwise.
    public var token: String? { ASCII.isToken(bytes.span) ? String(decoding: bytes, as: UTF8.self) : nil }

    /// The value without the white space around it (OWS, RFC 9110 §5.6.3).
    public var trimmed: FieldValue {
        var (start, end) = (bytes.startIndex, bytes.endIndex)
        while start < end, bytes[start].isWhitespace { start += 1 }
        while start < end, bytes[end - 1].isWhitespace { end -= 1 }
        return FieldValue(bytes[start..<end])
    }

    /// The value without the quotes around it, if it has any. Escapes within stay: nothing that is read here has one.
    public var unquoted: FieldValue {
        guard bytes.count >= 2, bytes.first == ASCII.quote, bytes.last == ASCII.quote else { return self }
        return FieldValue(bytes.dropFirst().dropLast())
    }

    /// Whether the value is this word of ASCII, in any case.
    public func matches(_ word: StaticString) -> Bool {
        bytes.count == word.utf8CodeUnitCount
            && zip(bytes, 0..<bytes.count).allSatisfy { $0.lowercased == word.utf8Start[$1].lowercased }
    }

    /// Whether the value is the other, but for the case of ASCII letters.
    public func matches(_ other: FieldValue) -> Bool {
        bytes.count == other.bytes.count
            && zip(bytes, other.bytes).allSatisfy { $0.lowercased == $1.lowercased }
    }

    /// The parts between separators as they stand, empty ones too.
    public func split(at separator: UInt8) -> Parts {
        Parts(bytes: bytes, separator: separator, start: bytes.startIndex)
    }

    /// What stands before the first separator and what behind it, white space around them removed; nil where there is none.
    public func cut(at separator: UInt8) -> (head: FieldValue, tail: FieldValue?) {
        guard let place = bytes.firstIndex(of: separator) else { return (trimmed, nil) }
        return (FieldValue(bytes[..<place]).trimmed, FieldValue(bytes[(place + 1)...]).trimmed)
    }

    /// The parts of a value, found one by one.
    public struct Parts: Sequence, IteratorProtocol, Sendable {
        fileprivate let bytes: ArraySlice<UInt8>
        fileprivate let separator: UInt8
        /// Where the next part begins; behind the last one, further than the bytes go.
        fileprivate var start: Int

        /// The next part; nil behind the last.
        public mutating func next() -> FieldValue? {
            guard start <= bytes.endIndex else { return nil }
            var end = start
            while end < bytes.endIndex, bytes[end] != separator { end += 1 }
            defer { start = end + 1 }
            return FieldValue(bytes[start..<end])
        }
    }
}
