internal import HTTP
internal import Synchronization

/// A stamp for what may change thousands of times a second and is costly to make anew: it moves with the first change after a
/// quiet second (leading edge), then with each tick that finds further ones (trailing edge). So what was made by it is at most
/// a second old, and the last change always shows.
final class ThrottledGeneration: Sendable {
    private let generation = Atomic<UInt64>(0)
    private let pace = Mutex(Pacing())

    private struct Pacing {
        var movedAt: Instant?
        /// Whether there were changes that the stamp has not moved for.
        var isBehind = false
    }

    /// The least time between a move and the next leading edge. Ticks come once in it.
    static let interval = Duration.seconds(1)

    /// To be read before what it stands for.
    var value: UInt64 { generation.load(ordering: .acquiring) }

    /// There was a change.
    func note(at now: Instant) {
        pace.withLock { pace in
            if let last = pace.movedAt, now < last + Self.interval {
                pace.isBehind = true
            } else {
                move(&pace, at: now)
            }
        }
    }

    /// To be called once in each ``interval``.
    func tick(at now: Instant) {
        pace.withLock { if $0.isBehind { move(&$0, at: now) } }
    }

    /// Moves without delay: what was made before may be wrong in more than counts.
    func move(at now: Instant) {
        pace.withLock { move(&$0, at: now) }
    }

    private func move(_ pace: inout Pacing, at now: Instant) {
        pace = Pacing(movedAt: now)
        generation.add(1, ordering: .acquiringAndReleasing)
    }
}
