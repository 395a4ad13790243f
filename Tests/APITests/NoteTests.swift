// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import StoreSupport
import Stories
import Support
import Testing

/// Notes by which editors hand a story over, which no reader sees.
@Suite("Notes of a story", .onEveryEngineInFull)
struct NoteTests {
    private static let note = "/stories/harbour/note"

    private func notes(_ desk: TestDesk, _ call: Call) async throws -> JSONValue {
        let response = try await desk.send(call)
        #expect(response.status == .ok)
        return try JSONValue(parsing: response.body)
    }

    private func write(_ text: String, _ desk: TestDesk) async throws -> JSONValue {
        try await notes(desk, Call("PUT \(Self.note)", #"{"text": \#(text)}"#, key: "bound"))
    }

    @Test("The last one holds until it is cleared; the earlier ones are kept, up to 20 in all")
    func history() async throws {
        let desk = try await TestDesk()
        #expect(try await notes(desk, Call("GET \(Self.note)"))["note"] == .null)
        let first = try await write(#""Joel waits\nfor the list.""#, desk)
        #expect(first["note"]?["text"]?.string == "Joel waits\nfor the list.")
        #expect(first["note"]?["by"]?.string == "test")
        #expect(first["note"]?["at"]?.string == testTime.description && first["earlier"] == .array([]))
        // The same text again is no news.
        #expect(try await write(#""Joel waits\nfor the list.""#, desk) == first)
        let cleared = try await write("null", desk)
        #expect(cleared["note"] == .null && cleared["earlier"]?.items?.count == 1)
        for number in 1...25 { _ = try await write(#""Note \#(number)""#, desk) }
        let all = try await notes(desk, Call("GET \(Self.note)"))
        #expect(all["note"]?["text"]?.string == "Note 25")
        #expect(all["earlier"]?.items?.map { $0["text"]?.string } == (6...24).reversed().map { "Note \($0)" })
        #expect(try desk.errors() == [])
    }

    @Test("It changes nothing for readers, and is in no export; the trail tells of it without its text")
    func hidden() async throws {
        let desk = try await TestDesk()
        _ = try await write(#""WORDS""#, desk)
        _ = try await write(#""""#, desk)
        let delta = try await desk.send(Call("GET /stories/harbour/updates?cursor=<now>", key: ""))
        #expect(try JSONValue(parsing: delta.body)["changes"] == .array([]))
        for call in [Call("GET /stories/harbour/export"), Call("GET /live/harbour"), Call("GET /audit")] {
            let text = String(decoding: try await desk.send(call).body, as: UTF8.self)
            #expect(!text.contains("WORDS"), "\(call)")
        }
        let trail = try await notes(desk, Call("GET /audit?story=<harbour>&limit=2"))
        #expect(trail["entries"]?.items?.map { $0["action"]?.string } == ["note.clear", "note.write"])
    }

    @Test("A poll with the entity tag of the last answer is a 304")
    func conditional() async throws {
        let desk = try await TestDesk()
        let tag = try #require(try await desk.send(Call("GET \(Self.note)")).headers[.etag])
        let again = Call("GET \(Self.note)", headers: [(.ifNoneMatch, tag)])
        #expect(try await desk.send(again).status == .notModified)
        _ = try await write(#""New""#, desk)
        #expect(try await desk.send(again).status == .ok)
    }

    @Test("They go with their story")
    func deletion() async throws {
        let desk = try await TestDesk()
        _ = try await write(#""x""#, desk)
        #expect(try await desk.send(Call("DELETE /stories/harbour")).status == .noContent)
        #expect(try desk.errors() == [])
    }

    @Test(
        "They are refused to who may not write to the story, and if the text is too long or none",
        arguments: [
            ("GET", "", "", 401), ("GET", "", "stranger", 403), ("GET", "", "bound", 200),
            ("PUT", #"{"text": "x"}"#, "", 401), ("PUT", #"{"text": "x"}"#, "stranger", 403),
            ("PUT", "{}", "bound", 422), ("PUT", #"{"text": 1}"#, "bound", 422),
            ("PUT", #"{"text": "\u0007"}"#, "bound", 422),
            ("PUT", #"{"text": "\#(String(repeating: "x", count: 2_001))"}"#, "bound", 422),
            ("PUT", #"{"text": "\#(String(repeating: "x", count: 2_000))"}"#, "bound", 200),
        ])
    func refusals(method: String, body: String, key: String, status: Int) async throws {
        let desk = try await TestDesk()
        let response = try await desk.send(Call("\(method) \(Self.note)", body, key: key))
        #expect(response.status.code == status)
    }
}
