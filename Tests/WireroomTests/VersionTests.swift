// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Wireroom

/// The version is set in `Wireroom.version`; `scripts/release` updates its copies.
@Suite("The version")
struct VersionTests {
    @Test("It is a semantic version")
    func form() {
        let pattern = #"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?$"#
        #expect(Wireroom.version.range(of: pattern, options: .regularExpression) != nil)
    }

    @Test("openapi.yaml has the same version")
    func document() throws {
        let info = try ProjectFile.lines("openapi.yaml").prefix { $0 != "servers:" }
        #expect(info.contains("  version: \"\(Wireroom.version)\""))
    }

    @Test("It is the newest version in the changelog")
    func changelog() throws {
        let headings = try ProjectFile.lines("CHANGELOG.md").filter { $0.hasPrefix("## ") }
        let newest = try #require(headings.first { $0 != "## Unreleased" })
        #expect(newest.hasPrefix("## \(Wireroom.version) – "))
    }

    @Test("The image takes it from a build argument")
    func image() throws {
        let lines = try ProjectFile.lines("Dockerfile")
        #expect(lines.contains("ARG VERSION=unknown"))
        #expect(lines.contains { $0.contains("org.opencontainers.image.version=\"$VERSION\"") })
    }
}
