// SPDX-License-Identifier: Apache-2.0
internal import Dispatch
internal import Live
internal import Stories
internal import Synchronization

/// Runs the store's scheduled work four times a second: publishes due updates, including those of downtime, and purges the bin. Once an
/// hour it removes push subscriptions that are of no use any more.
final class PublicationScheduler: Sendable {
    private let ticker = Ticker()
    private let isAtWork = Atomic<Bool>(false)
    private let ticks = Atomic<Int>(0)
    private static let ticksPerHour = 4 * 3_600

    /// Bin entries purged per transaction, which bounds how long writers wait.
    private static let binBatch = 100
    /// Push subscriptions removed per transaction.
    private static let subscriptionBatch = 1_000

    /// `onTrouble` is called with storage failures; the work is retried at the next tick.
    init(
        store: any StoryStore, binTime: BinTime,
        onTrouble: @escaping @Sendable (StoryError.StorageTrouble) -> Void
    ) {
        ticker.start(every: .milliseconds(250)) { [weak self] in
            guard let self,
                isAtWork.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
            else { return }
            let isHourly = ticks.wrappingAdd(1, ordering: .relaxed).oldValue % Self.ticksPerHour == 0
            Task {
                do throws(StoryError) {
                    try await store.publishDueUpdates()
                    try await store.emptyBin(olderThan: binTime, atMost: Self.binBatch)
                    while isHourly,
                        try await store.removeStaleSubscriptions(limit: Self.subscriptionBatch) > 0
                    {}
                } catch {
                    if case .storage(let trouble) = error { onTrouble(trouble) }
                }
                self.isAtWork.store(false, ordering: .releasing)
            }
        }
    }
}
