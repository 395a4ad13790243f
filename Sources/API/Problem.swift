// SPDX-License-Identifier: Apache-2.0
internal import HTTP
public import JSON
internal import Live
public import Stories

/// An error response: problem details (RFC 9457).
struct Problem: Error {
    var kind: Kind
    /// Explanation of this occurrence, for people.
    var detail: String
    /// For invalid input: all errors, each with its JSON Pointer.
    var errors: [ValidationError] = []
    /// For an expired cursor: address of the snapshot to restart from.
    var snapshot: String?
    /// For a failed precondition: the current state of the resource.
    var current: PresentState?
    /// The storage failure behind it, to be reported to the operator.
    var trouble: StoryError.StorageTrouble?
    var headers: Headers = [:]
    /// For 404: the kind of resource that does not exist or is not visible to the caller.
    var missing: StoryError.Resource?

    /// The type of problem. The name is the last part of `type` and is stable across versions.
    struct Kind: Sendable {
        let status: Status
        let name: String
        let title: String
    }

    init(_ kind: Kind, _ detail: String, errors: [ValidationError] = []) {
        self.kind = kind
        self.detail = detail
        self.errors = errors
    }
}

extension Problem.Kind {
    static let malformedBody = Self(
        status: .badRequest, name: "malformed-body", title: "Malformed request body")
    static let badParameter = Self(status: .badRequest, name: "bad-parameter", title: "Invalid parameter")
    static let badCursor = Self(status: .badRequest, name: "bad-cursor", title: "Invalid cursor")
    static let unauthorized = Self(status: .unauthorized, name: "unauthorized", title: "API key required")
    static let forbidden = Self(
        status: .forbidden, name: "forbidden", title: "Insufficient permissions")
    static let notFound = Self(status: .notFound, name: "not-found", title: "Not found")
    static let notAcceptable = Self(
        status: .notAcceptable, name: "not-acceptable", title: "Not acceptable")
    static let slugTaken = Self(status: .conflict, name: "slug-taken", title: "Slug already taken")
    static let notPublished = Self(
        status: .conflict, name: "not-published", title: "Update not published")
    static let mediaInUse = Self(status: .conflict, name: "media-in-use", title: "Media asset in use")
    static let cursorExpired = Self(status: .gone, name: "cursor-expired", title: "Cursor expired")
    static let takenDown = Self(status: .gone, name: "taken-down", title: "Taken down")
    static let tooManyRequests = Self(
        status: .tooManyRequests, name: "too-many-requests", title: "Too many requests")
    static let keyReused = Self(
        status: .unprocessableContent, name: "idempotency-key-reused",
        title: "Idempotency key reused")
    static let stale = Self(
        status: .preconditionFailed, name: "precondition-failed", title: "Precondition failed")
    static let unsupportedMediaType = Self(
        status: .unsupportedMediaType, name: "unsupported-media-type", title: "Unsupported media type")
    static let validation = Self(
        status: .unprocessableContent, name: "validation", title: "Validation failed")
    static let busy = Self(status: .serviceUnavailable, name: "busy", title: "Server busy")
    static let storage = Self(
        status: .serviceUnavailable, name: "storage", title: "Storage unavailable")
    static let storageFull = Self(
        status: .insufficientStorage, name: "storage-full", title: "Storage full")
    static let timeOut = Self(
        status: .requestTimeout, name: "request-timeout", title: "Request timed out")

    /// Creates the kind for a request that the HTTP layer rejected, named after its status.
    init(_ status: Status) {
        let words = status.reason.lowercased()  // ascii: a phrase of the standard
            .split(separator: " ").joined(separator: "-")  // ascii: the same
        self.init(status: status, name: words, title: status.reason)
    }
}

