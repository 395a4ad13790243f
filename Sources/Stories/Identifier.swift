/// The name of a story or an update: a UUID, as text 36 characters in lower case.
///
/// New ones are UUIDv7 (RFC 9562 §5.7), which sort by the time they were made.
public struct Identifier: Hashable, Comparable, Sendable {
    /// The first eight bytes, most significant first.
    public let high: UInt64
    /// The last eight bytes, most significant first.
    public let low: UInt64

    /// An identifier of these sixteen bytes.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The order of the bytes.
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

    /// Bytes of the text form.
    public static let textBytes = 36

    /// Calls `put` with each place of the text form and the ASCII byte that stands there.
    public func write(_ put: (Int, UInt8) -> Void) {
        var place = 0
        for digit in 0..<32 {
            if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
                put(place, UInt8(ascii: "-"))
                place += 1
            }
            let word = digit < 16 ? high : low
            let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (digit % 16))) & 15
            put(place, nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10)
            place += 1
        }
    }

    /// Reads the text form, digits in either case; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        var text = String(text)
        guard let words = text.withUTF8(Self.words) else { return nil }
        self.init(high: words.high, low: words.low)
    }

    private static func words(_ bytes: UnsafeBufferPointer<UInt8>) -> (high: UInt64, low: UInt64)? {
        guard bytes.count == textBytes else { return nil }
        var (high, low): (UInt64, UInt64) = (0, 0)
        for place in 0..<textBytes {
            let byte = bytes[place]
            if place == 8 || place == 13 || place == 18 || place == 23 {
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

/// Makes UUIDv7 that only ever go up, also within a millisecond and when the clock is set back
/// (RFC 9562 §6.2, method 1: twelve bits of counter in front of 62 random ones).
public struct IdentifierGenerator: Sendable {
    private var lastMilliseconds: UInt64 = 0
    private var counter: UInt64 = 0

    /// A generator that has made nothing yet; with a floor, the ones that it makes are above that.
    public init(above floor: Identifier? = nil) {
        guard let floor else { return }
        lastMilliseconds = floor.high >> 16
        counter = floor.high & 0xFFF
    }

    /// What all identifiers made at `time` or later are above.
    public static func firstIdentifier(at time: Timestamp) -> Identifier {
        Identifier(high: UInt64(max(time.milliseconds, 0)) << 16, low: 0)
    }

    /// The next identifier, made at `now`.
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
