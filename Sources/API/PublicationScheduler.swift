// SPDX-License-Identifier: Apache-2.0
internal import Dispatch
internal import Live
internal import Stories
internal import Synchronization

/// Runs the store's scheduled work four times a second: publishes due updates, including those of downtime, and purges the bin.
final class PublicationScheduler: Sendable {
    private let ticker = Ticker()
    private let isAtWork = Atomic<Bool>(false)

    /// Bin entries purged per transaction, which bounds how long writers wait.
    private static let binBatch = 100

    /// `onTrouble` is called with storage failures; the work is retried at the next tick.
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
                    try await store.publishDueUpdates()
                    try await store.emptyBin(olderThan: binTime, atMost: Self.binBatch)
                } catch {
                    if case .storage(let trouble) = error { onTrouble(trouble) }
                }
                self.isAtWork.store(false, ordering: .releasing)
            }
        }
    }
}
