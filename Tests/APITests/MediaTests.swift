// SPDX-License-Identifier: Apache-2.0
import API
import Foundation
import HTTP
import Images
import JSON
import StoreSupport
import Stories
import Support
import Testing

/// Uploads, and what readers get of them; with a fake in the place of the decoder.
@Suite("Media assets by the API", .onEveryEngineInFull)
struct MediaTests {
    /// Columns as in ``AuthorizationTests``.
    static let rules: [AuthorizationTests.Rule] = [
        .init("POST /media", "a photograph", 401, 401, 401, 201, 201, 201, 201),
        .init("GET /media/<picture>", "", 200, 200, 200, 200, 200, 200, 200),
        .init("GET /media/<picture>/metadata", "", 200, 200, 200, 200, 200, 200, 200),
        .init("GET /media/<picture>/640.webp", "", 200, 200, 200, 200, 200, 200, 200),
        .init("DELETE /media/<picture>", "", 401, 401, 401, 204, 204, 204, 204),
    ]

    private let desk: TestDesk
    private let folder: TemporaryFolder
    private let api: API
    private let images = FakeImages()

    init() async throws {
        (desk, folder) = (try await TestDesk(), try TemporaryFolder())
        let settings = try API.MediaSettings.fake(in: folder.path, images)
        api = desk.api { $0.media = settings }
    }

    private func send(_ call: Call) async throws -> Response { try await desk.send(call, to: api) }

    private func upload(
        _ text: String, key: String = "admin", type: String = "image/jpeg",
        _ headers: [(HeaderName, String)] = []
    ) async throws -> Response {
        try await send(
            Call("POST /media", bytes: Array(text.utf8), key: key, type: type, headers: headers))
    }

    private func form(_ parts: String...) -> String {
        parts.map { "--cut\r\nContent-Disposition: form-data; \($0)\r\n" }.joined() + "--cut--\r\n"
    }

    private func json(_ response: Response) throws -> JSONValue { try JSONValue(parsing: response.body) }

