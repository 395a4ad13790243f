// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// The counters of uploads.
final class MediaMeter: Sendable {
    private let added = Atomic<Int>(0)
    private let known = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)
    private let bytes = Atomic<Int>(0)
    private let microseconds = Atomic<Int>(0)

    /// Counts an upload that was added, with the bytes of its files.
    func countAdded(bytes count: Int) {
        added.add(1, ordering: .relaxed)
        bytes.add(count, ordering: .relaxed)
    }

    /// Counts an upload whose bytes were here already.
    func countKnown() { known.add(1, ordering: .relaxed) }

    /// Counts an upload that was refused or failed.
    func countRefused() { refused.add(1, ordering: .relaxed) }

    /// Counts the time from the decoder's line to files on the disk.
    func countProcessing(seconds: Double) {
        microseconds.add(Int(seconds * 1_000_000), ordering: .relaxed)
    }

    /// Uploads by result.
    var uploads: (added: Int, known: Int, refused: Int) {
        (
            added.load(ordering: .relaxed), known.load(ordering: .relaxed), refused.load(ordering: .relaxed)
        )
    }

    /// Bytes of the files that were added.
    var bytesAdded: Int { bytes.load(ordering: .relaxed) }

    /// Seconds that uploads took from the decoder's line to files on the disk.
    var processingSeconds: Double { Double(microseconds.load(ordering: .relaxed)) / 1_000_000 }
}
