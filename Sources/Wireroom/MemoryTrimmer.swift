// SPDX-License-Identifier: Apache-2.0
internal import API
internal import CMalloc
internal import Dispatch
internal import Synchronization

/// Returns freed memory to the operating system.
enum Memory {
    private static let interval = DispatchTimeInterval.seconds(10)
    /// Minimum number of bytes worth trimming: under steady load, memory varies by about as much.
    private static let worthwhile = 16 << 20
    /// Bytes that the last trim could not return, because of fragmentation.
    private static let stuck = Mutex(0)

    /// Configures the allocator to retain freed memory for later responses, since returning and reclaiming the memory of a page
    /// costs as much as the page, and trims an excess periodically until the timer is cancelled. Allocations larger than most pages
    /// are mapped separately and returned at once, so that they do not fragment the heap.
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

    /// Trims all arenas. The allocator does not return by itself what a burst leaves in the arenas of its threads.
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
