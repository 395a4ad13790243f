/// How updates look to readers: made when an update is written, for it is read a million times as often.
public struct UpdateRenderer: Sendable {
    /// CommonMark texts to HTML that is safe to show, in their order. Throws ``StoryError/overloaded`` where too many wait for it.
    private let html: HTML
    /// What readers are sent of an update.
    public let rendition: @Sendable (Update) -> [UInt8]
    /// Names the form of the renditions. Those that a store has in another form are made anew when they are read.
    public let form: Int

    /// Renders texts.
    public typealias HTML = @Sendable (_ texts: [String]) async throws(StoryError) -> [String]

    /// A renderer of its parts.
    public init(
        form: Int, html: @escaping HTML,
        rendition: @escaping @Sendable (Update) -> [UInt8]
    ) {
        self.form = form
        self.html = html
        self.rendition = rendition
    }
}

extension UpdateRenderer {
    /// The HTML of bodies that stand at these places. Throws `.invalid`, which names each whose HTML is larger than
    /// ``Limits/updateHTMLBytes``.
    public func html(
        of bodies: [String], at pointer: (_ index: Int) -> String
    ) async throws(StoryError) -> [String] {
        let rendered = try await html(bodies)
        var rules = Rules()
        for (index, html) in rendered.enumerated() {
            let size = html.utf8.count
            rules.require(
                size <= Limits.updateHTMLBytes, at: pointer(index),
                "must be at most \(Limits.updateHTMLBytes) bytes long as HTML, not \(size): use fewer lists and quotes in one update"
            )
        }
        guard rules.faults.isEmpty else { throw .invalid(rules.faults) }
        return rendered
    }

    /// The HTML of one body.
    public func html(of body: String, at pointer: String = "/body") async throws(StoryError) -> String {
        try await html(of: [body]) { _ in pointer }[0]
    }
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
