// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import JSON
internal import Live
internal import Stories

/// A request that an endpoint handles, with the access of its caller.
struct Call: Sendable {
    let request: Request
    fileprivate(set) var access: Access
    fileprivate let shared: Endpoints.Shared
    fileprivate let errors: ErrorForm

    /// The story named by the path; 404 for a text that no story can be named by.
    var story: StoryReference {
        get throws(Problem) {
            guard let story = StoryReference(request.parameters["story"] ?? "") else {
                throw Problem(.notFound(.story))
            }
            return story
        }
    }

    /// The update named by the path; 404 for a text that is not an id.
    var update: Identifier {
        get throws(Problem) {
            guard let id = Identifier(request.parameters["update"] ?? "") else {
                throw Problem(.notFound(.update))
            }
            return id
        }
    }

    /// The name in the path that a form has given to what it keeps here; 404 for a text that cannot be one.
    func name(of resource: StoryError.Resource) throws(Problem) -> String {
        let name = request.parameters["name"] ?? ""
        guard Autosave.isName(name) else { throw Problem(.notFound(resource)) }
        return name
    }
}

extension Call {
    /// Whether the target has no query parameters.
    var hasNoQuery: Bool { request.queryHasOnly([]) }

    var metrics: Metrics { shared.metrics }

    /// Queue for slow work.
    var jobs: JobQueue { shared.jobs }

    /// The network of the client's address.
    var clientNetwork: AddressRange { request.client(shared.forwarded).network }

    /// Whether a cache to purge is configured.
    var canPurge: Bool { shared.purge != nil }

    /// Purges paths from the cache; returns whether all were purged, `nil` if no cache is configured.
    func purge(_ paths: [String]) async -> Bool? { await shared.purge?(paths, request.traceParent) }

    /// Reports an error to the operator without failing the request.
    func report(_ trouble: StoryError.StorageTrouble) { shared.onTrouble(trouble) }

    /// Returns an asynchronous answer; errors become problem responses.
    func pending(_ find: @escaping @Sendable () async throws -> Answer) -> Answer {
        .pending(on: shared.executor) {
            do { return try await find() } catch { return refuse(error) }
        }
    }

    /// The access that the request's key grants at present: it may have been revoked during a long poll.
    var presentAccess: Access {
        get async throws {
            let grant = try await shared.authenticator.grant(for: request)
            return grant.map(Access.holder) ?? .reader
        }
    }

    /// Returns the response to an error; storage failures are also reported to the operator.
    fileprivate func refuse(_ error: any Error) -> Answer { .ready(refusal(error)) }

    fileprivate func refusal(_ error: any Error) -> Response {
        let problem = Problem(any: error)
        if let trouble = problem.trouble { shared.onTrouble(trouble) }
        guard request.asksForHTML else { return problem.response(requestID: request.id) }
        return switch errors {
        case .problem: problem.response(requestID: request.id)
        case .page: problem.page(requestID: request.id, of: shared.site.latest)
        case .frame(let framers): problem.frame(to: request, of: shared.site.latest, framers: framers)
        }
    }
}

/// What a browser gets for an error of a route; other clients get a problem document.
private enum ErrorForm: Sendable {
    case problem
    /// A page, because the route serves pages.
    case page
    /// A page for frames in pages of these sites, because the route serves such pages.
    case frame(CORS.Configuration.Origins)
}

/// The authentication that an endpoint requires.
enum Requirement: Sendable {
    /// None; a key is ignored.
    case nothing
    /// None; a valid key gives more access.
    case anyone
    /// A valid key.
    case key
}

/// Registers routes with their common handling: content negotiation, authentication, errors, request ids, metrics.
struct Endpoints {
    private(set) var builder: RouterBuilder
    let hub: ChannelHub
    let cache: ResponseCache
    private let shared: Shared

    /// The dependencies of every endpoint.
    struct Shared: Sendable {
        let authenticator: Authenticator
        let metrics: Metrics
        let onTrouble: @Sendable (StoryError.StorageTrouble) -> Void
        /// How trusted proxies report the client's address.
        let forwarded: ForwardedBy
        let purge: API.Purge?
        /// What is set of the site.
        let site: CurrentSite
        /// Executor for reads.
        let executor: (any TaskExecutor)?
        /// Queue for slow work.
        let jobs: JobQueue
    }

    var store: any StoryStore { hub.store }
    var jobs: JobQueue { shared.jobs }
    var site: CurrentSite { shared.site }

    init(hub: ChannelHub, cache: ResponseCache, shared: Shared) {
        self.hub = hub
        self.cache = cache
        self.shared = shared
        builder = RouterBuilder { failure, request, id in
            let problem = Problem(failure)
            // Browser navigation to an unknown path gets an HTML error page, API clients a problem document.
            let isForPeople = failure.status.isOfWrongAddress && request?.isNavigation == true
            return isForPeople
                ? problem.page(requestID: id, of: shared.site.latest) : problem.response(requestID: id)
        }
    }

