// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Counters and a latency histogram of one route.
///
/// The responder attaches it to its responses; the connection that sends one records it. Sharded by worker, so that workers do
/// not contend for a lock.
public final class RouteMeter: Sendable {
    /// The method of the route.
    public let method: Method
    /// The template of the route, such as `/stories/{story}`.
    public let route: String
    private let shards: [Shard]

    private final class Shard: Sendable {
        let figures = Mutex(RouteFigures())
    }

    /// More workers than this share shards.
    private static let shardCount = 8

    /// A meter with all counters at 0.
    public init(_ method: Method, _ route: String) {
        (self.method, self.route) = (method, route)
        shards = (0..<Self.shardCount).map { _ in Shard() }
    }

    /// Records a response; `seconds` is `nil` if its latency is meaningless, as for a stream.
    func record(_ status: Status, seconds: Double?, worker: Int) {
        shards[worker % Self.shardCount].figures.withLock { $0.record(status, seconds: seconds) }
    }

    /// The sum of all shards.
    public var figures: RouteFigures {
        shards.reduce(into: RouteFigures()) { sum, shard in sum.add(shard.figures.withLock { $0 }) }
    }
}

/// Responses by status, and their latency histogram.
public struct RouteFigures: Sendable, Hashable {
    private var full = 0
    private var notModified = 0
    private var others: [Int: Int] = [:]
    /// Histogram buckets: latencies above the previous bound and at most the bound of the same index; the last bucket is above
    /// all bounds.
    public private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
    /// Sum of all latencies in seconds.
    public private(set) var seconds = 0.0

    /// Upper bounds of the buckets in seconds: cache hits take microseconds, reads from the store milliseconds.
    public static let bounds = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]

    init() {}

    /// Responses by status code.
    public var answers: [Int: Int] {
        var answers = others
        if full > 0 { answers[200] = full }
        if notModified > 0 { answers[304] = notModified }
        return answers
    }

    mutating func record(_ status: Status, seconds: Double?) {
        switch status.code {
        case 200: full += 1
        case 304: notModified += 1
        case let code: others[code, default: 0] += 1
        }
        guard let seconds else { return }
        counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
        self.seconds += seconds
    }

    mutating func add(_ more: RouteFigures) {
        full += more.full
        notModified += more.notModified
        others.merge(more.others, uniquingKeysWith: +)
        for index in counts.indices { counts[index] += more.counts[index] }
        seconds += more.seconds
    }
}
