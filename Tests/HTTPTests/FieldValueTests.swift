// SPDX-License-Identifier: Apache-2.0
import HTTP
import Testing

@Suite("The value of a header field")
struct FieldValueTests {
    @Test("is text only if it is all ASCII")
    func text() {
        #expect(FieldValue("a b").ascii == "a b")
        #expect(FieldValue("a\u{301}").ascii == nil)
        #expect(FieldValue("").ascii?.isEmpty == true)
    }

    @Test(
        "is a token by RFC 9110 §5.6.2",
        arguments: [
            ("GET", true), ("x-a.b", true), ("", false), ("a b", false), ("é", false), ("a/b", false),
        ])
    func token(text: String, isToken: Bool) {
        #expect(FieldValue(text).token == (isToken ? text : nil))
    }

    @Test("compares case-insensitively")
    func words() {
        #expect(FieldValue("BEARER").matches("bearer"))
        #expect(!FieldValue("bearer ").matches("bearer"))
        #expect(!FieldValue("bearer\u{301}").matches("bearer"))
        // KELVIN SIGN has the lower case k, but its bytes are not those of a letter.
        #expect(!FieldValue("\u{212A}").matches("k"))
        #expect(FieldValue("Text").matches(FieldValue("tEXT")) && !FieldValue("a").matches(FieldValue("ab")))
    }

    @Test("is trimmed and unquoted")
    func outside() {
        #expect(FieldValue(" \t a b\t").trimmed.ascii == "a b")
        #expect(FieldValue(" \t ").trimmed.isEmpty)
        #expect(FieldValue(#""a""#).unquoted.ascii == "a")
        for whole in [#"""#, #"a""#, ""] { #expect(FieldValue(whole).unquoted.ascii == whole) }
    }

    @Test(
        "is split at a byte",
        arguments: [("a, b,,c", ["a", " b", "", "c"]), ("", [""]), (",", ["", ""]), ("a", ["a"])])
    func parts(text: String, parts: [String]) {
        #expect(FieldValue(text).split(at: UInt8(ascii: ",")).map(\.ascii) == parts)
    }

    @Test("is cut at the first separator")
    func cut() {
        let (name, value) = FieldValue("q = 0=1 ").cut(at: UInt8(ascii: "="))
        #expect(name.ascii == "q" && value?.ascii == "0=1")
        let (whole, nothing) = FieldValue(" q ").cut(at: UInt8(ascii: "="))
        #expect(whole.ascii == "q" && nothing == nil)
    }
}
