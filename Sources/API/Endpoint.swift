// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import JSON
internal import Live
internal import Stories

/// A request on its way through an endpoint: who asks, and for what.
struct Call: Sendable {
    let request: Request
    fileprivate(set) var access: Access
    fileprivate let shared: Endpoints.Shared
    /// Whether an HTML page is requested, so that errors are HTML pages, too.
    fileprivate let isForPeople: Bool

    /// The story that the path names. A name that no story can have is a story that does not exist.
    var story: StoryReference {
        get throws(Problem) {
            guard let story = StoryReference(request.parameters["story"] ?? "") else {
                throw Problem(.notFound(.story))
            }
            return story
        }
    }

    /// The update that the path names.
    var update: Identifier {
        get throws(Problem) {
            guard let id = Identifier(request.parameters["update"] ?? "") else {
                throw Problem(.notFound(.update))
            }
            return id
        }
    }
}

extension Call {
    /// Whether the target is a path and nothing more.
    var hasNoQuery: Bool { request.queryHasOnly([]) }

    /// Where things are counted.
    var metrics: Metrics { shared.metrics }

    /// Where slow work is done.
    var jobs: JobQueue { shared.jobs }

    /// The network that the request comes from.
    var clientNetwork: AddressRange { request.client(shared.forwarded).network }

    /// Whether a cache to purge is configured.
    var canPurge: Bool { shared.purge != nil }

    /// Has the cache forget what it holds under these paths; says whether it did, `nil` where there is none.
    func purge(_ paths: [String]) async -> Bool? { await shared.purge?(paths, request.traceParent) }

    /// Reports an error to the operator that the caller need not know.
    func report(_ trouble: StoryError.StorageTrouble) { shared.onTrouble(trouble) }

    /// An answer that takes time; what goes wrong on the way becomes a problem.
    func pending(_ find: @escaping @Sendable () async throws -> Answer) -> Answer {
        .pending(on: shared.executor) {
            do { return try await find() } catch { return refuse(error) }
        }
    }

    /// What the key of the request allows by now, for an answer that comes long after the question.
    var presentAccess: Access {
        get async throws {
            let grant = try await shared.authenticator.grant(for: request)
            return grant.map(Access.holder) ?? .reader
        }
    }

    /// The answer to an error, of which the operator hears where it is the operator's.
    fileprivate func refuse(_ error: any Error) -> Answer { .ready(refusal(error)) }

    fileprivate func refusal(_ error: any Error) -> Response {
        let problem = Problem(any: error)
        if let trouble = problem.trouble { shared.onTrouble(trouble) }
        return isForPeople && request.asksForHTML
            ? problem.page(requestID: request.id) : problem.response(requestID: request.id)
    }
}

/// What an endpoint asks of its caller.
enum Requirement: Sendable {
    /// Nothing; a key is not looked at.
    case nothing
    /// Nothing; a good key shows more.
    case anyone
    /// A good key.
    case key
}

/// Routes with what all of them share: content negotiation, keys, errors, request ids, counting.
struct Endpoints {
    private(set) var builder: RouterBuilder
    let hub: ChannelHub
    let cache: ResponseCache
    private let shared: Shared

    /// What every endpoint needs.
    struct Shared: Sendable {
        let authenticator: Authenticator
        let metrics: Metrics
        let onTrouble: @Sendable (StoryError.StorageTrouble) -> Void
        /// Which proxies say who asks.
        let forwarded: ForwardedBy
        let purge: API.Purge?
        /// Where reads run.
        let executor: (any TaskExecutor)?
        /// Where slow work is done.
        let jobs: JobQueue
    }

    var store: any StoryStore { hub.store }
    var jobs: JobQueue { shared.jobs }

    init(hub: ChannelHub, cache: ResponseCache, shared: Shared) {
        self.hub = hub
        self.cache = cache
        self.shared = shared
        builder = RouterBuilder { failure, request, id in
            let problem = Problem(failure)
            // Browser navigation to an unknown path gets an HTML error page, API clients a problem document.
            let isForPeople = failure.status.isOfWrongAddress && request?.isNavigation == true
            return isForPeople ? problem.page(requestID: id) : problem.response(requestID: id)
        }
    }

    /// Adds an endpoint that takes time for every answer. `produces` is its only media type; `nil` where it varies, or where
    /// `Accept` is disregarded. `parameters` are its query parameters: a near miss of one of them is answered 400.
    /// Runs on the executor, if there is one.
    mutating func on(
        _ method: Method, _ template: String, _ requirement: Requirement = .anyone,
        produces: String? = "application/json", parameters: [String] = [],
        executor: (any TaskExecutor)? = nil,
        _ handle: @escaping @Sendable (Call) async throws -> Response
    ) {
        let endpoint = endpoint(method, template, produces, parameters)
        builder.on(method, template, admit: { endpoint.admit($0, requirement) }) { request in
            .pending(on: executor) {
                await endpoint.answer(request, requirement) { .ready(try await handle($0)) }
            }
        }
    }

    /// Adds a read whose answer is in memory and the same for all: it is given on the worker, and waits for nothing else.
    mutating func onReady(
        _ template: String, produces: String? = "application/json",
        _ handle: @escaping @Sendable (Call) throws -> Response
    ) {
        let endpoint = endpoint(.get, template, produces, [])
        builder.on(.get, template, admit: { endpoint.admit($0, .nothing) }) { request in
            let answer = endpoint.answerAtOnce(request) { .ready(try handle($0)) }
            guard request.has(.authorization) else { return answer }
            // Whether the key is good is not looked at: an answer to one is in no shared cache (RFC 9111 §3.5).
            return answer.map { response in
                let isOfNow = response.headers[.cacheControl] == "no-store"  // ascii: our own
                if !isOfNow { response.headers.keepFromCaches(response.status) }
            }
        }
    }

