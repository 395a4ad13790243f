// SPDX-License-Identifier: Apache-2.0
/// The id of a story, an update or a media asset: a UUID; its text has 36 characters, in lower case.
///
/// New ids are UUIDv7 (RFC 9562 §5.7), which sort by creation time; those of media assets are made of their content.
public struct Identifier: Hashable, Comparable, Sendable {
    /// The first eight bytes, most significant first.
    public let high: UInt64
    /// The last eight bytes, most significant first.
    public let low: UInt64

    /// An identifier from its 16 bytes.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Bytewise order.
    public static func < (left: Identifier, right: Identifier) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

extension Identifier: CustomStringConvertible {
    /// `8-4-4-4-12` hexadecimal digits in lower case (RFC 9562 §4).
    public var description: String {
        String(unsafeUninitializedCapacity: Self.textBytes) { buffer in
            write { buffer[$0] = $1 }
            return Self.textBytes
        }
    }

    /// Length of the text in bytes.
    public static let textBytes = 36

    /// Calls `put` with each offset of the text and the ASCII byte at it.
    public func write(_ put: (Int, UInt8) -> Void) {
        var offset = 0
        for digit in 0..<32 {
            if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
                put(offset, UInt8(ascii: "-"))
                offset += 1
            }
            let word = digit < 16 ? high : low
            let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (digit % 16))) & 15
            put(offset, nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10)
            offset += 1
        }
    }

    /// Parses the text, digits in either case; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        var text = String(text)
        guard let words = text.withUTF8(Self.words) else { return nil }
        self.init(high: words.high, low: words.low)
    }

    private static func words(_ bytes: UnsafeBufferPointer<UInt8>) -> (high: UInt64, low: UInt64)? {
        guard bytes.count == textBytes else { return nil }
        var (high, low): (UInt64, UInt64) = (0, 0)
        for offset in 0..<textBytes {
            let byte = bytes[offset]
            if offset == 8 || offset == 13 || offset == 18 || offset == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                guard let digit = hexadecimalDigit(byte) else { return nil }
                high = high << 4 | low >> 60
                low = low << 4 | digit
            }
        }
        return (high, low)
    }

    private static func hexadecimalDigit(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}

extension Identifier {
    /// The id of content by its SHA-256: a UUIDv8 (RFC 9562 §5.8) of the digest's first 16 bytes, less the six bits of version and variant.
    /// `nil` if there are fewer bytes.
    public init?(digest: [UInt8]) {
        guard digest.count >= 16 else { return nil }
        func word(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        self.init(
            high: word(digest[..<8]) & ~0xF000 | 0x8000, low: word(digest[8..<16]) & (1 << 62 - 1) | 1 << 63)
    }
}

/// Generates strictly increasing UUIDv7, also within a millisecond and when the wall clock is set back (RFC 9562 §6.2, method
/// 1: a 12-bit counter before 62 random bits).
public struct IdentifierGenerator: Sendable {
    private var lastMilliseconds: UInt64 = 0
    private var counter: UInt64 = 0

    /// A new generator; with a floor, all generated ids are greater than it.
    public init(above floor: Identifier? = nil) {
        guard let floor else { return }
        lastMilliseconds = floor.high >> 16
        counter = floor.high & 0xFFF
    }

    /// A lower bound of all identifiers generated at `time` or later.
    public static func firstIdentifier(at time: Timestamp) -> Identifier {
        Identifier(high: UInt64(max(time.milliseconds, 0)) << 16, low: 0)
    }

    /// Generates the next identifier.
    public mutating func next(at now: Timestamp) -> Identifier {
        let milliseconds = UInt64(max(now.milliseconds, 0))
        if milliseconds > lastMilliseconds {
            lastMilliseconds = milliseconds
            counter = UInt64.random(in: 0..<0x400)
        } else {
            counter += 1
            if counter > 0xFFF {  // The counter is spent: borrow the next millisecond.
                lastMilliseconds += 1
                counter = 0
            }
        }
        let high = lastMilliseconds << 16 | 0x7000 | counter
        let low = 1 << 63 | UInt64.random(in: 0..<(1 << 62))
        return Identifier(high: high, low: low)
    }
}
