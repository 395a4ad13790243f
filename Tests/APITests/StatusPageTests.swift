// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import Live
import StoreSupport
import Stories
import Support
import Testing

/// What readers of Statuspage's public API, version 2, get.
@Suite("Status page", .onEveryEngineInFull)
struct StatusPageTests {
    /// The documents, in the order of `StatusPage`.
    static let paths = ["summary", "status", "incidents"].map { "/api/v2/\($0).json" }

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        /// Tags of the story, without `incident`, and of its updates, in their order.
        var story: [String] = []
        var updates: [[String]] = []
        /// Members set after the updates were posted, in their order.
        var edits: [String] = []
        let status: String
        var impact = "minor"
        var isResolved = false
        let indicator: String
        let description: String
        var testDescription: String { name }
    }

    private static let (none, minor) = ("All Systems Operational", "Minor Service Outage")
    private static let rows = [
        Row(name: "no updates", status: "investigating", indicator: "minor", description: minor),
        Row(
            name: "investigating", story: ["minor"], updates: [["investigating"]], status: "investigating",
            indicator: "minor", description: minor),
        Row(
            name: "identified", story: ["major"], updates: [["investigating"], ["identified"], []],
            status: "identified", impact: "major", indicator: "major", description: "Partial System Outage"),
        Row(
            name: "monitoring", story: ["critical", "minor"], updates: [["monitoring"]], status: "monitoring",
            impact: "critical", indicator: "critical", description: "Major Service Outage"),
        Row(
            name: "resolved", story: ["critical"], updates: [["monitoring"], ["resolved"]],
            status: "resolved", impact: "critical", isResolved: true, indicator: "none", description: none),
        Row(
            name: "tags in other letter cases", story: ["MAJOR"], updates: [["Identified"]],
            status: "identified", impact: "major", indicator: "major", description: "Partial System Outage"),
        Row(
            name: "closed", story: ["major"], updates: [["identified"]], edits: [#"{"status": "closed"}"#],
            status: "resolved", impact: "major", isResolved: true, indicator: "none", description: none),
        Row(
            name: "reopened", updates: [["identified"]],
            edits: [#"{"status": "closed"}"#, #"{"status": "live"}"#], status: "identified",
            indicator: "minor", description: minor),
    ]

    @Test("An incident has the state that its tags and its story's status say", arguments: rows)
    func states(row: Row) async throws {
        let desk = try await TestDesk()
        try await desk.incident("outage", tags: row.story, updates: row.updates)
        for edit in row.edits { _ = try await desk.send(Call("PATCH /stories/outage", edit)) }
        let incident = try #require(try await desk.document("incidents")["incidents"]?.items?.first)
        #expect(incident["status"] == .string(row.status) && incident["impact"] == .string(row.impact))
        #expect((incident["resolved_at"] != .null) == row.isResolved)
        #expect((incident["monitoring_at"] != .null) == row.updates.contains(["monitoring"]))
        let summary = try await desk.document("summary")
        #expect(summary["incidents"]?.items == (row.isResolved ? [] : [incident]))
        #expect(
            summary["status"]
                == .object([
                    "indicator": .string(row.indicator), "description": .string(row.description),
                ]))
        #expect(try await desk.document("status")["status"] == summary["status"])
    }

    @Test("Without incidents there is a page all the same; drafts and other stories are none")
    func noIncidents() async throws {
        let desk = try await TestDesk()
        try await desk.incident("hidden", status: "draft", updates: [["identified"]])
        for path in Self.paths {
            let reply = try await desk.send(Call("GET \(path)", key: ""))
            #expect(reply.status == .ok && reply.headers[.contentType] == "application/json")
            let text = String(decoding: reply.body, as: UTF8.self)
            #expect(
                !text.contains("hidden") && text.contains(#""name":"localhost","url":"http://localhost""#))
            for key in ["admin", "editor", "bad"] {
                #expect(try await desk.send(Call("GET \(path)", key: key)).body == reply.body, "\(key)")
            }
        }
        let summary = try await desk.document("summary")
        #expect(summary["incidents"] == .array([]) && summary["status"]?["indicator"] == .string("none"))
        #expect(try await desk.document("incidents")["incidents"] == .array([]))
    }

    @Test("The worst of the unresolved incidents is the page's")
    func worst() async throws {
        let desk = try await TestDesk()
        try await desk.incident("one", tags: ["minor"])
        try await desk.incident("two", tags: ["major"])
        try await desk.incident("three", tags: ["critical"], updates: [["resolved"]])
        #expect(try await desk.document("status")["status"]?["indicator"] == .string("major"))
        #expect(try await desk.names("summary") == ["two", "one"])
        #expect(try await desk.names("incidents") == ["three", "two", "one"])
    }

    @Test("Of 51 incidents the newest 50 are listed, and an older one that is not closed in the summary")
    func manyIncidents() async throws {
        let desk = try await TestDesk()
        try await desk.incident("old", tags: ["critical"])
        for number in 1...50 { try await desk.incident("n\(number)", status: "closed") }
        #expect(try await desk.names("incidents") == (1...50).reversed().map { "n\($0)" })
        #expect(try await desk.names("summary") == ["old"])
        #expect(try await desk.document("status")["status"]?["indicator"] == .string("critical"))
    }

    @Test("At most 50 updates of an incident are listed, newest first; pinned ones stay in their place")
    func manyUpdates() async throws {
        let desk = try await TestDesk()
        try await desk.incident("long", updates: [["identified"]])
        let rest = (1...50).map { #"{"body": "Number \#($0).", "pinned": \#($0 == 3)}"# }
        _ = try await desk.send(
            Call("POST /stories/long/updates", "[\(rest.joined(separator: ","))]"))
        let updates = try await desk.updates("summary")
        #expect(try updates.map { try $0.text("body") } == (1...50).reversed().map { "Number \($0)." })
        #expect(updates.allSatisfy { $0["status"] == .string("identified") })
    }

    @Test("The body of an update is plain text after its title; that of a retracted one says so first")
    func bodies() async throws {
        let desk = try await TestDesk()
        try await desk.incident("outage")
        for body in [
            #"{"body": "We are *looking* into <it> & [more](https://example.org/)."}"#,
            #"{"title": "Cause found", "body": "A\n\nB", "tags": ["identified"]}"#,
            #"{"body": "![A chart](https://example.org/a.png)"}"#,
        ] { _ = try await desk.send(Call("POST /stories/outage/updates", body)) }
        let id = try #require(try await desk.updates("summary").dropFirst().first).text("id")
        _ = try await desk.send(
            Call("POST /stories/outage/updates/\(id)/strike", #"{"reason": "Another cause."}"#))
        let updates = try await desk.updates("summary")
        #expect(
            try updates.map { try $0.text("body") } == [
                "A chart", "Retracted: Another cause.\n\nCause found\n\nA\n\nB",
                "We are looking into <it> & more.",
            ])
        #expect(
            try updates.map { try $0.text("status") } == ["investigating", "identified", "investigating"])
        let incident = try await desk.document("summary")["incidents"]?.items?.first
        #expect(incident?["status"] == .string("investigating"), "what was retracted no longer decides")
    }

    @Test(
        "What is hidden, deleted, withdrawn or taken down is gone with the next answer, its words with it",
        arguments: [
            ("PATCH /stories/outage", #"{"status": "draft"}"#, 0), ("DELETE /stories/outage", "", 0),
            ("PATCH /stories/outage", #"{"tags": ["other"]}"#, 0),
            ("POST /stories/outage/updates/<id>/takedown", #"{"reason": "Court"}"#, 1),
            ("DELETE /stories/outage/updates/<id>", "", 1),
            ("PATCH /stories/outage/updates/<id>", #"{"state": "draft"}"#, 1),
        ])
    func removal(line: String, body: String, count: Int) async throws {
        let desk = try await TestDesk()
        try await desk.incident("outage", updates: [["identified"]])
        let shown = try #require(try await desk.updates("summary").first)
        var tags: [String] = []
        for path in Self.paths {
            tags.append(try #require(try await desk.send(Call("GET \(path)", key: "")).headers[.etag]))
        }
        let call = Call(line.replacing("<id>", with: try shown.text("id")), body)
        #expect(try await desk.send(call).status.code < 300)
        // A removed update changes nothing of the page's own status.
        for (path, tag) in zip(Self.paths, tags) where count == 0 || path != Self.paths[1] {
            let reply = try await desk.send(Call("GET \(path)", key: "", headers: [(.ifNoneMatch, tag)]))
            #expect(reply.status == .ok, "\(path) has not changed")
            #expect(!String(decoding: reply.body, as: UTF8.self).contains("Words of outage"), "\(path)")
        }
        #expect(try await desk.names("summary").count == count)
        #expect(try await desk.names("incidents").count == count)
    }

    @Test("Updates that readers do not see are not listed")
    func hiddenUpdates() async throws {
        let desk = try await TestDesk(hasHidden: true)
        _ = try await desk.send(Call("PATCH /stories/harbour", #"{"tags": ["incident"]}"#))
        #expect(try await desk.updates("summary").map { try $0.text("body") } == ["Words of harbour"])
        for path in Self.paths {
            let text = String(
                decoding: try await desk.send(Call("GET \(path)")).body, as: UTF8.self)
            #expect(!text.contains("Words of secret"))
        }
    }

    @Test("A renamed incident is linked under its present slug")
    func renamed() async throws {
        let desk = try await TestDesk()
        try await desk.incident("outage")
        _ = try await desk.document("summary")
        _ = try await desk.send(Call("PATCH /stories/outage", #"{"slug": "over"}"#))
        let incident = try #require(try await desk.document("summary")["incidents"]?.items?.first)
        #expect(try incident.text("shortlink") == "http://localhost/live/over")
    }

    @Test("The page is named by the host of the public address, and its id stays with the host")
    func identity() async throws {
        let desk = try await TestDesk()
        func page(_ site: String) async throws -> JSONValue {
            let reply = try await desk.send(
                Call("GET /api/v2/status.json", key: ""), to: desk.api { $0.site = { site } })
            return try #require(try JSONValue(parsing: reply.body)["page"])
        }
        let page1 = try await page("https://Live.example.org")
        #expect(try page1.text("name") == "live.example.org")
        #expect(try page1.text("url") == "https://Live.example.org")
        #expect(try await page("http://live.example.org:8080").text("id") == page1.text("id"))
        #expect(try await page("https://other.example.org").text("id") != page1.text("id"))
    }

    @Test("Times are those that readers know: a scheduled update is as new as its publication")
    func times() async throws {
        let clock = ManualClock()
        let desk = try await TestDesk { clock.now }
        try await desk.incident("outage", status: "draft", updates: [["monitoring"]])
        let id = try JSONValue(parsing: try await desk.send(Call("GET /stories/outage")).body).text("id")
        let posted = try await desk.send(
            Call("POST /stories/outage/updates", #"{"body": "x", "tags": ["resolved"], "state": "draft"}"#))
        let draft = try JSONValue(parsing: posted.body).text("id")
        clock.advance()
        _ = try await desk.send(Call("PATCH /stories/outage", #"{"status": "live"}"#))
        let start = clock.now
        clock.advance()
        _ = try await desk.send(
            Call("PATCH /stories/outage/updates/\(draft)", #"{"state": "published"}"#))
        let incident = try #require(try await desk.document("incidents")["incidents"]?.items?.first)
        #expect(try incident.text("id") == id)
        #expect(try incident.text("created_at") == "\(start)")
        #expect(incident["started_at"] == incident["created_at"])
        #expect(try incident.text("resolved_at") == "\(clock.now)")
        #expect(try incident.text("updated_at") == "\(clock.now)")
        let update = try #require(incident["incident_updates"]?.items?.first)
        #expect(try update.text("id") == draft)
        for name in ["created_at", "updated_at", "display_at"] {
            #expect(try update.text(name) == "\(clock.now)", "\(name)")
        }
        let page = try await desk.document("status")["page"]
        #expect(try page?.text("updated_at") == "\(clock.now)")
        _ = try await desk.send(
            Call("PATCH /stories/outage", #"{"coverageStart": "2026-01-01T00:00:00Z"}"#))
        let later = try #require(try await desk.document("incidents")["incidents"]?.items?.first)
        #expect(try later.text("started_at") == "2026-01-01T00:00:00.000Z")
    }
}

extension TestDesk {
    /// Creates an incident whose updates have these tags.
    func incident(
        _ slug: String, status: String = "live", tags: [String] = [], updates: [[String]] = []
    ) async throws {
        func list(_ tags: [String]) -> String {
            "[\(tags.map { "\"\($0)\"" }.joined(separator: ","))]"
        }
        let members = #""title": "\#(slug)", "slug": "\#(slug)", "status": "\#(status)""#
        let story = try await send(
            Call("POST /stories", "{\(members), \"tags\": \(list(["Incident"] + tags))}"))
        #expect(story.status == .created)
        for tags in updates {
            let update = #"{"body": "Words of \#(slug).", "tags": \#(list(tags))}"#
            #expect(try await send(Call("POST /stories/\(slug)/updates", update)).status == .created)
        }
    }

    /// Returns a document of the status page, as readers get it.
    func document(_ name: String) async throws -> JSONValue {
        let reply = try await send(Call("GET /api/v2/\(name).json", key: ""))
        #expect(reply.status == .ok)
        return try JSONValue(parsing: reply.body)
    }

    /// Returns the names of the incidents of a document.
    fileprivate func names(_ document: String) async throws -> [String] {
        try await self.document(document)["incidents"]?.items?.map { try $0.text("name") } ?? []
    }

    /// Returns the updates of the first incident of a document.
    fileprivate func updates(_ document: String) async throws -> [JSONValue] {
        try await self.document(document)["incidents"]?.items?.first?["incident_updates"]?.items ?? []
    }
}
