// SPDX-License-Identifier: Apache-2.0
/// Dispatches requests to handlers by path and method. Immutable; made by a `RouterBuilder`.
public struct Router: Responder {
    private let trie: RouteTrie
    private let refuse: RouterBuilder.Refusal
    /// `Allow` for `OPTIONS *`: the methods of all routes.
    private let allMethods: [Method]

    init(trie: RouteTrie, refuse: @escaping RouterBuilder.Refusal) {
        self.trie = trie
        self.refuse = refuse
        allMethods = Self.allowed(trie.routes)
    }

    /// Method and template of every route, in the order in which they were added, without the implied `HEAD` and
    /// `OPTIONS`.
    public var routes: [(method: Method, template: String)] { trie.routes.map { ($0.method, $0.template) } }

    /// Answers by the matching route; 404 for an unknown path, 405 for an unsupported method.
    public func respond(to request: Request) -> Answer {
        switch find(request) {
        case .route(let route, let request): answer(request, route)
        case .answered(let response): .ready(response)
        }
    }

    /// Asks the matching route; without one, the body is not read.
    public func admit(_ request: Request) -> Admission {
        switch find(request) {
        case .route(let route, let request):
            route.spool.map { route.admit(request).spooling($0) } ?? route.admit(request)
        case .answered(let response): .refused(response)
        }
    }

    private func answer(_ request: Request, _ route: Route) -> Answer {
        guard let policy = route.spool, request.spooledBody == nil else { return route.handler(request) }
        return SmallBodySpooling.answer(request, route, policy, refuse: refuse)
    }

    private enum Found {
        case route(Route, Request)
        case answered(Response)
    }

    private func find(_ request: Request) -> Found {
        if request.isAboutServer { return .answered(Self.describe(allMethods)) }
        let segments = request.pathSegments
        guard let routes = trie.find(segments) else {
            if let target = targetWithoutTrailingSlash(request, segments) {
                return .answered(Response(.permanentRedirect, headers: [.location: target]))
            }
            return .answered(
                refuse(RequestFailure(.notFound, "there is nothing at this path"), request, request.id))
        }
        guard let route = Self.route(for: request.method, in: routes) else {
            return .answered(Self.withoutRoute(request, routes, refuse))
        }
        return .route(route, request.routed(route, segments))
    }

    /// The response to a failure of the HTTP layer, by the builder's closure.
    public func respond(to failure: RequestFailure, request: Request?, id: RequestID) -> Response {
        refuse(failure, request, id)
    }

    /// The path and query without trailing slashes, if a route matches that. It begins with one slash and a segment that is not
    /// empty, so it cannot redirect to another host (open redirect).
    private func targetWithoutTrailingSlash(_ request: Request, _ segments: [String]) -> String? {
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
        // HEAD is GET without the body (RFC 9110 §9.3.2), which the server omits.
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

    /// The response to OPTIONS (RFC 9110 §9.3.7).
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
    /// Whether the target is in asterisk form (RFC 9112 §3.2.4).
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
