// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Sends a request, over sockets or to the API directly; returns status and body.
public typealias Transport =
    @Sendable (_ method: String, _ target: String, _ body: JSONValue?) async throws -> (
        status: Int, body: JSONValue
    )

/// The reference implementation of a polling reader: takes a paginated snapshot, then follows deltas. One request per step,
/// so that a test can interleave anything between two requests.
public struct Poller: Sendable {
    /// The reader's copy of the story, built from the feed only.
    public private(set) var copy = FeedCopy()
    /// Query parameters of every request, such as `only=key`.
    public let filter: String
    /// Page size.
    public let limit: Int
    /// Seconds of long polling per delta; 0 for short polling.
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

    /// Switches to another transport, such as the server after a restart.
    public mutating func use(_ transport: @escaping Transport) {
        self.transport = transport
    }

    /// Makes one request and applies its response. Returns whether the reader is up to date. Throws if the task is cancelled, since readers
    /// follow until something happens that may never happen after an error elsewhere.
    public mutating func step() async throws -> Bool {
        try Task.checkCancellation()
        switch next {
        case .snapshot: try await takePage("/stories/\(story)/updates?limit=\(limit)\(filter)", isFirst: true)
        case .page(let address): try await takePage(address, isFirst: false)
        case .links: try await takeLinks()
        case .delta: return try await takeDelta()
        }
        return false
    }

    /// Steps until the reader is up to date.
    public mutating func catchUp() async throws {
        while try await !step() {}
    }

    /// Whether the snapshot is complete, with all its pages and links.
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

    /// Links are not in the snapshot; they are read after it, so that deltas include later changes.
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

    /// Hidden story (404) and expired cursor (410): starts over with a snapshot.
    private mutating func startAgain(after answer: (status: Int, body: JSONValue), _ address: String) throws {
        guard answer.status == 404 || answer.status == 410 else {
            throw PollerError.unexpected(status: answer.status, address: address, body: "\(answer.body)")
        }
        copy = FeedCopy()
        next = .snapshot
    }
}

/// A violation of the feed's contract.
public enum PollerError: Error {
    /// A response that the contract does not allow.
    case unexpected(status: Int, address: String, body: String)
    /// Sequence numbers of a delta that are not ascending, or not after the cursor.
    case disorder(String)
    /// A missing member.
    case missing(String)
}

/// A reader's copy of a story: what a front end would show.
public struct FeedCopy: Sendable, Equatable {
    /// The story's members, without those that change with every write.
    public var story: JSONValue?
    /// Updates by id.
    public var updates: [String: JSONValue] = [:]
    /// All lists of links.
    public var links: JSONValue?
    /// The cursor of the next delta.
    public internal(set) var cursor = ""

    /// An empty copy.
    public init() {}

    /// The updates in display order: by `publishedAt` and id, newest first.
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
    /// An update, or a list of updates, without the members that are only sent to key holders.
    public var asForReaders: JSONValue {
        switch self {
        case .object(let members): .object(members.filter { !["state", "publishAt"].contains($0.name) })
        case .array(let items): .array(items.map(\.asForReaders))
        default: self
        }
    }

    /// The text of a string; nil for other values.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The elements of an array; nil for other values.
    public var items: [JSONValue]? {
        if case .array(let items) = self { items } else { nil }
    }

    /// A required string member.
    public func text(_ name: String) throws -> String {
        guard let text = self[name]?.string else { throw PollerError.missing(name) }
        return text
    }

    /// An object without these members.
    public func without(_ names: String...) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { !names.contains($0.name) })
    }

    /// An object with these members.
    public static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(members.map { Member($0.key, $0.value) })
    }
}
