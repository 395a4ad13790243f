// SPDX-License-Identifier: Apache-2.0
import API
import Delivery
import HTTP
import JSON
import StoreSupport
import Stories
import StoryTables
import Support
import Testing

/// Subscriptions of readers, and what editors ask for.
@Suite("Push by the API", .onEveryEngineInFull)
struct PushTests {
    /// Columns: no key, an unknown one, a revoked one, an editor's of no story, of `harbour`, of all stories, an admin's.
    static let rules: [AuthorizationTests.Rule] = [
        .init("GET /push/key", "", 200, 200, 200, 200, 200, 200, 200),
        .init("GET /push-worker.js", "", 200, 200, 200, 200, 200, 200, 200),
        .init("GET /stories/harbour/push-subscriptions", "", 401, 401, 401, 403, 200, 200, 200),
        .init("GET /stories/secret/push-subscriptions", "", 401, 401, 401, 404, 404, 200, 200),
        .init("POST /stories/harbour/push-subscriptions", body(), 201, 201, 201, 201, 201, 201, 201),
        .init("POST /stories/secret/push-subscriptions", body(), 404, 404, 404, 404, 404, 422, 422),
        .init(
            "DELETE /stories/harbour/push-subscriptions/<subscription>", "", 204, 204, 204, 204, 204, 204, 204
        ),
        .init(
            "DELETE /stories/secret/push-subscriptions/<subscription>", "", 404, 404, 404, 404, 404, 404, 404),
    ]

    /// What a browser sends.
    static func body(_ endpoint: String = "https://push.example/new", _ change: (String) -> String = { $0 })
        -> String
    {
        change(
            """
            {"endpoint": "\(endpoint)", "expirationTime": null, "keys": {"p256dh":
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            "auth": "BTBZMqHH6r4Tts7J_aSIgg"}}
            """)
    }

    private struct Desk {
        let desk: TestDesk
        let api: API
        let keys = VAPID.newKeys()
        let subscription: String

        init(_ change: (inout API.Configuration) -> Void = { _ in }) async throws {
            desk = try await TestDesk()
            let settings = PushSettings(publicKey: keys.publicKey)
            api = desk.api {
                $0.push = settings
                change(&$0)
            }
            let call = Call(
                "POST /stories/harbour/push-subscriptions", PushTests.body("https://push.example/old"))
            subscription = try JSONValue(parsing: try await desk.send(call, to: api).body).text("id")
        }

        func send(_ line: String, _ body: String = "", key: String = "admin") async throws -> Response {
            let call = Call(line.replacing("<subscription>", with: subscription), body, key: key)
            return try await desk.send(call, to: api)
        }

        func json(_ line: String, _ body: String = "", key: String = "admin") async throws -> JSONValue {
            try JSONValue(parsing: try await send(line, body, key: key).body)
        }

        func pointers(_ line: String, _ body: String) async throws -> [String] {
            let reply = try await send(line, body)
            #expect(reply.status.code == 422, "\(line) \(body): \(reply.status)")
            let errors = try JSONValue(parsing: reply.body)["errors"]?.items ?? []
            return errors.compactMap { $0["pointer"]?.string }
        }
    }

    @Test(
        "Readers subscribe and unsubscribe without a key; only those who may write to a story count its followers"
    )
    func access() async throws {
        for rule in Self.rules {
            for (holder, status) in zip(AuthorizationTests.holders, rule.statuses) {
                let desk = try await Desk()
                let reply = try await desk.send(rule.call.line, rule.call.body, key: holder)
                #expect(reply.status.code == status, "\(rule.call.line) \(holder)")
            }
        }
    }

