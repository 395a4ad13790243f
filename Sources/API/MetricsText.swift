// SPDX-License-Identifier: Apache-2.0
internal import Delivery
internal import HTTP
internal import Live
internal import Stories

/// All figures of `/metrics` at one moment.
struct MetricsSnapshot: Sendable {
    var version: String
    var metrics: Metrics
    var server: ServerStatistics
    var store: StoreStatistics
    var process: ProcessFigures?
    var deliveries: DeliveryFigures
    var cards: DeliveryFigures
    var pushes: DeliveryFigures
    /// Channels and cached responses in memory.
    var feed: FeedFigures
    /// Jobs in the queue for slow work.
    var jobs: (running: Int, waiting: Int)

    struct FeedFigures: Sendable {
        var stories = 0
        var pages = 0
        var pageBytes = 0
        var madePages = 0
        var coldReads = 0
    }
}

extension MetricsSnapshot {
    /// The figures in the Prometheus text format, version 0.0.4.
    var text: String {
        var text = MetricsText()
        text.gauge(
            "wireroom_build_info", "The version of the running program.", [([("version", version)], 1)])
        addAnswers(to: &text)
        addConnections(to: &text)
        addFeed(to: &text)
        addReactions(to: &text)
        addStore(to: &text)
        addJobs(to: &text)
        addDeliveries(to: &text)
        addMedia(to: &text)
        addCards(to: &text)
        addProcess(to: &text)
        return text.text
    }

    private func addAnswers(to text: inout MetricsText) {
        let routes =
            metrics.routes.map { (($0.meter.method.rawValue, $0.meter.route), $0.meter.figures) }
            + [(("none", "none"), server.unrouted)]
        let used = routes.filter { !$0.1.answers.isEmpty }
            .map { (labels: [("method", $0.0.0), ("route", $0.0.1)], figures: $0.1) }
        text.counter(
            "wireroom_http_responses_total", "Responses by route and status.",
            used.flatMap { route in
                route.figures.answers.sorted { $0.key < $1.key }
                    .map { (route.labels + [("status", "\($0.key)")], Double($0.value)) }
            })
        text.histogram(
            "wireroom_http_response_seconds",
            "Time from the complete request to its response, without the time a long poll waits for a change.",
            bounds: RouteFigures.bounds,
            used.map { ($0.labels, $0.figures.counts, $0.figures.seconds) })
        text.counter(
            "wireroom_cache_hits_total", "Responses served from the response cache.",
            metrics.routes.filter { $0.hits > 0 }.map { ([("route", $0.meter.route)], Double($0.hits)) })
        text.counter("wireroom_http_requests_total", "Requests received.", server.requests)
        text.counter(
            "wireroom_http_requests_refused_total", "Requests refused by the HTTP parser or a limit.",
            server.failures)
        text.counter(
            "wireroom_http_requests_abandoned_total",
            "Requests whose clients disconnected before the response.",
            server.abandonedRequests)
        text.counter("wireroom_http_sent_bytes_total", "Bytes sent to clients.", server.bytesSent)
    }

    private func addConnections(to text: inout MetricsText) {
        text.gauge("wireroom_http_connections", "Open connections.", server.openConnections)
        text.gauge(
            "wireroom_http_connections_limit", "Maximum number of open connections.",
            server.connectionLimit)
        text.counter(
            "wireroom_http_connections_accepted_total", "Connections accepted.", server.acceptedConnections)
        text.counter(
            "wireroom_http_connections_refused_total",
            "Connections refused by the limit of the server or of one client network.",
            server.refusedConnections)
        text.gauge(
            "wireroom_http_held_bytes",
            "Bytes of request bodies being received and of responses being sent.",
            server.heldBytes)
        text.gauge("wireroom_streams", "Open event streams.", server.openStreams)
        text.counter(
            "wireroom_streams_dropped_total", "Streams closed because the reader did not keep up.",
            server.droppedReaders)
        text.gauge("wireroom_parked_polls", "Long polls waiting for a change.", server.parkedRequests)
        text.counter(
            "wireroom_shares_refused_total",
            "Streams and long polls refused by the limit of one client network.",
            server.quotaRefusals)
        text.counter(
            "wireroom_gauge_repairs_total",
            "Times that an audit found gauges to differ from the open connections, which is a bug.",
            server.gaugeRepairs)
    }

