// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSON
import Support
import Testing

@Suite("The JSON writer")
struct JSONWriterTests {
    private func text(_ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        write(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test(
        "escapes what RFC 8259 requires, and nothing else",
        arguments: [
            ("", #""""#), ("plain", #""plain""#), ("a\"b", #""a\"b""#), ("a\\b", #""a\\b""#),
            ("a/b", #""a/b""#),
            ("\n\r\t", #""\n\r\t""#), ("\u{0}", #""\u0000""#), ("\u{8}\u{C}", #""\u0008\u000c""#),
            ("\u{1F}x", #""\u001fx""#), ("\u{7F}é😀", "\"\u{7F}é😀\""), ("\"", #""\"""#),
            ("ab\ncd\"", #""ab\ncd\"""#),
        ])
    func escapes(value: String, written: String) {
        #expect(text { $0.string(value) } == written)
    }

    @Test("writes commas between members and elements, and nowhere else")
    func commas() {
        let written = text {
            $0.object {
                $0.member("a", 1)
                $0.member("b", [true, false])
                $0.member("c") { $0.object { _ in } }
                $0.member(named: "d\n", String?.none)
                $0.member("e") { writer in
                    writer.array {
                        $0.object { $0.member("f", Int64.min) }
                        $0.array { _ in }
                        $0.raw("2.50".utf8)
                        $0.string("g")
                    }
                }
                $0.member("h", "i")
            }
        }
        #expect(
            written
                == #"{"a":1,"b":[true,false],"c":{},"d\n":null,"e":[{"f":-9223372036854775808},[],2.50,"g"],"h":"i"}"#
        )
    }

    @Test("writes a string of known length in place")
    func plainString() {
        let written = text {
            $0.array {
                $0.string("before")
                $0.plainString(count: 3) { put in
                    for place in 0..<3 { put(2 - place, UInt8(ascii: "a") + UInt8(place)) }
                }
                $0.string("after")
            }
        }
        #expect(written == #"["before","cba","after"]"#)
    }

    @Test("round-trips through the parser and Foundation")
    func roundTrip() throws {
        var random = SeededGenerator()
        for _ in 0..<2_000 {
            let value = JSONValue.random(depth: 4, using: &random)
            let bytes = JSONWriter.bytes(of: value)
            #expect(try JSONValue(parsing: bytes) == value, "seed \(random.seed)")
            #expect(
                throws: Never.self, "seed \(random.seed): \(String(decoding: bytes, as: UTF8.self))"
            ) { try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed) }
        }
    }

    @Test("Arbitrary bytes are parsed or rejected without a crash")
    func noise() {
        let pieces = [
            "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u", "d83d", "1", "-", ".", "e", "true", "null", " ",
            "\n",
            "é", "\u{0}",
        ]
        var random = SeededGenerator()
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            let bytes = Array(text.utf8)
            do {
                let value = try JSONValue(parsing: bytes)
                #expect(try JSONValue(parsing: JSONWriter.bytes(of: value)) == value, "seed \(random.seed)")
            } catch {
                #expect((0...bytes.count).contains(error.offset), "seed \(random.seed)")
            }
        }
    }
}

extension JSONValue {
    fileprivate static func random(depth: Int, using random: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0...(depth > 0 ? 5 : 3), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return .number(digits(using: &random))
        case 3: return .string(text(using: &random))
        case 4:
            return .array(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in
                    .random(depth: depth - 1, using: &random)
                })
        default:
            return .object(
                (0..<Int.random(in: 0...4, using: &random)).map { index in
                    Member("\(index)" + text(using: &random), .random(depth: depth - 1, using: &random))
                })
        }
    }

    private static func digits(using random: inout SeededGenerator) -> String {
        let integer = String(Int.random(in: -1_000_000...1_000_000, using: &random))
        let fraction = random.once(in: 3) ? ".\(Int.random(in: 0...999, using: &random))" : ""
        return integer + fraction + (random.once(in: 4) ? "e-\(Int.random(in: 0...20, using: &random))" : "")
    }

    private static func text(using random: inout SeededGenerator) -> String {
        let scalars: [ClosedRange<UInt32>] = [
            0...0x7F, 0x20...0x7E, 0x80...0x7FF, 0x800...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFD,
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            guard let range = scalars.randomElement(using: &random),
                let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random))
            else { continue }
            text.append(scalar)
        }
        return String(text)
    }
}
