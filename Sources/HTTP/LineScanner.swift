/// Finds the end of a line of a message, strictly: CRLF and nothing else ends a line (RFC 9112 §2.2).
enum LineScanner {
    /// Why there is no line.
    enum ValidationError: Error {
        case tooLong
        case bareCarriageReturn
        case bareLineFeed
        case control(UInt8)

        /// What is wrong, to follow the name of the line.
        var detail: String {
            switch self {
            case .tooLong: "is too long"
            case .bareCarriageReturn: "has a carriage return without a line feed"
            case .bareLineFeed: "has a line feed without a carriage return"
            case .control(let byte): "has the control character 0x\(String(byte, radix: 16))"
            }
        }
    }

    /// Moves `position` to the CR that ends the line; true when that is there, false when more bytes are
    /// needed.
    ///
    /// - Parameter bound: the index that the line with its CRLF may not pass. Bytes behind it are never
    ///   looked
    ///   at, so that the outcome does not depend on how many have come.
    static func findEnd(
        in bytes: Span<UInt8>, from position: inout Int, bound: Int
    ) throws(ValidationError) -> Bool {
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

    /// The first byte of the range that no line may hold, or the range's end; eight bytes are looked at in one.
    private static func firstControl(in bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        bytes.withUnsafeBytes { bytes in
            var position = range.lowerBound
            while position + 8 <= range.upperBound {
                let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                // Mostly none is one; a tab, which is allowed, is told apart below.
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

    /// Whether one of eight bytes is below 0x20 or is 0x7F. It may be said of a word that has none, never the other way round.
    private static func mayHoldControl(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let below = (word &- ones &* 0x20) & ~word
        let delete = word ^ (ones &* 0x7F)
        return (below | ((delete &- ones) & ~delete)) & (ones &* 0x80) != 0
    }
}
