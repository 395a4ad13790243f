// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import Support
import Testing

/// Header fields of responses.
@Suite("Headers")
struct HeaderTests {
    @Test(
        "A problem has a request id, the caller's own if it is well-formed",
        arguments: ["GET /none", "DELETE /stories"])
    func requestID(line: String) async throws {
        for (id, isKept) in [("abc-1._Z", true), ("a b", false)] {
            let response = try await TestDesk().send(Call(line, key: "", headers: [(.requestID, id)]))
            let named = try JSONValue(parsing: response.body).text("requestId")
            #expect((named == id) == isKept && !named.isEmpty)
        }
    }

    @Test(
        "Every response with a body forbids scripts and content sniffing",
        arguments: [
            "GET /stories", "GET /stories/harbour", "GET /stories/harbour/updates",
            "GET /stories/harbour/stream",
            "GET /stories/harbour/updates/<harbourUpdate>", "GET /none", "DELETE /stories", "POST /stories",
            "GET /metrics", "GET /openapi.yaml", "GET /healthz", "GET /stories/harbour/export", "GET /audit",
        ])
    func safety(line: String) async throws {
        let desk = try await TestDesk()
        // The second response may come from the cache.
        for _ in 0..<2 {
            for key in ["", "admin"] {
                let response = try await desk.send(Call(line, key: key))
                #expect(response.headers["X-Content-Type-Options"] == "nosniff")
                #expect(
                    response.headers["Content-Security-Policy"]
                        == "default-src 'none'; frame-ancestors 'none'")
            }
        }
        let tag = try await desk.send(Call("GET /stories/harbour/updates", key: "")).headers[.etag]
        let held = try await desk.send(
            Call("GET /stories/harbour/updates", key: "", headers: [(.ifNoneMatch, tag ?? "")]))
        #expect(held.status == .notModified && held.headers["X-Content-Type-Options"] == nil)
    }

    @Test("Probes and metrics are not stored by caches", arguments: ["/healthz", "/readyz", "/metrics"])
    func momentary(path: String) async throws {
        let desk = try await TestDesk()
        // Keys are ignored.
        for key in ["", "admin", "bad"] {
            #expect(try await desk.send(Call("GET \(path)", key: key)).headers[.cacheControl] == "no-store")
        }
    }

    @Test("Every path answers OPTIONS with its methods")
    func options() async throws {
        let desk = try await TestDesk()
        for template in Set(desk.api.routes.map(\.template)) {
            let path = template.replacing("{story}", with: "harbour").replacing(
                "{update}", with: "<harbourUpdate>"
            )
            .replacing("{kind}", with: "related")
            let response = try await desk.send(Call("OPTIONS \(path)", key: ""))
            #expect(response.status == .noContent)
            let allowed = Set(
                (response.headers[.allow] ?? "").split(separator: ",").map { $0.drop { $0 == " " } })
            let wanted = desk.api.routes.filter { $0.template == template }.map {
                Substring($0.method.rawValue)
            }
            #expect(allowed.isSuperset(of: wanted), "\(path)")
        }
    }

    @Test("An unknown method gets 405 with the methods of the path")
    func methodNotAllowed() async throws {
        let response = try await TestDesk().send(Call("BREW /stories/harbour"))
        #expect(response.status == .methodNotAllowed)
        #expect(response.headers[.allow] == "GET, HEAD, PUT, PATCH, DELETE, OPTIONS")
    }

    @Test("Reads and reactions allow cross-origin requests, writes do not")
    func crossOrigin() async throws {
        let desk = try await TestDesk()
        let origin: [(HeaderName, String)] = [(.origin, "https://example.org")]
        let read = try await desk.send(Call("GET /stories/harbour/updates", key: "", headers: origin))
        #expect(read.headers["Access-Control-Allow-Origin"] == "*")
        let exposed = read.headers["Access-Control-Expose-Headers"] ?? ""
        for name in ["ETag", "Date", "Age", "Link", "X-Poll-Interval", "Retry-After", "Location"] {
            #expect(exposed.contains(name))
        }
        let reaction = try await desk.send(
            Call("POST /stories/harbour/reactions/veryGood", key: "", headers: origin))
        #expect(reaction.headers["Access-Control-Allow-Origin"] == "*")
        let write = try await desk.send(Call("POST /stories", #"{"title": "x"}"#, headers: origin))
        #expect(write.headers["Access-Control-Allow-Origin"] == nil)
    }

    @Test(
        "A preflight allows only reads and reactions",
        arguments: [
            ("/stories/harbour/updates", "GET", true), ("/stories/harbour/reactions/veryGood", "POST", true),
            ("/stories", "POST", false), ("/stories/harbour", "DELETE", false),
        ])
    func preflight(path: String, method: String, isOpen: Bool) async throws {
        let headers: [(HeaderName, String)] = [
            (.origin, "https://example.org"), ("Access-Control-Request-Method", method),
        ]
        let response = try await TestDesk().send(Call("OPTIONS \(path)", key: "", headers: headers))
        #expect((response.headers["Access-Control-Allow-Origin"] == "*") == isOpen)
    }

    @Test(
        "Non-ASCII values of ASCII headers are refused",
        arguments: [
            ("PATCH /stories/harbour", HeaderName.ifMatch, "\"a\u{301}\"", 400, "bad-parameter"),
            ("PATCH /stories/harbour", .ifMatch, "*\u{301}", 400, "bad-parameter"),
            ("PATCH /stories/harbour", .ifNoneMatch, "*\u{301}", 400, "bad-parameter"),
            ("POST /stories/harbour/reactions/veryGood", .idempotencyKey, "a\u{301}", 400, "bad-parameter"),
            (
                "POST /stories/harbour/updates", .contentType, "application/json\u{301}", 415,
                "unsupported-media-type"
            ),
            ("POST /stories/harbour/updates", .contentType, "text/plain; a=é", 415, "unsupported-media-type"),
            ("GET /stories/harbour/stream", .lastEventID, "<now>\u{301}", 400, "bad-cursor"),
            ("GET /stories/harbour/updates", .accept, "application/json\u{301}", 406, "not-acceptable"),
            ("GET /audit", .authorization, "Bearer \u{301}<admin>", 401, "unauthorized"),
        ])
    func ascii(line: String, name: HeaderName, value: String, status: Int, problem: String) async throws {
        let isKeyed = name != .authorization
        let response = try await TestDesk().send(
            Call(line, key: isKeyed ? "admin" : "", headers: [(name, value)]))
        #expect(response.status.code == status)
        #expect(try JSONValue(parsing: response.body).text("type") == "/problems/\(problem)")
    }

    @Test(
        "Accept is evaluated according to RFC 9110 §12.5.1",
        arguments: [
            ("application/json", 200), ("APPLICATION/Json", 200), ("application/*", 200), ("*/*", 200),
            ("text/html, */*;q=0.1", 200), (", ,application/json ; a=b", 200),
            ("*/*;q=0, application/json", 200),
            ("application/*;q=0.0, */*", 406), ("application/json;q=0", 406),
            ("application/json; q=\"0.000\"", 406), ("text/html", 406), ("application", 406),
            ("application/json/x", 406), ("/json", 406), (",", 406),
        ])
    func accept(value: String, status: Int) async throws {
        let call = Call("GET /stories/harbour", key: "", headers: [(.accept, value)])
        #expect(try await TestDesk().send(call).status.code == status)
    }

    @Test("A created update is returned with its location and entity tag")
    func created() async throws {
        let desk = try await TestDesk()
        let update = try await desk.send(Call("POST /stories/harbour/updates", #"{"body": "x"}"#))
        let location = try #require(update.headers[.location])
        let read = try await desk.send(Call("GET \(location)"))
        #expect(read.body == update.body)
        #expect(read.headers[.etag] == update.headers[.etag])
    }

    @Test("A story's entity tag stays valid for a write despite reactions and new updates")
    func independentTag() async throws {
        let desk = try await TestDesk()
        let tag = try #require(try await desk.send(Call("GET /stories/harbour", key: "")).headers[.etag])
        _ = try await desk.send(Call("POST /stories/harbour/reactions/veryGood", key: ""))
        _ = try await desk.send(Call("POST /stories/harbour/updates", #"{"body": "x"}"#))
        let other = try #require(try await desk.send(Call("GET /stories/harbour", key: "")).headers[.etag])
        #expect(other != tag)
        let edit = Call("PATCH /stories/harbour", #"{"byline": "Ada"}"#, headers: [(.ifMatch, tag)])
        #expect(try await desk.send(edit).status == .ok)
        #expect(try await desk.send(edit).status == .preconditionFailed)
    }

    @Test("A closed story has a longer poll interval")
    func closed() async throws {
        let desk = try await TestDesk()
        let live = try await desk.send(Call("GET /stories/harbour/updates", key: ""))
        #expect(live.headers["X-Poll-Interval"] == "10")
        _ = try await desk.send(Call("PATCH /stories/harbour", #"{"status": "closed"}"#))
        let closed = try await desk.send(Call("GET /stories/harbour/updates", key: ""))
        #expect(closed.headers["X-Poll-Interval"] == "300")
    }
}
