/// Finds the handler of a request by path and method. Frozen: made by a `RouterBuilder`.
public struct Router: Responder {
    private let trie: RouteTrie
    private let refuse: RouterBuilder.Refusal
    /// `Allow` for `OPTIONS *`: every method that some route has.
    private let allMethods: [Method]

    init(trie: RouteTrie, refuse: @escaping RouterBuilder.Refusal) {
        self.trie = trie
        self.refuse = refuse
        allMethods = Self.allowed(trie.routes)
    }

    /// Method and template of every route, in the order in which they were added; without the `HEAD` and
    /// `OPTIONS` that come with them.
    public var routes: [(method: Method, template: String)] { trie.routes.map { ($0.method, $0.template) } }

    /// Answers by the route of the request, 404 where the path is unknown, 405 where the method is.
    public func respond(to request: Request) -> Answer {
        switch find(request) {
        case .route(let route, let request): route.handler(request)
        case .answered(let response): .ready(response)
        }
    }

    /// Asks the route of the request; where there is none nobody wants the body.
    public func admit(_ request: Request) -> Admission {
        switch find(request) {
        case .route(let route, let request): route.admit(request)
        case .answered(let response): .refused(response)
        }
    }

    private enum Found {
        case route(Route, Request)
        case answered(Response)
    }

    private func find(_ request: Request) -> Found {
        if request.isAboutServer { return .answered(Self.describe(allMethods)) }
        let segments = request.pathSegments
        guard let routes = trie.find(segments) else {
            if let place = placeWithoutSlash(request, segments) {
                return .answered(Response(.permanentRedirect, headers: [.location: place]))
            }
            return .answered(
                refuse(RequestFailure(.notFound, "there is nothing at this path"), request, request.id))
        }
        guard let route = Self.route(for: request.method, in: routes) else {
            return .answered(Self.withoutRoute(request, routes, refuse))
        }
        return .route(route, request.routed(route, segments))
    }

    /// Answers what HTTP refuses, as the builder was told to.
    public func respond(to failure: RequestFailure, request: Request?, id: RequestID) -> Response {
        refuse(failure, request, id)
    }

    /// The path and query of a request without the slashes at the path's end, where a route is there. It begins with one slash and
    /// a segment that is not empty, and so leads to nowhere else.
    private func placeWithoutSlash(_ request: Request, _ segments: [String]) -> String? {
        let slashes = segments.reversed().prefix(while: \.isEmpty).count
        guard slashes > 0, slashes < segments.count, trie.find(Array(segments.dropLast(slashes))) != nil
        else {
            return nil
        }
        let path = String(decoding: request.path.utf8.dropLast(slashes), as: UTF8.self)
        return path + (request.head.line.query.map { "?" + request.head.text($0) } ?? "")
    }

    private static func route(for method: Method, in routes: [Route]) -> Route? {
        if let route = routes.first(where: { $0.method == method }) { return route }
        // HEAD is GET without the body (RFC 9110 §9.3.2); the server leaves that out.
        return method == .head ? routes.first { $0.method == .get } : nil
    }

    private static func withoutRoute(
        _ request: Request, _ routes: [Route], _ refuse: RouterBuilder.Refusal
    ) -> Response {
        let methods = allowed(routes)
        if request.method == .options { return describe(methods) }
        var known = request
        known.route = routes.first?.template
        let failure = RequestFailure(
            .methodNotAllowed, "this path does not take \(request.method)", allowedMethods: methods)
        return refuse(failure, known, known.id)
    }

    /// The answer to OPTIONS (RFC 9110 §9.3.7).
    private static func describe(_ methods: [Method]) -> Response {
        let allow = methods.map(\.rawValue).joined(separator: ", ")
        return Response(.noContent, headers: [.allow: allow])
    }

    private static func allowed(_ routes: [Route]) -> [Method] {
        var methods: [Method] = []
        for method in routes.map(\.method) + [.options] where !methods.contains(method) {
            methods.append(method)
            if method == .get, !routes.contains(where: { $0.method == .head }) { methods.append(.head) }
        }
        return methods
    }
}

extension Request {
    /// Whether the target is `*`: about the server rather than a path (RFC 9112 §3.2.4).
    fileprivate var isAboutServer: Bool {
        head.line.path.count == 1 && head.bytes[Int(head.line.path.lowerBound)] == UInt8(ascii: "*")
    }

    fileprivate func routed(_ route: Route, _ segments: [String]) -> Request {
        var request = self
        request.route = route.template
        for parameter in route.parameters {
            request.parameters.add(parameter.name, segments[parameter.segment])
        }
        return request
    }
}
