// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTTP
import JSON
import StoreSupport
import Support
import Testing

@Suite("Visitors' reactions", .onEveryEngineInFull)
struct VisitorTests {
    private static let targets = [
        "/stories/harbour/reactions/veryGood", "/stories/harbour/updates/<harbourUpdate>/reactions/veryGood",
    ]

    private func send(_ desk: TestDesk, _ line: String, _ body: String = "") async throws -> (
        Int?, JSONValue?
    ) {
        let reply = try await desk.send(Call(line, body, key: ""))
        #expect(reply.status == .ok, "\(String(decoding: reply.body, as: UTF8.self))")
        let answer = try JSONValue(parsing: reply.body)
        #expect(answer["kind"]?.string == "veryGood")
        return (answer["count"]?.integer, answer["counted"])
    }

    @Test(
        "A visitor counts once and can withdraw and react again; anonymous reactions always count",
        arguments: targets)
    func idempotency(target: String) async throws {
        let desk = try await TestDesk()
        let (ada, bob) = (#"{"visitor": "ada"}"#, #"{"visitor": "bob"}"#)
        let steps: [(String, String, Int, Bool)] = [
            ("POST", ada, 1, true), ("POST", ada, 1, false), ("POST", bob, 2, true), ("POST", "", 3, true),
            ("POST", "", 4, true), ("POST", #"{"visitor": null}"#, 5, true), ("DELETE", ada, 4, true),
            ("DELETE", ada, 4, false), ("POST", ada, 5, true), ("DELETE", #"{"visitor": "eve"}"#, 5, false),
        ]
        for (method, body, count, counted) in steps {
            let answer = try await send(desk, "\(method) \(target)", body)
            #expect(answer == (count, .bool(counted)), "\(method) \(body)")
        }
        let counts = try JSONValue(
            parsing: try await desk.send(Call("GET /stories/harbour/reactions", key: "")).body)
        let isStory = target == Self.targets[0]
        let place = isStory ? counts["story"] : counts["updates"]?[desk.resolve("<harbourUpdate>")]
        #expect(place?["veryGood"]?.integer == 5)
    }

    @Test("A story takes all of the server's reactions, some or none")
    func kindsOfStory() async throws {
        let desk = try await TestDesk()
        func patch(_ kinds: String) async throws -> Response {
            try await desk.send(Call("PATCH /stories/harbour", #"{"reactionKinds": \#(kinds)}"#))
        }
        func react() async throws -> Status {
            try await desk.send(Call("POST /stories/harbour/reactions/veryGood", key: "")).status
        }
        func page() async throws -> String {
            let call = Call("GET /live/harbour", key: "", headers: [(.accept, "text/html")])
            return String(decoding: try await desk.send(call).body, as: UTF8.self)
        }
        for (kinds, status, button) in [
            ("null", Status.ok, true), ("[]", .notFound, false), (#"["veryGood"]"#, .ok, true),
        ] {
            let answer = try JSONValue(parsing: try await patch(kinds).body)
            #expect(try answer["reactionKinds"] == JSONValue(parsing: Array(kinds.utf8)), "\(kinds)")
            #expect(try await react() == status, "\(kinds)")
            #expect(try await page().contains(#"data-kind="veryGood""#) == button, "\(kinds)")
        }
        for (kinds, fault) in [(#"["meh"]"#, "/reactionKinds/0"), (#"["not a name"]"#, "/reactionKinds/0")] {
            let answer = try await patch(kinds)
            #expect(answer.status == .unprocessableContent)
            #expect(String(decoding: answer.body, as: UTF8.self).contains(fault), "\(kinds)")
        }
    }

    @Test("A visitor's reactions to a story and to an update are independent")
    func apart() async throws {
        let desk = try await TestDesk()
        let ada = #"{"visitor": "ada"}"#
        for target in Self.targets {
            #expect(try await send(desk, "POST \(target)", ada) == (1, .bool(true)))
        }
        #expect(try await send(desk, "DELETE \(Self.targets[0])", ada) == (0, .bool(true)))
        #expect(try await send(desk, "POST \(Self.targets[1])", ada) == (1, .bool(false)))
    }

    @Test(
        "A visitor must be a string of 1 to 64 characters",
        arguments: [
            #"{"visitor": ""}"#, #"{"visitor": 7}"#, #"{"visitor": "\#(String(repeating: "x", count: 65))"}"#,
            #"{"visiter": "ada"}"#, "[]",
        ])
    func refused(body: String) async throws {
        let desk = try await TestDesk()
        for method in ["POST", "DELETE"] {
            let reply = try await desk.send(Call("\(method) \(Self.targets[0])", body, key: ""))
            #expect(reply.status == .unprocessableContent, "\(method)")
        }
        #expect(
            try await desk.send(Call("DELETE \(Self.targets[0])", "{}", key: "")).status
                == .unprocessableContent)
    }

    @Test("The visitor's name is not in the database files")
    func hashed() async throws {
        let desk = try await TestDesk()
        _ = try await send(desk, "POST \(Self.targets[0])", #"{"visitor": "a-name-to-look-for"}"#)
        for file in desk.files {
            let bytes = FileManager.default.contents(atPath: file) ?? Data()
            #expect(bytes.range(of: Data("a-name-to-look-for".utf8)) == nil, "\(file)")
        }
    }

    @Test("A hundred concurrent reactions of one visitor count once")
    func concurrent() async throws {
        let desk = try await TestDesk()
        await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask { _ = try await send(desk, "POST \(Self.targets[0])", #"{"visitor": "ada"}"#) }
            }
        }
        #expect(try await send(desk, "POST \(Self.targets[0])", #"{"visitor": "ada"}"#) == (1, .bool(false)))
    }
}