    private func addFeed(to text: inout MetricsText) {
        text.gauge("wireroom_feed_stories", "Stories with a change log in memory.", feed.stories)
        text.gauge("wireroom_cache_pages", "Responses in the response cache.", feed.pages)
        text.gauge(
            "wireroom_cache_bytes", "Size of the response cache in bytes, an upper bound.", feed.pageBytes)
        text.counter(
            "wireroom_cache_pages_made_total", "Responses built for the response cache.", feed.madePages)
    }

    private func addReactions(to text: inout MetricsText) {
        let reactions = metrics.reactions
        text.counter(
            "wireroom_reactions_total", "Reactions by result.",
            [
                ("counted", reactions.counted), ("repeated", reactions.repeated),
                ("withdrawn", reactions.withdrawn),
            ]
            .map { ([("outcome", $0.0)], Double($0.1)) })
        text.counter(
            "wireroom_rate_limited_total", "Requests refused by a rate limit.",
            reactions.limited)
    }

    private func addStore(to text: inout MetricsText) {
        text.gauge("wireroom_writer_queue", "Writes waiting for a group commit.", store.waitingWrites)
        text.counter("wireroom_writes_total", "Writes committed.", store.committedWrites)
        text.counter("wireroom_commits_total", "Group commits.", store.commits)
        text.counter(
            "wireroom_commit_seconds_total", "Time spent in commits, mostly syncing the disk.",
            [([], store.commitSeconds)])
        text.counter("wireroom_commit_failures_total", "Commits that failed.", store.failedCommits)
        if let lag = store.followerLagSeconds {
            text.gauge(
                "wireroom_follower_lag_seconds",
                "Seconds since this node last read the commits of other nodes.", [([], lag)])
        } else {
            text.gauge("wireroom_database_bytes", "Size of the database file.", store.bytes)
            text.gauge("wireroom_database_log_bytes", "Size of its write-ahead log.", store.logBytes)
        }
    }

    private func addJobs(to text: inout MetricsText) {
        text.gauge(
            "wireroom_cold_reads", "Cold reads running or waiting for a turn.", feed.coldReads)
        text.gauge(
            "wireroom_jobs_running", "Jobs of rendering, compression and document parsing that are running.",
            jobs.running)
        text.gauge("wireroom_jobs_waiting", "Jobs waiting for a thread.", jobs.waiting)
    }

    private func addDeliveries(to text: inout MetricsText) {
        text.counter(
            "wireroom_webhook_deliveries_total", "Webhook delivery attempts by result.",
            [
                ("delivered", deliveries.delivered), ("retried", deliveries.retried),
                ("abandoned", deliveries.abandoned),
            ]
            .map { ([("result", $0.0)], Double($0.1)) })
        text.gauge(
            "wireroom_webhook_deliveries_pending", "Webhook deliveries that are pending.", deliveries.waiting)
        text.counter(
            "wireroom_push_messages_total", "Attempts to send a push message by result.",
            [
                ("sent", pushes.delivered), ("retried", pushes.retried), ("failed", pushes.abandoned),
                ("pruned", pushes.pruned),
            ]
            .map { ([("result", $0.0)], Double($0.1)) })
        text.gauge(
            "wireroom_push_notifications_pending", "Notifications of followers that are pending.",
            pushes.waiting)
    }

