// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The `Connection` field of a response.
enum ConnectionOption: Int, CaseIterable {
    /// No field: HTTP/1.1 is persistent by default.
    case none
    /// `Connection: close`.
    case close
    /// `Connection: keep-alive`, for HTTP/1.0.
    case keepAlive

    fileprivate var line: String {
        switch self {
        case .none: ""
        case .close: "Connection: close\r\n"
        case .keepAlive: "Connection: keep-alive\r\n"
        }
    }
}

/// The end of every head: `Date` (RFC 9110 §6.6.1), `Connection` and the empty line, encoded once a second.
struct DateLine {
    private var second: time_t = -1
    private var lines: [[UInt8]] = []

    /// The encoded lines of the current second.
    mutating func bytes(_ option: ConnectionOption) -> [UInt8] { lines[option.rawValue] }

    /// Reads the wall clock; call once per wake.
    mutating func update() {
        // The coarse clock needs no system call, and is accurate to a few milliseconds.
        var now = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &now)
        guard now.tv_sec != second else { return }
        second = now.tv_sec
        let date = Self.format(second)
        lines = ConnectionOption.allCases.map { Array("Date: \(date)\r\n\($0.line)\r\n".utf8) }
    }

    /// IMF-fixdate (RFC 9110 §5.6.7), in English in any locale: `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func format(_ second: time_t) -> String {
        var (second, parts) = (second, tm())
        gmtime_r(&second, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return """
            \(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \
            \(parts.tm_year + 1900) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT
            """
    }
}
