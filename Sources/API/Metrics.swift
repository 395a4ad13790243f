// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import Live
internal import Synchronization

/// What the API counts.
final class Metrics: Sendable {
    private let counters = Mutex<[RouteCounter]>([])
    private let countedReactions = Atomic<Int>(0)
    private let repeatedReactions = Atomic<Int>(0)
    private let withdrawnReactions = Atomic<Int>(0)
    private let limited = Atomic<Int>(0)

    /// The counter of a new route.
    func addCounter(_ method: Method, _ route: String) -> RouteCounter {
        let counter = RouteCounter(RouteMeter(method, route))
        counters.withLock { $0.append(counter) }
        return counter
    }

    /// A reaction was taken: `isCounted` unless the visitor had given it before.
    func countReaction(isCounted: Bool) {
        if isCounted {
            countedReactions.add(1, ordering: .relaxed)
        } else {
            repeatedReactions.add(1, ordering: .relaxed)
        }
    }

    /// A reaction was taken back.
    func countWithdrawal() { withdrawnReactions.add(1, ordering: .relaxed) }

    /// A client was told that it does too much.
    func countLimited() { limited.add(1, ordering: .relaxed) }

    /// The routes, in the order in which they were added.
    var routes: [RouteCounter] { counters.withLock { $0 } }

    /// Reactions by what became of them, and refusals for being too many.
    var reactions: (counted: Int, repeated: Int, withdrawn: Int, limited: Int) {
        (
            countedReactions.load(ordering: .relaxed), repeatedReactions.load(ordering: .relaxed),
            withdrawnReactions.load(ordering: .relaxed), limited.load(ordering: .relaxed)
        )
    }
}
