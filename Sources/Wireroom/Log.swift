// SPDX-License-Identifier: Apache-2.0
internal import Dispatch
internal import Glibc
internal import Stories
internal import Synchronization

/// The server's log: one line per event on standard output.
///
/// Lines are written on a dedicated queue, so that a slow or stalled consumer blocks only the log. The queue is bounded;
/// lines beyond the bound are dropped and counted.
final class Log: Sendable {
    private let format: LogFormat
    private let leastLevel: LogLine.Level
    private let queue = DispatchQueue(label: "wireroom.log")
    private let state = Mutex(State())

    private struct State {
        var waiting = 0
        var lost = 0
        var lastThrottled: [String: Timestamp] = [:]
    }

    private static let maximumWaiting = 1_000
    private static let pauseMilliseconds: Int64 = 10_000

    /// Creates a log of events at `leastLevel` or above.
    init(format: LogFormat = .text, leastLevel: LogLine.Level = .info) {
        (self.format, self.leastLevel) = (format, leastLevel)
    }

    func write(
        _ level: LogLine.Level, _ message: String, _ fields: [(name: String, value: LogLine.Value)] = []
    ) {
        guard level >= leastLevel else { return }
        let accepted = state.withLock { state in
            guard state.waiting < Self.maximumWaiting else {
                state.lost += 1
                return false
            }
            state.waiting += 1
            return true
        }
        guard accepted else { return }
        let line = LogLine(level: level, message: message, fields: fields).text(format)
        queue.async { @Sendable in
            say(line)
            self.finishLine()
        }
    }

    /// Writes an event that clients can trigger at will, throttled to one of its kind per interval, the first at once.
    func throttled(
        _ level: LogLine.Level, kind: String, _ message: String,
        _ fields: [(name: String, value: LogLine.Value)] = []
    ) {
        let now = Timestamp.now
        let isDue = state.withLock { state in
            if let last = state.lastThrottled[kind],
                now.milliseconds - last.milliseconds < Self.pauseMilliseconds
            {
                return false
            }
            state.lastThrottled[kind] = now
            return true
        }
        if isDue { write(level, message, fields) }
    }

    /// Waits for pending lines, at most half a second, since the consumer may be stalled.
    func flush() {
        let done = DispatchSemaphore(value: 0)
        queue.async { @Sendable in done.signal() }
        _ = done.wait(timeout: .now() + .milliseconds(500))
    }

    private func finishLine() {
        let lost = state.withLock { state in
            state.waiting -= 1
            defer { state.lost = 0 }
            return state.lost
        }
        guard lost > 0, .warning >= leastLevel else { return }
        say(
            LogLine(
                level: .warning, message: "log lines were dropped: the queue was full",
                fields: [("lines", .integer(lost))]
            ).text(format))
    }
}
