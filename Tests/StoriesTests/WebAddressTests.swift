// SPDX-License-Identifier: Apache-2.0
import Foundation
import Stories
import Testing

/// The table is shared with `Tests/WebTests/addresses.test.js`, which checks it against `new URL()`.
@Suite("Addresses")
struct WebAddressTests {
    struct Row: Decodable, Sendable, CustomTestStringConvertible {
        let url: String
        /// Words that the error must contain; nil for a valid address.
        let fault: String?
        var testDescription: String { url }
    }

    private static func rows() throws -> [Row] {
        let tests = URL(filePath: #filePath).appending(path: "../..").standardized
        let table = try Data(contentsOf: tests.appending(path: "WebTests/Support/addresses.json"))
        return try JSONDecoder().decode([Row].self, from: table)
    }

    @Test(
        "An address is one that browsers can follow, or the error says what is wrong", arguments: try rows())
    func table(row: Row) throws {
        let errors = Link.errors(in: [Link(title: "t", url: row.url, image: row.url)])
        guard let words = row.fault else { return #expect(errors.isEmpty) }
        #expect(errors.map(\.pointer) == ["/0/url", "/0/image"])
        for fault in errors { #expect(fault.detail.contains(words), "\(fault.detail)") }
    }

    @Test("NUL is not allowed in an address")
    func nul() {
        #expect(Link.errors(in: [Link(title: "t", url: "https://example.org/\u{0}")]).count == 1)
    }
}
