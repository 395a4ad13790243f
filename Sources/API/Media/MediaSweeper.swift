// SPDX-License-Identifier: Apache-2.0
internal import Dispatch
internal import Live
internal import Stories
internal import Synchronization

/// Removes assets that nothing uses and files without a row: at start, and hourly. Closes files that other servers have removed.
final class MediaSweeper: Sendable {
    private let library: MediaLibrary
    private let store: any StoryStore
    private let purge: API.Purge?
    private let onTrouble: @Sendable (StoryError.StorageTrouble) -> Void
    private let ticker = Ticker()
    private let ticks = Atomic<Int>(0)
    private let turn = AsyncSemaphore(1)

    /// Age before which nothing is removed: an editor has that long to use an upload, and a row to be committed.
    static let graceMilliseconds: Int64 = 24 * 60 * 60 * 1_000
    private static let tickSeconds = 5
    private static let ticksPerSweep = 3_600 / tickSeconds
    private static let ticksPerRetry = 60 / tickSeconds

    init(
        _ library: MediaLibrary, store: any StoryStore, purge: API.Purge?,
        onTrouble: @escaping @Sendable (StoryError.StorageTrouble) -> Void
    ) {
        (self.library, self.store, self.purge, self.onTrouble) = (library, store, purge, onTrouble)
    }

    /// Starts to sweep.
    func start() {
        Task { await sweep() }
        ticker.start(every: .seconds(Self.tickSeconds)) { [weak self] in
            guard let self else { return }
            library.closeRemoved()
            let tick = ticks.add(1, ordering: .relaxed).newValue
            if tick % Self.ticksPerSweep == 0 {
                Task { await self.sweep() }
            } else if tick % Self.ticksPerRetry == 0 {
                Task { await self.turn.withPermit { await self.library.retryRemovals() } }
            }
        }
    }

    /// Removes what is due by the store's clock, after a sweep that is under way. Failures are reported; the next sweep tries again.
    func sweep() async { await turn.withPermit { await sweepNow() } }

    private func sweepNow() async {
        let time = Timestamp(milliseconds: store.time.milliseconds - Self.graceMilliseconds)
        do {
            try await library.removeOrphans(olderThan: time, purge: purge)
            try await library.removeStrays(olderThan: time)
        } catch StoryError.storage(let trouble) {
            onTrouble(trouble)
        } catch {
            library.settings.onTrouble("the folder of pictures cannot be swept: \(error)")
        }
    }
}
