// SPDX-License-Identifier: Apache-2.0
import Stories
import Testing

@Suite("Kinds of reaction")
struct ReactionTests {
    @Test(
        "are letters and digits, beginning with a letter",
        arguments: ["a", "Z", "veryGood", "a1", String(repeating: "k", count: 32)])
    func accepts(name: String) {
        #expect(ReactionKind(name)?.name == name)
    }

    @Test(
        "are rejected in any other form",
        arguments: [
            "", "1a", "very good", "very-good", "é", "a\u{301}", "a\u{0}", "👍",
            String(repeating: "k", count: 33),
        ])
    func refuses(name: String) {
        #expect(ReactionKind(name) == nil)
    }
}
