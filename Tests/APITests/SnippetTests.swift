// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import StoreSupport
import Stories
import Support
import Testing

/// Texts that editors insert, of the whole site.
@Suite("Snippets", .onEveryEngineInFull)
struct SnippetTests {
    /// Columns: no key, an unknown one, a revoked one, an editor's of no story, of `harbour`, of all stories, an admin's.
    static let rules: [AuthorizationTests.Rule] = [
        .init("GET /snippets", "", 401, 401, 401, 200, 200, 200, 200),
        .init("PUT /snippets", #"{"snippets": []}"#, 401, 401, 401, 403, 403, 200, 200),
    ]

    private func put(
        _ desk: TestDesk, _ body: String, headers: [(HeaderName, String)] = []
    ) async throws -> (response: Response, body: JSONValue) {
        let response = try await desk.send(Call("PUT /snippets", body, headers: headers))
        return (response, try JSONValue(parsing: response.body))
    }

    @Test("Every key reads them, those that are not bound to stories change them", arguments: rules)
    func access(rule: AuthorizationTests.Rule) async throws { try await rule.check() }

    @Test(
        "The list is replaced as a whole, keeps its order, and is written over only if it is as it was read")
    func replaced() async throws {
        let desk = try await TestDesk()
        let empty = try await desk.send(Call("GET /snippets"))
        #expect(try JSONValue(parsing: empty.body)["snippets"]?.items == [])
        let list = #"{"snippets": [{"name": "Übergabe", "text": "{time} …\n"}, {"name": "A", "text": "b"}]}"#
        let tag = try #require(empty.headers[.etag])
        let first = try await put(desk, list, headers: [(.ifMatch, tag)])
        #expect(try first.response.status == .ok && first.body == JSONValue(parsing: Array(list.utf8)))
        let read = try await desk.send(Call("GET /snippets", key: "bound"))
        #expect(read.headers[.etag] == first.response.headers[.etag])
        #expect(try JSONValue(parsing: read.body) == first.body)
        let stale = try await put(desk, #"{"snippets": []}"#, headers: [(.ifMatch, tag)])
        #expect(stale.response.status == .preconditionFailed && stale.body["current"] == first.body)
        #expect(try await put(desk, #"{"snippets": []}"#).response.status == .ok)
        #expect(try await put(desk, list).response.headers[.etag] != tag)
        let trail = String(decoding: try await desk.send(Call("GET /audit")).body, as: UTF8.self)
        #expect(trail.contains("snippets.replace") && !trail.contains("bergabe"))
        #expect(try desk.errors() == [])
    }

    @Test("All that is wrong in a list is named with its place")
    func validation() async throws {
        let desk = try await TestDesk()
        let long = String(repeating: "a", count: Limits.snippetNameCharacters + 1)
        let body = """
            {"snippets": [{"name": "A", "text": "x"}, {"name": "A", "text": "y"}, {"name": " ", "text": ""},
             {"name": "\(long)", "text": "x", "html": "x"}, {"name": "B"}]}
            """
        let reply = try await put(desk, body)
        #expect(reply.response.status == .unprocessableContent)
        #expect(
            Set(reply.body["errors"]?.items?.compactMap { $0["pointer"]?.string } ?? []) == [
                "/snippets/1/name", "/snippets/2/name", "/snippets/2/text", "/snippets/3/name",
                "/snippets/3/html", "/snippets/4/text",
            ])
        let many = (0...Limits.snippets).map { #"{"name": "\#($0)", "text": "x"}"# }.joined(separator: ",")
        #expect(try await put(desk, "{\"snippets\": [\(many)]}").response.status == .unprocessableContent)
        #expect(try await put(desk, "{}").response.status == .unprocessableContent)
    }
}
