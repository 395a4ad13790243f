// SPDX-License-Identifier: Apache-2.0
import API
import Foundation
import HTTP
import JSON
import StoreSupport
import Stories
import Support
import Synchronization
import Testing

/// How the files of media assets go: by takedowns and by the sweep.
@Suite("Removal of media assets by the API", .onEveryEngineInFull)
struct MediaRemovalTests {
    private let desk: TestDesk
    private let folder: TemporaryFolder
    private let api: API
    private let purged = Purged()
    private let clock = Clock()

    private final class Purged: Sendable {
        let paths = Mutex<[String]>([])
    }

    private final class Clock: Sendable {
        let now = Mutex(testTime)

        func advance(hours: Int64) {
            now.withLock { $0 = Timestamp(milliseconds: $0.milliseconds + hours * 3_600_000) }
        }
    }

    init() async throws {
        (desk, folder) = (try await TestDesk { [clock] in clock.now.withLock(\.self) }, try TemporaryFolder())
        let settings = try API.MediaSettings.fake(in: folder.path)
        api = desk.api { [purged] in
            $0.media = settings
            $0.purge = { paths, _ in
                purged.paths.withLock { $0 += paths }
                return true
            }
        }
    }

    private func send(_ line: String, _ body: String = "", key: String? = nil) async throws -> Response {
        let headers = key.map { [(HeaderName.idempotencyKey, $0)] } ?? []
        return try await desk.send(Call(line, body, headers: headers), to: api)
    }

    /// Uploads a picture; returns its path.
    private func upload(_ text: String) async throws -> String {
        let call = Call("POST /media", bytes: Array(text.utf8), type: "image/jpeg")
        return try JSONValue(parsing: try await desk.send(call, to: api).body).text("url")
    }

