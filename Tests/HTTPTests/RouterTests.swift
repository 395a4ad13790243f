// SPDX-License-Identifier: Apache-2.0
import HTTP
import Testing

@Suite("The router")
struct RouterTests {
    private let router: Router = {
        var builder = RouterBuilder { failure, _, _ in .plain(failure) }
        let routes: [(Method, String)] = [
            (.get, "/"), (.get, "/stories"), (.post, "/stories"), (.get, "/stories/{story}"),
            (.get, "/stories/new"), (.delete, "/stories/{id}"), (.get, "/stories/{story}/updates/{id}"),
            (.put, "/stories/new/links"), (.options, "/own"),
        ]
        for (method, template) in routes {
            builder.on(method, template) { request in
                let values = ["story", "id"].compactMap { request.parameters[$0] }.joined(separator: ",")
                return .ready(.text("\(method) \(request.route ?? "?") \(values)"))
            }
        }
        return builder.build()
    }()

    private func ask(_ method: Method, _ target: String) throws -> Response {
        guard case .ready(let response) = router.respond(to: try Request(method, target)) else {
            throw RequestFailure(.internalServerError, "not ready")
        }
        return response
    }

    @Test(
        "finds the route of a path",
        arguments: [
            (.get, "/", "GET / "), (.get, "/stories", "GET /stories "), (.post, "/stories", "POST /stories "),
            (.get, "/stories/x", "GET /stories/{story} x"), (.get, "/stories/new", "GET /stories/new "),
            (.delete, "/stories/y", "DELETE /stories/{id} y"),
            (.get, "/stories/a%2Fb", "GET /stories/{story} a/b"),
            (.get, "/stories/new/updates/7", "GET /stories/{story}/updates/{id} new,7"),
            (.put, "/stories/new/links", "PUT /stories/new/links "), (.options, "/own", "OPTIONS /own "),
            (.head, "/stories/x", "GET /stories/{story} x"),
        ] as [(Method, String, String)])
    func finds(method: Method, target: String, text: String) throws {
        let response = try ask(method, target)
        #expect(response.status == .ok)
        #expect(String(decoding: response.body, as: UTF8.self) == text)
    }

    @Test(
        "answers 404 for an unknown path, for any method",
        arguments: [
            (.get, "/none"), (.get, "/none/"), (.get, "/stories/x/updates/"), (.get, "/stories//updates/1"),
            (.get, "/stories/x/updates"), (.get, "//"), (.get, "//stories/"), (.get, "/stories//x/"),
            ("BREW", "/none"), (.options, "/none"),
        ] as [(Method, String)])
    func missesPaths(method: Method, target: String) throws {
        #expect(try ask(method, target).status == .notFound)
    }

    @Test(
        "redirects a path with trailing slashes, for any method",
        arguments: [
            (.get, "/stories/", "/stories"), (.head, "/stories/x/", "/stories/x"),
            (.post, "/stories//", "/stories"), (.get, "/stories/x/?a=%2F&b", "/stories/x?a=%2F&b"),
            (.get, "/stories/%2Fevil.example/", "/stories/%2Fevil.example"), ("BREW", "/own/?", "/own?"),
        ] as [(Method, String, String)])
    func redirects(method: Method, target: String, location: String) throws {
        let response = try ask(method, target)
        #expect(response.status == .permanentRedirect)
        #expect(response.headers[.location] == location)
    }

    @Test(
        "answers 405 and Allow for an unknown method, and OPTIONS with the same",
        arguments: [
            ("/stories", "GET, HEAD, POST, OPTIONS"), ("/stories/x", "GET, HEAD, DELETE, OPTIONS"),
            ("/stories/new/links", "PUT, OPTIONS"),
        ])
    func missesMethods(target: String, allow: String) throws {
        let refused = try ask("BREW", target)
        #expect(refused.status == .methodNotAllowed)
        #expect(refused.headers[.allow] == allow)
        let options = try ask(.options, target)
        #expect(options.status == .noContent)
        #expect(options.headers[.allow] == allow)
    }

    @Test("answers OPTIONS * with every method")
    func describesTheServer() throws {
        #expect(try ask(.options, "*").headers[.allow] == "GET, HEAD, POST, DELETE, PUT, OPTIONS")
    }

    @Test("lists its routes in order")
    func listsRoutes() {
        #expect(router.routes.count == 9)
        #expect(router.routes[3] == (.get, "/stories/{story}"))
    }
}
