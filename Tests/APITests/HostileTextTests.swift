// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import Stories
import Support
import Testing

/// Clients' text is processed in time linear in its length, wherever it occurs.
@Suite("The cost of hostile text")
struct HostileTextTests {
    /// A request with placeholders (`^`) for hostile text.
    struct Hole: CustomTestStringConvertible, Sendable {
        let line: String
        var header: HeaderName?
        var body = ""
        var key = ""

        var testDescription: String { "\(line) \(header?.text ?? body)" }
    }

    /// Creates an API without a limit on reactions, and without Markdown, whose cost is tested separately.
    private static func api() async throws -> (api: API, desk: TestDesk) {
        let desk = try await TestDesk()
        let api = desk.api {
            $0.html = { _ in "" }
            $0.reactionLimit = RateLimit(burst: 0, perMinute: 0)
            $0.forwarded = ForwardedBy(trusted: ["127.0.0.1"].compactMap { AddressRange($0) })
        }
        return (api, desk)
    }

    private static func expectLinear(
        _ hole: Hole, from bytes: Int, _ texts: [HostileText],
        _ encode: (String) -> [UInt8] = { Array($0.utf8) }
    ) async throws {
        let (api, desk) = try await api()
        let hole = Hole(
            line: desk.resolve(hole.line), header: hole.header, body: desk.resolve(hole.body), key: hole.key)
        for text in texts {
            let growth = try await Growth(
                from: bytes, prepare: { try hole.request(encode(text.text(bytes: $0))) },
                work: { _ = await api.response(to: $0) })
            #expect(growth.isLinear, "\(text): \(growth)")
        }
    }

    // MARK: Heads

    private static let story = "/stories/harbour"

    @Test(
        "Linear in the length of a header",
        arguments: [
            Hole(line: "GET \(story)/stream", header: .lastEventID),
            Hole(line: "GET \(story)/updates", header: .authorization),
            Hole(line: "GET \(story)/updates", header: .accept),
            Hole(line: "GET \(story)/updates", header: .acceptEncoding),
            Hole(line: "GET \(story)/updates", header: .ifNoneMatch),
            Hole(line: "GET /live/none", header: .accept),
            Hole(line: "PATCH \(story)", header: .ifMatch, body: "{}", key: testKey),
            Hole(line: "PATCH \(story)", header: .ifNoneMatch, body: "{}", key: testKey),
            Hole(line: "POST \(story)/updates", header: .contentType, body: "{}", key: testKey),
            Hole(line: "POST \(story)/updates", header: .idempotencyKey, body: "{}", key: testKey),
            Hole(line: "POST \(story)/reactions/veryGood", header: .idempotencyKey),
            Hole(line: "POST \(story)/reactions/none", header: "X-Forwarded-For"),
            Hole(line: "POST \(story)/reactions/none", header: "Forwarded"),
        ])
    func headers(hole: Hole) async throws {
        try await Self.expectLinear(hole, from: 950, HostileText.allCases)
    }

