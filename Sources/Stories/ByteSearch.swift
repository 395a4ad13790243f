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
