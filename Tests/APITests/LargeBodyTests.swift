// SPDX-License-Identifier: Apache-2.0
import HTTP
import Support
import Testing

@testable import API

/// Admission of large bodies.
@Suite("Large bodies")
struct LargeBodyTests {
    @Test(
        "Large bodies are read only with a valid key, on routes that require one",
        arguments: [
            ("POST /stories", "<admin>", "read"), ("POST /import", "<admin>", "read"),
            ("POST /stories/harbour/updates", "<editor>", "read"),
            ("POST /stories/harbour/updates", "", "401"), ("POST /stories/harbour/updates", "bad", "401"),
            ("POST /import", "", "401"), ("PUT /stories/harbour/links/related", "", "401"),
            ("POST /stories/harbour/reactions/veryGood", "", "limited"),
            ("POST /stories/harbour/reactions/veryGood", "<admin>", "limited"),
            ("GET /stories/harbour/updates", "<admin>", "limited"), ("GET /stories", "", "limited"),
            ("POST /nowhere", "<admin>", "404"), ("DELETE /stories", "<admin>", "405"),
        ])
    func fates(call: String, key: String, fate: String) async throws {
        let desk = try await TestDesk()
        let parts = call.split(separator: " ").map(String.init)
        var headers: Headers = [:]
        if !key.isEmpty { headers[.authorization] = "Bearer " + desk.resolve(key) }
        var admission = desk.api.admit(
            try Request(Method(rawValue: parts[0]), parts[1], headers: headers))
        while case .pending(_, let work) = admission { admission = await work() }
        switch admission {
        case .admitted: #expect(fate == "read")
        case .limited: #expect(fate == "limited")
        case .spooled: #expect(fate == "spooled")
        case .refused(let response):
            #expect("\(response.status.code)" == fate)
            #expect(response.headers[.contentType] == "application/problem+json")
        case .pending: Issue.record("it was resolved above")
        }
    }
}
