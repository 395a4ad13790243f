import Synchronization

/// Where the body of a stream is written, from any thread. Bytes go out in the order of the calls.
///
/// Writing never waits. What the reader has not taken yet is kept up to `Limits.unsentStreamBytes`; a reader
/// who lets more gather is dropped, and the connection closed without a proper end, so that it can tell.
public final class StreamWriter: Sendable {
    private struct State {
        /// Written, and not yet fetched by the connection. The arrays are shared with other readers.
        var queued: [[UInt8]] = []
        var queuedBytes = 0
        /// Fetched by the connection, and not yet taken by the kernel.
        var unsentBytes = 0
        var isOpen = true
        var isDropped = false
        /// Whether the connection was asked to fetch and has not done so yet: one wake for many writes.
        var isWaking = false
        var isClosed = false
        var onClose: [@Sendable () -> Void] = []

        /// Gives the waiting bytes up at once: a slow reader must not hold memory either.
        mutating func drop() {
            isDropped = true
            isOpen = false
            queued = []
            queuedBytes = 0
        }

        /// Whether this call is the one that has to wake the connection.
        mutating func startWaking() -> Bool {
            defer { isWaking = true }
            return !isWaking && !isClosed
        }
    }

    /// What the connection fetches in one go.
    struct Batch {
        var chunks: [[UInt8]]
        var byteCount: Int
        /// The application has finished the stream; nothing follows these chunks.
        var isLast: Bool
    }

    private let limit: Int
    private let wake: @Sendable () -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: bytes that may wait for the reader.
    ///   - wake: asks the connection to fetch; called from the writing thread, without a lock held.
    init(limit: Int, wake: @escaping @Sendable () -> Void) {
        self.limit = limit
        self.wake = wake
    }

    /// Writes bytes, which are kept and not copied: hand the same array to all readers.
    ///
    /// - Returns: false when they will not be sent, because the stream is finished, closed or just dropped.
    @discardableResult
    public func write(_ bytes: [UInt8]) -> Bool {
        let (isTaken, mustWake) = state.withLock { state in
            guard state.isOpen, !bytes.isEmpty else { return (state.isOpen, false) }
            guard state.queuedBytes + state.unsentBytes + bytes.count <= limit else {
                state.drop()
                // Always, for the connection does not fetch while bytes wait that the reader does not take.
                return (false, !state.isClosed)
            }
            state.queued.append(bytes)
            state.queuedBytes += bytes.count
            return (true, state.startWaking())
        }
        if mustWake { wake() }
        return isTaken
    }

    /// Ends the body after what was written. Further writes are refused. Does nothing the second time.
    public func finish() {
        let mustWake = state.withLock { state in
            guard state.isOpen else { return false }
            state.isOpen = false
            return state.startWaking()
        }
        if mustWake { wake() }
    }

    /// Calls `body` once when the stream is over for whatever reason: finished, dropped, or the reader has
    /// gone. At once, and on this thread, if it is over already; otherwise on the worker's queue: it must
    /// not block.
    public func onClose(_ body: @escaping @Sendable () -> Void) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.onClose.append(body) }
            return state.isClosed
        }
        if isClosed { body() }
    }

    // MARK: The connection's side

    /// Takes all that was written since the last call.
    func fetch() -> Batch {
        state.withLock { state in
            state.isWaking = false
            defer {
                state.queued = []
                state.unsentBytes += state.queuedBytes
                state.queuedBytes = 0
            }
            return Batch(
                chunks: state.queued, byteCount: state.queuedBytes, isLast: !state.isOpen)
        }
    }

    /// Whether the reader did not keep up.
    var isDropped: Bool { state.withLock { $0.isDropped } }

    /// Tells how many fetched bytes the kernel has not taken yet.
    func setUnsent(_ count: Int) { state.withLock { $0.unsentBytes = count } }

    /// The connection is done with the stream.
    func close() {
        let callbacks = state.withLock { state in
            state.isOpen = false
            state.isClosed = true
            state.queued = []
            defer { state.onClose = [] }
            return state.onClose
        }
        for callback in callbacks { callback() }
    }
}
