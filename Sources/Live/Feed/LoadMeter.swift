// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import HTTP

/// The load of the server in three levels, by the share of its processors that the process uses. The level rises only after some
/// seconds of load, and falls likewise (hysteresis), so that a spike does not change every poller's interval.
struct LoadMeter: Sendable {
    /// `nil`: load is not measured, and the level stays 0.
    private let processors: Int?
    private var last: (instant: Instant, processorSeconds: Double)
    private var ticks = 0
    /// 0: normal; 1: busy; 2: at the limit.
    private(set) var level = 0

    private static let busyShare = [0.7, 0.9]
    private static let calmShare = 0.5
    private static let ticksToRise = 3
    private static let ticksToFall = 10

    init(processors: Int?, at now: Instant) {
        self.processors = processors
        last = (now, Self.processorSeconds)
    }

    /// Measures the load; call it about once a second.
    mutating func tick(at now: Instant) {
        guard let processors else { return }
        let spent = Self.processorSeconds
        let elapsed = now.seconds(since: last.instant)
        guard elapsed > 0.1 else { return }
        count(share: (spent - last.processorSeconds) / elapsed / Double(max(1, processors)))
        last = (now, spent)
    }

    /// Updates the level by the share of the processors used since the last tick.
    mutating func count(share: Double) {
        if level < Self.busyShare.count, share > Self.busyShare[level] {
            ticks = max(ticks, 0) + 1
        } else if level > 0, share < Self.calmShare {
            ticks = min(ticks, 0) - 1
        } else {
            ticks = 0
        }
        if ticks == Self.ticksToRise { (level, ticks) = (level + 1, 0) }
        if ticks == -Self.ticksToFall { (level, ticks) = (level - 1, 0) }
    }

    private static var processorSeconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) {
            $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1_000_000
        }
    }
}
