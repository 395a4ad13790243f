// SPDX-License-Identifier: Apache-2.0
import HTTP
import Testing

@Suite("CORS")
struct CORSTests {
    private func cors(_ origins: CORS.Configuration.Origins = .any) -> CORS {
        var configuration = CORS.Configuration { request, method in
            method == .get || request.pathSegments.last == "open"
        }
        configuration.origins = origins
        configuration.methods = [.get, .post]
        configuration.exposedHeaders = [.etag, .link]
        configuration.requestHeaders = [.contentType, .ifNoneMatch]
        configuration.maxAgeSeconds = 60
        return CORS(configuration, next: ClosureResponder { _ in .ready(.text("x")) })
    }

    private func ask(_ cors: CORS, _ method: Method, _ target: String, _ headers: Headers) throws -> Headers {
        guard case .ready(let response) = cors.respond(to: try Request(method, target, headers: headers))
        else {
            throw RequestFailure(.internalServerError, "not ready")
        }
        return response.headers
    }

    @Test("allows reads from any origin, and without one")
    func opensReads() throws {
        for headers in [[:], [.origin: "https://a.example"]] as [Headers] {
            let answer = try ask(cors(), .get, "/", headers)
            #expect(answer["Access-Control-Allow-Origin"] == "*")
            #expect(answer["Access-Control-Expose-Headers"] == "ETag, Link")
            #expect(answer[.vary] == nil)
        }
    }

    @Test("adds nothing where a request is not open")
    func leavesClosed() throws {
        let answer = try ask(cors(), .post, "/", [.origin: "https://a.example"])
        #expect(answer["Access-Control-Allow-Origin"] == nil)
        let preflight = try ask(
            cors(), .options, "/", [.origin: "https://a.example", "Access-Control-Request-Method": "POST"])
        #expect(preflight["Access-Control-Allow-Origin"] == nil)
    }

    @Test("allows only listed origins, and sends Vary")
    func keepsTheList() throws {
        let cors = cors(.list(["https://a.example"]))
        let known = try ask(cors, .get, "/", [.origin: "https://a.example"])
        #expect(known["Access-Control-Allow-Origin"] == "https://a.example")
        #expect(known[.vary] == "Origin")
        for headers in [[:], [.origin: "https://b.example"]] as [Headers] {
            let other = try ask(cors, .get, "/", headers)
            #expect(other["Access-Control-Allow-Origin"] == nil)
            #expect(other[.vary] == "Origin")
        }
    }

    @Test("answers a preflight itself")
    func answersPreflights() throws {
        let answer = try ask(
            cors(), .options, "/open",
            [.origin: "https://a.example", "Access-Control-Request-Method": "POST"])
        #expect(answer["Access-Control-Allow-Origin"] == "*")
        #expect(answer["Access-Control-Allow-Methods"] == "GET, POST")
        #expect(answer["Access-Control-Allow-Headers"] == "Content-Type, If-None-Match")
        #expect(answer["Access-Control-Max-Age"] == "60")
    }

    @Test(
        "allows nothing if the requested method is not a token", arguments: ["GE T", "GÉT", "a\u{301}", ""])
    func refusesOtherMethods(method: String) throws {
        let answer = try ask(
            cors(), .options, "/open",
            [.origin: "https://a.example", "Access-Control-Request-Method": method])
        #expect(answer["Access-Control-Allow-Origin"] == nil)
        #expect(answer["Access-Control-Allow-Methods"] == nil)
        #expect(answer[.vary] == "Origin, Access-Control-Request-Method")
    }

    @Test("rejects an origin that is only canonically equivalent to a listed one")
    func refusesLookalikes() throws {
        let answer = try ask(
            cors(.list(["https://\u{E9}.example"])), .get, "/", [.origin: "https://e\u{301}.example"])
        #expect(answer["Access-Control-Allow-Origin"] == nil)
    }

    @Test("passes on an OPTIONS request that is not a preflight")
    func passesOptions() throws {
        #expect(
            try ask(cors(), .options, "/open", [.origin: "https://a.example"])[.contentType] == "text/plain")
    }

    @Test("applies to failures, asynchronous responses and streams too")
    func opensEveryAnswer() async throws {
        let request = try Request(.get, "/", headers: [.origin: "https://a.example"])
        let refusal = cors().respond(
            to: RequestFailure(.contentTooLarge, "x"), request: request, id: request.id)
        #expect(refusal.headers["Access-Control-Allow-Origin"] == "*")
        let late = CORS(CORS.Configuration(), next: ClosureResponder { _ in .pending { .ready(.text("x")) } })
        guard case .pending(_, let work) = late.respond(to: request) else { return #expect(Bool(false)) }
        guard case .ready(let answered) = await work() else { return #expect(Bool(false)) }
        #expect(answered.headers["Access-Control-Allow-Origin"] == "*")
        let streaming = CORS(
            CORS.Configuration(),
            next: ClosureResponder { _ in .stream(StreamResponse(topic: Topic(), body: ScriptedBody([]))) })
        guard case .stream(let stream) = streaming.respond(to: request) else { return #expect(Bool(false)) }
        #expect(stream.headers["Access-Control-Allow-Origin"] == "*")
    }
}
