// SPDX-License-Identifier: Apache-2.0
/// A wall-clock time in milliseconds since the Unix epoch, years 0001 to 9999.
///
/// Its text is RFC 3339 in UTC with milliseconds: `2026-11-23T20:27:00.000Z`. Formatted here rather than by a general date
/// library, since a page of updates contains two hundred of them.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z; negative before.
    public let milliseconds: Int64

    /// The range of RFC 3339, which has four-digit years.
    public static let range: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999

    /// Saturating: a value outside ``range`` is clamped.
    public init(milliseconds: Int64) {
        self.milliseconds = min(max(milliseconds, Self.range.lowerBound), Self.range.upperBound)
    }

    /// Chronological order.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }
}

// MARK: Text

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with milliseconds, 24 characters.
    public var description: String {
        String(unsafeUninitializedCapacity: Self.textBytes) { buffer in
            write { buffer[$0] = $1 }
            return Self.textBytes
        }
    }

    /// Length of the text in bytes.
    public static let textBytes = 24

    /// Calls `put` with each offset of the text and the ASCII byte at it.
    public func write(_ put: (Int, UInt8) -> Void) {
        let (day, time) = milliseconds.flooringDivision(by: Self.millisecondsPerDay)
        let date = CivilDate(daysSinceEpoch: day)
        func digits(_ value: Int64, at start: Int, count: Int) {
            var rest = value
            for place in stride(from: start + count - 1, through: start, by: -1) {
                put(place, UInt8(ascii: "0") + UInt8(rest % 10))
                rest /= 10
            }
        }
        digits(date.year, at: 0, count: 4)
        put(4, UInt8(ascii: "-"))
        digits(date.month, at: 5, count: 2)
        put(7, UInt8(ascii: "-"))
        digits(date.day, at: 8, count: 2)
        put(10, UInt8(ascii: "T"))
        digits(time / 3_600_000, at: 11, count: 2)
        put(13, UInt8(ascii: ":"))
        digits(time / 60_000 % 60, at: 14, count: 2)
        put(16, UInt8(ascii: ":"))
        digits(time / 1_000 % 60, at: 17, count: 2)
        put(19, UInt8(ascii: "."))
        digits(time % 1_000, at: 20, count: 3)
        put(23, UInt8(ascii: "Z"))
    }

    static let millisecondsPerDay: Int64 = 86_400_000
}

extension Timestamp {
    /// Parses RFC 3339 `date-time` (§5.6): any offset, any number of fraction digits (truncated to milliseconds), `T` and `Z`
    /// in either case. A leap second is read as the following second. `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        var scanner = DigitScanner(text.utf8)
        guard let year = scanner.number(digits: 4), scanner.skip("-"),
            let month = scanner.number(digits: 2), scanner.skip("-"),
            let day = scanner.number(digits: 2), scanner.skip("T", or: "t"),
            let hour = scanner.number(digits: 2), scanner.skip(":"),
            let minute = scanner.number(digits: 2), scanner.skip(":"),
            let second = scanner.number(digits: 2),
            let fraction = scanner.milliseconds(), let offset = scanner.offsetMinutes(), scanner.isAtEnd,
            hour < 24, minute < 60, second <= 60,
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        let seconds = ((date.daysSinceEpoch * 24 + hour) * 60 + minute - offset) * 60 + second
        let milliseconds = seconds * 1_000 + fraction
        guard Self.range.contains(milliseconds) else { return nil }
        self.init(milliseconds: milliseconds)
    }
}

extension Int64 {
    /// Floored division: the remainder is never negative.
    fileprivate func flooringDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

/// A day of the proleptic Gregorian calendar, computed in eras of 400 years that begin on 1 March, so that the leap day
/// is the last of its year and needs no special case.
private struct CivilDate {
    let year, month, day: Int64

    static let daysPerEra: Int64 = 146_097
    /// Days from 0000-03-01 to 1970-01-01.
    static let epochOffset: Int64 = 719_468

    init(daysSinceEpoch: Int64) {
        let (era, dayOfEra) = (daysSinceEpoch + Self.epochOffset).flooringDivision(by: Self.daysPerEra)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// `nil` if there is no such day.
    init?(year: Int64, month: Int64, day: Int64) {
        guard year >= 1, (1...12).contains(month), day >= 1 else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day <= lengths[Int(month) - 1] else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    var daysSinceEpoch: Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = marchYear.flooringDivision(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * Self.daysPerEra + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - Self.epochOffset
    }
}

/// Parses digit groups of fixed length.
private struct DigitScanner<Bytes: Collection> where Bytes.Element == UInt8 {
    private var rest: Bytes.SubSequence

    init(_ bytes: Bytes) {
        rest = bytes[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func digit() -> Int64? {
        guard let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else {
            return nil
        }
        rest.removeFirst()
        return Int64(byte - UInt8(ascii: "0"))
    }

    mutating func number(digits: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<digits {
            guard let next = digit() else { return nil }
            value = value * 10 + next
        }
        return value
    }

    mutating func skip(_ wanted: Unicode.Scalar, or other: Unicode.Scalar? = nil) -> Bool {
        guard let byte = rest.first else { return false }
        let scalar = Unicode.Scalar(byte)
        guard scalar == wanted || scalar == other else { return false }
        rest.removeFirst()
        return true
    }

    /// An optional fraction of a second: 0 if there is none, `nil` for a point without digits.
    mutating func milliseconds() -> Int64? {
        guard skip(".") else { return 0 }
        guard let first = digit() else { return nil }
        var value = first * 100
        var weight: Int64 = 10
        while let next = digit() {
            value += next * weight
            weight /= 10
        }
        return value
    }

    /// `Z` or `±hh:mm`, in minutes east of UTC.
    mutating func offsetMinutes() -> Int64? {
        if skip("Z", or: "z") { return 0 }
        let sign: Int64
        if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
        guard let hours = number(digits: 2), skip(":"), let minutes = number(digits: 2), hours < 24,
            minutes < 60
        else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
