public import JSON

/// A client's way to a server: a real one over sockets, or the API itself. Gives status and body.
public typealias Transport =
    @Sendable (_ method: String, _ target: String, _ body: JSONValue?) async throws -> (
        status: Int, body: JSONValue
    )

/// The reference reader: takes a snapshot page by page, then follows the deltas, one request a step, so that
/// anything may happen between any two of its requests.
public struct Poller: Sendable {
    /// What it holds of the story, by the feed alone.
    public private(set) var copy = FeedCopy()
    /// The whole query that belongs to every request, `only=key` for one.
    public let filter: String
    /// Items a page.
    public let limit: Int
    /// Seconds that a delta may wait for a change; 0: it does not.
    public let wait: Int
    private let story: String
    private var transport: Transport
    private var next = Step.snapshot

    private enum Step: Sendable {
        case snapshot
        case page(String)
        case links
        case delta
    }

    /// A reader of a story that has read nothing yet.
    public init(
        story: String, filter: String = "", limit: Int, wait: Int = 0, transport: @escaping Transport
    ) {
        self.story = story
        self.wait = wait
        self.filter = filter
        self.limit = limit
        self.transport = transport
    }

    /// Goes on by another way: to the server that came after the last one.
    public mutating func use(_ transport: @escaping Transport) {
        self.transport = transport
    }

    /// One request, and what follows from it. True when there is nothing more to ask for at present.
    public mutating func step() async throws -> Bool {
        switch next {
        case .snapshot: try await takePage("/stories/\(story)/updates?limit=\(limit)\(filter)", isFirst: true)
        case .page(let address): try await takePage(address, isFirst: false)
        case .links: try await takeLinks()
        case .delta: return try await takeDelta()
        }
        return false
    }

    /// Steps until there is nothing more to ask for.
    public mutating func catchUp() async throws {
        while try await !step() {}
    }

    /// Whether the snapshot is whole, with all its pages and links.
    public var isCaughtUpWithPages: Bool {
        if case .delta = next { true } else { false }
    }

    private mutating func takePage(_ address: String, isFirst: Bool) async throws {
        let answer = try await transport("GET", address, nil)
        guard answer.status == 200 else { return try startAgain(after: answer, address) }
        if isFirst { copy = FeedCopy() }
        try copy.take(page: answer.body, isFirst: isFirst)
        next = answer.body["older"]?.string.map(Step.page) ?? .links
    }

    /// The lists of links are no part of the snapshot; they are read after it, so that deltas bring later changes.
    private mutating func takeLinks() async throws {
        let answer = try await transport("GET", "/stories/\(story)/links", nil)
        guard answer.status == 200 else { return try startAgain(after: answer, "links") }
        copy.links = answer.body
        next = .delta
    }

    private mutating func takeDelta() async throws -> Bool {
        let patience = wait > 0 ? "&wait=\(wait)" : ""
        let address = "/stories/\(story)/updates?limit=\(limit)\(filter)&cursor=\(copy.cursor)\(patience)"
        let answer = try await transport("GET", address, nil)
        guard answer.status == 200 else {
            try startAgain(after: answer, address)
            return false
        }
        try copy.take(delta: answer.body)
        guard let pause = answer.body["pollAfter"]?.integer, pause > 0 else {
            throw PollerError.missing("a pause before the next poll: \(answer.body["pollAfter"] ?? .null)")
        }
        return answer.body["more"] != .bool(true)
    }

    /// A story that is hidden for a while (404), and a cursor of another life (410), both mean: from the beginning.
    private mutating func startAgain(after answer: (status: Int, body: JSONValue), _ address: String) throws {
        guard answer.status == 404 || answer.status == 410 else {
            throw PollerError.unexpected(status: answer.status, address: address, body: "\(answer.body)")
        }
        copy = FeedCopy()
        next = .snapshot
    }
}

/// What a reader may see that no reader should.
public enum PollerError: Error {
    /// An answer that the contract does not name.
    case unexpected(status: Int, address: String, body: String)
    /// Numbers of a delta that do not go up, or lie behind the cursor.
    case disorder(String)
    /// A member that is not there.
    case missing(String)
}

/// A story as a reader holds it: what a front-end would show.
public struct FeedCopy: Sendable, Equatable {
    /// The story's members, without those that move with every change.
    public var story: JSONValue?
    /// By id.
    public var updates: [String: JSONValue] = [:]
    /// All lists.
    public var links: JSONValue?
    /// Where the next delta begins.
    public internal(set) var cursor = ""

    /// Holds nothing.
    public init() {}

    /// Updates as they are listed: by `publishedAt` and id, the newest first.
    public var listed: [JSONValue] {
        updates.values.sorted {
            ($0["publishedAt"]?.string ?? "", $0["id"]?.string ?? "") > (
                $1["publishedAt"]?.string ?? "", $1["id"]?.string ?? ""
            )
        }
    }

    mutating func take(page: JSONValue, isFirst: Bool) throws {
        if isFirst {
            story = page["story"]?.without("seq", "updateCount")
            cursor = try page.text("cursor")
        }
        for update in page["pinned"]?.items ?? [] { updates[try update.text("id")] = update }
        for update in page["updates"]?.items ?? [] { updates[try update.text("id")] = update }
    }

    mutating func take(delta: JSONValue) throws {
        var last = 0
        for change in delta["changes"]?.items ?? [] {
            let seq = change["seq"]?.integer ?? 0
            guard seq > last else { throw PollerError.disorder("\(seq) after \(last)") }
            last = seq
            try take(change)
        }
        cursor = try delta.text("cursor")
    }

    mutating func take(_ change: JSONValue) throws {
        switch try change.text("op") {
        case "put": updates[try change["update"]?.text("id") ?? ""] = change["update"]
        case "remove": updates[try change.text("id")] = nil
        case "story": story = change["story"]?.without("seq", "updateCount")
        case "links": links = change["links"]
        case let op: throw PollerError.missing("no such op: \(op)")
        }
    }
}

extension JSONValue {
    /// An update, or a list of updates, without what only the holders of keys are told.
    public var asForReaders: JSONValue {
        switch self {
        case .object(let members): .object(members.filter { !["state", "publishAt"].contains($0.name) })
        case .array(let items): .array(items.map(\.asForReaders))
        default: self
        }
    }

    /// The text of a string.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The items of an array.
    public var items: [JSONValue]? {
        if case .array(let items) = self { items } else { nil }
    }

    /// A member that is there and a string.
    public func text(_ name: String) throws -> String {
        guard let text = self[name]?.string else { throw PollerError.missing(name) }
        return text
    }

    /// An object without the members of these names.
    public func without(_ names: String...) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { !names.contains($0.name) })
    }

    /// An object of these members.
    public static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(members.map { Member($0.key, $0.value) })
    }
}
