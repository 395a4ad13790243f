// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTTP
import JSON
import StoreSupport
import Stories
import Support
import Testing

/// Batches, retractions, revisions and takedowns.
@Suite("Corrections", .onEveryEngineInFull)
struct CorrectionTests {
    private static let update = "/stories/harbour/updates/<harbourUpdate>"

    private func json(_ response: Response) throws -> JSONValue { try JSONValue(parsing: response.body) }

    private func changes(_ desk: TestDesk) async throws -> [JSONValue] {
        let delta = try await desk.send(Call("GET /stories/harbour/updates?cursor=<now>", key: ""))
        return try json(delta)["changes"]?.items ?? []
    }

    // MARK: Batches

    @Test("A batch is published as a whole and in its order")
    func batch() async throws {
        let desk = try await TestDesk()
        let body = #"[{"body": "one"}, {"body": "two", "keyEvent": true}, {"body": "three"}]"#
        let reply = try await desk.send(Call("POST /stories/harbour/updates", body))
        #expect(reply.status == .created && reply.headers[.location] == "/stories/harbour/updates")
        let made = try #require(try json(reply).items)
        #expect(made.map { $0["body"]?.string } == ["one", "two", "three"])
        #expect(try await changes(desk).compactMap { $0["update"] } == made.map(\.asForReaders))
        let page = try json(try await desk.send(Call("GET /stories/harbour/updates", key: "")))
        #expect(page["updates"]?.items?.prefix(3).map { $0["body"]?.string } == ["three", "two", "one"])
        #expect(page["story"]?["updateCount"]?.integer == 4)
    }

