// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Bytes not yet accepted by the kernel, as a list of arrays that are sent without being copied together (gathering write).
struct OutputQueue {
    private var segments: [[UInt8]] = []
    /// The first segment that is not completely sent, and the offset in it.
    private var first = 0
    private var offset = 0
    /// Bytes left to send.
    private(set) var byteCount = 0

    /// Segments per system call (`iovec`s).
    private static let vectorCount = 32

    var isEmpty: Bool { byteCount == 0 }

    mutating func append(_ segment: [UInt8]) {
        guard !segment.isEmpty else { return }
        segments.append(segment)
        byteCount += segment.count
    }

    /// Sends until the kernel's buffer is full, at most `bound` bytes.
    ///
    /// - Returns: the number of bytes sent and whether the socket would block; `nil` if the connection is broken.
    mutating func send(to descriptor: Int32, atMost bound: Int) -> (count: Int, isBlocked: Bool)? {
        var total = 0
        while !isEmpty, total < bound {
            guard case .bytes(let count) = sendOnce(descriptor, atMost: bound - total) else { return nil }
            if count == 0 { return (total, true) }
            total += count
            drop(count)
        }
        return (total, false)
    }

    private func sendOnce(_ descriptor: Int32, atMost bound: Int) -> Socket.Sent {
        withUnsafeTemporaryAllocation(of: iovec.self, capacity: Self.vectorCount) { vectors in
            gather(into: vectors, filled: 0, atMost: bound) { Socket.send(descriptor, $0) }
        }
    }

    /// Calls `body` with one vector for each of the next segments. Each level of the recursion pins one segment:
    /// a pointer into an array is valid only inside its closure.
    private func gather(
        into vectors: UnsafeMutableBufferPointer<iovec>, filled: Int, atMost bound: Int,
        _ body: (UnsafeMutableBufferPointer<iovec>) -> Socket.Sent
    ) -> Socket.Sent {
        guard filled < vectors.count, first + filled < segments.count, bound > 0 else {
            return body(UnsafeMutableBufferPointer(rebasing: vectors[..<filled]))
        }
        return segments[first + filled].withUnsafeBytes { bytes in
            let rest = UnsafeRawBufferPointer(rebasing: bytes[(filled == 0 ? offset : 0)...].prefix(bound))
            vectors[filled] = iovec(rest)
            return gather(into: vectors, filled: filled + 1, atMost: bound - rest.count, body)
        }
    }

    /// Removes bytes that were sent.
    mutating func drop(_ count: Int) {
        byteCount -= count
        offset += count
        while first < segments.count, offset >= segments[first].count {
            offset -= segments[first].count
            segments[first] = []
            first += 1
        }
        if isEmpty { self = OutputQueue() }
    }
}