    @Test(
        "Linear in the length of a percent-encoded parameter",
        arguments: ["only", "tag", "limit", "order", "before", "cursor", "wait", "tick", "utm_source"].map {
            Hole(line: "GET \(story)/updates?\($0)=^")
        }
            + ["status", "tag", "limit", "before"].map { Hole(line: "GET /stories?\($0)=^") }
            + ["story", "key", "limit", "before"].map { Hole(line: "GET /audit?\($0)=^", key: testKey) }
            + [
                Hole(line: "GET /?before=^"), Hole(line: "GET /live/harbour?^"),
                Hole(line: "GET \(story)/updates?^"), Hole(line: "GET \(story)/stream?cursor=^"),
            ])
    func parameters(hole: Hole) async throws {
        try await Self.expectLinear(hole, from: 160, [.marks, .joinedPictures, .letters, .signs]) { text in
            let digits = Array("0123456789ABCDEF".utf8)
            return text.utf8.flatMap { byte in
                byte < 128 ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
    }

    // MARK: Bodies

    @Test(
        "Linear in the length of a member of a body",
        arguments: [
            #"{"title":"^"}"#, #"{"slug":"^"}"#, #"{"summary":"^"}"#, #"{"section":["^"]}"#,
            #"{"byline":"^"}"#, #"{"keyPoints":["^"]}"#, #"{"tags":["^","b"]}"#,
            #"{"status":"^"}"#, #"{"source":{"name":"^"}}"#, #"{"source":{"url":"^"}}"#,
            #"{"source":{"date":"^"}}"#, #"{"coverageStart":"^"}"#, #"{"^":1}"#, #"{"source":{"^":1}}"#,
        ].map { Hole(line: "PATCH \(story)", body: $0, key: testKey) }
            + [
                #"{"title":"^"}"#, #"{"body":"^"}"#, #"{"author":"^"}"#, #"{"sources":[{"name":"^"}]}"#,
                #"{"sources":[{"name":"a","url":"^"}]}"#, #"{"media":[{"type":"^"}]}"#,
                #"{"media":[{"url":"^"}]}"#, #"{"media":[{"alt":"^"}]}"#, #"{"media":[{"caption":"^"}]}"#,
                #"{"media":[{"credit":"^"}]}"#, #"{"tags":["^","b"]}"#, #"{"occurredAt":"^"}"#,
                #"{"state":"^"}"#, #"{"publishAt":"^"}"#,
            ].map { Hole(line: "PATCH \(story)/updates/<harbourUpdate>", body: $0, key: testKey) }
            + [
                Hole(line: "POST \(story)/updates", body: #"[{"body":"a"},{"state":"^"}]"#, key: testKey),
                Hole(line: "POST \(story)/updates", body: #"[{"^":"a"}]"#, key: testKey),
                Hole(line: "PUT \(story)/links/related", body: #"[{"title":"^"}]"#, key: testKey),
                Hole(line: "PUT \(story)/links/related", body: #"[{"story":"^"}]"#, key: testKey),
                Hole(line: "PUT \(story)/links/related", body: #"[{"url":"^"}]"#, key: testKey),
                Hole(
                    line: "POST \(story)/updates/<harbourUpdate>/strike", body: #"{"reason":"^"}"#,
                    key: testKey),
                Hole(line: "POST \(story)/reactions/veryGood", body: #"{"visitor":"^"}"#),
                Hole(line: "POST /preview", body: #"{"body":"^"}"#, key: testKey),
                Hole(line: "POST /import", body: #"{"wireroom":1,"story":{"title":"^"}}"#, key: testKey),
            ])
    func members(hole: Hole) async throws {
        try await Self.expectLinear(
            hole, from: 2_000, [.marks, .joinedPictures, .letters, .quotes], Self.escaped)
    }

    @Test(
        "Linear in the length of a member of an export",
        arguments: [
            #""story":{"title":"a","id":"^"}"#, #""story":{"title":"a","slug":"^"}"#,
            #""story":{"title":"a","status":"^"}"#, #""story":{"title":"a","reactions":{"^":1}}"#,
            #""story":{"title":"a","createdAt":"^"}"#, #""story":{"title":"a"},"^":1"#,
            #""story":{"title":"a"},"updates":[{"body":"^"}]"#,
            #""story":{"title":"a"},"updates":[{"body":"a","id":"^"}]"#,
            #""story":{"title":"a"},"updates":[{"body":"a","stricken":{"reason":"^"}}]"#,
            #""story":{"title":"a"},"updates":[{"body":"a","reactions":{"^":1}}]"#,
            #""story":{"title":"a"},"links":{"related":[{"title":"^"}]}"#,
            #""story":{"title":"a"},"links":{"^":[]}"#,
        ])
    func exports(members: String) throws {
        try Self.expectLinear("{\"wireroom\":1,\(members)}", as: .json, Self.escaped)
    }

    @Test(
        "Linear in the length of a line of a page, for lines of every kind",
        arguments: [
            "^", "Current:Home > ^", "Current:Home > A^\nA^", "Current:Home > CoastA -^\nA",
            "Current:Home > A\nA\n^ View", "A\nView^", "A\nDate:^", "A\n^Date:2025-04-06 23:49:13",
            "A\nB View\n^", "A\nWHAT TO KNOW:\n— ^", "A\n___\n^", "A\n___\na\n^! (6)\nRelated\n- b",
            "A\n___\na\nveryGood! (^)", "A\n___\na\nveryGood! (6)\nRelated\n- ^\n- ^",
            "A\n___\na\nveryGood! (6)\n^",
        ])
    func pages(page: String) throws {
        try Self.expectLinear(page, as: .page) { Array($0.utf8) }
        try Self.expectLinear(page, as: .page, of: [.marks]) { text in
            // A run of marks on each of many lines.
            text.utf8.split(separator: UInt8(ascii: "a")).flatMap { Array($0) }
        }
    }

    private static func expectLinear(
        _ document: String, as form: StoryDocumentForm, of texts: [HostileText] = HostileText.allCases,
        _ encode: (String) -> [UInt8]
    ) throws {
        for text in texts {
            let growth = Growth(
                from: 1_000, prepare: { document.filled(with: encode(text.text(bytes: $0))) },
                work: { bytes in _ = try? StoryDocument.read(bytes, as: form) })
            #expect(growth.isLinear, "\(text): \(growth)")
        }
    }

    @Test(
        "Linear in the length of JSON of any shape",
        arguments: [
            ("\"", #"\u0301"#, "\""), ("\"", #"\n"#, "\""), ("\"", "\u{301}\u{316}", "\""), ("", "1", ""),
            ("0.", "1", ""), ("[", "[],", "0]"), ("[", "{},", "0]"), ("[", "\"a\",", "0]"), ("", "[", ""),
            ("", #"{"a":"#, ""),
        ])
    func json(start: String, part: String, end: String) {
        let growth = Growth(
            from: 2_000,
            prepare: { Array((start + String(repeating: part, count: $0 / part.utf8.count) + end).utf8) },
            work: { bytes in
                let value = try? JSONValue(parsing: bytes)
                _ = value?.integer
            })
        #expect(growth.isLinear, "\(growth)")
    }

    private static func escaped(_ text: String) -> [UInt8] {
        text.utf8.flatMap { $0 == UInt8(ascii: "\"") ? [UInt8(ascii: "\\"), $0] : [$0] }
    }
}

extension HostileTextTests.Hole {
    func request(_ text: [UInt8]) throws -> Request {
        var headers: Headers = key.isEmpty ? [:] : [.authorization: "Bearer \(key)"]
        if header != .contentType { headers.add(.contentType, "application/json") }
        if let header { headers[header] = String(decoding: text, as: UTF8.self) }
        let parts = line.split(separator: " ").map(String.init)
        let target = String(decoding: parts[1].filled(with: text), as: UTF8.self)
        return try Request(
            Method(rawValue: parts[0]), target, headers: headers, body: body.filled(with: text))
    }
}

extension String {
    /// Returns the UTF-8 bytes with each `^` replaced by `text`.
    fileprivate func filled(with text: [UInt8]) -> [UInt8] {
        Array(
            utf8.split(separator: UInt8(ascii: "^"), omittingEmptySubsequences: false).joined(separator: text)
        )
    }
}
