// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Stories

/// How often a story changes, measured by the times of its latest changes.
struct ChangeRate: Sendable {
    /// Times of the latest changes, at most `fastChanges`.
    private var changes: [Instant]

    /// A newly opened channel counts as just changed, because the time of its last change is not known.
    init(at now: Instant) {
        changes = [now]
    }

    /// Records a change.
    mutating func count(at now: Instant) {
        changes.append(now)
        if changes.count > Self.fastChanges { changes.removeFirst() }
    }

    /// Number of changes within `recently` that make a story fast.
    private static let fastChanges = 5
    private static let recently = Duration.seconds(5 * 60)
    private static let lately = Duration.seconds(60 * 60)

    /// Returns the poll interval for this rate, in seconds.
    func seconds(at now: Instant) -> Int {
        let recent = changes.filter { now < $0 + Self.recently }.count
        if recent >= Self.fastChanges { return 5 }
        if recent > 0 { return 10 }
        return changes.contains { now < $0 + Self.lately } ? 20 : 30
    }
}

/// The operator's bounds for the poll interval that the server requests.
public struct PollInterval: Sendable {
    /// Bounds for a live story, in seconds.
    public var bounds: ClosedRange<Int>
    /// Intervals for a closed story, in seconds: the lower bound during the first day, the upper bound thereafter.
    public var closed: ClosedRange<Int>

    /// Creates intervals with these bounds.
    public init(bounds: ClosedRange<Int> = 5...60, closed: ClosedRange<Int> = 300...3_600) {
        self.bounds = bounds
        self.closed = closed
    }

    /// Returns the poll interval in seconds: that of the story's rate of changes, doubled for each level of load.
    func seconds(rated seconds: Int, load: Int) -> Int {
        min(max(seconds << load, bounds.lowerBound), bounds.upperBound)
    }

    /// Returns the poll interval of a closed story in seconds. Corrections, takedowns and reopenings are most likely on the first day.
    func seconds(closedAt: Timestamp, at time: Timestamp) -> Int {
        time.milliseconds - closedAt.milliseconds < Self.dayMilliseconds
            ? closed.lowerBound : closed.upperBound
    }

    private static let dayMilliseconds: Int64 = 24 * 60 * 60 * 1_000
}
