// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

/// What the parser accepts and rejects, by RFC 8259.
@Suite("The JSON parser")
struct JSONParserTests {
    private func parse(_ text: String) throws(JSONSyntaxError) -> JSONValue {
        try JSONValue(parsing: Array(text.utf8))
    }

    @Test(
        "parses every kind of value",
        arguments: [
            ("null", .null), ("true", .bool(true)), ("false", .bool(false)), ("0", .number("0")),
            ("\"\"", .string("")), ("[]", .array([])), ("{}", .object([])),
            (" \t\r\n null \t\r\n ", .null), ("[ ]", .array([])), ("{ }", .object([])),
            ("[1,[2],{}]", .array([.number("1"), .array([.number("2")]), .object([])])),
            ("[ 1 , 2 ]", .array([.number("1"), .number("2")])),
            ("{\"b\":1, \"a\" : null}", .object([.init("b", .number("1")), .init("a", .null)])),
            ("{\"\":true}", .object([.init("", .bool(true))])),
        ] as [(String, JSONValue)])
    func values(text: String, value: JSONValue) throws {
        #expect(try parse(text) == value)
    }

    @Test(
        "keeps the digits of a number",
        arguments: [
            "0", "-0", "7", "-7", "1234567890123456789012345678901234567890", "0.1", "-0.0", "1e5", "1E+5",
            "1e-5", "0e0", "1.5e400", "-1.25E-400",
        ])
    func numbers(text: String) throws {
        #expect(try parse(text) == .number(text))
        #expect(try parse("[\(text)]") == .array([.number(text)]))
    }

