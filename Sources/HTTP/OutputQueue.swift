import Glibc

/// Bytes that the kernel has not taken yet, as the arrays they came in: nothing is copied together.
struct OutputQueue {
    private var segments: [[UInt8]] = []
    /// The first segment that is not wholly sent, and how much of it is.
    private var first = 0
    private var offset = 0
    /// Bytes left to send.
    private(set) var byteCount = 0

    /// How many segments go into one system call.
    private static let vectorCount = 32

    var isEmpty: Bool { byteCount == 0 }

    mutating func append(_ segment: [UInt8]) {
        guard !segment.isEmpty else { return }
        segments.append(segment)
        byteCount += segment.count
    }

    /// Hands over as much as the kernel takes, at most `bound` bytes.
    ///
    /// - Returns: how many bytes it took, and whether it takes no more for now; nil when the connection is broken.
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

    /// Calls `body` with a vector for each of the next segments. Each segment is pinned by one level of the
    /// recursion, for a pointer into an array holds only while its closure runs.
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

    /// Forgets bytes that were sent.
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
