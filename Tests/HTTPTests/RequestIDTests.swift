// SPDX-License-Identifier: Apache-2.0
import HTTP
import Support
import Testing

@Suite("Request ids")
struct RequestIDTests {
    private let echo = ClosureResponder { request in
        switch request.path {
        case "/prebuilt": .ready(Response.text("\(request.id)").prebuilt())
        case "/late": .pending { .ready(.text("\(request.id)")) }
        case "/stream":
            .stream(
                StreamResponse(
                    topic: Topic(), body: ScriptedBody([.send([Array("\(request.id)".utf8)]), .end])))
        default: .ready(.text("\(request.id)"))
        }
    }

    @Test("every kind of response carries the id that the responder sees")
    func carried() async throws {
        try await withServer(echo) { _, port in
            let client = HTTPClient(port: port)
            var ids: Set<String> = []
            for path in ["/", "/prebuilt", "/late", "/stream", "/"] {
                let reply = try await client.request(.get, path)
                #expect(reply.text == reply.header("X-Request-Id") && !reply.text.isEmpty)
                ids.insert(reply.text)
            }
            #expect(ids.count == 5, "an id was given twice")
        }
    }

    @Test("a malformed request has an id too")
    func refused() async throws {
        try await withServer(echo) { _, port in
            let client = HTTPClient(port: port)
            try await client.send("GET / HTTP/9.9\r\n\r\n")
            #expect(try await client.readReply().header("X-Request-Id")?.isEmpty == false)
        }
    }

    @Test(
        "a well-formed id of the client is kept",
        arguments: [
            ("abc-1._Z", true), (String(repeating: "a", count: 128), true),
            (String(repeating: "a", count: 129), false), ("a b", false), ("é", false), ("\"x\"", false),
            ("", false),
        ])
    func own(id: String, isKept: Bool) async throws {
        try await withServer(echo) { _, port in
            let client = HTTPClient(port: port)
            for path in ["/", "/prebuilt", "/late"] {
                let reply = try await client.request(.get, path, headers: [("X-Request-Id", id)])
                #expect((reply.header("X-Request-Id") == id) == isKept)
                #expect(reply.text == reply.header("X-Request-Id"))
            }
        }
    }
}
