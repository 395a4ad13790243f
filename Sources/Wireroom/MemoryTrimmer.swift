internal import API
internal import CMalloc
internal import Dispatch
internal import Synchronization

/// What the process does with memory that it has freed.
enum Memory {
    private static let interval = DispatchTimeInterval.seconds(10)
    /// Less than this is not worth the time. It is also what the memory of the process varies by under an even load.
    private static let worthwhile = 16 << 20
    /// What could not be given back the last time, as it lies between what is used.
    private static let stuck = Mutex(0)

    /// Keeps what was freed for the next answer, for to give back and take again what a page needs costs as much as the page; and
    /// gives it back to the system when it has become much more than that. Until the timer is cancelled. What is larger than pages
    /// mostly are goes back at once: between others it would leave holes as large as itself.
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

    /// A burst leaves its memory with each thread that took part: by itself the allocator would never give that back.
    private static func giveBack() {
        stuck.withLock { stuck in
            stuck = min(stuck, unused)
            guard unused - stuck > worthwhile else { return }
            malloc_trim(0)
            stuck = unused
        }
    }

    /// Bytes of memory that are held and not used, with the program itself.
    private static var unused: Int {
        let used = mallinfo2()
        // What is large is not in the heaps, but mapped for itself.
        return (ProcessFigures.current?.residentBytes ?? 0) - Int(used.uordblks + used.hblkhd)
    }
}
