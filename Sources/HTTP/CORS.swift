// SPDX-License-Identifier: Apache-2.0
/// CORS middleware (Fetch standard): answers preflights, and adds the headers that let scripts of other origins read
/// responses.
public struct CORS: Responder {
    /// Which origins, methods and headers are allowed.
    public struct Configuration: Sendable {
        /// The allowed origins.
        public enum Origins: Sendable {
            /// All. The response is the same for every origin, so shared caches can store one copy.
            case any
            /// Only these, such as `https://example.org`. Responses carry `Vary: Origin`.
            case list(Set<String>)  // ascii: the operator's, and asked for nothing else
        }

        /// The allowed origins.
        public var origins = Origins.any
        /// Whether a request is open to other origins. For a preflight, `method` is `Access-Control-Request-Method`.
        public var isOpen: @Sendable (_ request: Request, _ method: Method) -> Bool
        /// `Access-Control-Allow-Methods`.
        public var methods: [Method] = [.get, .head, .post, .delete]
        /// `Access-Control-Expose-Headers`: readable by scripts besides the safelisted ones.
        public var exposedHeaders: [HeaderName] = []
        /// `Access-Control-Allow-Headers`: settable by scripts besides the safelisted ones.
        public var requestHeaders: [HeaderName] = [.contentType]
        /// `Access-Control-Max-Age`: seconds for which a browser caches the preflight.
        public var maxAgeSeconds = 86_400

        /// A configuration; by default only `GET` and `HEAD` are open.
        public init(
            isOpen: @escaping @Sendable (_ request: Request, _ method: Method) -> Bool = { _, method in
                method == .get || method == .head
            }
        ) { self.isOpen = isOpen }
    }

    private let configuration: Configuration
    private let next: any Responder
    private let sharedHeaders: Headers
    private let methods: String
    private let requestHeaders: String

    /// Wraps the next responder.
    public init(_ configuration: Configuration, next: any Responder) {
        self.configuration = configuration
        self.next = next
        sharedHeaders = configuration.sharedHeaders
        methods = configuration.methods.map(\.rawValue).joined(separator: ", ")
        requestHeaders = configuration.requestHeaders.map(\.text).joined(separator: ", ")
    }

    /// Answers a preflight itself; passes other requests on and adds the CORS headers to their responses.
    public func respond(to request: Request) -> Answer {
        if let method = Self.preflightMethod(request) { return .ready(preflight(request, method)) }
        guard configuration.isOpen(request, request.method) else { return next.respond(to: request) }
        return next.respond(to: request).map { [self] in open(&$0, to: request) }
    }

    /// Passes the question on, and adds the CORS headers to a refusal.
    public func admit(_ request: Request) -> Admission {
        guard configuration.isOpen(request, request.method) else { return next.admit(request) }
        return next.admit(request).map { [self] in open(&$0, to: request) }
    }

    /// Adds the CORS headers, if the requesting origin is allowed.
    public func open(_ response: inout Response, to request: Request) {
        if !response.isPrebuilt { response.headers.add(sharedHeaders) }
        if case .list = configuration.origins { response.headers.add(ownHeaders(request)) }
    }

    /// Failures get the headers too: without them a script cannot read the problem and show it.
    public func respond(to failure: RequestFailure, request: Request?, id: RequestID) -> Response {
        var response = next.respond(to: failure, request: request, id: id)
        if let request, configuration.isOpen(request, request.method) {
            open(&response, to: request)
        }
        return response
    }

    /// The value of `Access-Control-Request-Method`; `nil` if the request is not a preflight.
    private static func preflightMethod(_ request: Request) -> FieldValue? {
        guard request.method == .options, request.has(.origin) else { return nil }
        return request.header("Access-Control-Request-Method")
    }

    /// A value that is not a token is not a method, so nothing is allowed.
    private func preflight(_ request: Request, _ value: FieldValue) -> Response {
        var response = Response(.noContent)
        response.headers.add(.vary, "Origin, Access-Control-Request-Method")
        guard let token = value.token, let origin = allowedOrigin(request),
            configuration.isOpen(request, Method(rawValue: token))  // ascii: a token
        else {
            return response
        }
        response.headers.add("Access-Control-Allow-Origin", origin)
        response.headers.add("Access-Control-Allow-Methods", methods)
        if !requestHeaders.isEmpty { response.headers.add("Access-Control-Allow-Headers", requestHeaders) }
        response.headers.add("Access-Control-Max-Age", "\(configuration.maxAgeSeconds)")
        return response
    }

    /// The value of `Access-Control-Allow-Origin`; `nil` if the origin is not allowed.
    private func allowedOrigin(_ request: Request) -> String? {
        switch configuration.origins {
        case .any: "*"
        case .list(let origins): request.header(.origin)?.ascii.flatMap { origins.contains($0) ? $0 : nil }
        }
    }

    private func ownHeaders(_ request: Request) -> Headers {
        allowedOrigin(request).map(configuration.headers) ?? [:]
    }
}

extension CORS.Configuration {
    /// Headers that are the same for every origin. A prebuilt head includes them when it is encoded.
    public var sharedHeaders: Headers {
        // Also on responses to same-origin requests: a shared cache must not serve those cross-origin (RFC 9110 §12.5.5).
        guard case .any = origins else { return [.vary: "Origin"] }
        return headers(origin: "*")
    }

    fileprivate func headers(origin: String) -> Headers {
        var headers: Headers = ["Access-Control-Allow-Origin": origin]
        if !exposedHeaders.isEmpty {
            headers.add("Access-Control-Expose-Headers", exposedHeaders.map(\.text).joined(separator: ", "))
        }
        return headers
    }
}
