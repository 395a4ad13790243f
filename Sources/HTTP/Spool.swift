// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization
import Threads

/// The file of a body that is being received. It is opened by the first write, so that the worker's queue never waits for the disk.
final class Spool: Sendable {
    private let policy: SpoolPolicy
    private let slot: SpoolSlots.Slot?
    private let file = Mutex(File())

    private struct File {
        var descriptor: Int32 = -1
        var size = 0
    }

    /// Threads that write bodies. Each upload has at most one write here, so ``Limits/spooledBodies`` bounds the line.
    static let threads = BoundedQueue("http.spool", 4, waiting: .max)
    /// The thread that writes bodies which were small enough to be read without admission.
    static let smallThread = BoundedQueue("http.spool.small", 1, waiting: 64)

    init(_ policy: SpoolPolicy, slot: SpoolSlots.Slot?) { (self.policy, self.slot) = (policy, slot) }

    deinit {
        let descriptor = takeDescriptor()
        if descriptor >= 0 { close(descriptor) }
    }

    /// Appends bytes. Blocks.
    func append(_ bytes: [UInt8]) throws(FileError) {
        try file.withLock { file throws(FileError) in
            if file.descriptor < 0 {
                file.descriptor = policy.open(policy.folder)
                guard file.descriptor >= 0 else { throw FileError(call: "open", code: errno) }
            }
            try FileIO.write(bytes, to: file.descriptor, at: file.size)
            file.size += bytes.count
        }
    }

    /// Appends the last bytes, and returns the whole body. Blocks.
    func finish(_ bytes: [UInt8]) throws(FileError) -> SpooledBody {
        try append(bytes)
        let size = file.withLock { $0.size }
        return SpooledBody(adopting: takeDescriptor(), size: size, slot: slot)
    }

    /// Gives away the open file; -1 if there is none.
    func takeDescriptor() -> Int32 {
        file.withLock { file in
            defer { file.descriptor = -1 }
            return file.descriptor
        }
    }
}

/// Counts the spooled bodies of a server, which are bounded.
final class SpoolSlots: Sendable {
    private let limit: Int
    private let taken = Atomic<Int>(0)

    /// One body's place, returned with the last reference.
    final class Slot: Sendable {
        private let slots: SpoolSlots

        fileprivate init(_ slots: SpoolSlots) { self.slots = slots }

        deinit { slots.taken.subtract(1, ordering: .relaxed) }
    }

    init(limit: Int) { self.limit = limit }

    /// Bodies that exist now.
    var count: Int { taken.load(ordering: .relaxed) }

    /// Takes a place; `nil` if there is none left.
    func take() -> Slot? {
        // Counted before it is compared, so that two workers cannot both take the last one.
        guard taken.add(1, ordering: .relaxed).newValue <= limit else {
            taken.subtract(1, ordering: .relaxed)
            return nil
        }
        return Slot(self)
    }
}

extension RequestFailure {
    /// Too many bodies are spooled already (503).
    static let tooManySpooled = RequestFailure(
        .serviceUnavailable, "the server is taking as many uploads as it may; try again in a moment",
        retryAfterSeconds: 2)

    /// The body could not be written: 507 if the disk is full, otherwise 503.
    init(spooling error: FileError) {
        self =
            error.isFull
            ? RequestFailure(.insufficientStorage, "the server has no room on its disk for the body")
            : RequestFailure(
                .serviceUnavailable, "the server cannot store the body at present", retryAfterSeconds: 5)
    }
}
