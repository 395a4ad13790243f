// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// A value that is set once, later, and can be awaited by any number of tasks.
package final class Promise<Value: Sendable>: Sendable {
    private enum State {
        case waiting([CheckedContinuation<Value, Never>])
        case fulfilled(Value)
    }

    private let state = Mutex(State.waiting([]))

    /// Creates an unfulfilled promise.
    package init() {}

    /// Resumes all waiters with the value. Calls after the first have no effect.
    package func fulfill(_ value: Value) {
        let waiting = state.withLock { state -> [CheckedContinuation<Value, Never>] in
            guard case .waiting(let list) = state else { return [] }
            state = .fulfilled(value)
            return list
        }
        for continuation in waiting { continuation.resume(returning: value) }
    }

    /// The value; suspends until the promise is fulfilled.
    package var value: Value {
        get async {
            if let value = fulfilled { return value }
            return await withCheckedContinuation { continuation in
                if let value = wait(with: continuation) { continuation.resume(returning: value) }
            }
        }
    }

    /// The value, if it is set.
    package var fulfilled: Value? {
        state.withLock { if case .fulfilled(let value) = $0 { value } else { nil } }
    }

    /// Returns the value if it is set; otherwise enqueues the continuation and returns `nil`.
    private func wait(with continuation: CheckedContinuation<Value, Never>) -> Value? {
        state.withLock { state in
            switch state {
            case .fulfilled(let value): return value
            case .waiting(let list):
                state = .waiting(list + [continuation])
                return nil
            }
        }
    }
}
