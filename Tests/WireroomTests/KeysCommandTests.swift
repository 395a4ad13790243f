// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Wireroom

/// What `wireroom keys` takes.
@Suite("Keys by command")
struct KeysCommandTests {
    @Test(
        "A name that would look like another line of the list, or hide one, is refused",
        arguments: ["two\nlines", "bell\u{7}", "\u{1B}[2K", "turned\u{202E}", "\u{2028}"])
    func names(name: String) {
        #expect(throws: CommandError.self) { try parse(name) }
    }

    @Test("A name of any script is taken", arguments: ["News desk", "報道部", "Rédaction"])
    func goodNames(name: String) throws {
        try parse(name)
    }

    private func parse(_ name: String) throws(CommandError) {
        _ = try KeysCommand(
            Arguments(["create", "--name", name], for: KeysCommand.self, Environment { _ in nil }))
    }
}
