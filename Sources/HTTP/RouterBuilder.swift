/// What answers the requests of a route. Called on the worker's queue; must not block.
public typealias Handler = @Sendable (Request) -> Answer

/// Says whether the large body of a request is to be read; see ``Responder``.
public typealias Admit = @Sendable (Request) -> Admission

/// Collects routes, and freezes them into a `Router`.
public struct RouterBuilder: Sendable {
    /// Makes the answer to a failure, for the request where there is one, with the id that the answer will carry.
    public typealias Refusal = @Sendable (RequestFailure, Request?, RequestID) -> Response

    private let refuse: Refusal
    private var trie = RouteTrie()

    /// - Parameter refuse: makes the answers for what no route takes (404, 405) and for what HTTP itself
    ///   refuses.
    public init(refuse: @escaping Refusal) { self.refuse = refuse }

    /// Adds a route. `GET` routes answer `HEAD` too, and every path answers `OPTIONS`.
    ///
    /// - Parameters:
    ///   - template: a path whose segments are literal or a parameter, such as `/stories/{story}/updates`.
    ///     A literal segment beats a parameter. A parameter matches one segment that is not empty.
    ///   - admit: whether a large body is to be read.
    ///   - handler: what answers.
    /// - Precondition: the template begins with a slash, and the route is not there already.
    public mutating func on(
        _ method: Method, _ template: String, admit: @escaping Admit = { _ in .admitted },
        _ handler: @escaping Handler
    ) {
        precondition(template.utf8.first == ASCII.slash, "\(template) does not begin with a slash")
        trie.add(Route(method: method, template: template, admit: admit, handler: handler))
    }

    /// The router of all routes added so far.
    public func build() -> Router { Router(trie: trie, refuse: refuse) }
}

/// One method of one path.
struct Route: Sendable {
    let method: Method
    let template: String
    let admit: Admit
    let handler: Handler
    /// The parameters' names, and which segment each of them is.
    let parameters: [(name: String, segment: Int)]

    init(method: Method, template: String, admit: @escaping Admit, handler: @escaping Handler) {
        self.method = method
        self.template = template
        self.admit = admit
        self.handler = handler
        parameters = Route.segments(template).enumerated().compactMap { index, segment in
            Route.parameterName(segment).map { (name: $0, segment: index) }
        }
    }

    /// The segments of a template, cut like those of a path; none for `/`.
    static func segments(_ template: String) -> [String] {
        let path = template.utf8.dropFirst()
        return path.isEmpty
            ? []
            : path.split(separator: ASCII.slash, omittingEmptySubsequences: false).map {
                String(Substring($0))
            }
    }

    /// The name in `{name}`; nil for a literal segment.
    static func parameterName(_ segment: String) -> String? {
        guard segment.utf8.first == UInt8(ascii: "{"), segment.utf8.last == UInt8(ascii: "}") else {
            return nil
        }
        return String(Substring(segment.utf8.dropFirst().dropLast()))
    }
}
