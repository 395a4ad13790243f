import Glibc

/// A moment of the monotonic clock in nanoseconds: one word, so that ten thousand deadlines are cheap to
/// look at.
public struct Instant: Comparable, Hashable, Sendable {
    var nanoseconds: UInt64

    /// Later than any other moment.
    static let never = Instant(nanoseconds: .max)

    /// This moment.
    public static var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }

    /// The order of time.
    public static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

    /// Seconds that have passed since an earlier moment; negative since a later one.
    public func seconds(since earlier: Instant) -> Double {
        (Double(nanoseconds) - Double(earlier.nanoseconds)) / 1_000_000_000
    }

    /// The moment after a span of time; `never` where that is out of reach.
    public static func + (instant: Instant, span: Duration) -> Instant {
        let (seconds, attoseconds) = span.components
        guard seconds >= 0, seconds < 1 << 32 else { return seconds < 0 ? instant : .never }
        let nanoseconds = UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
        let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(nanoseconds)
        return overflow ? .never : Instant(nanoseconds: sum)
    }
}