    /// Posts an update that shows pictures; returns its path.
    private func post(_ pictures: String...) async throws -> String {
        let media = pictures.map { #"{"type": "image", "url": "\#($0)"}"# }.joined(separator: ", ")
        let reply = try await send(
            "POST /stories/harbour/updates", #"{"body": "Words", "media": [\#(media)]}"#)
        return try "/stories/harbour/updates/" + JSONValue(parsing: reply.body).text("id")
    }

    private var stored: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.file("media"))) ?? ["unreadable"])
            .sorted()
    }

    private func status(_ path: String) async throws -> Int {
        try await desk.send(Call("GET \(path)", key: ""), to: api).status.code
    }

    /// All paths of an asset that is wider than every width.
    private func paths(_ picture: String) -> [String] {
        [picture, picture + "/metadata"]
            + [320, 640, 1_280, 1_920].flatMap { ["\(picture)/\($0).webp", "\(picture)/\($0).jpg"] }
    }

    private func mediaPaths(_ reply: Response) throws -> Set<String> {
        let paths = try JSONValue(parsing: reply.body)["purge"]?.items?.compactMap(\.string) ?? []
        return Set(paths.filter { $0.hasPrefix("/media/") })
    }

    @Test(
        "A takedown removes the files of pictures that nothing else uses, and purges and lists all their paths"
    )
    func takedown() async throws {
        let (own, shared) = (try await upload("own"), try await upload("shared"))
        let update = try await post(own, shared)
        _ = try await post(shared)
        for path in paths(own) { #expect(try await status(path) == 200) }
        let reply = try await send("POST \(update)/takedown", #"{"reason": "Rights"}"#, key: "down")
        #expect(reply.status == .ok)
        #expect(try mediaPaths(reply) == Set(paths(own)))
        #expect(Set(paths(own)).isSubset(of: Set(purged.paths.withLock(\.self))))
        for path in paths(own) { #expect(try await status(path) == 404, "\(path)") }
        for path in paths(shared) { #expect(try await status(path) == 200, "\(path)") }
        #expect(stored.count == 1)
    }

    @Test("A repeated takedown removes files that the first has left, and lists the same paths")
    func repeated() async throws {
        let picture = try await upload("own")
        let update = try await post(picture)
        let name = try #require(stored.first)
        let reply = try await send("POST \(update)/takedown", #"{"reason": "Rights"}"#, key: "down")
        // As if the server had been killed after the commit.
        try FileManager.default.createDirectory(
            atPath: folder.file("media/\(name)"), withIntermediateDirectories: false)
        let again = try await send("POST \(update)/takedown", #"{"reason": "Rights"}"#, key: "down")
        #expect(again.headers["Idempotency-Replayed"] == "true")
        #expect(try mediaPaths(reply) == Set(paths(picture)))
        #expect(try mediaPaths(again) == Set(paths(picture)))
        #expect(stored == [])
    }

    @Test("A picture that is used is not deleted, and the problem says by what")
    func used() async throws {
        let picture = try await upload("own")
        let update = try await post(picture)
        let reply = try await send("DELETE \(picture)")
        #expect(reply.status == .conflict)
        let problem = try JSONValue(parsing: reply.body)
        #expect(try problem.text("type") == "/problems/media-in-use")
        #expect(try problem.text("detail").contains(update.split(separator: "/").last ?? "none"))
        #expect(try await status(picture) == 200 && stored.count == 1)
    }

    @Test(
        "A picture that the settings of the site use, or a revision of them, stays, and gives the logo its size"
    )
    func site() async throws {
        let (logo, icon) = (try await upload("logo"), try await upload("icon"))
        let body =
            #"{"name": "Courier", "logo": {"light": "\#(logo)", "width": 1}, "icon": {"url": "\#(icon)"}}"#
        let saved = try JSONValue(parsing: try await send("PUT /site", body).body)
        let asset = try JSONValue(
            parsing: try await desk.send(Call("GET \(logo)/metadata", key: ""), to: api).body)
        #expect(saved["logo"]?["width"] == asset["width"] && saved["logo"]?["height"] == asset["height"])
        #expect(try await send("PUT /site", "{}").status == .ok)
        clock.advance(hours: 50)
        await api.sweepMedia()
        for picture in [logo, icon] {
            #expect(try await status(picture) == 200)
            let removal = Call("DELETE \(picture)", key: "editor")
            #expect(try await desk.send(removal, to: api).status == .conflict)
        }
        #expect(try desk.errors().isEmpty)
    }

    @Test("Former settings of the site keep no picture from being deleted by an admin, or taken down")
    func formerSite() async throws {
        let (logo, icon) = (try await upload("logo"), try await upload("icon"))
        let body = #"{"name": "Courier", "logo": {"light": "\#(logo)"}, "icon": {"url": "\#(icon)"}}"#
        #expect(try await send("PUT /site", body).status == .ok)
        let update = try await post(icon)
        #expect(try await send("DELETE \(logo)").status == .conflict)
        #expect(try await send("PUT /site", #"{"name": "Courier"}"#).status == .ok)
        #expect(try await send("DELETE \(logo)").status == .noContent)
        #expect(try await send("DELETE \(icon)").status == .conflict)
        let takedown = try await send("POST \(update)/takedown", #"{"reason": "Rights"}"#)
        #expect(try mediaPaths(takedown) == Set(paths(icon)))
        for picture in [logo, icon] { #expect(try await status(picture) == 404) }
        #expect(stored == [])
        let restored = try await send("PUT /site", body)
        let errors = try JSONValue(parsing: restored.body)["errors"]?.items ?? []
        #expect(restored.status == .unprocessableContent)
        #expect(errors.map { $0["pointer"]?.string } == ["/logo/light", "/icon/url"])
        #expect(try desk.errors().isEmpty)
    }

    @Test("A takedown leaves a picture that the present settings of the site use")
    func presentSite() async throws {
        let logo = try await upload("logo")
        #expect(
            try await send("PUT /site", #"{"name": "Courier", "logo": {"light": "\#(logo)"}}"#).status == .ok)
        let update = try await post(logo)
        let takedown = try await send("POST \(update)/takedown", #"{"reason": "Rights"}"#)
        #expect(try mediaPaths(takedown).isEmpty)
        #expect(try await status(logo) == 200 && stored.count == 1)
    }

    @Test("A picture that nothing uses is removed a day after its last upload")
    func orphans() async throws {
        let (used, unused) = (try await upload("used"), try await upload("unused"))
        _ = try await post(used)
        clock.advance(hours: 20)
        let kept = try await upload("unused")
        #expect(kept == unused)
        clock.advance(hours: 20)
        await api.sweepMedia()
        #expect(try await status(unused) == 200)
        clock.advance(hours: 5)
        await api.sweepMedia()
        #expect(try await status(unused) == 404)
        #expect(try await status(used) == 200 && stored.count == 1)
        #expect(purged.paths.withLock(\.self) == paths(unused))
    }

    @Test("A folder without a row is removed when it has been seen for a day, if it has a name of ours")
    func strays() async throws {
        let picture = try await upload("own")
        _ = try await post(picture)
        let media = folder.file("media")
        let (old, young) = (String(repeating: "a", count: 32), String(repeating: "b", count: 32))
        let own = try #require(stored.first)
        for (name, hours) in [(old, 25), (young, -23), ("foreign", 25), (".foreign", 25)] {
            try FileManager.default.copyItem(
                atPath: "\(media)/\(own)", toPath: "\(media)/\(name)")
            let seconds = Double(testTime.milliseconds / 1_000) - Double(hours) * 3_600
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: "\(media)/\(name)")
        }
        await api.sweepMedia()
        #expect(stored == [".foreign", own, old, young, "foreign"].sorted())
        clock.advance(hours: 25)
        await api.sweepMedia()
        // The other has become a day old, and was not seen before.
        #expect(stored == [".foreign", own, young, "foreign"].sorted())
        #expect(try await status(picture) == 200)
    }
}