    @Test(
        "parses strings with escapes",
        arguments: [
            (#""a""#, "a"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041""#, "A"),
            (#""\u00e9\u00E9""#, "éé"), (#""\u0000""#, "\u{0}"), (#""\ud83d\ude00""#, "😀"),
            (#""\uD83D\uDE00!""#, "😀!"), (#""\ue000\uffff""#, "\u{E000}\u{FFFF}"),
            (#""é 中 😀""#, "é 中 😀"), ("\"\u{7F}\u{80}\u{2028}\u{FEFF}\"", "\u{7F}\u{80}\u{2028}\u{FEFF}"),
            (#""\udbff\udfff""#, "\u{10FFFF}"),
        ])
    func strings(text: String, value: String) throws {
        guard case .string(let found) = try parse(text) else { throw NotAString() }
        #expect(Array(found.unicodeScalars) == Array(value.unicodeScalars))
    }

    private struct NotAString: Error {}

    @Test(
        "rejects invalid JSON with its position",
        arguments: [
            // Nothing, or more than one value.
            ("", 0, "empty"), (" \n ", 3, "empty"), ("1 2", 2, "end of the text"),
            ("{}}", 2, "end of the text"),
            ("\u{FEFF}1", 0, "expected a value"), ("//x\n1", 0, "expected a value"),
            // Literals.
            ("nul", 0, "expected a value"), ("True", 0, "expected a value"), ("nullx", 4, "end of the text"),
            ("NaN", 0, "expected a value"), ("Infinity", 0, "expected a value"),
            ("'a'", 0, "expected a value"),
            // Numbers.
            ("+1", 0, "expected a value"), (".5", 0, "expected a value"), ("-", 1, "expected a digit"),
            ("-x", 1, "expected a digit"), ("1.", 2, "expected a digit"), ("1.e1", 2, "expected a digit"),
            ("1e", 2, "expected a digit"), ("1e+", 3, "expected a digit"), ("01", 1, "end of the text"),
            ("-01", 2, "end of the text"), ("0x1", 1, "end of the text"), ("1_000", 1, "end of the text"),
            // Strings.
            ("\"a", 0, "has no end"), ("\"a\\\"", 0, "has no end"), ("\"\\", 2, "inside an escape"),
            ("\"a\nb\"", 2, "control character"), ("\"a\u{0}b\"", 2, "control character"),
            ("\"\t\"", 1, "control character"), ("\"\u{1F}\"", 1, "control character"),
            ("\"\\x\"", 1, "unknown escape"), ("\"\\U0041\"", 1, "unknown escape"),
            ("\"\\u12\"", 5, "four hexadecimal"), ("\"\\u12G4\"", 5, "four hexadecimal"),
            ("\"\\u+123\"", 3, "four hexadecimal"), ("\"\\ud83d\"", 1, "surrogate"),
            ("\"\\ude00\"", 1, "surrogate"), ("\"\\ud83d\\ud83d\"", 1, "surrogate"),
            ("\"\\ud83d\\n\"", 1, "surrogate"), ("\"\\ud83dx\"", 1, "surrogate"),
            // Arrays.
            ("[", 1, "ends where a value"), ("[1", 2, "comma or the end"), ("[1,", 3, "ends where a value"),
            ("[1,]", 3, "expected a value"), ("[,1]", 1, "expected a value"),
            ("[1 2]", 3, "comma or the end"),
            ("]", 0, "expected a value"), ("[1}", 2, "comma or the end"),
            // Objects.
            ("{", 1, "member name"), ("{\"a\"", 4, "colon"), ("{\"a\":", 5, "ends where a value"),
            ("{\"a\":1", 6, "comma or the end"), ("{\"a\":1,", 7, "member name"),
            ("{\"a\":1,}", 7, "member name"), ("{a:1}", 1, "member name"), ("{1:1}", 1, "member name"),
            ("{\"a\" 1}", 5, "colon"), ("{\"a\":1 \"b\":2}", 7, "comma or the end"),
            ("{\"a\":1, \"a\":2}", 8, "stands twice"), ("{\"a\":1,\"\\u0061\":2}", 7, "stands twice"),
            // Between values.
            ("[1,\u{A0}2]", 3, "expected a value"), ("[\u{0}]", 1, "expected a value"),
        ] as [(String, Int, String)])
    func refuses(text: String, offset: Int, detail: String) {
        let error = #expect(throws: JSONSyntaxError.self) { try parse(text) }
        #expect(error?.offset == offset)
        #expect(error?.detail.contains(detail) == true, "\(error?.detail ?? "")")
    }

    @Test(
        "reports line and column of an error",
        arguments: [
            ("x", 1, 1), ("{\n  \"a\": x\n}", 2, 8), ("[1,\n2,\n\n  }", 4, 3), ("\n\n", 3, 1),
            ("[\r\n  x]", 2, 3), ("[\"é\", x]", 1, 8), ("{\"a\":1,\n \"a\":2}", 2, 2),
        ])
    func places(text: String, line: Int, column: Int) {
        let error = #expect(throws: JSONSyntaxError.self) { try parse(text) }
        #expect(error?.line == line)
        #expect(error?.column == column)
        #expect(error?.description.hasSuffix("(line \(line), column \(column))") == true)
    }

    @Test(
        "rejects invalid UTF-8 with its position",
        arguments: [
            ([0x22, 0xFF, 0x22], 1), ([0x22, 0xC3, 0x22], 1), ([0x22, 0xC0, 0xAF, 0x22], 1),
            ([0x22, 0xED, 0xA0, 0x80, 0x22], 1), ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1),
            ([0x22, 0x61, 0x80, 0x22], 2), ([0x5B, 0x0A, 0x22, 0xE2, 0x82], 3),
            ([0xFE, 0xFF, 0x00, 0x31], 0),
        ] as [([UInt8], Int)])
    func invalidUTF8(bytes: [UInt8], offset: Int) {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: bytes) }
        #expect(error?.offset == offset)
        #expect(error?.detail == "not valid UTF-8")
    }

    @Test(
        "accepts nesting up to the limit and rejects one level more",
        arguments: [("[", "]"), ("{\"a\":", "}")])
    func depth(opening: String, closing: String) throws {
        func nested(_ levels: Int) -> String {
            String(repeating: opening, count: levels - 1) + "[]"
                + String(repeating: closing, count: levels - 1)
        }
        #expect(throws: Never.self) { try parse(nested(JSONValue.maximumDepth)) }
        let error = #expect(throws: JSONSyntaxError.self) { try parse(nested(JSONValue.maximumDepth + 1)) }
        #expect(error?.detail.contains("nested deeper") == true)
        // Siblings do not add depth.
        #expect(throws: Never.self) { try parse("[" + String(repeating: "[],", count: 1_000) + "0]") }
        #expect(throws: JSONSyntaxError.self) { try parse(String(repeating: opening, count: 100_000)) }
    }

    @Test(
        "reads an integer in any notation",
        arguments: [
            ("0", 0), ("-0", 0), ("3", 3), ("-3", -3), ("3.0", 3), ("3e2", 300), ("1.5e1", 15), ("20e-1", 2),
            ("9223372036854775807", .max), ("-9223372036854775808", .min),
            ("9007199254740991.0", 9_007_199_254_740_991),
            ("9223372036854775808", nil), ("1e400", nil), ("-1e400", nil), ("1e18", nil), ("3.5", nil),
            ("1e-1", nil),
            ("9007199254740992.0", nil),
        ] as [(String, Int?)])
    func integers(digits: String, integer: Int?) {
        #expect(JSONValue.number(digits).integer == integer)
    }

    @Test(
        "finds no integer in other values",
        arguments: [.null, .bool(true), .string("3"), .array([]), .object([])] as [JSONValue])
    func noIntegers(value: JSONValue) {
        #expect(value.integer == nil)
    }

    @Test(
        "names the kind of a value",
        arguments: [
            (.null, "null"), (.bool(true), "a boolean"), (.number("1"), "a number"),
            (.string(""), "a string"),
            (.array([]), "an array"), (.object([]), "an object"),
        ] as [(JSONValue, String)])
    func kinds(value: JSONValue, kind: String) {
        #expect(value.kind == kind)
    }
}
