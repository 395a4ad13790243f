// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import Live
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// An API with content: the live story `harbour` and the draft `secret`, each with one update, and a key of
/// each kind.
struct TestDesk {
    let api: API
    let store: TableStore
    /// The store's clock, unless the desk was given another; it stands at ``testTime``.
    let clock = ManualClock(at: testTime)
    private let folder: TemporaryFolder
    private var names: [String: String] = [:]

    /// `hasHidden` adds updates of the live story that readers do not see. `time` is the store's clock, if not ``clock``.
    init(hasHidden: Bool = false, time: (@Sendable () -> Timestamp)? = nil) async throws {
        folder = try TemporaryFolder()
        store = try folder.store(now: time ?? { [clock] in clock.now })
        api = folder.api(over: store)
        names["admin"] = testKey
        try await fill("harbour", status: "live")
        try await fill("secret", status: "draft")
        if hasHidden { try await fillHidden() }
        names["now"] = try await api.transport("GET", "/stories/harbour/updates", nil).body.text("cursor")
        let harbour = try #require(Identifier(names["harbour"] ?? ""))
        names["editor"] = try await key(Grant(role: .editor))
        names["bound"] = try await key(Grant(role: .editor, stories: [harbour]))
        names["stranger"] = try await key(Grant(role: .editor, stories: []))
        names["revoked"] = try await key(Grant(role: .admin), isRevoked: true)
        names["bad"] = "wr_000000000000_\(String(repeating: "0", count: 64))"
    }

    /// Creates an API over the same store, with empty caches and a fixed poll interval.
    func anotherAPI() -> API { folder.api(over: store) { $0.pollInterval = PollInterval(bounds: 10...10) } }

    /// Creates an API over the same store with another configuration.
    func api(_ change: (inout API.Configuration) -> Void) -> API { folder.api(over: store, change) }

    /// Returns the violated rules that `wireroom verify` finds in the database.
    func errors() throws -> [String] { try StoreRules.faults(in: TestEngine.current.database(in: folder)) }

    /// Creates an API over a second store of the same database, as another process has it.
    func anotherProcess(hearingOthers: Bool = false) throws -> API {
        folder.api(over: try folder.store(hearingOthers: hearingOthers))
    }

    /// The files of the database, if it is one of SQLite.
    var files: [String] { ["test.db", "test.db-wal", "test.db-shm"].map(folder.file) }

    private mutating func fill(_ slug: String, status: String) async throws {
        let story = try await send(
            Call("POST /stories", #"{"title": "Story \#(slug)", "slug": "\#(slug)", "status": "\#(status)"}"#)
        )
        let update = try await send(Call("POST /stories/\(slug)/updates", #"{"body": "Words of \#(slug)"}"#))
        names[slug] = try JSONValue(parsing: story.body).text("id")
        names["\(slug)Update"] = try JSONValue(parsing: update.body).text("id")
        names["\(slug)ETag"] = story.headers[.etag]
        names["\(slug)UpdateETag"] = update.headers[.etag]
    }

    /// Adds updates of the live story that readers do not see: a draft, a scheduled, a deleted and a taken-down one.
    private mutating func fillHidden() async throws {
        for (name, members) in [
            ("draft", #", "state": "draft""#), ("waiting", #", "publishAt": "2126-01-01T00:00:00Z""#),
            ("deleted", ""), ("takenDown", ""),
        ] {
            let update = try await send(
                Call("POST /stories/harbour/updates", #"{"body": "Words of secret \#(name)"\#(members)}"#))
            names[name] = try JSONValue(parsing: update.body).text("id")
        }
        _ = try await send(Call("DELETE /stories/harbour/updates/<deleted>"))
        _ = try await send(
            Call("POST /stories/harbour/updates/<takenDown>/takedown", #"{"reason": "Court"}"#))
    }

    private func key(_ grant: Grant, isRevoked: Bool = false) async throws -> String {
        let key = APIKey(name: "test", grant: grant, createdAt: testTime)
        try await store.addKey(key.record)
        if isRevoked { try await store.revokeKey(key.record.id, at: testTime) }
        return key.text
    }

    /// Sends a request, with each `<name>` replaced by the desk's value of that name.
    func send(_ call: Call, to other: API? = nil) async throws -> Response {
        var headers = Headers()
        if !call.key.isEmpty { headers.add(.authorization, "Bearer \(resolve("<\(call.key)>"))") }
        if !call.type.isEmpty { headers.add(.contentType, call.type) }
        for (name, value) in call.headers { headers.add(name, resolve(value)) }
        let parts = call.line.split(separator: " ", maxSplits: 1).map(String.init)
        let body = call.bytes ?? Array(resolve(call.body).utf8)
        do throws(RequestFailure) {
            let request = try Request(
                Method(rawValue: parts[0]), resolve(parts[1]), headers: headers, body: body)
            return await (other ?? api).response(to: request)
        } catch {
            return api.respond(to: error, request: nil, id: RequestID())
        }
    }

    func resolve(_ text: String) -> String {
        names.reduce(text) { $0.replacing("<\($1.key)>", with: $1.value) }
    }
}

/// A request of a table of test cases.
struct Call: Sendable, CustomTestStringConvertible {
    var line: String
    var body = ""
    var bytes: [UInt8]?
    var key = "admin"
    var type = ""
    var headers: [(HeaderName, String)] = []

    init(
        _ line: String, _ body: String = "", bytes: [UInt8]? = nil, key: String = "admin",
        type: String? = nil,
        headers: [(HeaderName, String)] = []
    ) {
        (self.line, self.body, self.bytes, self.key, self.headers) = (line, body, bytes, key, headers)
        self.type = type ?? (body.isEmpty && bytes == nil ? "" : "application/json")
    }

    var testDescription: String { "\(line) \(body.prefix(60))" }
}

/// A test case: a request and its expected response.
struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let call: Call
    let status: Int
    let contains: [String]
    let lacks: [String]

    init(_ name: String, _ call: Call, _ status: Int, _ contains: String..., lacks: [String] = []) {
        (self.name, self.call, self.status, self.contains, self.lacks) = (name, call, status, contains, lacks)
    }

    var testDescription: String { name }

    /// Sends the request to a new desk and checks the response.
    func check() async throws {
        let desk = try await TestDesk()
        let response = try await desk.send(call)
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(response.status.code == status, "\(text)")
        for part in contains { #expect(text.contains(desk.resolve(part)), "no \(part) in \(text)") }
        for part in lacks { #expect(!text.contains(desk.resolve(part)), "\(part) in \(text)") }
        if response.status.code >= 400 { try expectProblem(response) }
    }

    /// Expects a problem (RFC 9457) with the extension members of this API.
    private func expectProblem(_ response: Response) throws {
        #expect(response.headers[.contentType] == "application/problem+json")
        let problem = try JSONValue(parsing: response.body)
        #expect(try problem.text("type").hasPrefix("/problems/"))
        #expect(problem["status"]?.integer == response.status.code)
        for member in ["title", "detail"] { #expect(try !problem.text(member).isEmpty) }
        #expect(try !problem.text("requestId").isEmpty)
    }
}
