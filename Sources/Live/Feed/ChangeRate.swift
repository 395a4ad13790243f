// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Stories

/// How often a story changes, by the moments of its last changes.
struct ChangeRate: Sendable {
    /// The last changes, at most as many as make a story fast.
    private var changes: [Instant]

    /// A newly opened channel counts as just changed, because the time of its last change is not known.
    init(at now: Instant) {
        changes = [now]
    }

    /// The story has changed.
    mutating func count(at now: Instant) {
        changes.append(now)
        if changes.count > Self.fastChanges { changes.removeFirst() }
    }

    /// Changes in the last minutes that make a story fast.
    private static let fastChanges = 5
    private static let recently = Duration.seconds(5 * 60)
    private static let lately = Duration.seconds(60 * 60)

    /// Seconds between two polls that fit the rate.
    func seconds(at now: Instant) -> Int {
        let recent = changes.filter { now < $0 + Self.recently }.count
        if recent >= Self.fastChanges { return 5 }
        if recent > 0 { return 10 }
        return changes.contains { now < $0 + Self.lately } ? 20 : 30
    }
}

/// The poll interval that the server asks for, and the bounds that the operator gives it.
public struct PollInterval: Sendable {
    /// Seconds for a story that is live, both ends included.
    public var bounds: ClosedRange<Int>
    /// Seconds for a closed story: the lower bound on its first day, the upper bound after it.
    public var closed: ClosedRange<Int>

    /// Intervals in these bounds.
    public init(bounds: ClosedRange<Int> = 5...60, closed: ClosedRange<Int> = 300...3_600) {
        self.bounds = bounds
        self.closed = closed
    }

    /// Seconds until the next poll, of those that fit a story's rate of changes: twice as many for each step of the server's load.
    func seconds(rated seconds: Int, load: Int) -> Int {
        min(max(seconds << load, bounds.lowerBound), bounds.upperBound)
    }

    /// Seconds until the next poll of a closed story: corrections, takedowns and reopenings are most likely on its first day.
    func seconds(closedAt: Timestamp, at time: Timestamp) -> Int {
        time.milliseconds - closedAt.milliseconds < Self.dayMilliseconds
            ? closed.lowerBound : closed.upperBound
    }

    private static let dayMilliseconds: Int64 = 24 * 60 * 60 * 1_000
}