    @Test(
        "An invalid batch is refused as a whole, with a pointer to every error",
        arguments: [
            (#"[{"body": "x"}, {"body": " "}, {"bodi": "y"}, 7]"#, ["/1/body", "/2/body", "/2/bodi", "/3"]),
            ("[]", [""]), (#"[{"body": "x", "tags": ["a", " "]}]"#, ["/0/tags/1"]),
        ])
    func batchFaults(body: String, pointers: [String]) async throws {
        let desk = try await TestDesk()
        let reply = try await desk.send(Call("POST /stories/harbour/updates", body))
        #expect(reply.status == .unprocessableContent)
        let found = try json(reply)["errors"]?.items?.compactMap { $0["pointer"]?.string } ?? []
        #expect(Set(found).isSuperset(of: pointers), "\(found)")
        #expect(try await changes(desk).isEmpty)
    }

    @Test("A batch is limited to 500 updates")
    func batchLimit() async throws {
        let desk = try await TestDesk()
        let item = #"{"body": "x"}"#
        for (count, status) in [(500, Status.created), (501, .unprocessableContent)] {
            let body = "[" + Array(repeating: item, count: count).joined(separator: ",") + "]"
            #expect(try await desk.send(Call("POST /stories/harbour/updates", body)).status == status)
        }
    }

    // MARK: Retractions

    @Test(
        "A retracted update stays with the reason, and can be reinstated; repeating either changes nothing"
    )
    func strike() async throws {
        let desk = try await TestDesk()
        let reply = try await desk.send(Call("POST \(Self.update)/strike", #"{"reason": "It was wrong"}"#))
        let struck = try json(reply)
        #expect(struck["stricken"]?["reason"]?.string == "It was wrong")
        #expect(struck["stricken"]?["at"]?.string != nil && struck["edited"] == .bool(false))
        #expect(try await changes(desk).map { $0["update"] } == [struck.asForReaders])
        let page = try json(try await desk.send(Call("GET /stories/harbour/updates", key: "")))
        #expect(page["updates"]?.items?.first == struck.asForReaders)
        let again = try await desk.send(Call("POST \(Self.update)/strike", #"{"reason": "It was wrong"}"#))
        #expect(try json(again) == struck && again.headers[.etag] == reply.headers[.etag])
        let export = try await desk.send(Call("GET /stories/harbour/export"))
        #expect(try json(export)["updates"]?.items?.first?["stricken"] == struck["stricken"])
        for _ in 0..<2 {
            let back = try json(try await desk.send(Call("DELETE \(Self.update)/strike")))
            #expect(back["stricken"] == .null && back["seq"]?.integer == (struck["seq"]?.integer ?? 0) + 1)
        }
    }

    @Test("A retraction survives an export and import")
    func strikeRoundTrip() async throws {
        let desk = try await TestDesk()
        _ = try await desk.send(Call("POST \(Self.update)/strike", #"{"reason": "It was wrong"}"#))
        let export = try await desk.send(Call("GET /stories/harbour/export"))
        _ = try await desk.send(Call("DELETE /stories/harbour"))
        let text = String(decoding: export.body, as: UTF8.self)
        #expect(try await desk.send(Call("POST /import", text)).status == .created)
        #expect(try await desk.send(Call("GET /stories/harbour/export")).body == export.body)
    }

    @Test(
        "A reason must be one non-empty line of text",
        arguments: [
            "{}", #"{"reason": ""}"#, #"{"reason": "a\nb"}"#, #"{"reason": 1}"#,
            #"{"reason": "x", "why": 1}"#,
        ])
    func reasons(body: String) async throws {
        let desk = try await TestDesk()
        for action in ["strike", "takedown"] {
            let reply = try await desk.send(Call("POST \(Self.update)/\(action)", body))
            #expect(reply.status == .unprocessableContent, "\(action)")
        }
        #expect(try await changes(desk).isEmpty)
    }

    // MARK: Revisions

    @Test("Only keys with access to the story can read an update's earlier revisions")
    func revisions() async throws {
        let desk = try await TestDesk()
        let first = try json(try await desk.send(Call("GET \(Self.update)")))
        let second = try json(
            try await desk.send(Call("PATCH \(Self.update)", #"{"body": "Better", "tags": ["a"]}"#)))
        _ = try await desk.send(Call("POST \(Self.update)/strike", #"{"reason": "No"}"#))
        let reply = try await desk.send(Call("GET \(Self.update)/revisions"))
        #expect(reply.headers[.cacheControl] == "private, no-store")
        #expect(try json(reply)["revisions"]?.items == [second, first])
        for (key, status) in [("", 401), ("stranger", 403), ("bound", 200)] {
            #expect(try await desk.send(Call("GET \(Self.update)/revisions", key: key)).status.code == status)
        }
    }

    // MARK: Takedowns

    @Test("A takedown erases the content from responses, the database file and its write-ahead log")
    func takedown() async throws {
        let desk = try await TestDesk()
        let words = ["UNSPEAKABLE-FIRST", "UNSPEAKABLE-SECOND", "UNSPEAKABLE-TITLE", "unspeakable.example"]
        let media = #"[{"type": "image", "url": "https://unspeakable.example/a.jpg"}]"#
        let update = try json(
            try await desk.send(
                Call("POST /stories/harbour/updates", #"{"body": "\#(words[0])", "media": \#(media)}"#)))
        let path = "/stories/harbour/updates/\(try update.text("id"))"
        _ = try await desk.send(
            Call(
                "PATCH \(path)",
                #"{"body": "\#(words[1])", "title": "\#(words[2])", "tags": ["\#(words[0])"]}"#))
        _ = try await desk.send(Call("POST \(path)/reactions/veryGood", key: ""))
        for number in 0..<40 {
            _ = try await desk.send(Call("POST /stories/harbour/updates", #"{"body": "Filler \#(number)"}"#))
        }
        let isFile = TestEngine.current.isFile
        #expect(desk.files.contains { holds(words[1], $0) } == isFile, "the words were never there")
        let reply = try await desk.send(Call("POST \(path)/takedown", #"{"reason": "Court order"}"#))
        let answer = try json(reply)
        #expect(reply.status == .ok && answer["erased"] == .bool(isFile))
        let purge = answer["purge"]?.items?.compactMap(\.string) ?? []
        #expect(purge.contains(path) && purge.contains(desk.resolve("/stories/<harbour>/updates")))
        for word in words {
            for file in desk.files { #expect(!holds(word, file), "\(word) in \(file)") }
            for target in [
                "/stories/harbour/updates?limit=200", "/stories/harbour/updates?cursor=<now>&limit=200", path,
                "/stories/harbour/export",
            ] {
                let body = try await desk.send(Call("GET \(target)")).body
                #expect(!String(decoding: body, as: UTF8.self).contains(word))
            }
        }
        let removal = try await changes(desk).first { $0["id"] == update["id"] }
        #expect(removal?["op"]?.string == "remove" && removal?["reason"]?.string == "takedown")
        #expect(try await desk.send(Call("POST \(path)/takedown", #"{"reason": "x"}"#)).status == .gone)
    }
}

/// Returns whether the file's bytes contain the word.
func holds(_ word: String, _ file: String) -> Bool {
    guard let bytes = FileManager.default.contents(atPath: file) else { return false }
    return bytes.range(of: Data(word.utf8)) != nil
}
