// SPDX-License-Identifier: Apache-2.0
/// Finds the end of a line, strictly: only CRLF ends one (RFC 9112 §2.2).
enum LineScanner {
    /// Why the line is rejected.
    enum LineError: Error {
        case tooLong
        case bareCarriageReturn
        case bareLineFeed
        case control(UInt8)

        /// The failure's text, to follow the name of the line.
        var detail: String {
            switch self {
            case .tooLong: "is too long"
            case .bareCarriageReturn: "has a carriage return without a line feed"
            case .bareLineFeed: "has a line feed without a carriage return"
            case .control(let byte): "has the control character 0x\(String(byte, radix: 16))"
            }
        }
    }

    /// Advances `position` to the CR that ends the line; `true` if it is there, `false` if more bytes are needed.
    ///
    /// - Parameter bound: the offset that the line with its CRLF may not exceed. Bytes beyond it are never read, so the result
    ///   does not depend on how many have arrived.
    static func findEnd(
        in bytes: Span<UInt8>, from position: inout Int, bound: Int
    ) throws(LineError) -> Bool {
        let end = min(bytes.count, bound)
        position = firstControl(in: bytes, position..<end)
        if position >= bound - 1 { throw .tooLong }
        guard position < end else { return false }
        switch bytes[position] {
        case ASCII.carriageReturn: break
        case ASCII.lineFeed: throw .bareLineFeed
        case let byte: throw .control(byte)
        }
        guard position + 1 < bytes.count else { return false }
        guard bytes[position + 1] == ASCII.lineFeed else { throw .bareCarriageReturn }
        return true
    }

    /// The first control character in the range, or its end. Scans eight bytes at a time (SWAR).
    private static func firstControl(in bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        bytes.withUnsafeBytes { bytes in
            var position = range.lowerBound
            while position + 8 <= range.upperBound {
                let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                // Usually there is none. A tab, which is allowed, is recognized below.
                guard mayHoldControl(word) else {
                    position += 8
                    continue
                }
                let end = position + 8
                while position < end {
                    if bytes[position].isForbiddenControl { return position }
                    position += 1
                }
            }
            while position < range.upperBound, !bytes[position].isForbiddenControl { position += 1 }
            return position
        }
    }

    /// Whether any of eight bytes is below 0x20 or 0x7F. False positives are possible, false negatives are not.
    private static func mayHoldControl(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let below = (word &- ones &* 0x20) & ~word
        let delete = word ^ (ones &* 0x7F)
        return (below | ((delete &- ones) & ~delete)) & (ones &* 0x80) != 0
    }
}
