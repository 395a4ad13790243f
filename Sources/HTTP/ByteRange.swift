// SPDX-License-Identifier: Apache-2.0
/// The field `Range` (RFC 9110 §14.2), of one range of bytes.
enum ByteRange: Equatable {
    /// The whole representation: the field is malformed, of another unit or of several ranges. §14.2 permits ignoring it, and several
    /// ranges would need `multipart/byteranges`, which no reader of pictures asks for.
    case whole
    /// This part, which is not empty.
    case part(Range<Int>)
    /// No byte of the representation is in the range (416).
    case unsatisfiable

    /// Evaluates the field's value for a representation of `size` bytes.
    init(_ value: FieldValue, size: Int) {
        let (unit, ranges) = value.cut(at: ASCII.equals)
        guard unit.matches("bytes"), let ranges, !ranges.bytes.contains(ASCII.comma) else {
            self = .whole
            return
        }
        let (first, last) = ranges.cut(at: UInt8(ascii: "-"))
        guard let last else {
            self = .whole
            return
        }
        self = first.isEmpty ? Self.suffix(last, size) : Self.part(first, last, size)
    }

    /// `-500`: the last bytes. No range can express a part of an empty representation, so all of it is sent.
    private static func suffix(_ text: FieldValue, _ size: Int) -> ByteRange {
        guard let count = number(text) else { return .whole }
        guard count > 0 else { return .unsatisfiable }
        return size == 0 ? .whole : .part(max(0, size - count)..<size)
    }

    /// `500-999` or `500-`.
    private static func part(_ first: FieldValue, _ last: FieldValue, _ size: Int) -> ByteRange {
        guard let start = number(first), let end = last.isEmpty ? .max : number(last), start <= end else {
            return .whole
        }
        guard start < size else { return .unsatisfiable }
        return .part(start..<min(end, size - 1) + 1)
    }

    /// A decimal number, with saturation; `nil` for anything else.
    private static func number(_ text: FieldValue) -> Int? {
        guard !text.isEmpty, text.bytes.allSatisfy(\.isDigit) else { return nil }
        return text.bytes.reduce(0) { min($0, Int(UInt32.max) << 16) * 10 + Int($1 - 48) }
    }
}
