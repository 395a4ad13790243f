import HTTP
import Synchronization

/// A stream's body that takes the steps it was given, one after the other, and then those that are added.
final class ScriptedBody: StreamBody {
    private let steps: Mutex<[StreamStep]>
    private let leftBehind = Atomic<Bool>(false)

    init(_ steps: [StreamStep]) {
        self.steps = Mutex(steps)
    }

    func add(_ step: StreamStep) { steps.withLock { $0.append(step) } }

    /// From now on a reader who takes nothing is to be dropped.
    func leaveBehind() { leftBehind.store(true, ordering: .releasing) }

    func next() -> StreamStep {
        steps.withLock { $0.isEmpty ? .wait : $0.removeFirst() }
    }

    var isLeftBehind: Bool { leftBehind.load(ordering: .acquiring) }
}
