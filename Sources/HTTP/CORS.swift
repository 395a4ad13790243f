/// Lets pages of other origins read answers (the CORS protocol of the Fetch standard): a responder that
/// holds one.
public struct CORS: Responder {
    /// Who may do what.
    public struct Configuration: Sendable {
        /// The origins that are let in.
        public enum Origins: Sendable {
            /// All of them; answers are the same for everyone, so that caches can share them.
            case any
            /// These, such as `https://example.org`; answers vary by `Origin`.
            case list(Set<String>)  // ascii: the operator's, and asked for nothing else
        }

        /// The origins that are let in.
        public var origins = Origins.any
        /// Whether a request is open to other origins; for a preflight `method` is the one asked about.
        public var isOpen: @Sendable (_ request: Request, _ method: Method) -> Bool
        /// The methods that a preflight names.
        public var methods: [Method] = [.get, .head, .post, .delete]
        /// The response headers that pages may read, besides those that are always open.
        public var exposedHeaders: [HeaderName] = []
        /// The request headers that pages may set, besides those that are always open.
        public var requestHeaders: [HeaderName] = [.contentType]
        /// For how long a browser may keep the answer to a preflight.
        public var maxAgeSeconds = 86_400

        /// A configuration; the default opens `GET` and `HEAD`.
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

    /// Wraps a responder.
    public init(_ configuration: Configuration, next: any Responder) {
        self.configuration = configuration
        self.next = next
        sharedHeaders = configuration.sharedHeaders
        methods = configuration.methods.map(\.rawValue).joined(separator: ", ")
        requestHeaders = configuration.requestHeaders.map(\.text).joined(separator: ", ")
    }

    /// Answers a preflight itself, and adds to other answers what lets a page read them.
    public func respond(to request: Request) -> Answer {
        if let method = Self.preflightMethod(request) { return .ready(preflight(request, method)) }
        guard configuration.isOpen(request, request.method) else { return next.respond(to: request) }
        return next.respond(to: request).map { [self] in open(&$0, to: request) }
    }

    /// Asks the responder.
    public func admit(_ request: Request) -> Admission {
        guard configuration.isOpen(request, request.method) else { return next.admit(request) }
        return next.admit(request).map { [self] in open(&$0, to: request) }
    }

    /// Opens an answer to the page that asks, if it may read it.
    public func open(_ response: inout Response, to request: Request) {
        if !response.isPrebuilt { response.headers.add(sharedHeaders) }
        if case .list = configuration.origins { response.headers.add(ownHeaders(request)) }
    }

    /// A refusal must be readable too: a page that may not see it cannot tell its user why.
    public func respond(to failure: RequestFailure, request: Request?, id: RequestID) -> Response {
        var response = next.respond(to: failure, request: request, id: id)
        if let request, configuration.isOpen(request, request.method) {
            open(&response, to: request)
        }
        return response
    }

    /// What a preflight asks about; nil when the request is none.
    private static func preflightMethod(_ request: Request) -> FieldValue? {
        guard request.method == .options, request.has(.origin) else { return nil }
        return request.header("Access-Control-Request-Method")
    }

    /// Nothing is allowed where the method is no token, and so no method.
    private func preflight(_ request: Request, _ value: FieldValue) -> Response {
        var response = Response(.noContent)
        response.headers.add(.vary, "Origin, Access-Control-Request-Method")
        guard let token = value.token, let origin = originToName(request),
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

    /// What `Access-Control-Allow-Origin` is to say; nil when the origin is not let in.
    private func originToName(_ request: Request) -> String? {
        switch configuration.origins {
        case .any: "*"
        case .list(let origins): request.header(.origin)?.ascii.flatMap { origins.contains($0) ? $0 : nil }
        }
    }

    private func ownHeaders(_ request: Request) -> Headers {
        originToName(request).map(configuration.headers) ?? [:]
    }
}

extension CORS.Configuration {
    /// What every open answer says, whoever asks. Whoever builds the head of such an answer ahead puts these into it.
    public var sharedHeaders: Headers {
        // Also in answers to others, for a cache must not give those to a page (RFC 9110 §12.5.5).
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
