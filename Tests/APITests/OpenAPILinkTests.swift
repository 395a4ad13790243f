// SPDX-License-Identifier: Apache-2.0
import JSON
import Support
import Testing

@Suite("The links of openapi.yaml")
struct OpenAPILinkTests {
    private let document: OpenAPIDocument

    init() throws {
        document = try OpenAPIDocument.shared.get()
    }

    /// A link with its operation and response.
    private struct Link {
        let source: OpenAPIDocument.Operation
        let response: JSONValue
        let value: JSONValue
    }

    @Test("Every link names an operation, and passes existing values that match its schema")
    func links() throws {
        let links = try documented()
        for link in links {
            let name = try link.value.text("operationId")
            let target = try #require(
                try document.operations().first { $0.value["operationId"]?.string == name },
                "there is no \(name)")
            for passed in document.members(of: link.value["parameters"]) {
                let parameter = try #require(
                    target.parameters.first { $0["name"]?.string == passed.name },
                    "\(name) has no \(passed.name)")
                try check(passed.value, of: link, against: parameter["schema"])
            }
            if let body = link.value["requestBody"] {
                let content = try target.value["requestBody"].map(document.resolved)?["content"]
                try check(body, of: link, against: content?["application/json"]?["schema"])
            }
        }
        #expect(links.count > 30)
    }

    private func documented() throws -> [Link] {
        try document.operations().flatMap { operation in
            try document.members(of: operation.value["responses"]).flatMap { answer in
                let response = try document.resolved(answer.value)
                return try document.members(of: response["links"]).map {
                    Link(source: operation, response: response, value: try document.resolved($0.value))
                }
            }
        }
    }

    private func check(_ expression: JSONValue, of link: Link, against schema: JSONValue?) throws {
        let place = "\(link.source.name): \(expression)"
        let value = try #require(try self.value(of: expression.string ?? "", in: link), "nothing: \(place)")
        let errors = try OpenAPISchema(document: document).errors(value, try #require(schema, "\(place)"))
        #expect(errors.isEmpty, "\(place): \(errors)")
    }

    /// Evaluates a runtime expression (OpenAPI 3.1 §4.8.20.4) on the examples of the document.
    private func value(of expression: String, in link: Link) throws -> JSONValue? {
        let parts = expression.split(separator: "#", maxSplits: 1)
        switch parts.first {
        case "$response.body":
            let content = link.response["content"]?["application/json"]
            let bodies = try content.map(document.examples) ?? []
            return bodies.lazy.compactMap { self.value(at: parts.dropFirst().first ?? "", of: $0.value) }
                .first
        case let name? where name.hasPrefix("$response.header."):
            let header = link.response["headers"]?[String(name.dropFirst("$response.header.".count))]
            return try header.map(document.resolved)?["example"]
        case let name? where name.hasPrefix("$request.path."):
            let wanted = String(name.dropFirst("$request.path.".count))
            return link.source.parameters(in: "path").first { $0["name"]?.string == wanted }?["example"]
        default: return nil
        }
    }

    private func value(at pointer: Substring, of body: JSONValue) -> JSONValue? {
        pointer.split(separator: "/").reduce(body) { found, name in
            guard let index = Int(name) else { return found?[String(name)] }
            return found?.items?.dropFirst(index).first
        }
    }
}
