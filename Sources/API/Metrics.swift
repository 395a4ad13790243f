internal import HTTP
internal import Synchronization

/// Counts answers by route and status.
final class Metrics: Sendable {
    private let answers = Mutex<[Answer: Int]>([:])

    private struct Answer: Hashable {
        let route: String
        let status: Int
    }

    func count(route: String?, status: Status) {
        answers.withLock { $0[Answer(route: route ?? "none", status: status.code), default: 0] += 1 }
    }

    /// The Prometheus text format, version 0.0.4.
    func text(version: String, server: ServerStatistics) -> String {
        let counts = answers.withLock { $0 }.sorted {
            ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status)
        }
        var lines: [String] = []
        func family(_ name: String, _ type: String, _ help: String, _ samples: [(labels: String, value: Int)])
        {
            lines.append("# HELP \(name) \(help)")
            lines.append("# TYPE \(name) \(type)")
            lines += samples.map { "\(name)\($0.labels) \($0.value)" }
        }
        family("wireroom_build_info", "gauge", "The version that runs.", [("{version=\"\(version)\"}", 1)])
        family(
            "wireroom_http_responses_total", "counter", "Answers by route and status.",
            counts.map { ("{route=\"\($0.key.route)\",status=\"\($0.key.status)\"}", $0.value) })
        let single: [(String, String, String, Int)] = [
            ("wireroom_http_connections", "gauge", "Connections open now.", server.openConnections),
            (
                "wireroom_http_connections_accepted_total", "counter", "Connections accepted.",
                server.acceptedConnections
            ),
            (
                "wireroom_http_connections_refused_total", "counter",
                "Connections refused for being too many.",
                server.refusedConnections
            ),
            ("wireroom_http_requests_total", "counter", "Requests taken up.", server.requests),
            ("wireroom_http_sent_bytes_total", "counter", "Bytes sent to clients.", server.bytesSent),
        ]
        for (name, type, help, value) in single { family(name, type, help, [("", value)]) }
        return lines.joined(separator: "\n") + "\n"
    }
}