extension Problem {
    /// Creates a problem from any error that a route throws.
    init(any error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as StoryError: self.init(error)
        case is JobQueue.Refused: self = .overloaded
        case let refusal as FileRefusal:
            self.init(refusal.failure)
            headers.add(refusal.headers)
        // Routes throw nothing else. Any other error is a bug, and is reported as a server error.
        default: self.init(StoryError.storage(.unavailable("\(error)")))
        }
    }

    /// Maps an error of the domain to HTTP.
    init(_ error: StoryError) {
        switch error {
        case .notFound(let thing):
            self.init(.notFound, "there is no such \(thing.rawValue)")
            missing = thing
        case .moved(let slug):
            self.init(.notFound, "the update was moved to the story \"\(slug)\"")
            missing = .update
        case .forbidden(let why): self.init(.forbidden, why)
        case .invalid(let errors): self.init(errors: errors)
        case .slugTaken(let slug):
            self.init(
                .slugTaken, "another story has the slug \"\(slug)\"",
                errors: [ValidationError("/slug", "\"\(slug)\" is taken by another story")])
        case .slugReserved(let slug, let present):
            self.init(
                .slugTaken,
                "\"\(slug)\" is a former slug of the story \"\(present)\", and still leads to it; an admin can free it: "
                    + "DELETE /stories/\(present)/slugs/\(slug)",
                errors: [ValidationError("/slug", "\"\(slug)\" is a former slug of the story \"\(present)\"")]
            )
        case .stale(let current):
            self.init(
                .stale,
                current == nil
                    ? "it does not exist"
                    : "it has changed since it was read; read it again")
            self.current = current
            if let current { headers[.etag] = EntityTag.text(current.version) }
        case .unpublished:
            self.init(.notPublished, "the update is not published: edit or delete it instead")
        case .mediaInUse(let uses): self.init(mediaInUse: uses)
        case .cursorExpired:
            self.init(
                .cursorExpired,
                "the cursor belongs to an earlier epoch of this story; start again from a snapshot")
        case .otherRequest:
            self.init(
                .keyReused,
                "this Idempotency-Key was used for another request; use a new key for each request"
            )
        case .takenDown(let members):
            // Only the endpoint can map the indices to JSON Pointers.
            self.init(takenDown: members.map { _ in "" })
        case .replayed:
            // Endpoints that store responses catch this error; from others it is unexpected.
            self.init(.busy, "the write was done before")
        case .overloaded: self = .overloaded
        case .storage(let trouble): self.init(trouble)
        }
    }

    /// The problem when a queue of client work, such as rendering, is full.
    static var overloaded: Problem {
        var problem = Problem(.busy, "the server is overloaded; nothing was done, try again in a moment")
        problem.headers[.retryAfter] = RetryAfter.value(atLeast: 1)
        return problem
    }

    private init(_ trouble: StoryError.StorageTrouble) {
        switch trouble {
        case .busy: self.init(.busy, "nothing was done; try again in a moment")
        case .full: self.init(.storageFull, "the disk is full; nothing was done")
        case .readOnly: self.init(.storage, "the database cannot be written; nothing was done")
        // The cause is for the operator's log, not for clients.
        case .corrupt, .unavailable: self.init(.storage, "the database cannot be used; nothing was done")
        case .inDoubt:
            self.init(
                .storage,
                "the database was lost during this write, which may have been done; send it again with the same Idempotency-Key"
            )
        }
        headers[.retryAfter] = RetryAfter.value(atLeast: kind.status == .insufficientStorage ? 30 : 1)
        self.trouble = trouble
    }

    /// Creates a validation problem with all errors.
    init(errors: [ValidationError]) {
        let first = errors.first.map {
            $0.pointer.isEmpty ? "the body \($0.detail)" : "\($0.pointer) \($0.detail)"
        }
        let more = errors.count > 1 ? " (and \(errors.count - 1) more)" : ""
        self.init(.validation, (first ?? "the input breaks rules") + more, errors: errors)
    }

    /// Creates the problem for content that was taken down, by its JSON Pointers in the body; none if the path names it.
    init(takenDown places: [String]) {
        self.init(
            .takenDown,
            places.isEmpty
                ? "the update was taken down permanently"
                : "the request created what has been taken down since, and is not executed again; nothing was done",
            errors: places.map { ValidationError($0, "was taken down") })
    }

    /// Creates the problem for an asset that is used, which names the uses that the caller may know.
    private init(mediaInUse uses: [MediaUse]) {
        let named = uses.prefix(Self.errorsShown).map { use in
            let place =
                use.kind == .story ? "the image" : "\(use.kind.rawValue) \(use.update?.description ?? "")"
            return "\(place) of the story \"\(use.slug)\""
        }
        self.init(
            .mediaInUse,
            "it is in use: "
                + (named.isEmpty
                    ? "by stories of others, or by the settings of the site" : named.joined(separator: ", ")))
    }

    /// Creates the problem for an invalid query parameter.
    init(parameter: String, _ detail: String) {
        self.init(.badParameter, "\(parameter) \(detail)", errors: [ValidationError("/" + parameter, detail)])
    }

    /// Creates the problem for a request that the HTTP layer rejected.
    init(_ failure: RequestFailure) {
        self.init(
            failure.status == .insufficientStorage ? .storageFull : Kind(failure.status), failure.detail)
        headers[.allow] = failure.allow
        if failure.status == .serviceUnavailable {
            headers[.retryAfter] = RetryAfter.value(atLeast: failure.retryAfterSeconds)
        }
        if failure.status == .insufficientStorage { headers[.retryAfter] = RetryAfter.value(atLeast: 30) }
    }
}

