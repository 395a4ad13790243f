// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import StoreSupport
import Stories
import Support
import Testing

@Suite("Links of a live story to a hidden one, over HTTP", .onEveryEngineInFull)
struct HiddenLinkRouteTests {
    private static let paths = [
        "/stories/harbour/links", "/live/harbour", "/stories/harbour/updates?cursor=<now>",
        "/stories/harbour/liveblog.jsonld", "/stories/harbour/feed.json", "/stories/harbour/export",
        "/stories/harbour/stream?cursor=<now>",
    ]

    @Test("Only keys that may see the hidden story get its id")
    func ids() async throws {
        let desk = try await TestDesk()
        let link = Call(
            "PUT /stories/harbour/links/related", #"[{"title": "Soon", "story": "<secret>"}]"#)
        #expect(try await desk.send(link).status == .ok)
        for path in Self.paths {
            for key in ["", "bound"] {
                let text = try await text(desk, path, key)
                #expect(!text.contains(desk.resolve("<secret>")), "\(path)")
            }
        }
        for path in ["/stories/harbour/links", "/stories/harbour/updates?cursor=<now>"] + Self.paths.suffix(2)
        {
            #expect(try await text(desk, path, "editor").contains(desk.resolve("<secret>")), "\(path)")
        }
    }

    @Test("Publishing or hiding a linked story updates cached pages")
    func followed() async throws {
        let desk = try await TestDesk()
        _ = try await desk.send(
            Call("PUT /stories/harbour/links/related", #"[{"title": "Soon", "story": "<secret>"}]"#))
        for (status, isSeen) in [("draft", false), ("live", true), ("draft", false)] {
            _ = try await desk.send(Call("PATCH /stories/secret", #"{"status": "\#(status)"}"#))
            for path in ["/stories/harbour/links", "/live/harbour"] {
                let isThere = try await text(desk, path, "").contains("\(desk.resolve("<secret>"))")
                #expect(isThere == isSeen, "\(path) \(status)")
            }
        }
    }

    /// Returns the body of the response; of a stream, everything that it can send now.
    private func text(_ desk: TestDesk, _ path: String, _ key: String) async throws -> String {
        let headers: Headers = key.isEmpty ? [:] : [.authorization: "Bearer \(desk.resolve("<\(key)>"))"]
        let answer = await desk.api.respond(to: try Request(.get, desk.resolve(path), headers: headers))
            .found()
        guard case .stream(let stream) = answer else {
            return String(decoding: await answer.settled().body, as: UTF8.self)
        }
        var bytes: [UInt8] = []
        while true {
            switch stream.body.next() {
            case .send(let chunks): bytes += chunks.joined()
            case .load(let work): await work()
            case .wait, .end: return String(decoding: bytes, as: UTF8.self)
            }
        }
    }
}
