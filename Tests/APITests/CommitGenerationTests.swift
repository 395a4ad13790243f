// SPDX-License-Identifier: Apache-2.0
import HTTP
import StoreSupport
import Stories
import Testing

@testable import API
@testable import Live

/// What pages of many stories, such as the index, are kept for: until a commit that readers may see.
@Suite("The commit generation", .onEveryEngine)
struct CommitGenerationTests {
    @Test("Autosaves and open forms leave the index as it was made; an update has it made anew")
    func openForms() async throws {
        let desk = try await TestDesk()
        let hub = ChannelHub(
            store: desk.store, encoder: JSONFeedEncoder(), interval: PollInterval(), processors: nil)
        let (index, generation) = (try await desk.send(Call("GET /", key: "")), hub.commitGeneration)
        let form = "/stories/harbour/updates/<harbourUpdate>/presences/a"
        for (line, body, status) in [
            ("PUT \(form)", "", Status.ok), ("PUT \(form)", "", .ok), ("DELETE \(form)", "", .noContent),
            ("PUT /stories/harbour/autosaves/a", #"{"content": "Half a sen"}"#, .ok),
            ("DELETE /stories/harbour/autosaves/a", "", .noContent),
        ] {
            #expect(try await desk.send(Call(line, body)).status == status)
            #expect(hub.commitGeneration == generation, "\(line)")
        }
        #expect(try await desk.send(Call("GET /", key: "")).headers[.etag] == index.headers[.etag])
        let update = Call("POST /stories/harbour/updates", #"{"body": "Seen"}"#)
        #expect(try await desk.send(update).status == .created)
        #expect(hub.commitGeneration != generation)
        #expect(try await desk.send(Call("GET /", key: "")).headers[.etag] != index.headers[.etag])
    }
}
