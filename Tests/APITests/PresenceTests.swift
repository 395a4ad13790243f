// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import JSON
import StoreSupport
import Stories
import Support
import Testing

/// Editors who have the form of the same update open see each other, and who changed it last.
@Suite("Open forms", .onEveryEngineInFull)
struct PresenceTests {
    private static let form = "/stories/harbour/updates/<harbourUpdate>/presences"

    /// Columns: no key, an unknown one, a revoked one, an editor's of no story, of `harbour`, of all stories, an admin's.
    static let rules: [AuthorizationTests.Rule] = [
        .init("PUT \(form)/a", "", 401, 401, 401, 403, 200, 200, 200),
        .init("DELETE \(form)/a", "", 401, 401, 401, 403, 204, 204, 204),
        .init(
            "PUT /stories/secret/updates/<secretUpdate>/presences/a", "", 401, 401, 401, 404, 404, 200, 200),
        .init(
            "DELETE /stories/secret/updates/<secretUpdate>/presences/a", "", 401, 401, 401, 404, 404, 204, 204
        ),
    ]

    private func announce(_ desk: TestDesk, _ name: String, key: String) async throws -> JSONValue {
        let response = try await desk.send(Call("PUT \(Self.form)/\(name)", key: key))
        try #require(response.status == .ok)
        return try JSONValue(parsing: response.body)
    }

    private func others(_ desk: TestDesk, _ name: String, key: String = "admin") async throws -> [String] {
        try await announce(desk, name, key: key)["others"]?.items?.map { try $0.text("name") } ?? []
    }

    @Test("Every route has the right status per caller", arguments: rules)
    func access(rule: AuthorizationTests.Rule) async throws { try await rule.check() }

    @Test("Each sees the others, also of the same key, until they leave or are not heard of")
    func others() async throws {
        let desk = try await TestDesk()
        #expect(try await others(desk, "a").isEmpty)
        #expect(try await others(desk, "b") == ["WIREROOM_ADMIN_KEY"])
        #expect(try await others(desk, "c", key: "bound") == ["WIREROOM_ADMIN_KEY", "WIREROOM_ADMIN_KEY"])
        #expect(try await others(desk, "a") == ["WIREROOM_ADMIN_KEY", "test"])
        // Somebody else's form of the same name is another one.
        #expect(try await desk.send(Call("DELETE \(Self.form)/c")).status == .noContent)
        #expect(try await others(desk, "a").count == 2)
        #expect(try await desk.send(Call("DELETE \(Self.form)/c", key: "bound")).status == .noContent)
        #expect(try await others(desk, "a") == ["WIREROOM_ADMIN_KEY"])
        desk.clock.advance(milliseconds: Limits.presenceMilliseconds / 2)
        #expect(try await others(desk, "b").count == 1)
        desk.clock.advance(milliseconds: Limits.presenceMilliseconds / 2)
        #expect(try await others(desk, "d", key: "bound") == ["WIREROOM_ADMIN_KEY"])
    }

    @Test("The answer names who changed the update last, and when")
    func modified() async throws {
        let desk = try await TestDesk()
        desk.clock.advance(milliseconds: 60_000)
        let edit = Call("PATCH /stories/harbour/updates/<harbourUpdate>", #"{"body": "New"}"#, key: "bound")
        #expect(try await desk.send(edit).status == .ok)
        let told = try await announce(desk, "a", key: "admin")
        #expect(told["modifiedBy"]?.string == "test")
        #expect(told["modifiedAt"]?.string == desk.clock.now.description)
    }

    @Test("They are bounded, leave no trace in the trail, and go with their story; names are checked")
    func bounds() async throws {
        let desk = try await TestDesk()
        let trail = try await desk.send(Call("GET /audit")).body
        for number in 0..<Limits.presences + 5 { _ = try await others(desk, "n\(number)") }
        #expect(try await others(desk, "n24").count == Limits.presences - 1)
        #expect(try await desk.send(Call("GET /audit")).body == trail)
        #expect(try await desk.send(Call("PUT \(Self.form)/no.name")).status == .notFound)
        let missing = "/stories/harbour/updates/<secretUpdate>/presences/a"
        #expect(try await desk.send(Call("PUT \(missing)")).status == .notFound)
        #expect(try await desk.send(Call("DELETE /stories/harbour")).status == .noContent)
        #expect(try desk.errors() == [])
    }

    @Test("Readers' answers stay as they were made")
    func readers() async throws {
        let desk = try await TestDesk()
        let poll = Call("GET /stories/harbour/updates", key: "")
        let before = try await desk.send(poll)
        _ = try await others(desk, "a")
        let after = try await desk.send(poll)
        #expect(before.headers[.etag] == after.headers[.etag] && before.body == after.body)
    }
}
