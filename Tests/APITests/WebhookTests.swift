// SPDX-License-Identifier: Apache-2.0
import API
import Delivery
import HTTP
import JSON
import StoreSupport
import Stories
import Support
import Testing

/// Who may manage webhooks, and what is refused.
@Suite("Webhooks by the API", .onEveryEngineInFull)
struct WebhookTests {
    /// Columns: no key, an unknown one, a revoked one, an editor's of no story, of `harbour`, of all stories, an admin's.
    static let rules: [AuthorizationTests.Rule] = [
        .init("GET /webhooks", "", 401, 401, 401, 403, 403, 403, 200),
        .init("POST /webhooks", #"{"url": "https://a.example"}"#, 401, 401, 401, 403, 403, 403, 201),
        .init("GET /webhooks/<hook>", "", 401, 401, 401, 403, 403, 403, 200),
        .init("PATCH /webhooks/<hook>", "{}", 401, 401, 401, 403, 403, 403, 200),
        .init("DELETE /webhooks/<hook>", "", 401, 401, 401, 403, 403, 403, 204),
        .init("POST /webhooks/<hook>/rotate", "", 401, 401, 401, 403, 403, 403, 200),
        .init("POST /webhooks/<hook>/test", "", 401, 401, 401, 403, 403, 403, 202),
        .init("GET /webhooks/<hook>/deliveries", "", 401, 401, 401, 403, 403, 403, 200),
        .init("POST /webhooks/<hook>/deliveries/<delivery>/retry", "", 401, 401, 401, 403, 403, 403, 202),
    ]

    private struct Hook {
        let desk: TestDesk
        let hook: JSONValue
        let delivery: String

        init() async throws {
            desk = try await TestDesk()
            let created = try await desk.send(
                Call("POST /webhooks", #"{"url": "https://receiver.example/in"}"#))
            #expect(created.status == .created)
            hook = try JSONValue(parsing: created.body)
            #expect(created.headers[.location] == "/webhooks/\(try hook.text("id"))")
            let test = try await desk.send(Call("POST /webhooks/\(try hook.text("id"))/test"))
            delivery = try JSONValue(parsing: test.body).text("id")
        }

        /// Sends a request in which `<hook>` and `<delivery>` stand for the ids of these.
        func send(_ line: String, _ body: String = "", key: String = "admin") async throws -> Response {
            let line = line.replacing("<hook>", with: try hook.text("id")).replacing(
                "<delivery>", with: delivery)
            return try await desk.send(Call(line, body, key: key))
        }

        func json(_ line: String, _ body: String = "") async throws -> JSONValue {
            try JSONValue(parsing: try await send(line, body).body)
        }
    }

    @Test("Only admins of all stories may manage webhooks, and others cannot tell whether there are any")
    func access() async throws {
        for rule in Self.rules {
            for (holder, status) in zip(AuthorizationTests.holders, rule.statuses) {
                let desk = try await Hook()
                let reply = try await desk.send(rule.call.line, rule.call.body, key: holder)
                #expect(reply.status.code == status, "\(rule.call.line) \(holder)")
                let none = rule.call.line.replacing(
                    "<hook>", with: "00000000-0000-7000-8000-000000000000")
                let other = try await desk.send(none, rule.call.body, key: holder)
                #expect(other.status.code == (status < 400 && none != rule.call.line ? 404 : status))
            }
        }
    }

    @Test("Input is validated, and all errors are reported at once")
    func validation() async throws {
        let desk = try await Hook()
        let long = String(repeating: "a", count: 51)
        let body = """
            {"url": "ftp://a", "events": ["update.published", "webhook.test", 1], "story": "no such", "tag": "\(long)",
             "payload": "fat", "coalesceSeconds": 86401, "enabled": 1, "secret": "whsec_c2hvcnQ=", "hook": 1}
            """
        let reply = try await desk.json("POST /webhooks", body)
        #expect(
            Set(reply["errors"]?.items?.compactMap { $0["pointer"]?.string } ?? []) == [
                "/url", "/events/1", "/events/2", "/story", "/tag", "/payload", "/coalesceSeconds",
                "/enabled", "/secret", "/hook",
            ])
        for (body, pointer) in [
            ("{}", "/url"), (#"{"url": "https://a.example", "story": "missing"}"#, "/story"),
            (#"{"url": "https://user@a.example"}"#, "/url"),
            (#"{"url": "https://a.example", "tag": " "}"#, "/tag"),
            (#"{"url": "https://a.example", "coalesceSeconds": -1}"#, "/coalesceSeconds"),
        ] {
            let reply = try await desk.json("POST /webhooks", body)
            #expect(reply["errors"]?.items?.map { $0["pointer"]?.string } == [pointer], "\(body)")
        }
        #expect(try await desk.send("PATCH /webhooks/<hook>", #"{"secret": "x"}"#).status.code == 422)
        for line in ["GET /webhooks/nothing", "POST /webhooks/<hook>/deliveries/nothing/retry"] {
            #expect(try await desk.send(line).status == .notFound, "\(line)")
        }
        #expect(try await desk.send("GET /webhooks/<hook>/deliveries?limit=0").status == .badRequest)
    }

    @Test("The secret is shown at creation and rotation only; one that the request names is kept")
    func secrets() async throws {
        let desk = try await Hook()
        let first = try desk.hook.text("secret")
        #expect(StandardWebhooks.secret(first)?.count == 32)
        let own = "whsec_" + String(repeating: "QUJD", count: 8)
        #expect(
            try await desk.json("POST /webhooks/<hook>/rotate", #"{"secret": "\#(own)"}"#).text("secret")
                == own)
        let rotated = try await desk.json("POST /webhooks/<hook>/rotate")
        #expect(rotated["secret"] != desk.hook["secret"] && rotated["publicKey"] != desk.hook["publicKey"])
        for line in ["GET /webhooks", "GET /webhooks/<hook>", "PATCH /webhooks/<hook>"] {
            let reply = try await desk.send(line, line.hasPrefix("PATCH") ? #"{"tag": "x"}"# : "")
            #expect(reply.status == .ok && !String(decoding: reply.body, as: UTF8.self).contains("whsec_"))
        }
        let key = try await desk.json("GET /webhooks/<hook>")["publicKey"]
        #expect(key == rotated["publicKey"])
    }

    @Test("Settings are merged, and a story is named by id or slug")
    func settings() async throws {
        let desk = try await Hook()
        let patch = """
            {"events": ["story.closed", "update.published", "story.closed"], "story": "harbour", "tag": "  Big   Storm ",
             "payload": "full", "coalesceSeconds": 30}
            """
        let edited = try await desk.json("PATCH /webhooks/<hook>", patch)
        #expect(edited["events"]?.items?.map(\.string) == ["update.published", "story.closed"])
        #expect(
            edited["story"]?.string == desk.desk.resolve("<harbour>") && edited["tag"]?.string == "Big Storm")
        #expect(edited["payload"]?.string == "full" && edited["coalesceSeconds"]?.integer == 30)
        #expect(try await desk.json("GET /webhooks/<hook>") == edited)
        let cleared = try await desk.json(
            "PATCH /webhooks/<hook>", #"{"story": null, "tag": null, "events": null}"#)
        #expect(cleared["story"] == .null && cleared["tag"] == .null && cleared["events"] == .array([]))
    }

    @Test("Changes are in the audit trail with the id of the webhook, never with an address or a secret")
    func audit() async throws {
        let desk = try await Hook()
        _ = try await desk.send(
            "PATCH /webhooks/<hook>", #"{"url": "https://other.example/in", "enabled": false}"#)
        _ = try await desk.send("POST /webhooks/<hook>/rotate")
        _ = try await desk.send("DELETE /webhooks/<hook>")
        let reply = try await desk.send("GET /audit?limit=4")
        let entries = try JSONValue(parsing: reply.body)["entries"]?.items ?? []
        #expect(
            entries.map { $0["action"]?.string }
                == ["webhook.delete", "webhook.rotate", "webhook.edit", "webhook.create"])
        #expect(
            entries.allSatisfy { $0["detail"] == desk.hook["id"] && $0["key"]?.string == "configuration" })
        #expect(entries[2]["members"]?.items?.map(\.string) == ["url", "enabled"])
        let text = String(decoding: reply.body, as: UTF8.self)
        #expect(!text.contains("example") && !text.contains("whsec_"))
    }

    @Test("There are at most a hundred webhooks; an Idempotency-Key makes one of two requests")
    func bounds() async throws {
        let desk = try await Hook()
        var calls: [Response] = []
        for _ in 0..<2 {
            var call = Call("POST /webhooks", #"{"url": "https://a.example"}"#)
            call.headers = [(.idempotencyKey, "once")]
            calls.append(try await desk.desk.send(call))
        }
        #expect(calls[0].body == calls[1].body && calls[1].headers["Idempotency-Replayed"] == "true")
        for _ in 2..<Limits.webhooks {
            _ = try await desk.send("POST /webhooks", #"{"url": "https://a.example"}"#)
        }
        #expect(try await desk.json("GET /webhooks")["webhooks"]?.items?.count == Limits.webhooks)
        #expect(try await desk.send("POST /webhooks", #"{"url": "https://a.example"}"#).status.code == 422)
    }

    @Test("The pages of deliveries together are all of them, the latest first")
    func pages() async throws {
        let desk = try await Hook()
        for number in 0..<5 {
            _ = try await desk.send("POST /stories/harbour/updates", #"{"body": "Note \#(number)"}"#)
        }
        var (found, next): ([JSONValue], String?) = ([], "/webhooks/<hook>/deliveries?limit=2")
        while let address = next {
            let page = try await desk.json("GET \(address)")
            found += page["deliveries"]?.items ?? []
            next = page["older"]?.string
        }
        #expect(
            found.map { $0["type"]?.string } == Array(repeating: "update.published", count: 5) + [
                "webhook.test"
            ])
        #expect(found.allSatisfy { $0["status"]?.string == "waiting" && $0["attempts"]?.integer == 0 })
        #expect(found.compactMap { $0["seq"]?.integer } == [7, 6, 5, 4, 3])
    }
}
