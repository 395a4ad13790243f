// SPDX-License-Identifier: Apache-2.0
extension ArraySlice<UInt8> {
    /// The first occurrence of a text in these bytes; `nil` if there is none.
    ///
    /// Specialized for bytes: the standard library's generic `firstRange(of:)` looked up metadata on each comparison, which was a
    /// quarter of the CPU time of a post.
    public func firstRange(ofUTF8 text: String) -> Range<Int>? {
        var text = text
        let offset = text.withUTF8 { needle in withUnsafeBufferPointer { $0.firstOffset(of: needle) } }
        return offset.map { startIndex + $0..<startIndex + $0 + text.utf8.count }
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate func firstOffset(of needle: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let first = needle.first, needle.count <= count else { return nil }
        return (0...count - needle.count).first { offset in
            self[offset] == first && (1..<needle.count).allSatisfy { self[offset + $0] == needle[$0] }
        }
    }
}

extension String {
    /// Whether the text has an ASCII character; eight bytes at a time.
    func hasByte(_ byte: UInt8) -> Bool {
        var text = self
        return text.withUTF8 { bytes in
            let (raw, words) = (UnsafeRawBufferPointer(bytes), bytes.count / 8)
            let (ones, pattern) = (0x0101_0101_0101_0101 as UInt64, UInt64(byte) &* 0x0101_0101_0101_0101)
            for word in 0..<words {
                // A byte of the difference is zero: Hacker's Delight §6-1.
                let difference = raw.loadUnaligned(fromByteOffset: 8 * word, as: UInt64.self) ^ pattern
                if (difference &- ones) & ~difference & (ones << 7) != 0 { return true }
            }
            return bytes[(8 * words)...].contains(byte)
        }
    }
}
