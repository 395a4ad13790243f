// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Synchronization

/// Breaks the retain cycle between the server, which holds the API, and the API, which reports the server's statistics.
final class ServerFigures: Sendable {
    private let watched = Mutex(Watched())

    /// Weak, because the server holds the API, which holds this.
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
