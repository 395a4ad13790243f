// SPDX-License-Identifier: Apache-2.0
/// The bytes of a picture, which are read at places that they name themselves: each access is checked.
struct ImageBytes {
    private let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var count: Int { bytes.count }

    /// The byte at an offset; `nil` beyond the end.
    func byte(_ offset: Int) -> Int? { bytes.indices.contains(offset) ? Int(bytes[offset]) : nil }

    /// A number of up to four bytes, the most significant first; `nil` if it is not there as a whole.
    func big(_ offset: Int, bytes count: Int) -> Int? {
        (0..<count).reduce(0) { sum, index in
            guard let sum, let byte = byte(offset + index) else { return nil }
            return sum << 8 | byte
        }
    }

    /// The same, the least significant byte first.
    func little(_ offset: Int, bytes count: Int) -> Int? {
        (0..<count).reversed().reduce(0) { sum, index in
            guard let sum, let byte = byte(offset + index) else { return nil }
            return sum << 8 | byte
        }
    }

    /// Whether the text is at the offset.
    func has(_ text: StaticString, at offset: Int = 0) -> Bool {
        has(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount), at: offset)
    }

    /// Whether these bytes are at the offset.
    func has(_ wanted: some Collection<UInt8>, at offset: Int = 0) -> Bool {
        guard offset >= 0, offset <= count, wanted.count <= count - offset else { return false }
        return bytes[offset..<(offset + wanted.count)].elementsEqual(wanted)
    }

    /// The part in this range, as far as it is there.
    func part(_ range: Range<Int>) -> ImageBytes {
        ImageBytes(UnsafeRawBufferPointer(rebasing: bytes[range.clamped(to: bytes.indices)]))
    }

    /// Whether the text, in lower case, is within the first bytes, in any case of ASCII letters.
    func mentions(_ text: StaticString, within limit: Int = 1_024) -> Bool {
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        let head = bytes.prefix(limit).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        guard head.count >= wanted.count else { return false }
        return (0...(head.count - wanted.count)).contains {
            head[$0..<($0 + wanted.count)].elementsEqual(wanted)
        }
    }

    /// The first byte that is neither white space nor part of a byte order mark.
    var firstVisible: UInt8? { bytes.first { $0 > 0x20 && ![0xEF, 0xBB, 0xBF, 0xFE, 0xFF].contains($0) } }
}
