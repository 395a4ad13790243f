internal import HTTP
internal import JSON
internal import Stories

/// A request on its way through an endpoint: who asks, and for what.
struct Call: Sendable {
    let request: Request
    let access: Access
    let requestID: String

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

/// What an endpoint asks of its caller.
enum Requirement: Sendable {
    /// Nothing; a good key shows more.
    case anyone
    /// A good key.
    case key
}

/// Routes with what all of them share: content negotiation, keys, errors, request ids, counting.
struct Endpoints {
    private(set) var builder: RouterBuilder
    let store: any StoryStore
    private let authenticator: Authenticator
    private let metrics: Metrics
    private let onTrouble: @Sendable (StoryError.StorageTrouble) -> Void

    init(
        store: any StoryStore, authenticator: Authenticator, metrics: Metrics,
        onTrouble: @escaping @Sendable (StoryError.StorageTrouble) -> Void
    ) {
        self.store = store
        self.authenticator = authenticator
        self.metrics = metrics
        self.onTrouble = onTrouble
        builder = RouterBuilder { failure, request in
            metrics.count(route: request?.route, status: failure.status)
            return Problem(failure).response(requestID: RequestID.of(request))
        }
    }

    /// Adds an endpoint that answers `produces`.
    mutating func on(
        _ method: Method, _ template: String, _ requirement: Requirement = .anyone,
        produces: String = "application/json",
        _ handle: @escaping @Sendable (Call) async throws(Problem) -> Response
    ) {
        let endpoint = Endpoint(
            requirement: requirement, produces: produces, handle: handle, authenticator: authenticator,
            onTrouble: onTrouble)
        builder.on(method, template) { [metrics] request in
            .pending {
                let response = await endpoint.respond(to: request)
                metrics.count(route: template, status: response.status)
                return response
            }
        }
    }
}

private struct Endpoint: Sendable {
    let requirement: Requirement
    let produces: String
    let handle: @Sendable (Call) async throws(Problem) -> Response
    let authenticator: Authenticator
    let onTrouble: @Sendable (StoryError.StorageTrouble) -> Void

    func respond(to request: Request) async -> Response {
        let requestID = RequestID.of(request)
        do throws(Problem) {
            try request.requireAcceptable(produces)
            let access = try await access(of: request)
            var response = try await handle(Call(request: request, access: access, requestID: requestID))
            response.headers[.requestID] = requestID
            if case .holder = access { response.headers[.cacheControl] = "private, no-store" }
            return response
        } catch {
            if let trouble = error.trouble { onTrouble(trouble) }
            return error.response(requestID: requestID)
        }
    }

    private func access(of request: Request) async throws(Problem) -> Access {
        if requirement == .anyone, request.header(.authorization) == nil { return .reader }
        let grant = try await domain { () async throws(StoryError) in
            try await authenticator.grant(for: request)
        }
        if let grant { return .holder(grant) }
        guard requirement == .anyone else { throw .unauthorized }
        return .reader
    }
}

extension Problem {
    fileprivate static var unauthorized: Problem {
        var problem = Problem(.unauthorized, "send a good key: Authorization: Bearer <key>")
        problem.headers[.wwwAuthenticate] = "Bearer"
        return problem
    }
}

/// Runs something of the domain; its errors become problems.
func domain<Result>(
    _ body: () async throws(StoryError) -> Result
) async throws(Problem) -> Result {
    do throws(StoryError) {
        return try await body()
    } catch {
        throw Problem(error)
    }
}

extension Response {
    /// A JSON answer.
    static func json(
        _ value: some JSONWritable, _ status: Status = .ok, capacity: Int = 1_024, headers: Headers = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(status, headers: headers, body: JSONWriter.line(of: value, capacity: capacity))
    }
}
