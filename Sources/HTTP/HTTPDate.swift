// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Times in header fields (RFC 9110 §5.6.7).
enum HTTPDate {
    /// The time as IMF-fixdate: `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func text(_ seconds: Int) -> String { DateLine.format(seconds) }

    /// Seconds since 1970 of an IMF-fixdate; `nil` for anything else, which includes the two obsolete forms: nobody has sent them for
    /// decades, and a precondition that is not understood is ignored.
    static func seconds(_ value: FieldValue) -> Int? {
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
        // Valid if it is what the time is written as.
        return seconds != -1 && text(seconds).utf8.elementsEqual(bytes) ? seconds : nil
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func number(_ digits: ArraySlice<UInt8>) -> Int32 {
        digits.reduce(0) { $0 * 10 + Int32($1 & 0x0F) }
    }
}
