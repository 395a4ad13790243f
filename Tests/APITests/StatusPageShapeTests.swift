// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import StoreSupport
import Support
import Synchronization
import Testing

/// The shape of the status page's documents, and HTTP around them.
@Suite("Shape of the status page")
struct StatusPageShapeTests {
    // A JSON Schema of the public documents of Statuspage, version 2 (https://metastatuspage.com/api), as far as they are served here,
    // written from that format and not from `openapi.yaml`. Members that it does not name are errors.

    private static let text = of(type: "string")
    private static let empty = JSONValue.object(["type": .string("array"), "maxItems": .number("0")])
    private static let time = JSONValue.object([
        "type": .string("string"), "format": .string("date-time"),
        "pattern": .string(#"^[0-9-]{10}T[0-9:]{8}\.[0-9]{3}Z$"#),
    ])
    private static let optionalTime = JSONValue.object([
        "type": .array([.string("string"), .string("null")]), "format": .string("date-time"),
    ])
    private static let progress = one(of: "investigating", "identified", "monitoring", "resolved")
    private static let impact = one(of: "none", "minor", "major", "critical")
    private static let update = object([
        "id": text, "status": progress, "body": text, "incident_id": text, "created_at": time,
        "updated_at": time, "display_at": time, "affected_components": of(type: "null"),
    ])
    private static let incident = object([
        "id": text, "name": text, "status": progress, "created_at": time, "updated_at": time,
        "monitoring_at": optionalTime, "resolved_at": optionalTime, "impact": impact, "shortlink": text,
        "started_at": time, "page_id": text, "incident_updates": list(of: update), "components": empty,
    ])
    private static let page = object([
        "id": text, "name": text, "url": text, "time_zone": text, "updated_at": time,
    ])
    private static let status = object(["indicator": impact, "description": text])

    private static let schemas = [
        "summary": object([
            "page": page, "components": empty, "incidents": list(of: incident),
            "scheduled_maintenances": empty, "status": status,
        ]),
        "status": object(["page": page, "status": status]),
        "incidents": object(["page": page, "incidents": list(of: incident)]),
    ]

    private static func of(type: String) -> JSONValue { .object(["type": .string(type)]) }

    private static func one(of values: String...) -> JSONValue {
        .object(["type": .string("string"), "enum": .array(values.map { .string($0) })])
    }

    private static func list(of items: JSONValue) -> JSONValue {
        .object(["type": .string("array"), "items": items])
    }

    /// Returns the schema of an object that has all of these members.
    private static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object([
            "type": .string("object"), "required": .array(members.map { .string($0.key) }),
            "properties": .object(members.map { JSONValue.Member($0.key, $0.value) }),
        ])
    }

    @Test(
        "Documents have the shape of Statuspage, and that of openapi.yaml, with and without incidents",
        arguments: ["summary", "status", "incidents"])
    func shape(name: String) async throws {
        let (desk, document) = (try await TestDesk(), try OpenAPIDocument.shared.get())
        let checker = OpenAPISchema(document: document)
        let schema = try #require(Self.schemas[name])
        let operation = try document.operation(.get, "/api/v2/\(name).json")
        let content = try document.response(operation, 200)?["content"]
        let documented = try #require(content?["application/json"]?["schema"])
        let empty = try await desk.document(name)
        try await desk.incident("over", status: "closed", updates: [["monitoring"], ["resolved"], []])
        try await desk.incident("outage", tags: ["critical"], updates: [["investigating"], ["identified"]])
        let full = try await desk.document(name)
        for value in [empty, full] {
            #expect(try checker.errors(value, schema) == [])
            #expect(try checker.errors(value, documented) == [])
        }
        #expect(empty != full)
        #expect(try checker.errors(.object([:]), schema) != [], "the schema refuses what lacks members")
        for incident in full["incidents"]?.items ?? [] {
            #expect(incident["page_id"] == full["page"]?["id"])
            for update in try #require(incident["incident_updates"]?.items) {
                #expect(update["incident_id"] == incident["id"])
            }
        }
    }

    @Test("Other methods are not allowed, other types not acceptable, other names not there")
    func refusals() async throws {
        let desk = try await TestDesk()
        for path in StatusPageTests.paths {
            for method in ["POST", "PUT", "PATCH", "DELETE"] {
                let reply = try await desk.send(Call("\(method) \(path)", "{}"))
                #expect(reply.status == .methodNotAllowed, "\(method) \(path)")
                #expect(reply.headers[.allow] == "GET, HEAD, OPTIONS")
            }
            let html = try await desk.send(Call("GET \(path)", key: "", headers: [(.accept, "text/html")]))
            #expect(html.status == .notAcceptable)
            #expect(try await desk.send(Call("GET \(path)?_=1795", key: "")).status == .ok)
        }
        #expect(try await desk.send(Call("GET /api/v2/components.json", key: "")).status == .notFound)
    }

    @Test("Pages of every origin may read it")
    func crossOrigin() async throws {
        let desk = try await TestDesk()
        for path in StatusPageTests.paths {
            let reply = try await desk.send(
                Call("GET \(path)", key: "", headers: [(.origin, "https://example.org")]))
            #expect(reply.headers["Access-Control-Allow-Origin"] == "*")
        }
    }

    @Test("The same state has the same bytes and entity tag, whoever makes it")
    func deterministic() async throws {
        let desk = try await TestDesk()
        try await desk.incident("outage", updates: [["identified"], []])
        for path in StatusPageTests.paths {
            let first = try await desk.send(Call("GET \(path)", key: ""))
            for api in [desk.api, desk.anotherAPI()] {
                let again = try await desk.send(Call("GET \(path)", key: ""), to: api)
                #expect(again.body == first.body && again.headers[.etag] == first.headers[.etag])
            }
        }
    }

    @Test("It is kept until the next commit, and made once for all who ask at the same time")
    func kept() async throws {
        let desk = try await TestDesk()
        try await desk.incident("outage", updates: [["identified"]])
        // Each page that is made asks for the address of the site once.
        let made = Atomic(0)
        let api = desk.api {
            $0.site = {
                made.add(1, ordering: .relaxed)
                return "http://localhost"
            }
        }
        for _ in 1...3 {
            for path in StatusPageTests.paths {
                _ = try await desk.send(Call("GET \(path)", key: ""), to: api)
            }
        }
        #expect(made.load(ordering: .relaxed) == 1)
        _ = try await desk.send(Call("PATCH /stories/harbour", #"{"byline": "Ada"}"#), to: api)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask { _ = try await desk.send(Call("GET /api/v2/summary.json", key: ""), to: api) }
            }
            try await group.waitForAll()
        }
        #expect(made.load(ordering: .relaxed) == 2)
    }
}
