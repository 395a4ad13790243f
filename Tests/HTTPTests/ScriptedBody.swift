// SPDX-License-Identifier: Apache-2.0
import HTTP
import Synchronization

/// A stream body that returns given steps one after the other, then those added later.
final class ScriptedBody: StreamBody {
    private let steps: Mutex<[StreamStep]>
    private let hasFallenBehind = Atomic<Bool>(false)

    init(_ steps: [StreamStep]) {
        self.steps = Mutex(steps)
    }

    func add(_ step: StreamStep) { steps.withLock { $0.append(step) } }

    /// From now on a reader that reads nothing is to be dropped.
    func fallBehind() { hasFallenBehind.store(true, ordering: .releasing) }

    func next() -> StreamStep {
        steps.withLock { $0.isEmpty ? .wait : $0.removeFirst() }
    }

    var isLeftBehind: Bool { hasFallenBehind.load(ordering: .acquiring) }
}
