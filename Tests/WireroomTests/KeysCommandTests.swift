// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Wireroom

/// Arguments of `wireroom keys`.
@Suite("The keys command")
struct KeysCommandTests {
    @Test(
        "A name with control, direction or line separator characters is refused",
        arguments: ["two\nlines", "bell\u{7}", "\u{1B}[2K", "turned\u{202E}", "\u{2028}"])
    func names(name: String) {
        #expect(throws: CommandError.self) { try parse(name) }
    }

    @Test("A name of any script is accepted", arguments: ["News desk", "報道部", "Rédaction"])
    func goodNames(name: String) throws {
        try parse(name)
    }

    private func parse(_ name: String) throws(CommandError) {
        _ = try KeysCommand(
            Arguments(["create", "--name", name], for: KeysCommand.self, Environment { _ in nil }))
    }
}
