// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A time of the monotonic clock, in nanoseconds. One machine word, so that scanning ten thousand deadlines is cheap.
public struct Instant: Comparable, Hashable, Sendable {
    var nanoseconds: UInt64

    /// Later than any other instant.
    static let never = Instant(nanoseconds: .max)

    /// The current time.
    public static var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }

    /// Chronological order.
    public static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

    /// Seconds elapsed since `earlier`; negative if that is later.
    public func seconds(since earlier: Instant) -> Double {
        (Double(nanoseconds) - Double(earlier.nanoseconds)) / 1_000_000_000
    }

    /// Saturating addition: `never` for spans of 2³² seconds or more; negative spans count as 0.
    public static func + (instant: Instant, span: Duration) -> Instant {
        let (seconds, attoseconds) = span.components
        guard seconds >= 0, seconds < 1 << 32 else { return seconds < 0 ? instant : .never }
        let nanoseconds = UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
        let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(nanoseconds)
        return overflow ? .never : Instant(nanoseconds: sum)
    }
}
