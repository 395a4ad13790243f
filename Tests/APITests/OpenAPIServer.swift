// SPDX-License-Identifier: Apache-2.0
import API
import Database
import Delivery
import Foundation
import HTTP
import JSON
import Markdown
import SQLite
import SQLiteEngine
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// An API over a store in a temporary folder with the story of the document's examples, and the checks of its
/// responses against the document.
final class OpenAPIServer: Sendable {
    let document: OpenAPIDocument
    let api: API
    /// The key of an editor who is restricted to the example's story.
    let boundKey: APIKey
    private let folder: String

    static let adminKey = "the-admin-key-of-the-examples"

    /// Creates the server; with `isEmpty`, without a story.
    init(isEmpty: Bool = false) async throws {
        document = try OpenAPIDocument.shared.get()
        folder = FileManager.default.temporaryDirectory.path + "/openapi-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try MigratedDatabase.place(at: folder + "/examples.db")
        let store = try TableStore(
            path: folder + "/examples.db", role: .command, renderer: API.renderer { Markdown.html($0) },
            now: { Timestamp(milliseconds: 1_773_478_800_000) })
        var configuration = API.Configuration()
        configuration.adminKey = Self.adminKey
        configuration.html = { Markdown.html($0) }
        configuration.media = try .fake(in: folder)
        configuration.social = API.SocialSettings(drawer: FakeDrawer())
        configuration.push = PushSettings(publicKey: VAPID.newKeys().publicKey)
        api = API(store: store, keys: store, configuration: configuration)
        let value = try #require(document.root["components"]?["examples"]?["StoryDocument"]?["value"])
        let id = try #require(value["story"]?["id"]?.string.flatMap { Identifier($0) })
        boundKey = APIKey(
            name: "bound", grant: Grant(role: .editor, stories: isEmpty ? [] : [id]),
            createdAt: Timestamp(milliseconds: 0))
        if !isEmpty {
            let body = OpenAPIDocument.Body(name: "export", type: "application/json", value: value)
            let reply = try await answer(.post, "/import", type: body.type, body: body.bytes)
            #expect(reply.status == .created, "\(String(decoding: reply.body, as: UTF8.self))")
        }
        try await store.addKey(boundKey.record)
        try await FakeDrawer.await(api)
        try await addWebhook()
        if !isEmpty {
            try await addMedia()
            try await addPushSubscription()
            try await addFont()
        }
    }

    /// Uploads the picture of the examples.
    private func addMedia() async throws {
        let operation = try document.operation(.post, "/media")
        let body = try #require(try document.requestBodies(operation).first)
        let reply = try await answer(.post, "/media", type: body.sentType, body: body.bytes)
        #expect(reply.status == .created)
        #expect(try errors(of: reply, to: operation) == [])
    }

    /// Uploads the font of the examples.
    private func addFont() async throws {
        let path = "/site/fonts?name=Alder%20Text"
        let reply = try await answer(.post, path, type: "font/woff2", body: FontSample.bytes)
        #expect(reply.status == .created, "\(String(decoding: reply.body, as: UTF8.self))")
    }

    /// Creates the subscription of the examples.
    private func addPushSubscription() async throws {
        let example = document.root["components"]?["examples"]?["PushSubscription"]?["value"]
        let body = JSONWriter.bytes(of: try #require(example))
        let path = OpenAPIRefusal.story + "/push-subscriptions"
        let reply = try await answer(.post, path, type: "application/json", body: body)
        #expect(reply.status == .created, "\(String(decoding: reply.body, as: UTF8.self))")
    }

    /// Creates the webhook of the examples, with its delivery.
    private func addWebhook() async throws {
        let body = Array(#"{"url":"https://receiver.example/wireroom"}"#.utf8)
        let reply = try await answer(.post, "/webhooks", type: "application/json", body: body)
        let path = try #require(reply.headers[.location])
        #expect(try await answer(.post, path + "/test").status == .accepted)
        let database = try Connection(path: folder + "/examples.db", mode: .readWrite)
        for (table, name) in [("webhooks", "Webhook"), ("deliveries", "WebhookDelivery")] {
            let example = document.root["components"]?["examples"]?[name]?["value"]?["id"]?.string
            let id = try #require(example.flatMap { Identifier($0) })
            try database.run("UPDATE \(table) SET id = ?", id)
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Returns the response to a request; `key: nil` sends no key.
    func answer(
        _ method: HTTP.Method, _ target: String, key: String? = adminKey, type: String? = nil,
        headers: Headers = [:], body: [UInt8] = []
    ) async throws -> Response {
        var headers = headers
        if let key { headers[.authorization] = "Bearer \(key)" }
        headers[.contentType] = type
        let request = try Request(method, target, headers: headers, body: body)
        return await api.response(to: request)
    }

    // MARK: Responses against the document

    /// Returns every deviation of a response from what the operation documents.
    func errors(
        of response: Response, to operation: OpenAPIDocument.Operation, orDefault: Bool = false
    ) throws -> [String] {
        let status = response.status.code
        guard let documented = try document.response(operation, status, orDefault: orDefault) else {
            return [
                "the status \(status) is not documented: \(String(decoding: response.body, as: UTF8.self))"
            ]
        }
        return try headerFaults(response.headers, documented) + bodyFaults(response, documented)
    }

    private func headerFaults(_ headers: Headers, _ documented: JSONValue) throws -> [String] {
        let known = try document.members(of: documented["headers"]).map {
            ($0.name, try document.resolved($0.value))
        }
        var errors: [String] = []
        for (name, header) in known {
            guard let text = headers[HeaderName(name)] else {
                if header["required"] == .bool(true) { errors.append("\(name) is missing") }
                continue
            }
            let schema = try #require(header["schema"])
            let value = schema["type"]?.string == "integer" ? JSONValue.number(text) : .string(text)
            errors += try OpenAPISchema(document: document).errors(value, schema).map { "\(name)\($0)" }
        }
        // Documented in prose, for all responses.
        let common: [HeaderName] = [
            .contentType, .contentLength, "Access-Control-Allow-Origin", "X-Content-Type-Options",
            "Content-Security-Policy",
        ]
        let names = known.map { HeaderName($0.0) } + common
        let isProblem = headers[.contentType] == "application/problem+json"
        if isProblem, headers[.cacheControl] != "no-store" { errors.append("a problem may be kept") }
        for name in headers.fields.map(\.name) where !names.contains(name) {
            if name == "Access-Control-Expose-Headers" || name == .cacheControl && isProblem { continue }
            errors.append("\(name) is not documented")
        }
        return errors
    }

    private func bodyFaults(_ response: Response, _ documented: JSONValue) throws -> [String] {
        guard let content = documented["content"] else {
            return response.body.isEmpty ? [] : ["there is a body, which is not documented"]
        }
        let type = String((response.headers[.contentType] ?? "").prefix { $0 != ";" })
        guard let schema = content[type]?["schema"] else { return ["the type \(type) is not documented"] }
        guard type.hasSuffix("json") else { return response.body.isEmpty ? ["the body is empty"] : [] }
        return try OpenAPISchema(document: document).errors(try JSONValue(parsing: response.body), schema)
    }
}
