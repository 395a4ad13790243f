// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// A value that is fulfilled later, once, and awaited by any number of tasks.
package final class Promise<Value: Sendable>: Sendable {
    private enum State {
        case waiting([CheckedContinuation<Value, Never>])
        case fulfilled(Value)
    }

    private let state = Mutex(State.waiting([]))

    /// A promise that is not fulfilled yet.
    package init() {}

    /// Resumes all waiters with the value. Only the first call counts.
    package func fulfill(_ value: Value) {
        let waiting = state.withLock { state -> [CheckedContinuation<Value, Never>] in
            guard case .waiting(let list) = state else { return [] }
            state = .fulfilled(value)
            return list
        }
        for continuation in waiting { continuation.resume(returning: value) }
    }

    /// The value, once it is fulfilled.
    package var value: Value {
        get async {
            if let value = fulfilled { return value }
            return await withCheckedContinuation { continuation in
                if let value = wait(with: continuation) { continuation.resume(returning: value) }
            }
        }
    }

    private var fulfilled: Value? {
        state.withLock { if case .fulfilled(let value) = $0 { value } else { nil } }
    }

    /// Has the continuation wait, unless the value is there.
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
