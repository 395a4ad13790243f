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
            case list(Set<String>)
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
    private let exposed: String
    private let methods: String
    private let requestHeaders: String

    /// Wraps a responder.
    public init(_ configuration: Configuration, next: any Responder) {
        self.configuration = configuration
        self.next = next
        exposed = configuration.exposedHeaders.map(\.text).joined(separator: ", ")
        methods = configuration.methods.map(\.rawValue).joined(separator: ", ")
        requestHeaders = configuration.requestHeaders.map(\.text).joined(separator: ", ")
    }

    /// Answers a preflight itself, and adds to other answers what lets a page read them.
    public func respond(to request: Request) -> Answer {
        if let method = Self.preflightMethod(request) { return .ready(preflight(request, method)) }
        guard configuration.isOpen(request, request.method) else { return next.respond(to: request) }
        let origin = originToName(request)
        return next.respond(to: request).mapHeaders { [self] in add(origin: origin, to: &$0) }
    }

    /// A refusal must be readable too: a page that may not see it cannot tell its user why.
    public func respond(to failure: RequestFailure, request: Request?) -> Response {
        var response = next.respond(to: failure, request: request)
        if let request, configuration.isOpen(request, request.method) {
            add(origin: originToName(request), to: &response.headers)
        }
        return response
    }

    /// The method that a preflight asks about; nil when the request is none.
    private static func preflightMethod(_ request: Request) -> Method? {
        guard request.method == .options, request.header(.origin) != nil else { return nil }
        return request.header("Access-Control-Request-Method").map(Method.init(rawValue:))
    }

    private func preflight(_ request: Request, _ method: Method) -> Response {
        var response = Response(.noContent)
        response.headers.add(.vary, "Origin, Access-Control-Request-Method")
        guard configuration.isOpen(request, method), let origin = originToName(request) else {
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
        case .list(let origins): request.header(.origin).flatMap { origins.contains($0) ? $0 : nil }
        }
    }

    private func add(origin: String?, to headers: inout Headers) {
        // Also without an origin, for a cache must not give that answer to a page (RFC 9110 §12.5.5).
        if case .list = configuration.origins { headers.add(.vary, "Origin") }
        guard let origin else { return }
        headers.add("Access-Control-Allow-Origin", origin)
        if !exposed.isEmpty { headers.add("Access-Control-Expose-Headers", exposed) }
    }
}