    private func addMedia(to text: inout MetricsText) {
        let uploads = metrics.media.uploads
        text.counter(
            "wireroom_media_uploads_total", "Uploads of pictures by result.",
            [("added", uploads.added), ("known", uploads.known), ("refused", uploads.refused)]
                .map { ([("result", $0.0)], Double($0.1)) })
        text.counter(
            "wireroom_media_bytes_total", "Bytes of the files of pictures that were added.",
            metrics.media.bytesAdded)
        text.counter(
            "wireroom_media_processing_seconds_total",
            "Seconds from the line of uploads to their files on the disk.",
            [([], metrics.media.processingSeconds)])
    }

    private func addCards(to text: inout MetricsText) {
        text.counter(
            "wireroom_card_lookups_total", "Attempts to look up a card by result.",
            [("found", cards.delivered), ("retried", cards.retried), ("failed", cards.abandoned)]
                .map { ([("result", $0.0)], Double($0.1)) })
        text.gauge("wireroom_card_lookups_pending", "Cards that are pending.", cards.waiting)
    }

    private func addProcess(to text: inout MetricsText) {
        guard let process else { return }
        text.gauge("process_resident_memory_bytes", "Resident memory size in bytes.", process.residentBytes)
        text.gauge("process_open_fds", "Number of open file descriptors.", process.openDescriptors)
        text.gauge(
            "process_max_fds", "Maximum number of open file descriptors.", process.maximumDescriptors)
        text.counter(
            "process_cpu_seconds_total", "Total user and system CPU time spent in seconds.",
            [([], process.processorSeconds)])
        text.gauge(
            "process_start_time_seconds", "Start time of the process since unix epoch in seconds.",
            [([], process.startSeconds)])
    }
}

/// The operating system's figures of a process, for the metrics that Prometheus client libraries export by convention.
public struct ProcessFigures: Sendable, Hashable {
    /// Resident memory in bytes.
    public var residentBytes = 0
    /// Number of open file descriptors.
    public var openDescriptors = 0
    /// Maximum number of open file descriptors.
    public var maximumDescriptors = 0
    /// User and system CPU time in seconds.
    public var processorSeconds = 0.0
    /// Start time in seconds since the Unix epoch.
    public var startSeconds = 0.0

    /// Creates figures that are all 0.
    public init() {}
}

/// Writes the Prometheus text format (exposition format 0.0.4).
private struct MetricsText {
    private(set) var text = ""

    typealias Labels = [(name: String, value: String)]

    mutating func gauge(_ name: String, _ help: String, _ value: Int) {
        gauge(name, help, [([], Double(value))])
    }

    mutating func gauge(_ name: String, _ help: String, _ samples: [(Labels, Double)]) {
        family(name, "gauge", help)
        for (labels, value) in samples { sample(name, labels, value) }
    }

    mutating func counter(_ name: String, _ help: String, _ value: Int) {
        counter(name, help, [([], Double(value))])
    }

    mutating func counter(_ name: String, _ help: String, _ samples: [(Labels, Double)]) {
        family(name, "counter", help)
        for (labels, value) in samples { sample(name, labels, value) }
    }

    /// Writes cumulative buckets from `counts`, which are per bucket.
    mutating func histogram(
        _ name: String, _ help: String, bounds: [Double], _ samples: [(Labels, counts: [Int], sum: Double)]
    ) {
        family(name, "histogram", help)
        for (labels, counts, sum) in samples {
            var total = 0
            for (bound, count) in zip(bounds.map(Self.number) + ["+Inf"], counts) {
                total += count
                sample(name + "_bucket", labels + [("le", bound)], Double(total))
            }
            sample(name + "_sum", labels, sum)
            sample(name + "_count", labels, Double(total))
        }
    }

    private mutating func family(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    private mutating func sample(_ name: String, _ labels: Labels, _ value: Double) {
        let list = labels.map { "\($0.name)=\"\($0.value)\"" }.joined(separator: ",")
        text += "\(name)\(list.isEmpty ? "" : "{\(list)}") \(Self.number(value))\n"
    }

    /// Formats whole numbers without a decimal point.
    private static func number(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? "\(value)"
    }
}
