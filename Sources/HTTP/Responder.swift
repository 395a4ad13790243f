// SPDX-License-Identifier: Apache-2.0
/// Answers requests: a router, or middleware that wraps another responder.
public protocol Responder: Sendable {
    /// Answers a request. Called on the worker's queue, which serves many other connections, so it must not block:
    /// return `Answer.pending` for work that takes longer.
    func respond(to request: Request) -> Answer

    /// Admission control for large bodies. Called on the worker's queue once the head is parsed, if the body is larger than
    /// `Limits.freeBodyBytes` or of unknown length; must not block. The `request` has no body yet.
    func admit(_ request: Request) -> Admission

    /// The response to a failure of the HTTP layer (400, 404, 405, 408, 413, 414, 417, 431, 501, 503, 505, 507), whose body format
    /// is up to the responder. For 405 it must send `failure.allow` as `Allow`.
    ///
    /// - Parameters:
    ///   - request: the request, if at least its head could be parsed.
    ///   - id: the id that the response will carry.
    func respond(to failure: RequestFailure, request: Request?, id: RequestID) -> Response
}

extension Responder {
    /// Admits every body, up to the server's limit.
    public func admit(_ request: Request) -> Admission { .admitted }
}

/// Whether a large body is read.
public enum Admission: Sendable {
    /// It is read.
    case admitted
    /// Read it up to `Limits.freeBodyBytes` (413 beyond).
    case limited
    /// It is written to disk as it arrives, up to the policy's limit (413 beyond), and becomes the request's ``Request/spooledBody``.
    case spooled(SpoolPolicy)
    /// Send this response without reading the body, and close the connection.
    case refused(Response)
    /// Decided asynchronously, in a task off the worker's queue.
    case pending(on: (any TaskExecutor)?, _ work: @Sendable () async -> Admission)

    /// The same admission with a body that is spooled where it would have been read to memory.
    func spooling(_ policy: SpoolPolicy) -> Admission {
        switch self {
        case .admitted: .spooled(policy)
        case .limited, .spooled, .refused: self
        case .pending(let executor, let work): .pending(on: executor) { await work().spooling(policy) }
        }
    }

    /// The same admission with its refusal modified, now or once it is known.
    public func map(_ change: @escaping @Sendable (inout Response) -> Void) -> Admission {
        switch self {
        case .admitted, .limited, .spooled: return self
        case .refused(var response):
            change(&response)
            return .refused(response)
        case .pending(let executor, let work):
            return .pending(on: executor) { await work().map(change) }
        }
    }
}

/// How a request is answered: immediately, asynchronously, after a change, or as a stream.
public enum Answer: Sendable {
    /// A response in memory. Costs no task and no change of threads.
    case ready(Response)

    /// An asynchronous answer. Runs in a task off the worker's queue, on the executor if one is given. If the work returns `pending` again,
    /// that runs in the same task.
    ///
    /// The task is cancelled when the client disconnects. A half-close counts as that; but the task's result is still sent,
    /// since the client may be reading.
    case pending(on: (any TaskExecutor)? = nil, _ work: @Sendable () async -> Answer)

    /// A long poll.
    case parked(ParkedRequest)

    /// A head, then a body that grows over time.
    case stream(StreamResponse)

    /// An answer that becomes a stream unless the request is refused. It is made only once the client's quota has a unit for it, so
    /// that refusing a crowd costs next to nothing.
    case admittedStream(_ open: @Sendable () -> Answer)

    /// The same answer with its response modified, now or once it is known. For a stream only the headers can change.
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
        case .admittedStream(let open):
            return .admittedStream { open().map(change) }
        }
    }
}