    /// Names in the folder of assets.
    private var stored: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.file("media"))) ?? ["unreadable"])
            .sorted()
    }

    private func expectProblem(_ response: Response, _ status: Int, _ name: String, _ detail: String) throws {
        #expect(response.status.code == status)
        let problem = try json(response)
        #expect(try problem.text("type") == "/problems/\(name)")
        let found = try problem.text("detail")
        #expect(found.contains(detail), "\(found)")
    }

    @Test(
        "A picture whose files are gone is whole again when it is uploaded again", arguments: [true, false])
    func lost(all: Bool) async throws {
        let path = try json(try await upload("a photograph")).text("url")
        #expect(try await send(Call("GET \(path)/320.webp", key: "")).status == .ok)
        let folder = try #require(stored.first)
        let lost = all ? "media/\(folder)" : "media/\(folder)/320.webp"
        try FileManager.default.removeItem(atPath: self.folder.file(lost))
        #expect(try await send(Call("GET \(path)/320.webp", key: "")).status == .notFound)
        let again = try await upload("a photograph")
        #expect(again.status == .ok)
        #expect(try json(again).text("url") == path)
        for file in ["", "/320.webp", "/1920.jpg"] {
            #expect(try await send(Call("GET \(path)\(file)", key: "")).status == .ok, "\(file)")
        }
        // The rest of the lost folder is removed.
        #expect(stored.count == 1 && stored.first != folder && images.count == 2)
        #expect(try await upload("a photograph").status == .ok && images.count == 2)
    }

    @Test("A repeat of an upload is not answered with a picture that is gone since")
    func goneSince() async throws {
        let key = [(HeaderName.idempotencyKey, "once")]
        let path = try json(try await upload("a photograph", key)).text("url")
        let repeated = try await upload("a photograph", key)
        #expect(repeated.status == .created && repeated.headers["Idempotency-Replayed"] == "true")
        #expect(try await send(Call("DELETE \(path)")).status == .noContent)
        let anew = try await upload("a photograph", key)
        #expect(anew.status == .created && anew.headers["Idempotency-Replayed"] == nil)
        #expect(try await send(Call("GET \(path)", key: "")).status == .ok)
        // Of which it is true again.
        #expect(try await upload("a photograph", key).headers["Idempotency-Replayed"] == "true")
        try FileManager.default.removeItem(atPath: folder.file("media/\(try #require(stored.first))"))
        #expect(try await upload("a photograph", key).status == .ok)
        #expect(try await send(Call("GET \(path)", key: "")).status == .ok && stored.count == 1)
    }

    @Test("An upload is answered with the asset, and the same bytes again with the same asset")
    func added() async throws {
        let reply = try await upload("a photograph")
        #expect(reply.status == .created)
        let asset = try json(reply)
        let id = try asset.text("id")
        #expect(reply.headers[.location] == "/media/\(id)")
        #expect(try asset.text("url") == "/media/\(id)")
        #expect(try asset.text("type") == "image/jpeg")
        #expect(asset["bytes"]?.integer == 12 && asset["width"]?.integer == 2_048)
        #expect(asset["widths"]?.items?.compactMap(\.integer) == [320, 640, 1_280, 1_920])
        #expect(asset["animated"] == .bool(false) && asset["color"] == .string("#5b6a72"))
        // The version and variant of a UUIDv8 (RFC 9562 §5.8).
        #expect(Array(id.utf8)[14] == UInt8(ascii: "8"))
        let again = try await upload("a photograph", key: "stranger", type: "text/plain")
        #expect(again.status == .ok && again.headers[.location] == nil)
        #expect(try json(again) == asset)
        // It was not even decoded, and its folder is the only one.
        #expect(images.count == 1 && stored.count == 1)
        #expect(try await upload("another photograph").status == .created)
        #expect(stored.count == 2)
    }

    @Test("The picture may be the one file of a form, beside text fields")
    func forms() async throws {
        let text = "name=\"alt\"\r\n\r\nWords"
        let file = "name=\"any\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\na photograph"
        let type = "multipart/form-data; boundary=cut"
        let reply = try await upload(form(text, file), type: type)
        #expect(reply.status == .created)
        #expect(try await upload("a photograph").body == reply.body)
        for (body, status, name, detail) in [
            (form(file, file), 422, "validation", "one file, and has 2"),
            (form(text), 422, "validation", "one file, and has 0"),
            (form("name=a; filename=a\r\n\r\n"), 422, "validation", "no bytes"),
            ("--cut\r\nContent-Disposition: form-data; name=a\r\n\r\nb", 400, "malformed-body", "at byte"),
            ("--other--", 400, "malformed-body", "boundary"),
        ] {
            try expectProblem(try await upload(body, type: type), status, name, detail)
        }
        try expectProblem(
            try await upload("a", type: "multipart/form-data"), 400, "malformed-body", "boundary")
        #expect(stored.count == 1)
    }

    @Test("What is no picture, or cannot be stored, is refused and leaves nothing")
    func refusals() async throws {
        for (body, status, name, detail) in [
            ("drawing", 415, "unsupported-media-type", "SVG"), ("cut", 422, "validation", "too early"),
            ("huge", 422, "validation", "60000000 pixels"), ("busy", 503, "busy", "nothing was done"),
            ("full", 507, "storage-full", "nothing was done"),
            ("failing", 503, "storage", "nothing was done"),
            ("broken", 503, "storage", "at present"), ("", 422, "validation", "no bytes"),
        ] {
            let reply = try await upload(body)
            try expectProblem(reply, status, name, detail)
            #expect((reply.headers[.retryAfter] != nil) == (status >= 500), "\(body)")
            #expect(stored == [], "\(body)")
        }
        #expect(try await upload("a", [(.contentEncoding, "gzip")]).status.code == 415)
        let problem = try json(try await upload("cut"))
        #expect(problem["errors"]?.items?.map { $0["pointer"] } == [.string("")])
    }

    @Test("A body that is too large is refused")
    func tooLarge() async throws {
        var settings = try API.MediaSettings.fake(in: folder.path)
        settings.maximumBytes = 10
        let strict = desk.api { [settings] in $0.media = settings }
        let call = Call("POST /media", bytes: Array("0123456789a".utf8), type: "image/jpeg")
        try expectProblem(
            try await desk.send(call, to: strict), 413, "content-too-large", "10")
    }

    @Test("Every route has the right status per caller", arguments: rules)
    func validator(rule: AuthorizationTests.Rule) async throws {
        for (holder, status) in zip(AuthorizationTests.holders, rule.statuses) {
            let picture = try json(try await upload("for \(holder)")).text("id")
            let body = rule.call.body.isEmpty ? "" : "\(rule.call.body) by \(holder)"
            let call = Call(rule.call.line.replacing("<picture>", with: picture), body, key: holder)
            #expect(try await send(call).status.code == status, "\(holder)")
        }
    }

    @Test("Any valid key may upload and delete, and nobody else")
    func access() async throws {
        for (key, isValid) in [
            ("", false), ("bad", false), ("revoked", false), ("stranger", true), ("bound", true),
            ("admin", true),
        ] {
            let reply = try await upload("of \(key)", key: key)
            #expect(reply.status.code == (isValid ? 201 : 401), "\(key)")
            guard isValid else { continue }
            let path = try json(reply).text("url")
            for other in ["", "bad", "revoked"] {
                #expect(try await send(Call("DELETE \(path)", key: other)).status == .unauthorized)
            }
            #expect(try await send(Call("DELETE \(path)", key: key)).status == .noContent)
        }
        #expect(stored == [])
    }

    @Test(
        "Readers get every file, with headers by which it is kept for ever and harmless",
        arguments: ["", "admin", "bad"])
    func reading(key: String) async throws {
        let path = try json(try await upload("a photograph")).text("url")
        let files = [320, 640, 1_280, 1_920].flatMap { ["/\($0).webp", "/\($0).jpg"] }
        for file in [""] + files {
            // From the folder, then from the open file.
            for _ in 0..<2 {
                let reply = try await send(Call("GET \(path)\(file)", key: key))
                #expect(reply.status == .ok, "\(file)")
                let content = file.isEmpty ? "a photograph" : "\(file.dropFirst()) of a photograph"
                #expect(String(decoding: reply.body, as: UTF8.self) == content)
                #expect(reply.headers[.contentType] == (file.hasSuffix("webp") ? "image/webp" : "image/jpeg"))
                #expect(reply.headers[.cacheControl] == "public, max-age=31536000, immutable")
                #expect(reply.headers[.contentSecurityPolicy] == "default-src 'none'; sandbox")
                #expect(reply.headers["X-Content-Type-Options"] == "nosniff")
                #expect(reply.headers["Access-Control-Allow-Origin"] == "*")
                #expect(reply.headers["Accept-Ranges"] == "bytes")
            }
        }
        let description = try await send(Call("GET \(path)/metadata", key: key))
        #expect(try json(description).text("url") == path)
        let tag = try #require(description.headers[.etag])
        #expect(
            try await send(Call("GET \(path)/metadata", key: key, headers: [(.ifNoneMatch, tag)])).status
                == .notModified)
    }

    @Test("Parts, conditions and the head of a file are as the standard has them")
    func ranges() async throws {
        let path = try json(try await upload("a photograph")).text("url")
        let whole = try await send(Call("GET \(path)", key: ""))
        let tag = try #require(whole.headers[.etag])
        func get(_ headers: (HeaderName, String)...) async throws -> Response {
            try await send(Call("GET \(path)", key: "", headers: headers))
        }
        let part = try await get((.range, "bytes=2-6"))
        #expect(part.status == .partialContent && String(decoding: part.body, as: UTF8.self) == "photo")
        #expect(part.headers[.contentRange] == "bytes 2-6/12")
        let outside = try await get((.range, "bytes=12-"))
        try expectProblem(outside, 416, "range-not-satisfiable", "12 bytes")
        #expect(outside.headers[.contentRange] == "bytes */12")
        let known = try await get((.ifNoneMatch, tag))
        #expect(known.status == .notModified && known.body.isEmpty && known.headers[.etag] == tag)
        #expect(try await get((.ifMatch, "\"other\"")).status == .preconditionFailed)
        #expect(try await get((.range, "bytes=2-6"), ("If-Range", "\"other\"")).status == .ok)
        let other = try await send(Call("GET \(path)/640.jpg", key: ""))
        #expect(other.headers[.etag] != tag)
    }

    @Test("What is not there is not found, and its description neither")
    func missing() async throws {
        let path = try json(try await upload("a photograph")).text("url")
        let none = "/media/00000000-0000-8000-8000-000000000000"
        for target in [
            none, none + "/metadata", none + "/640.webp", "/media/nothing", "/media/nothing/640.webp",
            path + "/original", path + "/641.webp", path + "/640.png", path + "/.%2E%2F", path + "/640.WEBP",
        ] {
            try expectProblem(try await send(Call("GET \(target)", key: "")), 404, "not-found", "no such")
        }
        #expect(try await send(Call("DELETE \(none)")).status == .notFound)
        // A smaller picture has fewer files.
        let settings = try API.MediaSettings.fake(in: folder.path, FakeImages(width: 640))
        let other = desk.api { $0.media = settings }
        let small = try await desk.send(
            Call("POST /media", bytes: Array("small".utf8), type: "image/png"), to: other)
        let url = try json(small).text("url")
        for (name, status) in [("320.jpg", 200), ("640.jpg", 404)] {
            #expect(try await send(Call("GET \(url)/\(name)", key: "")).status.code == status)
        }
    }

    @Test("After DELETE nothing is left, neither for readers nor on the disk")
    func deletion() async throws {
        let path = try json(try await upload("a photograph")).text("url")
        for file in ["", "/640.webp"] { _ = try await send(Call("GET \(path)\(file)", key: "")) }
        #expect(try await send(Call("DELETE \(path)")).status == .noContent)
        #expect(stored == [])
        for file in ["", "/640.webp", "/metadata"] {
            #expect(try await send(Call("GET \(path)\(file)", key: "")).status == .notFound, "\(file)")
        }
        #expect(try await send(Call("DELETE \(path)")).status == .notFound)
        #expect(try await upload("a photograph").status == .created)
        #expect(try await send(Call("GET \(path)", key: "")).status == .ok)
    }

    @Test("A retry with the same Idempotency-Key gets the same response, whatever the boundary of its form")
    func idempotency() async throws {
        let key: [(HeaderName, String)] = [(.idempotencyKey, "once")]
        func form(_ boundary: String, _ text: String) async throws -> Response {
            let body =
                "--\(boundary)\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\n\(text)\r\n--\(boundary)--"
            return try await upload(body, type: "multipart/form-data; boundary=\(boundary)", key)
        }
        let first = try await form("one", "a photograph")
        let again = try await form("two", "a photograph")
        #expect(first.status == .created && again.status == .created)
        #expect(again.body == first.body && again.headers["Idempotency-Replayed"] == "true")
        try expectProblem(
            try await form("three", "another"), 422, "idempotency-key-reused", "another request")
        #expect(images.count == 2 && stored.count == 1)
    }

    @Test("Without a folder for pictures an upload says so, and nothing is found")
    func unconfigured() async throws {
        let call = Call("POST /media", bytes: [1], type: "image/jpeg")
        try expectProblem(try await desk.send(call), 501, "not-implemented", "--media")
        let path = try json(try await upload("a photograph")).text("url")
        #expect(try await desk.send(Call("GET \(path)", key: "")).status == .notFound)
    }
}
