// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Synchronization

/// Generation of reactions, which may arrive thousands of times a second. One sequence with two positions: `latest` advances with
/// each reaction, and `throttled` catches up with it about once a second, for responses that are costly to make.
///
///                reaction: catches up             reaction
///     ┌───────┐ ─────────────────────▶ ┌─────────┐ ───────▶ ┌────────┐
///     │ quiet │                        │ current │          │ behind │
///     └───────┘ ◀───────────────────── └─────────┘ ◀─────── └────────┘
///                   a second passes                  tick: catches up
///
/// The first reaction after a quiet second shows at once (leading edge), those that follow it with the next tick (trailing edge):
/// throttled responses are at most a second old, and the last reaction always shows. An external write catches up from any state.
///
/// A response read from the store after `latest` was n shows reaction n. If exact, it is fresh while `latest` is n; if throttled, while
/// `throttled` is at most n.
final class ReactionGeneration: Sendable {
    private let sequence = Atomic<UInt64>(0)
    private let position = Atomic<UInt64>(0)
    private let pacing = Mutex(Pacing())

    private struct Pacing {
        /// When `throttled` last caught up; `nil`: never.
        var caughtUpAt: Instant?
        var isBehind = false
    }

    /// Minimum time between catching up and the next leading edge; also the interval of ticks.
    static let interval = Duration.seconds(1)

    /// Advances with each reaction. Load it before reading the store.
    var latest: UInt64 { sequence.load(ordering: .acquiring) }

    /// Catches up with ``latest`` about once a second; never above it.
    var throttled: UInt64 { position.load(ordering: .acquiring) }

    /// Counts a reaction.
    func count(at now: Instant) {
        pacing.withLock { pacing in
            sequence.add(1, ordering: .acquiringAndReleasing)
            if let last = pacing.caughtUpAt, now < last + Self.interval {
                pacing.isBehind = true
            } else {
                catchUp(&pacing, at: now)
            }
        }
    }

    /// Catches up if behind; call it once per ``interval``.
    func tick(at now: Instant) {
        pacing.withLock { if $0.isBehind { catchUp(&$0, at: now) } }
    }

    /// Makes all responses stale after an external write, throttled ones too: more than counts may have changed.
    func markStale(at now: Instant) {
        pacing.withLock { pacing in
            sequence.add(1, ordering: .acquiringAndReleasing)
            catchUp(&pacing, at: now)
        }
    }

    private func catchUp(_ pacing: inout Pacing, at now: Instant) {
        pacing = Pacing(caughtUpAt: now)
        position.store(latest, ordering: .releasing)
    }
}