extension Problem {
    /// Returns the `application/problem+json` response, with the id of the request.
    func response(requestID: RequestID) -> Response {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        headers.addSafety()
        return Response(kind.status, headers: headers, body: body(requestID: requestID.description))
    }

    /// Returns the problem as an HTML error page.
    func page(requestID: RequestID, of site: SiteAppearance) -> Response {
        var headers = headers
        site.page.inLanguage(site.language.words.language).add(to: &headers)
        headers[.cacheControl] = "no-store"
        headers.addSafety()
        let page = HTMLPage.refusal(
            self, site, requestID: requestID.description, language: site.language)
        return Response(kind.status, headers: headers, body: page)
    }

    /// Returns the problem as a page for a frame in pages of other sites, in the theme that the request asks for.
    func frame(to request: Request, of site: SiteAppearance, framers: CORS.Configuration.Origins) -> Response
    {
        var headers = headers
        EmbedPage.format(of: site, embeds: .never, framers: framers).inLanguage(site.language.words.language)
            .add(to: &headers)
        headers[.cacheControl] = "no-store"
        headers.addSafety()
        let theme: WidgetTheme? = try? Parameters(request: request).choice("theme")
        return Response(
            kind.status, headers: headers,
            body: EmbedPage.refusal(self, of: site, theme: theme ?? .auto))
    }

    /// Bound on listed errors: more would not help a person, and would amplify a small request into a large response.
    private static let errorsShown = 100

    private func body(requestID: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("type", "/problems/" + kind.name)
            writer.member("title", kind.title)
            writer.member("status", kind.status.code)
            writer.member("detail", detail)
            writer.member("requestId", requestID)
            if !errors.isEmpty { writer.member("errors", Array(errors.prefix(Self.errorsShown))) }
            if let snapshot { writer.member("snapshot", snapshot) }
            if let current { writer.member("current", current) }
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }
}

extension PresentState: JSONWritable {
    /// Writes the JSON form of the resource.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .story(let story): story.value.write(to: &writer)
        case .update(let update): update.value.write(to: &writer)
        case .links(let links): links.value.write(to: &writer)
        case .autosave(let autosave): autosave.value.write(to: &writer)
        case .snippets(let snippets): SnippetList(snippets: snippets.value).write(to: &writer)
        case .site(let site): site.value.write(to: &writer)
        }
    }
}

extension ValidationError: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("pointer", pointer)
            $0.member("detail", detail)
        }
    }
}
