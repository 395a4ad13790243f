// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import Stories
import Support
import Testing

@Suite("openapi.yaml")
struct OpenAPITests {
    private let document: OpenAPIDocument

    init() throws {
        document = try OpenAPIDocument.shared.get()
    }

    @Test("The document and the server have the same routes and methods")
    func routes() async throws {
        let routes = try await OpenAPIServer(isEmpty: true).api.routes.map { "\($0.method) \($0.template)" }
        #expect(try document.operations().map(\.name).sorted() == routes.sorted())
    }

    @Test("The server serves the file unchanged")
    func servedBytes() async throws {
        let reply = try await OpenAPIServer(isEmpty: true).answer(.get, "/openapi.yaml", key: nil)
        #expect(reply.body == Array(try OpenAPIDocument.text().utf8))
        #expect(API.openAPI == reply.body)
    }

    @Test(
        "Every operation has a unique id, a summary, known tags and a default response"
    )
    func operations() throws {
        let operations = try document.operations()
        let names = try operations.map { try $0.value.text("operationId") }
        #expect(Set(names).count == names.count)
        let tags = document.root["tags"]?.items?.map { $0["name"] } ?? []
        for operation in operations {
            #expect(operation.value["summary"]?.string?.hasSuffix(".") == false, "\(operation.name)")
            #expect(
                operation.value["tags"]?.items?.allSatisfy { tags.contains($0) } == true, "\(operation.name)")
            #expect(operation.value["responses"]?["default"] != nil, "\(operation.name)")
        }
    }

    @Test("Path parameters match the template, and no parameter is listed twice")
    func pathParameters() throws {
        for operation in try document.operations() {
            let segments = operation.template.split(separator: "/").filter { $0.hasPrefix("{") }
            let names = try operation.parameters(in: "path").map { try $0.text("name") }
            #expect(names.sorted() == segments.map { String($0.dropFirst().dropLast()) }.sorted())
            let all = operation.parameters.map { [$0["in"], $0["name"]] }
            #expect(Set(all).count == all.count, "\(operation.name)")
        }
    }

    @Test("Every example fits its schema")
    func examples() throws {
        let schema = OpenAPISchema(document: document)
        var count = 0
        try visit(document.root) { value in
            guard let rule = value["schema"] else { return }
            let single = value["example"].map { [JSONValue.Member("example", $0)] } ?? []
            for example in try document.examples(of: value) + single {
                let errors = try schema.errors(example.value, rule)
                #expect(errors.isEmpty, "\(example.name) of \(rule): \(errors)")
                count += 1
            }
        }
        #expect(count > 60)
    }

    @Test("Every request and response body has an example")
    func examplesAreThere() throws {
        for operation in try document.operations() where operation.template != "/openapi.yaml" {
            if operation.value["requestBody"] != nil {
                #expect(try !document.requestBodies(operation).isEmpty, "\(operation.name)")
            }
            for response in document.members(of: operation.value["responses"]) {
                for content in document.members(of: try document.resolved(response.value)["content"]) {
                    let examples = try document.examples(of: content.value)
                    #expect(!examples.isEmpty, "\(operation.name) \(response.name)")
                }
            }
        }
    }

    @Test("Every reference resolves, and every component is used")
    func references() throws {
        var used: Set<String> = []
        try visit(document.root) { value in
            guard let reference = value["$ref"]?.string else { return }
            _ = try document.resolved(value)
            used.insert(reference)
        }
        for kind in document.members(of: document.root["components"]) where kind.name != "securitySchemes" {
            for component in document.members(of: kind.value) {
                #expect(used.contains("#/components/\(kind.name)/\(component.name)"), "\(component.name)")
            }
        }
    }

    @Test(
        "The limits match the domain",
        arguments: [
            ("Title", "maxLength", Limits.titleCharacters), ("Slug", "maxLength", Limits.slugCharacters),
            ("Name", "maxLength", Limits.nameCharacters), ("URL", "maxLength", Limits.urlCharacters),
            ("Body", "maxLength", Limits.updateBodyBytes), ("Section", "maxItems", Limits.sections),
            ("KeyPoints", "maxItems", Limits.keyPoints), ("Tags", "maxItems", Limits.tags),
            ("UpdateSourcesInput", "maxItems", Limits.sources), ("MediaListInput", "maxItems", Limits.media),
            ("LinkList", "maxItems", Limits.links), ("DocumentLinkList", "maxItems", Limits.links),
            ("Pixels", "maximum", Limits.mediaPixels), ("TagName", "maxLength", Limits.tagCharacters),
            ("CoalesceSeconds", "maximum", Limits.webhookCoalesceSeconds.upperBound),
            ("DocumentReactions", "maxProperties", Limits.reactionKinds),
        ])
    func limits(schema: String, keyword: String, limit: Int) {
        #expect(document.root["components"]?["schemas"]?[schema]?[keyword]?.integer == limit)
    }

    @Test(
        "The limits of items and alternatives match the domain",
        arguments: [
            ("Section", Limits.sectionCharacters), ("KeyPoints", Limits.keyPointCharacters),
            ("Summary", Limits.summaryCharacters), ("OptionalCaption", Limits.captionCharacters),
        ])
    func innerLimits(schema: String, limit: Int) {
        let schema = document.root["components"]?["schemas"]?[schema]
        let inner = schema?["items"] ?? schema?["anyOf"]?.items?.first
        #expect(inner?["maxLength"]?.integer == limit)
    }

    @Test("The page size and the enumerations match the domain")
    func choices() throws {
        let components = try #require(document.root["components"])
        let limit = components["parameters"]?["Limit"]?["schema"]
        #expect(limit?["minimum"]?.integer == Limits.pageSize.lowerBound)
        #expect(limit?["maximum"]?.integer == Limits.pageSize.upperBound)
        #expect(limit?["default"]?.integer == Limits.defaultPageSize)
        let schemas = components["schemas"]
        func values(_ schema: JSONValue?) -> [String] { schema?["enum"]?.items?.compactMap(\.string) ?? [] }
        #expect(values(schemas?["Status"]) == StoryStatus.allCases.map(\.rawValue))
        #expect(values(schemas?["MediaType"]) == Media.Kind.allCases.map(\.rawValue))
        #expect(values(schemas?["UpdateState"]) == UpdateState.allCases.map(\.rawValue))
        #expect(
            values(schemas?["AuditAction"])
                == AuditEntry.Action.allCases.map(\.rawValue))
        let events = WebhookEvent.subscribable.map(\.rawValue)
        #expect(
            schemas?["WebhookEvent"]?["properties"]?["type"]?["$ref"]?.string
                == "#/components/schemas/WebhookEventType")
        #expect(values(schemas?["WebhookEventType"]) == events)
        #expect(schemas?["Tags"]?["items"]?["$ref"]?.string == "#/components/schemas/TagName")
        #expect(
            document.members(of: document.root["webhooks"]).map(\.name)
                == WebhookEvent.allCases.map(\.rawValue))
        let reason = schemas?["RemoveChange"]?["properties"]?["reason"]
        #expect(values(reason) == Removal.Reason.allCases.map(\.rawValue))
        let links = try document.operation(.put, "/stories/{story}/links/{kind}").parameters
        #expect(
            values(links.first { $0["name"]?.string == "kind" }?["schema"])
                == LinkKind.allCases.map(\.rawValue))
        let feed = try document.operation(.get, "/stories/{story}/updates").parameters
        #expect(
            values(feed.first { $0["name"]?.string == "order" }?["schema"])
                == UpdateOrder.allCases.map(\.rawValue))
    }

    private func visit(_ value: JSONValue, _ look: (JSONValue) throws -> Void) throws {
        try look(value)
        for item in value.items ?? [] { try visit(item, look) }
        for member in document.members(of: value) { try visit(member.value, look) }
    }
}
