internal import Dispatch
internal import Glibc
internal import Stories
internal import Synchronization

/// The server's log: a line an event on standard output, with its time and level.
///
/// Lines are written by a queue of the log's own: whoever reads them slowly, or not at all, holds up nobody but the log.
/// What waits is bounded; lines over that are counted and lost.
final class Log: Sendable {
    enum Level: String {
        case info, warning, error
    }

    private let queue = DispatchQueue(label: "wireroom.log")
    private let state = Mutex(State())

    private struct State {
        var waiting = 0
        var lost = 0
        var lastPaced: [String: Timestamp] = [:]
    }

    private static let maximumWaiting = 1_000
    private static let pauseMilliseconds: Int64 = 10_000

    func write(_ level: Level, _ message: String) {
        let accepted = state.withLock { state in
            guard state.waiting < Self.maximumWaiting else {
                state.lost += 1
                return false
            }
            state.waiting += 1
            return true
        }
        guard accepted else { return }
        let line = Self.line(level, message)
        queue.async { @Sendable in
            say(line)
            self.finishLine()
        }
    }

    /// Writes an event that may come with every request, or as often as a client likes: the first of its kind at once,
    /// then not more than one in a while.
    func paced(_ level: Level, kind: String, _ message: String) {
        let now = Timestamp.now
        let isDue = state.withLock { state in
            if let last = state.lastPaced[kind], now.milliseconds - last.milliseconds < Self.pauseMilliseconds
            {
                return false
            }
            state.lastPaced[kind] = now
            return true
        }
        if isDue { write(level, message) }
    }

    /// Waits for what is to be written, but not long: nobody may be reading.
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
        if lost > 0 { say(Self.line(.warning, "\(lost) lines of this log were lost: they came too fast")) }
    }

    /// A line end in a message must not look like another event.
    private static func line(_ level: Level, _ message: String) -> String {
        "\(Timestamp.now) \(level.rawValue) \(String(message.map { $0.isNewline ? " " : $0 }))"
    }
}
