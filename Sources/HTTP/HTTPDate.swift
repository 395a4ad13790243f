// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Dates in header fields (RFC 9110 §5.6.7).
package enum HTTPDate {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Formats seconds since 1970 as IMF-fixdate, in English in any locale: `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func text(_ seconds: Int) -> String {
        var (seconds, parts) = (seconds, tm())
        gmtime_r(&seconds, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return """
            \(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \
            \(parts.tm_year + 1900) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT
            """
    }

    /// Parses an IMF-fixdate to seconds since 1970; `nil` for anything else.
    ///
    /// The two obsolete formats, which RFC 9110 would have recipients accept, are not parsed: the field is ignored then, so a client that
    /// still sends them gets a full response instead of a 304.
    package static func seconds(_ value: FieldValue) -> Int? {
        let bytes = Array(value.bytes)
        guard bytes.count == 29 else { return nil }
        var parts = tm()
        parts.tm_mday = number(bytes[5..<7])
        parts.tm_mon = Int32(months.firstIndex { bytes[8..<11].elementsEqual($0.utf8) } ?? 0)
        parts.tm_year = number(bytes[12..<16]) - 1900
        parts.tm_hour = number(bytes[17..<19])
        parts.tm_min = number(bytes[20..<22])
        parts.tm_sec = number(bytes[23..<25])
        let seconds = timegm(&parts)
        // Valid if formatting it gives the same text.
        return seconds != -1 && text(seconds).utf8.elementsEqual(bytes) ? seconds : nil
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int32 {
        digits.reduce(0) { $0 * 10 + Int32($1 & 0x0F) }
    }
}
