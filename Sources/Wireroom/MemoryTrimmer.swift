// SPDX-License-Identifier: Apache-2.0
internal import API
internal import CMalloc
internal import Dispatch
internal import Synchronization

/// Returns memory that was freed to the operating system.
enum Memory {
    private static let interval = DispatchTimeInterval.seconds(10)
    /// Less than this is not worth the time; under a steady load memory varies by about as much.
    private static let worthwhile = 16 << 20
    /// What could not be returned the last time, because of fragmentation.
    private static let stuck = Mutex(0)

    /// Configures the allocator to keep freed memory for the next response, since returning and reclaiming the memory of a page
    /// costs as much as the page; and trims it, until the timer is cancelled, once it has become much more than that. Allocations
    /// larger than most pages are returned at once: they would leave holes as large as themselves.
    static func keep() -> any DispatchSourceTimer {
        mallopt(M_MMAP_THRESHOLD, 512 << 10)
        mallopt(M_TRIM_THRESHOLD, 8 << 20)
        let timer = DispatchSource.makeTimerSource(
            queue: DispatchQueue(label: "wireroom.memory", qos: .utility))
        timer.setEventHandler { @Sendable in giveBack() }
        timer.schedule(deadline: .now() + interval, repeating: interval, leeway: .seconds(1))
        timer.activate()
        return timer
    }

    /// A burst leaves memory in the arena of each thread that took part, which the allocator never returns by itself.
    private static func giveBack() {
        stuck.withLock { stuck in
            stuck = min(stuck, unused)
            guard unused - stuck > worthwhile else { return }
            malloc_trim(0)
            stuck = unused
        }
    }

    /// Bytes of memory that are resident but not in use, including the program itself.
    private static var unused: Int {
        let used = mallinfo2()
        // Large allocations are mapped separately, not in the arenas.
        return (ProcessFigures.current?.residentBytes ?? 0) - Int(used.uordblks + used.hblkhd)
    }
}
