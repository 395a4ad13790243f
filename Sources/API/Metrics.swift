internal import HTTP
internal import Synchronization

/// Counts the answers of one route. Those from memory are counted without a lock.
final class RouteCounter: Sendable {
    let route: String
    private let fullHits = Atomic<Int>(0)
    private let notModifiedHits = Atomic<Int>(0)
    private let others = Mutex<[Int: Int]>([:])

    init(route: String) {
        self.route = route
    }

    /// An answer from memory: 200 or 304.
    func countHit(_ status: Status) {
        if status == .notModified {
            notModifiedHits.add(1, ordering: .relaxed)
        } else {
            fullHits.add(1, ordering: .relaxed)
        }
    }

    /// Any other answer.
    func count(_ status: Status) {
        others.withLock { $0[status.code, default: 0] += 1 }
    }

    /// Answers from memory.
    var hits: Int { fullHits.load(ordering: .relaxed) + notModifiedHits.load(ordering: .relaxed) }

    /// All answers by status.
    var answers: [Int: Int] {
        var answers = others.withLock { $0 }
        let fromMemory = [
            200: fullHits.load(ordering: .relaxed), 304: notModifiedHits.load(ordering: .relaxed),
        ]
        for (status, count) in fromMemory where count > 0 { answers[status, default: 0] += count }
        return answers
    }
}

/// The counters of all routes.
final class Metrics: Sendable {
    private let counters = Mutex<[String: RouteCounter]>([:])

    /// The counter of a route, made when it is first asked for.
    func counter(of route: String?) -> RouteCounter {
        let route = route ?? "none"
        return counters.withLock { counters in
            if let counter = counters[route] { return counter }
            let counter = RouteCounter(route: route)
            counters[route] = counter
            return counter
        }
    }

    func count(route: String?, status: Status) {
        counter(of: route).count(status)
    }

    /// What the feed has in memory.
    struct FeedFigures {
        var stories = 0
        var pages = 0
        var pageBytes = 0
        var madePages = 0
    }

    /// The Prometheus text format, version 0.0.4.
    func text(version: String, server: ServerStatistics, feed: FeedFigures) -> String {
        let routes = counters.withLock { Array($0.values) }.sorted { $0.route < $1.route }
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
            routes.flatMap { counter in
                counter.answers.sorted { $0.key < $1.key }.map {
                    ("{route=\"\(counter.route)\",status=\"\($0.key)\"}", $0.value)
                }
            })
        family(
            "wireroom_cache_hits_total", "counter", "Answers straight from memory, by route.",
            routes.filter { $0.hits > 0 }.map { ("{route=\"\($0.route)\"}", $0.hits) })
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
            ("wireroom_streams", "gauge", "Event streams open now.", server.openStreams),
            (
                "wireroom_streams_dropped_total", "counter", "Readers dropped because they did not keep up.",
                server.droppedReaders
            ),
            ("wireroom_parked_polls", "gauge", "Polls that wait for a change now.", server.parkedRequests),
            ("wireroom_feed_stories", "gauge", "Stories whose latest changes are in memory.", feed.stories),
            ("wireroom_cache_pages", "gauge", "Pages in memory.", feed.pages),
            ("wireroom_cache_bytes", "gauge", "Bytes of the pages in memory, at most.", feed.pageBytes),
            ("wireroom_cache_pages_made_total", "counter", "Pages made.", feed.madePages),
        ]
        for (name, type, help, value) in single { family(name, type, help, [("", value)]) }
        return lines.joined(separator: "\n") + "\n"
    }
}
