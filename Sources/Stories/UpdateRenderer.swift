// SPDX-License-Identifier: Apache-2.0
/// Renders updates for readers. Done on write, since updates are read far more often.
public struct UpdateRenderer: Sendable {
    /// Renders CommonMark texts to safe HTML, in order. Throws ``StoryError/overloaded`` if too many renderings are queued.
    private let html: HTML
    /// Validates a body by its rendered HTML; `nil` if it is valid.
    private let fault: @Sendable (_ body: String, _ html: String) -> BodyError?
    /// Base URL of relative URLs in bodies; empty if unknown.
    let origin: String
    /// The representation of an update that readers are sent.
    public let rendition: @Sendable (Update) -> [UInt8]
    /// Format version of `rendition`. Stored renditions of another version are rendered again on read.
    public let form: Int

    /// Renders texts.
    public typealias HTML = @Sendable (_ texts: [String]) async throws(StoryError) -> [String]

    /// A renderer from its parts.
    public init(
        form: Int, origin: String = "", html: @escaping HTML,
        fault: @escaping @Sendable (_ body: String, _ html: String) -> BodyError? = { _, _ in nil },
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
    /// Renders bodies. Throws `.invalid` with the pointer of each whose HTML is larger than ``Limits/updateHTMLBytes``, is
    /// blank, or is an embed code (which imports keep as text).
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

    /// Renders one body.
    public func html(of body: String, at pointer: String = "/body") async throws(StoryError) -> String {
        try await html(of: [body]) { _ in pointer }[0]
    }
}

extension UpdateRenderer {
    /// Renders stored bodies again, without validation.
    public func rerenderedHTML(of bodies: [String]) async throws(StoryError) -> [String] {
        try await html(bodies)
    }

    /// Resolves fragment-only and query-only URLs of a body against its story's page.
    public func html(_ html: String, placedIn story: Identifier) -> String {
        BodyAddresses.prefixed(html, with: "\(origin)/live/\(story)", where: "#?")
    }

    /// Format version of the HTML of bodies; depends on the origin (FNV-1a hash).
    public var bodyForm: Int64 {
        let hash = "\(form) \(origin)".utf8.reduce(UInt64(14_695_981_039_346_656_037)) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        return Int64(hash >> 1)
    }
}

/// Why the HTML of a body is rejected.
public enum BodyError: Hashable, Sendable {
    /// Nothing visible.
    case blank
    /// An embed code of another site.
    case embed(_ detail: String)
}

/// A rendered update, with its sort key.
public struct RenderedUpdate: Hashable, Sendable {
    /// The id of the update.
    public var id: Identifier
    /// When it was published.
    public var publishedAt: Timestamp
    /// The rendition.
    public var bytes: [UInt8]

    /// Memberwise.
    public init(id: Identifier, publishedAt: Timestamp, bytes: [UInt8]) {
        self.id = id
        self.publishedAt = publishedAt
        self.bytes = bytes
    }
}
