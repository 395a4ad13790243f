// SPDX-License-Identifier: Apache-2.0
internal import Dispatch
internal import Synchronization

/// A few threads for work that blocks, and a bounded line before them. Each is a serial queue: those have a thread however many others are
/// blocked, which a concurrent queue has not.
package final class BoundedQueue: Sendable {
    private let lanes: [DispatchQueue]
    private let maximumWaiting: Int
    private let state: Mutex<State>

    private struct State {
        var idle: [Int]
        /// The first is the next.
        var waiting: [@Sendable () -> Void] = []
    }

    /// A queue of that many threads, before which at most `waiting` pieces of work stand in line.
    package init(_ label: String, _ threads: Int, waiting: Int) {
        lanes = (0..<max(threads, 1)).map { DispatchQueue(label: "\(label).\($0)") }
        maximumWaiting = waiting
        state = Mutex(State(idle: Array(lanes.indices)))
    }

    /// Has the work done when there is a thread; `false` if too much waits already.
    package func add(_ work: @escaping @Sendable () -> Void) -> Bool {
        enum Place { case lane(Int), line, none }
        let place = state.withLock { state -> Place in
            if let lane = state.idle.popLast() { return .lane(lane) }
            guard state.waiting.count < maximumWaiting else { return .none }
            state.waiting.append(work)
            return .line
        }
        if case .lane(let lane) = place { start(work, on: lane) }
        if case .none = place { return false }
        return true
    }

    private func start(_ work: @escaping @Sendable () -> Void, on lane: Int) {
        lanes[lane].async { @Sendable in
            work()
            self.startNext(on: lane)
        }
    }

    private func startNext(on lane: Int) {
        let next = state.withLock { state -> (@Sendable () -> Void)? in
            if !state.waiting.isEmpty { return state.waiting.removeFirst() }
            state.idle.append(lane)
            return nil
        }
        if let next { start(next, on: lane) }
    }
}
