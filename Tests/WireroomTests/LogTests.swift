// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTTP
import JSON
import Support
import Testing

@testable import Wireroom

/// The format and content of the program's log.
@Suite("The log")
struct LogTests {
    private static let key = "a-key-for-the-log-test-0123"

    @Test("A text line has time, level, message and fields, quoted where necessary")
    func textLine() {
        let line = LogLine(
            level: .warning, message: "it happened",
            fields: [
                ("word", .text("a/b")), ("words", .text("a \"b\"")), ("end", .text(#"a \"#)),
                ("none", .text("")),
                ("count", .integer(7)), ("ms", .milliseconds(1.0426)),
            ])
        let expected =
            #" warning it happened word=a/b words="a \"b\"" end="a \\" none="" count=7 ms=1.043"#
        #expect(line.text(.text) == "\(line.time)" + expected)
    }

    @Test("A JSON line has the same content")
    func jsonLine() throws {
        let line = LogLine(
            level: .info, message: "it happened",
            fields: [("id", .text("a \"b\"")), ("status", .integer(200)), ("ms", .milliseconds(0.0421))])
        let expected = #","level":"info","message":"it happened","id":"a \"b\"","status":200,"ms":0.042}"#
        #expect(line.text(.json) == #"{"time":"\#(line.time)""# + expected)
        #expect(try JSONValue(parsing: Array(line.text(.json).utf8))["status"] != nil)
    }

    @Test(
        "Messages and values cannot forge lines or hide text",
        arguments: [
            "\n", "\r\n", "\u{0}", "\u{1B}[31m", "\u{7F}", "\u{85}", "\u{9B}", "\u{2028}", "\u{2029}",
            "\u{202E}",
            "\u{2066}", "\u{200B}", "\u{FEFF}",
        ])
    func forgery(text: String) throws {
        for format in LogFormat.allCases {
            let line = LogLine(level: .info, message: "a\(text)b", fields: [("x", .text("c\(text)d"))])
                .text(format)
            #expect(line.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) }, "\(line)")
            #expect(line.contains("u{\(String(text.unicodeScalars.first?.value ?? 0, radix: 16))}"))
        }
    }

    @Test("Requests are logged with id, route, status, bytes and time, but without secrets")
    func requests() async throws {
        let lines = try await lines(options: ["--log-format", "json", "--access-log", "1"]) { client in
            try await Self.traffic(client)
        }
        let requests = lines.filter { $0["message"]?.string == "request" }
        #expect(requests.count == 4)
        let read = try #require(requests.first { $0["id"]?.string == "my-own-id" })
        #expect(read["method"]?.string == "GET" && read["path"]?.string == "/stories/log/updates")
        #expect(read["route"]?.string == "/stories/{story}/updates" && read["status"] == .number("200"))
        #expect(read["trace_id"]?.string == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(read["client"]?.string == "127.0.0.0" && read["level"]?.string == "info")
        #expect(read["bytes"] != nil && read["ms"] != nil)
        let text = lines.map { String(decoding: JSONWriter.bytes(of: $0), as: UTF8.self) }.joined()
        for secret in [Self.key, "SECRETBODY", "visitor-of-ours", "wait=", "hidden-query"] {
            #expect(!text.contains(secret), "\(secret)")
        }
    }

    @Test("By default editors' writes and few other requests are logged; with 0 neither are")
    func share() async throws {
        let few = try await lines(options: ["--log-format", "json"]) { try await Self.traffic($0) }
        #expect(few.filter { $0["message"]?.string == "request" }.map { $0["method"]?.string } == ["POST"])
        let none = try await lines(options: ["--log-format", "json", "--access-log", "0"]) {
            try await Self.traffic($0)
        }
        #expect(!none.contains { $0["message"]?.string == "request" })
    }

    @Test("Client addresses are logged in full, or not at all, by option")
    func level() async throws {
        let lines = try await lines(
            options: ["--log-format", "json", "--access-log", "1", "--log-addresses", "full"]
        ) { try await Self.traffic($0) }
        #expect(lines.contains { $0["client"]?.string == "127.0.0.1" })
        let hidden = try await self.lines(
            options: ["--log-format", "json", "--access-log", "1", "--log-addresses", "none"]
        ) { try await Self.traffic($0) }
        #expect(!hidden.contains { $0["client"] != nil })
    }

    @Test("Of requests for previews the route is logged, not the token, by which anybody could look at them")
    func previews() async throws {
        let lines = try await lines(options: ["--log-format", "json", "--access-log", "1"]) { client in
            for path in ["/preview/SECRETTOKEN", "/preview/SECRETTOKEN/"] {
                _ = try await client.request(.get, path)
            }
        }
        let requests = lines.filter { $0["message"]?.string == "request" }
        #expect(requests.count == 2 && requests.first?["route"]?.string == "/preview/{token}")
        for line in lines {
            #expect(!String(decoding: JSONWriter.bytes(of: line), as: UTF8.self).contains("SECRETTOKEN"))
        }
    }

    private static func traffic(_ client: HTTPClient) async throws {
        let json = ("Content-Type", "application/json")
        let created = try await client.request(
            .post, "/stories", headers: [("Authorization", "Bearer \(key)"), json],
            body: Array(#"{"title": "SECRETBODY", "slug": "log", "status": "live"}"#.utf8))
        #expect(created.status == 201)
        _ = try await client.request(
            .get, "/stories/log/updates?x=hidden-query",
            headers: [
                ("X-Request-Id", "my-own-id"),
                ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            ])
        _ = try await client.request(
            .post, "/stories/log/reactions/veryGood", headers: [json],
            body: Array(#"{"visitor": "visitor-of-ours"}"#.utf8))
        #expect(try await client.request(.get, "/nothing").status == 404)
    }

    /// The log lines of a server for some requests, from its ready line on, as JSON.
    private func lines(
        options: [String], _ traffic: (HTTPClient) async throws -> Void
    ) async throws -> [JSONValue] {
        let folder = try TemporaryFolder()
        let server = try await ServerProcess.start(
            database: folder.file("log.db"), environment: ["WIREROOM_ADMIN_KEY": Self.key], options: options)
        try await traffic(HTTPClient(port: server.port))
        #expect(try await server.terminate() == 0)
        return try server.rest().split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
    }
}
