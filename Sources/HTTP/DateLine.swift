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

    /// Appends the encoded lines of the current second.
    func append(_ option: ConnectionOption, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: lines[option.rawValue])
    }

    /// Reads the wall clock; call once per wake.
    mutating func update() {
        // The coarse clock needs no system call, and is accurate to a few milliseconds.
        var now = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &now)
        guard now.tv_sec != second else { return }
        second = now.tv_sec
        let date = HTTPDate.text(second)
        lines = ConnectionOption.allCases.map { Array("Date: \(date)\r\n\($0.line)\r\n".utf8) }
    }
}
