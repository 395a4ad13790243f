internal import HTTP
internal import Synchronization

/// Ties the knot between a server, which needs the API, and the API, which shows the server's figures.
final class ServerFigures: Sendable {
    private let watched = Mutex(Watched())

    /// Weak, for the server holds the API, which holds this.
    private struct Watched {
        weak var server: Server?
    }

    func watch(_ server: Server) {
        watched.withLock { $0.server = server }
    }

    var statistics: ServerStatistics {
        watched.withLock { $0.server }?.statistics ?? ServerStatistics()
    }
}
