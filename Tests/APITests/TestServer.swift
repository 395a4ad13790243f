// SPDX-License-Identifier: Apache-2.0
import API
import JSON
import Markdown
import StoreSupport
import Stories
import StoryTables
import Support
import Synchronization

@testable import HTTP

/// The admin key of the tests.
let testKey = "test-key-of-the-role-admin"

extension TemporaryFolder {
    /// Opens a store in this folder, on the current test engine.
    func store(
        hearingOthers: Bool = false, now: @escaping @Sendable () -> Timestamp = { testTime }
    ) throws -> TableStore {
        var options = TestEngine.Options(renderer: API.renderer { Markdown.html($0) }, now: now)
        options.hearsOthers = hearingOthers
        return try TestEngine.current.store(in: self, options)
    }

    /// Creates the API over a store, with the program's Markdown renderer and `testKey`.
    func api(over store: TableStore, _ change: (inout API.Configuration) -> Void = { _ in }) -> API {
        var configuration = API.Configuration()
        configuration.html = { Markdown.html($0) }
        change(&configuration)
        configuration.adminKey = testKey
        return API(store: store, keys: store, configuration: configuration)
    }
}

/// The default time of tests.
let testTime = Timestamp(milliseconds: 1_795_000_000_000)

extension API {
    /// Sends requests to this API without a socket: GET as a reader, all others with the admin key.
    var transport: Transport {
        { method, target, body in
            let request = try Request(
                Method(rawValue: method), target, headers: Headers.forTest(method),
                body: body.map { JSONWriter.bytes(of: $0) } ?? [])
            let response = await self.response(to: request)
            return (response.status.code, try JSONValue(ofAnswer: response.body))
        }
    }

    /// Returns the final response, with the request id that the server would add.
    func response(to request: Request) async -> Response {
        var response = await respond(to: request).settled().read()
        response.headers[.requestID] = request.id.description
        return response
    }

    /// Creates a story and returns its id.
    func newStory() async throws -> String {
        let answer = try await transport(
            "POST", "/stories", .object(["title": .string("A story to try things on")]))
        return try answer.body.text("id")
    }
}

extension Response {
    /// The response with the fields of its prebuilt head parsed into `headers`.
    fileprivate var expanded: Response {
        guard let head = prebuiltHead else { return self }
        var all = Headers()
        for line in String(decoding: head + sharedLines, as: UTF8.self).split(separator: "\r\n").dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            all.add(HeaderName(String(parts[0])), String(parts[1].dropFirst()))
        }
        all.add(headers)
        return Response(status, headers: all, body: body)
    }
}

extension Response {
    /// The response with what is sent of its file as its body.
    fileprivate func read() -> Response {
        guard let file, let range = fileRange else { return self }
        let bytes = (try? FileIO.read(file.descriptor, range)) ?? Array("the file cannot be read".utf8)
        return Response(status, headers: headers, body: bytes)
    }
}

extension Answer {
    /// Returns the answer once it is found, and a stream once it is admitted.
    func found() async -> Answer {
        switch self {
        case .pending(_, let work): await work().found()
        case .admittedStream(let open): await open().found()
        case .ready, .parked, .stream: self
        }
    }

    /// Returns the final response: of a stream its first step, of a parked request its answer at the deadline, without waiting.
    func settled() async -> Response {
        switch self {
        case .ready(let response): response.expanded
        case .pending(_, let work): await work().settled()
        case .parked(let request): await request.answer(true).settled()
        case .admittedStream(let open): await open().settled()
        case .stream(let stream):
            Response(stream.status, headers: stream.headers, body: stream.body.next().bytes)
        }
    }
}

extension StreamStep {
    fileprivate var bytes: [UInt8] {
        if case .send(let chunks) = self { Array(chunks.joined()) } else { [] }
    }
}

extension HTTPClient {
    /// Sends requests over this client's connection.
    var transport: Transport {
        { method, target, body in
            let reply = try await self.request(
                Method(rawValue: method), target,
                headers: Headers.forTest(method).fields.map { ($0.name.text, $0.value) },
                body: body.map { JSONWriter.bytes(of: $0) } ?? [])
            return (reply.status, try JSONValue(ofAnswer: reply.body))
        }
    }
}

extension Headers {
    fileprivate static func forTest(_ method: String) -> Headers {
        method == "GET"
            ? [:] : [.authorization: "Bearer \(testKey)", .contentType: "application/json"]
    }
}

extension JSONValue {
    /// Parses the body of a response; null if it is empty.
    fileprivate init(ofAnswer bytes: [UInt8]) throws {
        self = bytes.isEmpty ? .null : try JSONValue(parsing: bytes)
    }
}

/// An API that can be restarted on the same database, with a clock that jumps.
final class RestartableServer: Sendable {
    private let folder: TemporaryFolder
    private let clock: JumpingClock
    private let api: Mutex<API>
    private let store: Mutex<TableStore>

    init(random: SeededGenerator) throws {
        let (folder, clock) = (try TemporaryFolder(), JumpingClock(random: random))
        (self.folder, self.clock) = (folder, clock)
        let store = try folder.store { clock.now() }
        self.store = Mutex(store)
        api = Mutex(folder.api(over: store))
    }

    func restart() throws {
        let clock = clock
        let store = try folder.store { clock.now() }
        let next = folder.api(over: store)
        self.store.withLock { $0 = store }
        api.withLock { $0 = next }
    }

    /// Looks up the next card, which is found or not.
    func lookUpCard(using random: inout SeededGenerator) async throws {
        let store = store.withLock { $0 }
        for card in try await store.claimCards(by: "test", limit: 1, leaseMilliseconds: 1_000) {
            var text = CardText(url: card.url)
            text.title = "Title \(random.next() % 10)"
            if random.once(in: 4) {
                try await store.failCard(card, by: "test", error: "No", retryAt: nil)
            } else {
                try await store.keepCard(card, text)
            }
        }
    }

    /// Returns the violated rules that `wireroom verify` finds in its database.
    func errors() throws -> [String] { try StoreRules.faults(in: TestEngine.current.database(in: folder)) }

    var transport: Transport {
        { method, target, body in
            try await self.api.withLock { $0 }.transport(method, target, body)
        }
    }

    func newStory() async throws -> String {
        try await api.withLock { $0 }.newStory()
    }
}

/// A clock that mostly stands still, and otherwise jumps up to 3 s ahead or 2 s back.
final class JumpingClock: Sendable {
    private let state: Mutex<(random: SeededGenerator, milliseconds: Int64)>

    init(random: SeededGenerator) {
        state = Mutex((random, testTime.milliseconds))
    }

    func now() -> Timestamp {
        state.withLock { state in
            if state.random.once(in: 3) {
                state.milliseconds += Int64.random(in: -2_000...3_000, using: &state.random)
            }
            return Timestamp(milliseconds: state.milliseconds)
        }
    }
}
