// SPDX-License-Identifier: Apache-2.0
/// A response whose body grows over time: chunked in HTTP/1.1, ended by closing in HTTP/1.0.
public struct StreamResponse: Sendable {
    /// The status; must allow a body.
    public var status: Status
    /// The header fields; the server adds those of framing.
    public var headers: Headers
    /// Meter that records the response when its head is sent.
    public var meter: RouteMeter?
    /// The topic that changes when the body has more.
    public let topic: Topic
    /// The source of the bytes. Not used for HEAD.
    public let body: any StreamBody
    /// Sent after a silence, so that proxies keep the connection open and a disconnected reader is detected.
    public var heartbeat: [UInt8] = []
    /// The heartbeat interval. Each connection shortens it by jitter, so that readers do not all come due at once.
    public var heartbeatTime: Duration = .seconds(15)

    /// A stream of `body`, pulled at once and whenever `topic` changes.
    public init(
        _ status: Status = .ok, headers: Headers = [:], topic: Topic, body: any StreamBody
    ) {
        self.status = status
        self.headers = headers
        self.topic = topic
        self.body = body
    }
}

/// The body of a stream, pulled by its connection (back-pressure): nothing is queued for a slow reader.
public protocol StreamBody: AnyObject, Sendable {
    /// The next step. Called on the worker's queue, once at the start, after each step but `wait`, and after each change of the
    /// topic, as soon as the kernel has accepted all earlier bytes. Must not block.
    func next() -> StreamStep

    /// Whether the reader has fallen behind what is retained for it. Checked after a change of the topic while earlier bytes
    /// are still unsent: if so, the connection is closed without the last chunk, so that the client detects the truncation
    /// (RFC 9112 §8).
    var isLeftBehind: Bool { get }
}

/// One step of a stream.
public enum StreamStep: Sendable {
    /// Send these arrays. They are not copied, so fan-out can share the same arrays among all readers.
    case send([[UInt8]])
    /// Nothing at present; wait for the topic.
    case wait
    /// Run this off the worker's queue, then call `next` again.
    case load(@Sendable () async -> Void)
    /// The end of the body.
    case end
}

/// A long poll: a request that waits for a change before it is answered. It occupies no thread and no timer.
public struct ParkedRequest: Sendable {
    /// The topic that it waits for.
    public let topic: Topic
    /// The topic's version before the responder checked its state, so that no change in between is missed.
    public let version: UInt64
    /// When it is answered even without a change.
    public let deadline: Instant
    /// Evaluates the request again. Called on the worker's queue after each change, and with `isLast` at the deadline or on
    /// shutdown. May return `parked` again unless `isLast`.
    public let answer: @Sendable (_ isLast: Bool) -> Answer

    /// A request to be answered by `answer` after the next change of `topic`.
    public init(
        topic: Topic, version: UInt64, deadline: Instant,
        answer: @escaping @Sendable (_ isLast: Bool) -> Answer
    ) {
        self.topic = topic
        self.version = version
        self.deadline = deadline
        self.answer = answer
    }
}