    @Test("Without push every route answers 404, and asking to notify is an error")
    func off() async throws {
        let desk = try await TestDesk()
        for (line, body) in [
            ("GET /push/key", ""), ("GET /stories/harbour/push-subscriptions", ""),
            ("POST /stories/harbour/push-subscriptions", Self.body()),
            ("DELETE /stories/harbour/push-subscriptions/703b0d53-7de1-88bd-b4da-cf5078dc6f16", ""),
        ] {
            let reply = try await desk.send(Call(line, body))
            #expect(reply.status == .notFound, "\(line)")
            #expect(String(decoding: reply.body, as: UTF8.self).contains("--push-contact"), "\(line)")
        }
        let path = "/stories/harbour/updates"
        for (line, body, pointer) in [
            ("POST \(path)", #"{"body": "x", "keyEvent": true, "notify": true}"#, "/notify"),
            (
                "POST \(path)", #"[{"body": "x"}, {"body": "x", "keyEvent": true, "notify": true}]"#,
                "/1/notify"
            ),
            ("PATCH \(path)/<harbourUpdate>", #"{"keyEvent": true, "notify": true}"#, "/notify"),
        ] {
            let reply = try await desk.send(Call(line, body))
            #expect(reply.status.code == 422, "\(line)")
            let error = try JSONValue(parsing: reply.body)["errors"]?.items?.first
            #expect(error?["pointer"]?.string == pointer, "\(line)")
        }
        let quiet = try await desk.send(Call("POST \(path)", #"{"body": "x", "notify": false}"#))
        #expect(quiet.status == .created)
        let page = try await desk.send(Call("GET /live/harbour", key: ""))
        #expect(!String(decoding: page.body, as: UTF8.self).contains("id=\"bell\""))
    }

    @Test("Subscriptions are validated, all errors at once, by JSON Pointer")
    func validation() async throws {
        let desk = try await Desk()
        let line = "POST /stories/harbour/push-subscriptions"
        for (body, pointers) in [
            ("{}", ["/endpoint", "/keys"]),
            (#"{"endpoint": 1, "keys": {}, "x": 1}"#, ["/endpoint", "/keys/p256dh", "/keys/auth", "/x"]),
            (Self.body("http://push.example/a"), ["/endpoint"]),
            (Self.body("https://user@push.example"), ["/endpoint"]),
            (Self.body("ftp://push.example"), ["/endpoint"]),
            (
                Self.body("https://push.example/" + String(repeating: "a", count: Limits.pushEndpointBytes)),
                ["/endpoint"]
            ),
            (Self.body { $0.replacing("null", with: "\"soon\"") }, ["/expirationTime"]),
            (Self.body { $0.replacing("BTBZ", with: "BTB") }, ["/keys/auth"]),
            (Self.body { $0.replacing("BCVx", with: "BCVy") }, ["/keys/p256dh"]),
            (Self.body { $0.replacing("BCVx", with: "AAAA") }, ["/keys/p256dh"]),
            (#"{"endpoint": "https://push.example", "keys": null}"#, ["/keys"]),
        ] as [(String, [String])] {
            #expect(Set(try await desk.pointers(line, body)) == Set(pointers), "\(body.prefix(60))")
        }
        #expect(try await desk.send(line, "[").status == .badRequest)
        #expect(try await desk.send("DELETE /stories/harbour/push-subscriptions/x").status == .notFound)
        _ = try await desk.send("PATCH /stories/harbour", #"{"status": "closed"}"#)
        #expect(try await desk.pointers(line, Self.body()) == [""])
        let own = try await Desk { $0.push?.allowsHTTP = true }
        #expect(try await own.send(line, Self.body("http://10.0.0.1/push")).status == .created)
    }

    @Test("An endpoint has one subscription in a story, whose id ends it")
    func subscribing() async throws {
        let desk = try await Desk()
        let path = "/stories/harbour/push-subscriptions"
        let first = try await desk.send("POST \(path)", Self.body(), key: "")
        let id = try JSONValue(parsing: first.body).text("id")
        #expect(first.status == .created && first.headers[.location] == "\(path)/\(id)")
        let second = try await desk.send("POST \(path)", Self.body(), key: "")
        #expect(second.status == .ok && second.body == first.body)
        #expect(try await desk.json("GET \(path)")["count"]?.integer == 2)
        #expect(try await desk.send("DELETE \(path)/\(id)", key: "").status == .noContent)
        #expect(try await desk.send("DELETE \(path)/\(id)", key: "").status == .notFound)
        #expect(try await desk.json("GET \(path)")["count"]?.integer == 1)
    }

    @Test("Subscriptions over the limit of a client network get 429 with Retry-After")
    func limit() async throws {
        let desk = try await Desk { $0.pushLimit = RateLimit(burst: 2, perMinute: 1) }
        let line = "POST /stories/harbour/push-subscriptions"
        for number in 0..<2 {
            let reply = try await desk.send(line, Self.body("https://push.example/\(number)"), key: "")
            #expect(reply.status == .created)
        }
        let refused = try await desk.send(line, Self.body("https://push.example/2"), key: "")
        #expect(refused.status == .tooManyRequests && refused.headers[.retryAfter] != nil)
        #expect(
            try await desk.send("DELETE /stories/harbour/push-subscriptions/<subscription>", key: "").status
                == .tooManyRequests)
    }

    @Test("Only key events can be notified of; drafts show the wish to editors, and readers never see it")
    func notify() async throws {
        let desk = try await Desk()
        let path = "/stories/harbour/updates"
        for (line, body, pointer) in [
            ("POST \(path)", #"{"body": "x", "notify": true}"#, "/notify"),
            ("POST \(path)", #"[{"body": "x"}, {"body": "x", "notify": true}]"#, "/1/notify"),
            ("POST \(path)", #"[{"body": "x", "notify": true}]"#, "/0/notify"),
            ("POST \(path)", #"{"body": "x", "keyEvent": true, "notify": 1}"#, "/notify"),
            ("PATCH \(path)/<harbourUpdate>", #"{"notify": true}"#, "/notify"),
        ] {
            #expect(try await desk.pointers(line, body) == [pointer], "\(line) \(body)")
        }
        let draft = try await desk.json(
            "POST \(path)", #"{"body": "x", "keyEvent": true, "notify": true, "state": "draft"}"#)
        #expect(draft["notify"] == .bool(true))
        let id = try draft.text("id")
        #expect(try await desk.json("GET \(path)/\(id)")["notify"] == .bool(true))
        let drafts = try await desk.json("GET /stories/harbour/drafts")
        #expect(drafts["drafts"]?.items?.first?["notify"] == .bool(true))
        #expect(try await desk.json("PATCH \(path)/\(id)", #"{"notify": false}"#)["notify"] == .bool(false))
        #expect(try await desk.json("PATCH \(path)/\(id)", #"{"notify": true}"#)["notify"] == .bool(true))
        let published = try await desk.json("PATCH \(path)/\(id)", #"{"state": "published"}"#)
        #expect(published["state"]?.string == "published" && published["notify"] == nil)
        let seen = try await desk.send("GET \(path)", key: "")
        #expect(!String(decoding: seen.body, as: UTF8.self).contains("notify"))
        #expect(try await desk.desk.store.waitingNotifications().count == 1)
    }

    @Test("The page has a bell with the key that /push/key gives; earlier pages have none")
    func page() async throws {
        let desk = try await Desk()
        let reply = try await desk.send("GET /push/key", key: "")
        let key = try JSONValue(parsing: reply.body).text("key")
        #expect(reply.headers[.cacheControl] == "public, max-age=300" && key.utf8.count == 87)
        let page = String(decoding: try await desk.send("GET /live/harbour", key: "").body, as: UTF8.self)
        #expect(page.contains(#"<p id="bell" data-key="\#(key)" data-script="/assets/bell."#))
        let update = desk.desk.resolve("GET /live/harbour/<harbourUpdate>")
        #expect(String(decoding: try await desk.send(update, key: "").body, as: UTF8.self).contains(key))
        let worker = try await desk.send("GET /push-worker.js", key: "")
        #expect(worker.headers[.contentType] == "text/javascript; charset=utf-8")
        #expect(String(decoding: worker.body, as: UTF8.self).contains("showNotification"))
    }

    @Test("Metrics count messages by result")
    func metrics() async throws {
        let desk = try await Desk {
            $0.pushes = {
                var figures = DeliveryFigures()
                (figures.delivered, figures.retried, figures.abandoned) = (1, 2, 3)
                (figures.pruned, figures.waiting) = (4, 5)
                return figures
            }
        }
        let text = String(decoding: try await desk.send("GET /metrics", key: "").body, as: UTF8.self)
        for (result, count) in [("sent", 1), ("retried", 2), ("failed", 3), ("pruned", 4)] {
            #expect(text.contains("wireroom_push_messages_total{result=\"\(result)\"} \(count)"), "\(result)")
        }
        #expect(text.contains("wireroom_push_notifications_pending 5"))
    }
}
