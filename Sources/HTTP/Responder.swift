/// Who answers requests: a router, or middleware that holds another responder.
public protocol Responder: Sendable {
    /// Answers a request. Called on the worker's queue, which serves many other connections: it must not
    /// block. What takes longer goes into `Answer.pending`.
    func respond(to request: Request) -> Answer

    /// Whether the body of a request is to be read. Asked on the worker's queue once the head is there, where the body is larger
    /// than `Limits.freeBodyBytes` or of a length that is not known; must not block. `request` has no body yet.
    func admit(_ request: Request) -> Admission

    /// The answer for what HTTP itself refuses (400, 404, 405, 408, 413, 414, 417, 431, 501, 503, 505).
    /// The form of its body is the responder's business. For 405, `failure.allow` belongs into `Allow`.
    ///
    /// - Parameters:
    ///   - request: where at least the head could be read.
    ///   - id: the id that the answer will carry.
    func respond(to failure: RequestFailure, request: Request?, id: RequestID) -> Response
}

extension Responder {
    /// Every body is read, up to the server's limit.
    public func admit(_ request: Request) -> Admission { .admitted }
}

/// What becomes of a large body.
public enum Admission: Sendable {
    /// It is read.
    case admitted
    /// It is read if it turns out to be as small as those that nobody asks for (413 otherwise).
    case limited
    /// The request is answered without it, which ends the connection.
    case refused(Response)
    /// It takes time to tell. Runs in a task of its own, off the worker.
    case pending(on: (any TaskExecutor)?, _ work: @Sendable () async -> Admission)

    /// The same admission with its refusal changed: now, or as soon as there is one.
    public func map(_ change: @escaping @Sendable (inout Response) -> Void) -> Admission {
        switch self {
        case .admitted, .limited: return self
        case .refused(var response):
            change(&response)
            return .refused(response)
        case .pending(let executor, let work):
            return .pending(on: executor) { await work().map(change) }
        }
    }
}

/// How a request is answered: at once, later, or bit by bit.
public enum Answer: Sendable {
    /// A response that is in memory. Costs no task and no hop to another thread.
    case ready(Response)

    /// An answer that takes time to find. Runs in a task of its own, off the worker: on the executor, if there is one. Where the work
    /// gives another such answer, that is found in the same task.
    ///
    /// The task is cancelled when the client goes away. A client that ends its side of the connection counts
    /// as gone; what the task returns is still sent, should the client have closed only that side.
    case pending(on: (any TaskExecutor)? = nil, _ work: @Sendable () async -> Answer)

    /// An answer that waits for something to change.
    case parked(ParkedRequest)

    /// A head, then a body that grows over time.
    case stream(StreamResponse)

    /// The same answer with its response changed: now, or as soon as there is one. Of a stream only what comes with its head changes.
    public func map(_ change: @escaping @Sendable (inout Response) -> Void) -> Answer {
        switch self {
        case .ready(var response):
            change(&response)
            return .ready(response)
        case .pending(let executor, let work):
            return .pending(on: executor) { await work().map(change) }
        case .parked(let request):
            return .parked(
                ParkedRequest(topic: request.topic, version: request.version, deadline: request.deadline) {
                    request.answer($0).map(change)
                })
        case .stream(var stream):
            var head = Response(stream.status, headers: stream.headers)
            head.meter = stream.meter
            change(&head)
            (stream.headers, stream.meter) = (head.headers, head.meter)
            return .stream(stream)
        }
    }
}