    /// Adds an asynchronous endpoint, run on `executor` if given. `produces` is its only media type; `nil` if it varies or
    /// `Accept` is ignored. `parameters` are its query parameters: a near miss of one of them is answered 400. `spool`: bodies are
    /// written to disk, and never read to memory; only with a key.
    mutating func on(
        _ method: Method, _ template: String, _ requirement: Requirement = .anyone,
        produces: String? = "application/json", parameters: [String] = [],
        executor: (any TaskExecutor)? = nil, spool: SpoolPolicy? = nil,
        _ handle: @escaping @Sendable (Call) async throws -> Response
    ) {
        precondition(spool == nil || requirement == .key, "\(template) would let anyone write to the disk")
        let endpoint = endpoint(method, template, produces, parameters)
        builder.on(method, template, spool: spool, admit: { endpoint.admit($0, requirement) }) { request in
            .pending(on: executor) {
                await endpoint.answer(request, requirement) { .ready(try await handle($0)) }
            }
        }
    }

    /// Adds a read that is answered synchronously on the worker: from memory, and identically for all clients.
    mutating func onReady(
        _ template: String, produces: String? = "application/json",
        _ handle: @escaping @Sendable (Call) throws -> Response
    ) {
        let endpoint = endpoint(.get, template, produces, [])
        builder.on(.get, template, admit: { endpoint.admit($0, .nothing) }) { request in
            let answer = endpoint.answerAtOnce(request) { .ready(try handle($0)) }
            guard request.has(.authorization) else { return answer }
            // The key is not verified. Shared caches must not store responses to requests with a key (RFC 9111 §3.5).
            return answer.map { response in
                let isOfNow = response.headers[.cacheControl] == "no-store"  // ascii: our own
                if !isOfNow { response.headers.keepFromCaches(response.status) }
            }
        }
    }

    /// Adds a read of a file, which is the same for all clients, with a key or without. `handle` runs on the worker and must not block.
    mutating func onFile(_ template: String, _ handle: @escaping @Sendable (Call) throws -> Answer) {
        let endpoint = endpoint(.get, template, nil, [])
        builder.on(.get, template, admit: { endpoint.admit($0, .nothing) }) { request in
            endpoint.answerAtOnce(request, handle)
        }
    }

    /// Adds a read that is answered synchronously where possible. Without a key, `handle` runs on the worker and must not
    /// block; with a key it runs in a task. `isStream`: the client's quota of streams is checked before anything else. `framers` are the
    /// sites that may frame its pages, and so those of its errors, too.
    mutating func onRead(
        _ template: String, produces: String? = "application/json", parameters: [String] = [],
        isStream: Bool = false, framers: CORS.Configuration.Origins? = nil,
        _ handle: @escaping @Sendable (Call, RouteCounter) throws -> Answer
    ) {
        let endpoint = endpoint(.get, template, produces, parameters, framers: framers)
        let counter = endpoint.counter
        let answer: @Sendable (Request) -> Answer = { request in
            if request.has(.authorization) {
                return .pending(on: endpoint.shared.executor) {
                    await endpoint.answer(request, .anyone) { try handle($0, counter) }
                }
            }
            return endpoint.answerAtOnce(request) { try handle($0, counter) }
        }
        builder.on(.get, template, admit: { endpoint.admit($0, .anyone) }) { request in
            isStream ? .admittedStream { answer(request) } : answer(request)
        }
    }

    private func endpoint(
        _ method: Method, _ template: String, _ produces: String?, _ parameters: [String],
        framers: CORS.Configuration.Origins? = nil
    ) -> Endpoint {
        let errors: ErrorForm =
            produces == HTMLPage.mediaType ? framers.map { .frame($0) } ?? .page : .problem
        return Endpoint(
            counter: shared.metrics.addCounter(method, template), produces: produces, parameters: parameters,
            errors: errors, shared: shared)
    }
}

private struct Endpoint: Sendable {
    let counter: RouteCounter
    let produces: String?
    /// Names of the known query parameters.
    let parameters: [String]
    let errors: ErrorForm
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

    /// Answers synchronously, for requests without a key or where it makes no difference.
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

    /// Admits large bodies only with a valid key, so that anonymous clients cannot exhaust memory.
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
        Call(request: request, access: .reader, shared: shared, errors: errors)
    }

    /// Adds the meter and security headers; keeps responses to key holders out of caches.
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
    /// Whether a browser navigates to a page.
    fileprivate var isNavigation: Bool { (method == .get || method == .head) && asksForHTML }

    /// Whether the request has content that is meaningful: in GET and HEAD it has no semantics (RFC 9110 §9.3.1).
    fileprivate var hasContent: Bool {
        (!body.isEmpty || spooledBody.map { $0.size > 0 } ?? false) && method != .get && method != .head
    }
}

extension Status {
    fileprivate var isOfWrongAddress: Bool { self == .notFound || self == .methodNotAllowed }
}

extension Headers {
    /// Forbids caching of responses to key holders. Problems carry `no-store` already.
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
    /// Returns a JSON response with an entity tag computed from its body, or 304 if the client has it.
    static func digested(_ value: some JSONWritable, to request: Request) -> Response {
        let body = JSONWriter.line(of: value, capacity: 64 * 1_024)
        let tag = "\"\(EntityTag.digest(body))\""
        var headers: Headers = [.etag: tag, .cacheControl: Representation.Freshness.second.cacheControl]
        if request.ifNoneMatch(names: Array(tag.utf8)) { return Response(.notModified, headers: headers) }
        headers.add(.contentType, "application/json")
        return Response(.ok, headers: headers, body: body)
    }

    /// Returns a JSON response.
    static func json(
        _ value: some JSONWritable, _ status: Status = .ok, capacity: Int = 1_024, headers: Headers = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(status, headers: headers, body: JSONWriter.line(of: value, capacity: capacity))
    }
}
