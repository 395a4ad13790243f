/// How updates look to readers: made when an update is written, for it is read a million times as often.
public struct UpdateRenderer: Sendable {
    /// CommonMark texts to HTML that is safe to show, in their order. Throws ``StoryError/overloaded`` where too many wait for it.
    private let html: HTML
    /// Validates a body by its rendered HTML; `nil` where it is valid.
    private let fault: @Sendable (_ body: String, _ html: String) -> BodyFault?
    /// Where relative addresses of bodies lead; empty where that is not known.
    let origin: String
    /// What readers are sent of an update.
    public let rendition: @Sendable (Update) -> [UInt8]
    /// Names the form of the renditions. Those that a store has in another form are made anew when they are read.
    public let form: Int

    /// Renders texts.
    public typealias HTML = @Sendable (_ texts: [String]) async throws(StoryError) -> [String]

    /// A renderer of its parts.
    public init(
        form: Int, origin: String = "", html: @escaping HTML,
        fault: @escaping @Sendable (_ body: String, _ html: String) -> BodyFault? = { _, _ in nil },
        rendition: @escaping @Sendable (Update) -> [UInt8]
    ) {
        self.form = form
        self.origin = origin
        self.html = html
        self.fault = fault
        self.rendition = rendition
    }
}

extension UpdateRenderer {
    /// The HTML of bodies that stand at these places. Throws `.invalid`, which names each whose HTML is larger than
    /// ``Limits/updateHTMLBytes``, shows nothing, or is an embed code, which imports keep as text.
    public func html(
        of bodies: [String], keepingEmbedCodes: Bool = false, at pointer: (_ index: Int) -> String
    ) async throws(StoryError) -> [String] {
        let rendered = try await html(bodies)
        var validator = Validator()
        for (index, html) in rendered.enumerated() {
            let size = html.utf8.count
            validator.require(
                size <= Limits.updateHTMLBytes, at: pointer(index),
                "must be at most \(Limits.updateHTMLBytes) bytes long as HTML, not \(size): use fewer lists and quotes in one update"
            )
            switch fault(bodies[index], html) {
            case .blank:
                validator.require(
                    false, at: pointer(index), "shows nothing to readers: it has neither a text nor a picture"
                )
            case .embed(let detail): validator.require(keepingEmbedCodes, at: pointer(index), detail)
            case nil: break
            }
        }
        guard validator.errors.isEmpty else { throw .invalid(validator.errors) }
        return rendered
    }

    /// The HTML of one body.
    public func html(of body: String, at pointer: String = "/body") async throws(StoryError) -> String {
        try await html(of: [body]) { _ in pointer }[0]
    }
}

extension UpdateRenderer {
    /// The HTML of bodies that are kept already, whatever is wrong with it.
    public func htmlAnew(of bodies: [String]) async throws(StoryError) -> [String] { try await html(bodies) }

    /// The HTML of a body with addresses of a fragment or a query alone made those of its story's page.
    public func html(_ html: String, placedIn story: Identifier) -> String {
        BodyAddresses.prefixed(html, with: "\(origin)/live/\(story)", where: "#?")
    }

    /// Names the form of the HTML of bodies, which is another one at another origin.
    public var bodyForm: Int64 {
        let hash = "\(form) \(origin)".utf8.reduce(UInt64(14_695_981_039_346_656_037)) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        return Int64(hash >> 1)
    }
}

/// What is wrong with the HTML of a body.
public enum BodyFault: Hashable, Sendable {
    /// Readers would see nothing.
    case blank
    /// Code to embed something of another site.
    case embed(_ detail: String)
}

/// An update as readers are sent it, with its place in the list.
public struct RenderedUpdate: Hashable, Sendable {
    /// Which one.
    public var id: Identifier
    /// When it was released.
    public var publishedAt: Timestamp
    /// What the renderer has made of it.
    public var bytes: [UInt8]

    /// An update, all members given.
    public init(id: Identifier, publishedAt: Timestamp, bytes: [UInt8]) {
        self.id = id
        self.publishedAt = publishedAt
        self.bytes = bytes
    }
}