    /// Adds a read that is answered at once where it can be. `handle` is called on the worker, and must not block, for
    /// requests without a key; and off it for those with one.
    mutating func onRead(
        _ template: String, produces: String? = "application/json", parameters: [String] = [],
        _ handle: @escaping @Sendable (Call, RouteCounter) throws -> Answer
    ) {
        let endpoint = endpoint(.get, template, produces, parameters)
        let counter = endpoint.counter
        builder.on(.get, template, admit: { endpoint.admit($0, .anyone) }) { request in
            if request.has(.authorization) {
                return .pending(on: endpoint.shared.executor) {
                    await endpoint.answer(request, .anyone) { try handle($0, counter) }
                }
            }
            return endpoint.answerAtOnce(request) { try handle($0, counter) }
        }
    }

    private func endpoint(
        _ method: Method, _ template: String, _ produces: String?, _ parameters: [String]
    ) -> Endpoint {
        Endpoint(
            counter: shared.metrics.addCounter(method, template), produces: produces, parameters: parameters,
            isForPeople: produces == HTMLPage.format.mediaType, shared: shared)
    }
}

private struct Endpoint: Sendable {
    let counter: RouteCounter
    let produces: String?
    /// Of the query.
    let parameters: [String]
    let isForPeople: Bool
    let shared: Endpoints.Shared

    func answer(
        _ request: Request, _ requirement: Requirement,
        _ handle: @Sendable (Call) async throws -> Answer
    ) async -> Answer {
        var call = call(request)
        do {
            if let produces { try request.requireAcceptable(produces) }
            call.access = try await access(of: request, requirement)
            try request.requireSpelling(of: parameters)
            if request.hasContent { try request.requireIdentityCoding() }
            return finish(try await handle(call), call)
        } catch {
            return finish(call.refuse(error), call)
        }
    }

    /// For those who come without a key, or whose key makes no difference.
    func answerAtOnce(_ request: Request, _ handle: (Call) throws -> Answer) -> Answer {
        let call = call(request)
        do {
            if let produces { try request.requireAcceptable(produces) }
            try request.requireSpelling(of: parameters)
            return finish(try handle(call), call)
        } catch {
            return finish(call.refuse(error), call)
        }
    }

    /// Readers have nothing large to say. Who shows a key that is not good must not fill the memory either.
    func admit(_ request: Request, _ requirement: Requirement) -> Admission {
        guard requirement == .key else { return .limited }
        let call = call(request)
        return .pending(on: shared.executor) {
            do {
                _ = try await access(of: request, requirement)
                try request.requireIdentityCoding()
                return .admitted
            } catch {
                return Admission.refused(call.refusal(error)).map { $0.meter = counter.meter }
            }
        }
    }

    private func call(_ request: Request) -> Call {
        Call(
            request: request, access: .reader, shared: shared,
            isForPeople: isForPeople)
    }

    /// Has the answer counted, at whatever stage it comes; what a key has shown is for its holder alone.
    private func finish(_ answer: Answer, _ call: Call) -> Answer {
        answer.map { [meter = counter.meter] response in
            response.meter = meter
            if !response.isPrebuilt, response.status.allowsBody { response.headers.addSafety() }
            if case .holder = call.access { response.headers.keepFromCaches(response.status) }
        }
    }

    private func access(of request: Request, _ requirement: Requirement) async throws -> Access {
        if requirement == .nothing || requirement == .anyone && !request.has(.authorization) {
            return .reader
        }
        let grant = try await shared.authenticator.grant(for: request)
        if let grant { return .holder(grant) }
        guard requirement != .key else { throw Problem.unauthorized }
        return .reader
    }
}

extension Request {
    /// Whether a browser asks for something to show.
    fileprivate var isNavigation: Bool { (method == .get || method == .head) && asksForHTML }

    /// Whether a body came with it that may mean something (RFC 9110 §9.3.1).
    fileprivate var hasContent: Bool { !body.isEmpty && method != .get && method != .head }
}

extension Status {
    fileprivate var isOfWrongAddress: Bool { self == .notFound || self == .methodNotAllowed }
}

extension Headers {
    /// Says that an answer to a key is for its holder alone. Problems are in no cache anyway.
    fileprivate mutating func keepFromCaches(_ status: Status) {
        if status.code < 400 { self[.cacheControl] = "private, no-store" }
    }
}

extension Problem {
    fileprivate static var unauthorized: Problem {
        var problem = Problem(.unauthorized, "send a valid key: Authorization: Bearer <key>")
        problem.headers[.wwwAuthenticate] = "Bearer"
        return problem
    }
}

extension Response {
    /// A JSON answer for everybody, whose tag is made of what it says.
    static func digested(_ value: some JSONWritable, to request: Request) -> Response {
        let body = JSONWriter.line(of: value, capacity: 64 * 1_024)
        let tag = "\"\(EntityTag.digest(body))\""
        var headers: Headers = [.etag: tag, .cacheControl: Representation.Freshness.second.cacheControl]
        if request.ifNoneMatch(names: Array(tag.utf8)) { return Response(.notModified, headers: headers) }
        headers.add(.contentType, "application/json")
        return Response(.ok, headers: headers, body: body)
    }

    /// A JSON answer.
    static func json(
        _ value: some JSONWritable, _ status: Status = .ok, capacity: Int = 1_024, headers: Headers = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(status, headers: headers, body: JSONWriter.line(of: value, capacity: capacity))
    }
}
