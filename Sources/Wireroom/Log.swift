internal import Glibc
internal import Stories

/// The server's log: a line an event on standard output, with its time and level.
enum Log {
    enum Level: String {
        case info, warning, error
    }

    static func write(_ level: Level, _ message: String) {
        // A line end in a message must not look like another event.
        let line = message.map { $0.isNewline ? " " : $0 }
        say("\(Timestamp.now) \(level.rawValue) \(String(line))")
    }
}
