// SPDX-License-Identifier: Apache-2.0
/// The handler of a route. Called on the worker's queue; must not block.
public typealias Handler = @Sendable (Request) -> Answer

/// Admission control for large bodies of a route; see ``Responder``.
public typealias Admit = @Sendable (Request) -> Admission

/// Collects routes, and builds an immutable `Router`.
public struct RouterBuilder: Sendable {
    /// Makes the response to a failure: the request if its head was parsed, and the id that the response will carry.
    public typealias Refusal = @Sendable (RequestFailure, Request?, RequestID) -> Response

    private let refuse: Refusal
    private var trie = RouteTrie()

    /// - Parameter refuse: makes the responses to failures of routing (404, 405) and of the HTTP layer.
    public init(refuse: @escaping Refusal) { self.refuse = refuse }

    /// Adds a route. `GET` routes answer `HEAD` too, and every path answers `OPTIONS`.
    ///
    /// - Parameters:
    ///   - template: a path whose segments are literals or parameters, such as `/stories/{story}/updates`. A literal takes
    ///     precedence over a parameter. A parameter matches one non-empty segment.
    ///   - spool: where bodies are spooled: each request then has a ``Request/spooledBody``, however small. `admit` is asked before
    ///     anything is written, and those whom it does not admit (`limited`) may send what needs no admission.
    ///   - admit: admission control for large bodies.
    ///   - handler: answers the requests.
    /// - Precondition: the template begins with a slash, and the route is not registered yet.
    public mutating func on(
        _ method: Method, _ template: String, spool: SpoolPolicy? = nil,
        admit: @escaping Admit = { _ in .admitted }, _ handler: @escaping Handler
    ) {
        precondition(template.utf8.first == ASCII.slash, "\(template) does not begin with a slash")
        trie.add(Route(method: method, template: template, spool: spool, admit: admit, handler: handler))
    }

    /// The router of all routes added so far.
    public func build() -> Router { Router(trie: trie, refuse: refuse) }
}

/// One method of one path.
struct Route: Sendable {
    let method: Method
    let template: String
    let spool: SpoolPolicy?
    let admit: Admit
    let handler: Handler
    /// The parameters' names and segment indices.
    let parameters: [(name: String, segment: Int)]

    init(
        method: Method, template: String, spool: SpoolPolicy?, admit: @escaping Admit,
        handler: @escaping Handler
    ) {
        self.method = method
        self.template = template
        self.spool = spool
        self.admit = admit
        self.handler = handler
        parameters = Route.segments(template).enumerated().compactMap { index, segment in
            Route.parameterName(segment).map { (name: $0, segment: index) }
        }
    }

    /// The segments of a template, split like a request path; none for `/`.
    static func segments(_ template: String) -> [String] {
        let path = template.utf8.dropFirst()
        return path.isEmpty
            ? []
            : path.split(separator: ASCII.slash, omittingEmptySubsequences: false).map {
                String(Substring($0))
            }
    }

    /// The name in `{name}`; `nil` for a literal segment.
    static func parameterName(_ segment: String) -> String? {
        guard segment.utf8.first == UInt8(ascii: "{"), segment.utf8.last == UInt8(ascii: "}") else {
            return nil
        }
        return String(Substring(segment.utf8.dropFirst().dropLast()))
    }
}
