// SPDX-License-Identifier: Apache-2.0
import JSON
import Support
import Testing

@Suite("Reader of openapi.yaml and checker of its schemas")
struct OpenAPIReaderTests {
    @Test("The YAML that the document uses is read correctly")
    func reading() throws {
        let value = try OpenAPIReader.read(
            """
            # A comment.
            "200": {$ref: "#/a", nothing: null}
            list:
              - name: a plain one
                in: query

              - [1, two, 'it''s', "a \\"b\\"\\n"]
              - /stories/{story}?limit=1
            text: |
              first

                second
            last: true
            """)
        let items: [JSONValue] = [
            .object([.init("name", .string("a plain one")), .init("in", .string("query"))]),
            .array([.number("1"), .string("two"), .string("it's"), .string("a \"b\"\n")]),
            .string("/stories/{story}?limit=1"),
        ]
        let members: [JSONValue.Member] = [
            .init("200", .object([.init("$ref", .string("#/a")), .init("nothing", .null)])),
            .init("list", .array(items)), .init("text", .string("first\n\n  second\n")),
            .init("last", .bool(true)),
        ]
        #expect(value == .object(members))
    }

    @Test(
        "Ambiguous and unsupported YAML is refused",
        arguments: [
            "a: 1\na: 2", "a: {b: 1, b: 2}", "a: 2026-11-23", "a: 3.1.0", "a: 1.0", "a: yes", "a: 'open",
            "a: b: c", "a: b # c", "a: *b", "a: &b c", "a: [1, 2", "a: {b:1}", "a:", "a:\nb: 1", "- a\nb: 1",
            "a: b\n  c: d", "a: |\nb", "a", "", "a: \"\\x41\"", "a: {b: c?d}", "a: > ", "a: 1\n - b",
        ])
    func refusing(text: String) {
        #expect(throws: OpenAPIReader.SyntaxError.self) { try OpenAPIReader.read(text) }
    }

    @Test(
        "The checker finds violations of every keyword, and unknown keywords",
        arguments: [
            ("{type: object, required: [a]}", "{}"), ("{type: object, properties: {a: {}}}", "{b: 1}"),
            ("{type: string}", "null"), ("{type: [string, \"null\"]}", "1"), ("{type: integer}", "true"),
            ("{anyOf: [{type: string}, {type: boolean}]}", "1"),
            ("{oneOf: [{type: integer}, {minimum: 1}]}", "1"),
            ("{allOf: [{properties: {a: {}}}], required: [c]}", "{a: 1}"), ("{enum: [a]}", "b"),
            ("{const: a}", "b"), ("{items: {type: string}}", "[1]"), ("{maxItems: 1}", "[1, 2]"),
            ("{minItems: 1}", "[]"), ("{properties: {a: {}, b: {}}, maxProperties: 1}", "{a: 1, b: 1}"),
            ("{uniqueItems: true}", "[1, 1]"), ("{maxLength: 1}", "ab"),
            ("{minLength: 2}", "a"), ("{minimum: 2}", "1"), ("{maximum: 2}", "3"),
            ("{pattern: '^a$'}", "ab"), ("{format: uuid}", "a"), ("{format: date-time}", "a"),
            ("{additionalProperties: false}", "{a: 1}"),
            ("{additionalProperties: {type: string}}", "{a: 1}"),
            ("{propertyNames: {pattern: '^a$'}, additionalProperties: {}}", "{b: 1}"),
            ("{unheardOf: 1}", "a"),
        ])
    func checking(schema: String, value: String) throws {
        let checker = OpenAPISchema(document: try OpenAPIDocument.shared.get())
        let errors = try checker.errors(OpenAPILine.read(value[...]), OpenAPILine.read(schema[...]))
        #expect(!errors.isEmpty)
    }
}
