/// A response whose body grows over time: chunked for HTTP/1.1, ended by closing for HTTP/1.0.
public struct StreamResponse: Sendable {
    /// The status; one that allows a body.
    public var status: Status
    /// The fields of the head; the server adds those of framing.
    public var headers: Headers
    /// What counts the answer when its head is sent.
    public var meter: RouteMeter?
    /// Changes when the body has more.
    public let topic: Topic
    /// Where the bytes come from. Not asked for HEAD.
    public let body: any StreamBody
    /// Sent when nothing else was for a while, so that proxies keep the connection and a reader that has gone is noticed.
    public var heartbeat: [UInt8] = []
    /// The longest silence. Each is cut short by chance, so that not all readers are due at once.
    public var heartbeatTime: Duration = .seconds(15)

    /// A stream of what `body` gives, now and whenever `topic` changes.
    public init(
        _ status: Status = .ok, headers: Headers = [:], topic: Topic, body: any StreamBody
    ) {
        self.status = status
        self.headers = headers
        self.topic = topic
        self.body = body
    }
}

/// The body of a stream, pulled by its connection: what a slow reader has not taken is not queued for it.
public protocol StreamBody: AnyObject, Sendable {
    /// What comes next. Asked for on the worker's queue, once at the start, then after each step but `wait`, and after each
    /// change of the topic, as soon as the kernel has taken all before. Must not block.
    func next() -> StreamStep

    /// Whether what the reader has not asked for yet is more than is kept for it. Looked at after a change of the topic
    /// while the kernel still holds bytes that the reader has not taken: then the reader is dropped, and the connection
    /// closed without a proper end, so that it can tell.
    var isLeftBehind: Bool { get }
}

/// One step of a stream.
public enum StreamStep: Sendable {
    /// Send these, which are not copied: hand the same arrays to all readers.
    case send([[UInt8]])
    /// There is nothing at present.
    case wait
    /// What comes next takes time to get: do this off the worker, then ask again.
    case load(@Sendable () async -> Void)
    /// That was all.
    case end
}

/// A request that waits for a change before it is answered: a long poll. It costs no thread and no timer.
public struct ParkedRequest: Sendable {
    /// What it waits for.
    public let topic: Topic
    /// The topic's version before the responder looked, so that no change is missed in between.
    public let version: UInt64
    /// When it is answered though nothing has changed.
    public let deadline: Instant
    /// Looks again: called on the worker's queue after each change, and with `isLast` at the deadline or when the
    /// server stops. May park once more unless it is the last time.
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
