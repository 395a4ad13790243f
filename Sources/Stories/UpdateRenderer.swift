/// How updates look to readers: made when an update is written, for it is read a million times as often.
public struct UpdateRenderer: Sendable {
    /// CommonMark to HTML that is safe to show.
    public let html: @Sendable (String) -> String
    /// What readers are sent of an update.
    public let rendition: @Sendable (Update) -> [UInt8]
    /// Names the form of the renditions. Those that a store has in another form are made anew when they are read.
    public let form: Int

    /// A renderer of its parts.
    public init(
        form: Int, html: @escaping @Sendable (String) -> String,
        rendition: @escaping @Sendable (Update) -> [UInt8]
    ) {
        self.form = form
        self.html = html
        self.rendition = rendition
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
