// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What the kernel has not yet accepted: arrays that are sent without being copied together (gathering write), and parts of files
/// (`sendfile`), in order.
struct OutputQueue {
    private enum Segment {
        case bytes([UInt8])
        case file(FileSlice)

        var count: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .file(let slice): slice.range.count
            }
        }
    }

    /// Outcome of sending.
    enum Outcome {
        /// So many bytes were sent; whether the socket would block.
        case sent(Int, isBlocked: Bool)
        /// The connection is broken.
        case broken
        /// A file cannot be sent to its end, so neither can what follows it.
        case fileFailed(FileError)
    }

    private var segments: [Segment] = []
    /// The first segment that is not completely sent, and the offset in it.
    private var first = 0
    private var offset = 0
    /// Bytes left to send.
    private(set) var byteCount = 0
    /// Those of them that are in files.
    private var fileBytes = 0

    /// Segments per system call (`iovec`s).
    private static let vectorCount = 32

    var isEmpty: Bool { byteCount == 0 }

    /// Whether a part of a file is left to send.
    var hasFiles: Bool { fileBytes > 0 }

    /// Bytes left to send that are in memory.
    var heldBytes: Int { byteCount - fileBytes }

    mutating func append(_ segment: [UInt8]) {
        guard !segment.isEmpty else { return }
        segments.append(.bytes(segment))
        byteCount += segment.count
    }

    mutating func append(_ slice: FileSlice) {
        guard !slice.range.isEmpty else { return }
        segments.append(.file(slice))
        byteCount += slice.range.count
        fileBytes += slice.range.count
    }

    /// Sends until the kernel's buffer is full, at most `bound` bytes.
    mutating func send(to descriptor: Int32, atMost bound: Int) -> Outcome {
        var total = 0
        while !isEmpty, total < bound {
            switch sendOnce(descriptor, atMost: bound - total) {
            case .bytes(0): return .sent(total, isBlocked: true)
            case .bytes(let count):
                total += count
                drop(count)
            case .failed: return .broken
            case .fileFailed(let error): return .fileFailed(error)
            }
        }
        return .sent(total, isBlocked: false)
    }

    private func sendOnce(_ descriptor: Int32, atMost bound: Int) -> Socket.SentFile {
        if case .file(let slice) = segments[first] {
            let rest = slice.range.dropFirst(offset)
            return Socket.send(descriptor, slice.file, from: rest.startIndex, count: min(rest.count, bound))
        }
        let sent = withUnsafeTemporaryAllocation(of: iovec.self, capacity: Self.vectorCount) { vectors in
            gather(into: vectors, filled: 0, atMost: bound) { vectors, isMoreToCome in
                Socket.send(descriptor, vectors, isMoreToCome: isMoreToCome)
            }
        }
        return if case .bytes(let count) = sent { .bytes(count) } else { .failed }
    }

    /// Calls `body` with one vector for each of the next segments, up to a file, and whether that follows. Each level of the recursion
    /// pins one segment: a pointer into an array is valid only inside its closure.
    private func gather(
        into vectors: UnsafeMutableBufferPointer<iovec>, filled: Int, atMost bound: Int,
        _ body: (UnsafeMutableBufferPointer<iovec>, _ isMoreToCome: Bool) -> Socket.Sent
    ) -> Socket.Sent {
        guard filled < vectors.count, first + filled < segments.count, bound > 0,
            case .bytes(let segment) = segments[first + filled]
        else {
            return body(
                UnsafeMutableBufferPointer(rebasing: vectors[..<filled]), isFile(first + filled) && bound > 0)
        }
        return segment.withUnsafeBytes { bytes in
            let rest = UnsafeRawBufferPointer(rebasing: bytes[(filled == 0 ? offset : 0)...].prefix(bound))
            vectors[filled] = iovec(rest)
            return gather(into: vectors, filled: filled + 1, atMost: bound - rest.count, body)
        }
    }

    private func isFile(_ index: Int) -> Bool {
        guard index < segments.count, case .file = segments[index] else { return false }
        return true
    }

    /// Removes bytes that were sent.
    mutating func drop(_ count: Int) {
        byteCount -= count
        if fileBytes > 0, isFile(first) { fileBytes -= count }
        offset += count
        while first < segments.count, offset >= segments[first].count {
            offset -= segments[first].count
            segments[first] = .bytes([])
            first += 1
        }
        if isEmpty { self = OutputQueue() }
    }
}
