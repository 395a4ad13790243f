import Synchronization

/// Counts the answers of one route, and how long they took.
///
/// The responder puts it into its responses; the connection that sends one records it. Workers count apart, so that they do not
/// wait for each other.
public final class RouteMeter: Sendable {
    /// The method of the route.
    public let method: Method
    /// The template of the route, such as `/stories/{story}`.
    public let route: String
    private let shards: [Shard]

    private final class Shard: Sendable {
        let figures = Mutex(RouteFigures())
    }

    /// More workers than this share.
    private static let shardCount = 8

    /// A meter that has counted nothing.
    public init(_ method: Method, _ route: String) {
        (self.method, self.route) = (method, route)
        shards = (0..<Self.shardCount).map { _ in Shard() }
    }

    /// Counts an answer; without `seconds` where its time says nothing, as of a stream.
    func record(_ status: Status, seconds: Double?, worker: Int) {
        shards[worker % Self.shardCount].figures.withLock { $0.record(status, seconds: seconds) }
    }

    /// What was counted so far.
    public var figures: RouteFigures {
        shards.reduce(into: RouteFigures()) { sum, shard in sum.add(shard.figures.withLock { $0 }) }
    }
}

/// What a route has answered, and how quickly.
public struct RouteFigures: Sendable, Hashable {
    private var full = 0
    private var notModified = 0
    private var others: [Int: Int] = [:]
    /// How many answers took at most as long as each of `bounds` and longer than the one before; the last of them longer than
    /// all bounds.
    public private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
    /// The seconds of all those answers together.
    public private(set) var seconds = 0.0

    /// Seconds that answers are sorted by: those from memory take some millionths, those from the store some thousandths.
    public static let bounds = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]

    init() {}

    /// Answers by their status.
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
