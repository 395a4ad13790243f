internal import Dispatch
internal import Stories
internal import Synchronization

/// Has the store publish what is due, four times a second: also what came due while no server ran.
final class Releaser: Sendable {
    private let ticker = Ticker()
    private let isAtWork = Atomic<Bool>(false)

    /// `onTrouble` hears of what keeps updates back, which is tried again.
    init(store: any StoryStore, onTrouble: @escaping @Sendable (StoryError.StorageTrouble) -> Void) {
        ticker.start(every: .milliseconds(250)) { [weak self] in
            guard let self,
                isAtWork.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
            else { return }
            Task {
                do throws(StoryError) {
                    try await store.releaseDueUpdates()
                } catch {
                    if case .storage(let trouble) = error { onTrouble(trouble) }
                }
                self.isAtWork.store(false, ordering: .releasing)
            }
        }
    }
}
