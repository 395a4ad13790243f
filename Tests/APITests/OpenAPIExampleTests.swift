// SPDX-License-Identifier: Apache-2.0
import HTTP
import JSON
import Support
import Testing

@Suite("The examples of openapi.yaml, sent to the server")
struct OpenAPIExampleTests {
    private let document: OpenAPIDocument

    init() throws {
        document = try OpenAPIDocument.shared.get()
    }

    @Test("Every operation answers its examples as documented")
    func examples() async throws {
        for operation in try document.operations() {
            let bodies = try document.requestBodies(operation).map { Optional($0) }
            let isOptional =
                try operation.value["requestBody"].map {
                    try document.resolved($0)["required"] != .bool(true)
                } ?? true
            for body in bodies + (isOptional ? [nil] : []) {
                let server = try await OpenAPIServer(isEmpty: operation.template == "/import")
                // Only a former slug can be freed.
                if operation.template.hasSuffix("{slug}") {
                    _ = try await server.write(
                        .patch, "/stories/harbour-bridge-reopens", #"{"slug":"harbour-bridge-open"}"#)
                }
                // There has to be another story to move to.
                if operation.template.hasSuffix("/move") {
                    let other = #"{"title":"The bridge itself","slug":"port-alder-bridge"}"#
                    _ = try await server.write(.post, "/stories", other)
                }
                if operation.template.hasSuffix("/autosaves/{name}") {
                    let put = try document.operation(.put, operation.template)
                    _ = try await server.send(put, try document.requestBodies(put).first)
                }
                let reply = try await server.send(operation, body)
                let name = "\(operation.name) \(body.map { "\($0.type) \($0.name)" } ?? "")"
                // Each server has a seal of its own, which no example can have.
                let isSealed = operation.template == "/preview/{token}"
                #expect((200...299).contains(reply.status.code) != isSealed, "\(name): \(reply.text)")
                let errors = try server.errors(of: reply, to: operation)
                #expect(errors.isEmpty, "\(name): \(errors)")
                #expect(reply.headers["X-Request-Id"] == "desk-7f31c", "\(name)")
            }
        }
    }

    @Test("Without a key, exactly the operations that require one are refused")
    func security() async throws {
        for operation in try document.operations() {
            let server = try await OpenAPIServer()
            let security = operation.value["security"] ?? document.root["security"]
            let needsKey = security?.items?.contains(.object([])) == false
            let reply = try await server.send(
                operation, try document.requestBodies(operation).first, key: nil)
            #expect((reply.status == .unauthorized) == needsKey, "\(operation.name): \(reply.text)")
            #expect(try server.errors(of: reply, to: operation) == [], "\(operation.name)")
            let isPrivate = reply.headers[.cacheControl]?.hasPrefix("private") ?? false
            #expect(!isPrivate, "\(operation.name)")
        }
    }

    @Test("The example of an import is exported unchanged")
    func export() async throws {
        let server = try await OpenAPIServer()
        let reply = try await server.answer(.get, "/stories/harbour-bridge-reopens/export")
        let example = document.root["components"]?["examples"]?["StoryDocument"]?["value"]
        #expect(try JSONValue(parsing: reply.body) == example)
    }

    @Test("Pages and deltas of every kind match the document, and links in responses can be followed")
    func feed() async throws {
        let server = try await OpenAPIServer()
        let feed = try document.operation(.get, "/stories/{story}/updates")
        let path = "/stories/harbour-bridge-reopens/updates"
        let first = try await server.read(feed, path + "?limit=1")
        let second = try await server.read(feed, try first.text("older"))
        #expect(second["older"] == .null)
        #expect(second["cursor"] == first["cursor"])
        let update = try #require(first["updates"]?.items?.first).text("id")
        let replies = [
            try await server.write(.post, path, "{\"body\":\"The ferry is back.\",\"pinned\":true}"),
            try await server.write(.delete, path + "/" + update, ""),
            try await server.write(.patch, "/stories/harbour-bridge-reopens", "{\"status\":\"closed\"}"),
            try await server.write(
                .put, "/stories/harbour-bridge-reopens/links/ranking", "[{\"title\":\"A goose\"}]"),
        ]
        #expect(replies.map(\.status.code) == [201, 204, 200, 200])
        var (cursor, kinds, isFull) = (try first.text("cursor"), [String](), true)
        while isFull {
            let delta = try await server.read(feed, path + "?limit=1&cursor=" + cursor)
            kinds += try (delta["changes"]?.items ?? []).map { try $0.text("op") }
            (cursor, isFull) = (try delta.text("cursor"), delta["more"] == .bool(true))
            #expect(delta["pollAfter"]?.integer == 300)
        }
        #expect(kinds == ["put", "remove", "story", "links"])
    }

    @Test("The entity tag of a response is valid for one write")
    func entityTags() async throws {
        let story = "/stories/harbour-bridge-reopens"
        let update = story + "/updates/019ceb36-3b8e-70b8-a6d3-f14c82e95b07"
        for (path, method, target, body) in [
            (story, HTTP.Method.patch, story, "{\"byline\":\"Somebody else\"}"),
            (story, .put, story, "{\"title\":\"Other\"}"),
            (update, .patch, update, "{\"body\":\"Other.\"}"),
            (story + "/links", .put, story + "/links/related", "[]"),
        ] {
            let server = try await OpenAPIServer()
            let tag = try #require(try await server.answer(.get, path).headers[.etag])
            let headers: Headers = [.ifMatch: tag]
            #expect(try await server.write(method, target, body, headers).status == .ok)
            let stale = try await server.write(method, target, body, headers)
            #expect(stale.status == .preconditionFailed)
            #expect(stale.headers[.etag] != nil)
        }
    }

    @Test("Reusing an Idempotency-Key for another request is refused as documented")
    func reusedKey() async throws {
        let server = try await OpenAPIServer()
        let operation = try document.operation(.post, "/stories")
        for (title, status) in [("Night ferry", 201), ("Day ferry", 422)] {
            let reply = try await server.write(
                .post, "/stories", "{\"title\":\"\(title)\"}", ["Idempotency-Key": "one"])
            #expect(reply.status.code == status)
            #expect(try server.errors(of: reply, to: operation) == [])
        }
    }

    @Test("Pages and feeds redirect from a former slug as documented")
    func moved() async throws {
        let server = try await OpenAPIServer()
        _ = try await server.write(.patch, OpenAPIRefusal.story, #"{"slug":"harbour-bridge-open"}"#)
        for operation in try document.operations() where operation.value["responses"]?["308"] != nil {
            let reply = try await server.send(operation, nil, key: nil)
            #expect(reply.status == .permanentRedirect, "\(operation.name)")
            #expect(try server.errors(of: reply, to: operation) == [], "\(operation.name)")
        }
    }

    @Test("The bin and a restore are as documented")
    func bin() async throws {
        let server = try await OpenAPIServer()
        let update = OpenAPIRefusal.story + "/updates/019ceb36-3b8e-70b8-a6d3-f14c82e95b07"
        #expect(try await server.write(.delete, update, "").status == .noContent)
        let listed = try await server.answer(.get, OpenAPIRefusal.story + "/bin")
        #expect(
            try server.errors(of: listed, to: try document.operation(.get, "/stories/{story}/bin")) == [])
        let restored = try await server.answer(.post, update + "/restore")
        let operation = try document.operation(.post, "/stories/{story}/updates/{update}/restore")
        #expect(try server.errors(of: restored, to: operation) == [])
    }

    @Test("PUT with If-None-Match creates a story under a new slug, and fails if it exists")
    func put() async throws {
        let server = try await OpenAPIServer()
        let operation = try document.operation(.put, "/stories/{story}")
        for status in [201, 412] {
            let reply = try await server.write(
                .put, "/stories/night-ferry", "{\"title\":\"Night ferry\"}", [.ifNoneMatch: "*"])
            #expect(reply.status.code == status)
            #expect(try server.errors(of: reply, to: operation) == [])
        }
    }
}

extension OpenAPIServer {
    /// Sends an operation with the examples of its parameters, without cursors and entity tags, which the document
    /// cannot know.
    fileprivate func send(
        _ operation: OpenAPIDocument.Operation, _ body: OpenAPIDocument.Body?, key: String? = adminKey
    ) async throws -> Response {
        var target = operation.template
        for parameter in operation.parameters(in: "path") {
            target.replace("{\(try parameter.text("name"))}", with: try parameter.text("example"))
        }
        let query = try operation.parameters(in: "query").compactMap { parameter -> String? in
            let name = try parameter.text("name")
            guard name != "cursor", let example = parameter["example"] else { return nil }
            return "\(name)=\(example.string ?? "\(example.integer ?? 0)")"
        }
        if !query.isEmpty { target += "?" + query.joined(separator: "&") }
        return try await answer(
            Method(rawValue: operation.method), target, key: key, type: body?.sentType,
            headers: ["X-Request-Id": "desk-7f31c"], body: body?.bytes ?? [])
    }

    /// Sends a GET request and expects the response to match the document.
    fileprivate func read(_ operation: OpenAPIDocument.Operation, _ target: String) async throws -> JSONValue
    {
        let reply = try await answer(.get, target, key: nil)
        #expect(try errors(of: reply, to: operation) == [])
        return try JSONValue(parsing: reply.body)
    }

    fileprivate func write(
        _ method: HTTP.Method, _ target: String, _ body: String, _ headers: Headers = [:]
    ) async throws -> Response {
        try await answer(method, target, type: "application/json", headers: headers, body: Array(body.utf8))
    }
}

extension Response {
    fileprivate var text: String { String(decoding: body, as: UTF8.self) }
}
