// SPDX-License-Identifier: Apache-2.0
extension PageTextImporter {
    /// Parses `2025-04-06 23:49:13` as UTC, in milliseconds since 1970; `nil` for another format, or if there is no such day or
    /// time.
    static func milliseconds(fromDate text: Substring) -> Int64? {
        let shape = "0000-00-00 00:00:00".utf8
        let bytes = Array(text.utf8)
        let zero = UInt8(ascii: "0")
        let fits = zip(bytes, shape).allSatisfy { $1 == zero ? (zero...zero + 9).contains($0) : $0 == $1 }
        guard bytes.count == shape.count, fits else { return nil }
        let fields = bytes.split { !(zero...zero + 9).contains($0) }
            .map { $0.reduce(0) { $0 * 10 + Int64($1 - zero) } }
        let clock = (hour: fields[3], minute: fields[4], second: fields[5])
        guard let day = dayNumber(year: fields[0], month: fields[1], day: fields[2]),
            clock.hour < 24, clock.minute < 60, clock.second < 60
        else { return nil }
        return (((day * 24 + clock.hour) * 60 + clock.minute) * 60 + clock.second) * 1000
    }

    /// Days since 1970-01-01 in the Gregorian calendar.
    private static func dayNumber(year: Int64, month: Int64, day: Int64) -> Int64? {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let monthLengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard year >= 1, (1...12).contains(month), (1...monthLengths[Int(month) - 1]).contains(day)
        else { return nil }
        let daysBeforeMonth = monthLengths.prefix(Int(month) - 1).reduce(0, +)
        return daysBefore(year: year) - daysBefore(year: 1970) + daysBeforeMonth + day - 1
    }

    /// Days from the beginning of year 1 to the beginning of a year.
    private static func daysBefore(year: Int64) -> Int64 {
        let past = year - 1
        return past * 365 + past / 4 - past / 100 + past / 400
    }
}
