internal import HTTP
internal import Synchronization

/// Ties the knot between a server, which needs the API, and the API, which shows the server's figures.
final class ServerFigures: Sendable {
    private let server = Mutex<Server?>(nil)

    func watch(_ server: Server) {
        self.server.withLock { $0 = server }
    }

    var statistics: ServerStatistics {
        server.withLock { $0 }?.statistics ?? ServerStatistics()
    }
}
