/// Who answers requests: a router, or middleware that holds another responder.
public protocol Responder: Sendable {
    /// Answers a request. Called on the worker's queue, which serves many other connections: it must not
    /// block. What takes longer goes into `Answer.pending`.
    func respond(to request: Request) -> Answer

    /// The answer for what HTTP itself refuses (400, 404, 405, 408, 413, 414, 417, 431, 501, 503, 505).
    /// The form of its body is the responder's business. For 405, `failure.allow` belongs into `Allow`.
    ///
    /// - Parameter request: where at least the head could be read.
    func respond(to failure: RequestFailure, request: Request?) -> Response
}

/// How a request is answered: at once, later, or bit by bit.
public enum Answer: Sendable {
    /// A response that is in memory. Costs no task and no hop to another thread.
    case ready(Response)

    /// A response that takes time. Runs in a task of its own, off the worker.
    ///
    /// The task is cancelled when the client goes away. A client that ends its side of the connection counts
    /// as gone; what the task returns is still sent, should the client have closed only that side.
    case pending(@Sendable () async -> Response)

    /// A head, then a body of unknown length pushed from any thread.
    case stream(StreamResponse)

    /// The same answer with its headers changed: now, or as soon as there is a response.
    public func mapHeaders(_ change: @escaping @Sendable (inout Headers) -> Void) -> Answer {
        switch self {
        case .ready(var response):
            change(&response.headers)
            return .ready(response)
        case .pending(let work):
            return .pending {
                var response = await work()
                change(&response.headers)
                return response
            }
        case .stream(var stream):
            change(&stream.headers)
            return .stream(stream)
        }
    }
}

/// A response whose body is written over time: chunked for HTTP/1.1, ended by closing for HTTP/1.0.
public struct StreamResponse: Sendable {
    /// The status; one that allows a body.
    public var status: Status
    /// The fields of the head; the server adds those of framing.
    public var headers: Headers
    /// Called on the worker's queue once the head is on its way. Hands the writer to whoever will write to
    /// it; must not block. Not called for HEAD.
    public var start: @Sendable (StreamWriter) -> Void

    /// A stream that `start` will feed.
    public init(
        _ status: Status = .ok, headers: Headers = [:], start: @escaping @Sendable (StreamWriter) -> Void
    ) {
        self.status = status
        self.headers = headers
        self.start = start
    }
}
