// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import Support
import Testing

@Suite("Problems documented in openapi.yaml")
struct OpenAPIProblemTests {
    @Test(
        "A refusal has the status, headers and members that its operation documents",
        arguments: OpenAPIRefusal.all)
    func refusals(_ refusal: OpenAPIRefusal) async throws {
        let server = try await OpenAPIServer()
        let reply = try await server.answer(
            refusal.method, refusal.path, type: refusal.body.isEmpty ? nil : refusal.type,
            headers: refusal.headers, body: Array(refusal.body.utf8))
        let text = String(decoding: reply.body, as: UTF8.self)
        #expect(reply.status.code == refusal.status, "\(text)")
        #expect(try JSONValue(parsing: reply.body)["type"]?.string == "/problems/" + refusal.problem)
        let operation = try server.document.operation(refusal.method, refusal.template)
        let errors = try server.errors(of: reply, to: operation, orDefault: refusal.status == 406)
        #expect(errors == [], "\(text)")
    }

    @Test("An empty import gets an error for each required member")
    func emptyImport() async throws {
        let reply = try await OpenAPIServer(isEmpty: true).answer(
            .post, "/import", type: "application/json", body: Array("{}".utf8))
        let errors = try JSONValue(parsing: reply.body)["errors"]?.items
        #expect(errors?.map { $0["pointer"] } == [.string("/wireroom"), .string("/story")])
    }

    @Test("Every write beyond a key's stories is refused as documented")
    func boundKeys() async throws {
        let server = try await OpenAPIServer()
        let other = try await server.answer(
            .post, "/stories", type: "application/json", body: Array(#"{"title":"Other"}"#.utf8))
        let path = try #require(other.headers[.location])
        for (method, template, target, body) in [
            (HTTP.Method.post, "/stories", "/stories", #"{"title":"Mine"}"#),
            (.put, "/stories/{story}", "/stories/mine", #"{"title":"Mine"}"#),
            (.patch, "/stories/{story}", path, "{}"), (.delete, "/stories/{story}", path, ""),
            (.post, "/stories/{story}/updates", path + "/updates", #"{"body":"Mine."}"#),
            (.put, "/stories/{story}/links/{kind}", path + "/links/related", "[]"),
            (.post, "/import", "/import", #"{"wireroom":1,"story":{"title":"Mine"}}"#),
            // It may write to its own story, but not delete it.
            (.delete, "/stories/{story}", OpenAPIRefusal.story, ""),
        ] {
            let reply = try await server.answer(
                method, target, key: server.boundKey.text, type: "application/json", body: Array(body.utf8))
            #expect(reply.status == .forbidden, "\(method) \(target)")
            #expect(try server.errors(of: reply, to: server.document.operation(method, template)) == [])
        }
    }

    @Test(
        "A failure at the HTTP level gets a problem as in the documented default response",
        arguments: [
            Status.badRequest, .notFound, .requestTimeout, .contentTooLarge, .uriTooLong, .expectationFailed,
            .requestHeaderFieldsTooLarge, .notImplemented, .serviceUnavailable, .httpVersionNotSupported,
        ])
    func defaultAnswer(status: Status) async throws {
        let server = try await OpenAPIServer(isEmpty: true)
        let id = RequestID()
        var reply = server.api.respond(to: RequestFailure(status, "it is refused"), request: nil, id: id)
        reply.headers[.requestID] = id.description
        let operation = try server.document.operation(.get, "/healthz")
        #expect(try server.errors(of: reply, to: operation, orDefault: true) == [])
    }

    @Test("An unsupported method gets 405 with the methods of the path")
    func wrongMethods() async throws {
        let server = try await OpenAPIServer(isEmpty: true)
        for (template, operations) in Dictionary(
            grouping: try server.document.operations(), by: \.template)
        {
            let methods = operations.map(\.method)
            let reply = try await server.answer("TRACE", template.filter { !"{}".contains($0) })
            let allowed = (reply.headers[.allow] ?? "").split(separator: ",").map { $0.trimmingPrefix(" ") }
            let expected = methods + ["OPTIONS"] + (methods.contains("GET") ? ["HEAD"] : [])
            #expect(reply.status == .methodNotAllowed, "\(template)")
            #expect(allowed.map(String.init).sorted() == expected.sorted(), "\(template)")
            #expect(try server.errors(of: reply, to: operations[0], orDefault: true) == [])
        }
    }
}
