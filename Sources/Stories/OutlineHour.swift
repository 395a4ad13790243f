// SPDX-License-Identifier: Apache-2.0
/// An hour of a story in which updates were published.
public struct OutlineHour: Hashable, Sendable {
    /// When the hour begins, in UTC.
    public var start: Timestamp
    /// The number of updates that were published in it.
    public var count: Int
    /// The id of the newest of them.
    public var latest: Identifier

    /// Memberwise.
    public init(start: Timestamp, count: Int, latest: Identifier) {
        (self.start, self.count, self.latest) = (start, count, latest)
    }

    private static let milliseconds: Int64 = 3_600_000

    /// Groups updates by hours; both newest first.
    public static func grouping(_ updates: [(publishedAt: Timestamp, id: Identifier)]) -> [OutlineHour] {
        var hours: [OutlineHour] = []
        for (time, id) in updates {
            let start = Self.start(of: time)
            if hours.last?.start == start {
                hours[hours.endIndex - 1].count += 1
            } else if hours.count < Limits.outlineHours {
                hours.append(OutlineHour(start: start, count: 1, latest: id))
            } else {
                break
            }
        }
        return hours
    }

    private static func start(of time: Timestamp) -> Timestamp {
        let rest = time.milliseconds % milliseconds
        return Timestamp(milliseconds: time.milliseconds - (rest < 0 ? rest + milliseconds : rest))
    }
}
