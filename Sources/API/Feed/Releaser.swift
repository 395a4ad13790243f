internal import Dispatch
internal import Stories
internal import Synchronization

/// Has the store do what is due, four times a second: publish updates whose time has come, also while no server ran, and empty the bin.
final class Releaser: Sendable {
    private let ticker = Ticker()
    private let isAtWork = Atomic<Bool>(false)

    /// Of the bin, in one transaction: others who write wait for it.
    private static let binBatch = 100

    /// `onTrouble` hears of what keeps that back, which is tried again.
    init(
        store: any StoryStore, binTime: BinTime,
        onTrouble: @escaping @Sendable (StoryError.StorageTrouble) -> Void
    ) {
        ticker.start(every: .milliseconds(250)) { [weak self] in
            guard let self,
                isAtWork.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
            else { return }
            Task {
                do throws(StoryError) {
                    try await store.releaseDueUpdates()
                    try await store.emptyBin(olderThan: binTime, atMost: Self.binBatch)
                } catch {
                    if case .storage(let trouble) = error { onTrouble(trouble) }
                }
                self.isAtWork.store(false, ordering: .releasing)
            }
        }
    }
}
