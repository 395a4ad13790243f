// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HTTP

@Suite("Byte ranges and dates")
struct ByteRangeTests {
    @Test(
        "Range is evaluated by RFC 9110 §14.2, for 1,000 bytes",
        arguments: [
            ("bytes=0-499", .part(0..<500)), ("bytes=500-999", .part(500..<1000)),
            ("bytes=500-5000", .part(500..<1000)), ("bytes=999-", .part(999..<1000)),
            ("bytes=0-0", .part(0..<1)), ("bytes=0-", .part(0..<1000)), ("bytes=-1", .part(999..<1000)),
            ("bytes=-1000", .part(0..<1000)), ("bytes=-5000", .part(0..<1000)),
            ("BYTES= 5-9 ", .part(5..<10)), ("bytes = 5-9", .part(5..<10)),
            ("bytes=007-009", .part(7..<10)),
            ("bytes=0-99999999999999999999999999", .part(0..<1000)),
            ("bytes=1000-", .unsatisfiable), ("bytes=1000-2000", .unsatisfiable),
            ("bytes=-0", .unsatisfiable), ("bytes=99999999999999999999999999-", .unsatisfiable),
            // Malformed, of another unit, or several: ignored.
            ("bytes=5-4", .whole), ("bytes=", .whole), ("bytes", .whole), ("", .whole), ("bytes=-", .whole),
            ("bytes=a-b", .whole), ("bytes=0x1-5", .whole), ("bytes=1-2-3", .whole), ("bytes=--1", .whole),
            ("bytes=+1-2", .whole), ("bytes=1", .whole), ("items=0-1", .whole), ("bytes:0-1", .whole),
            ("bytes=0-1,5-6", .whole), ("bytes=0-1,", .whole), ("bytes=١-٢", .whole),
        ] as [(String, ByteRange)])
    func ranges(field: String, range: ByteRange) {
        #expect(ByteRange(FieldValue(field), size: 1000) == range)
    }

    @Test(
        "An empty representation has no parts",
        arguments: [("bytes=0-", .unsatisfiable), ("bytes=-5", .whole), ("bytes=-0", .unsatisfiable)]
            as [(String, ByteRange)])
    func empty(field: String, range: ByteRange) {
        #expect(ByteRange(FieldValue(field), size: 0) == range)
    }

    @Test("A part is never empty and always inside, whatever the numbers")
    func inside() {
        for size in 0..<7 {
            for first in ["", "0", "1", "5", "6", "7", "99"] {
                for last in ["", "0", "1", "5", "6", "7", "99"] {
                    guard case .part(let part) = ByteRange(FieldValue("bytes=\(first)-\(last)"), size: size)
                    else { continue }
                    #expect(!part.isEmpty && part.lowerBound >= 0 && part.upperBound <= size)
                }
            }
        }
    }

    @Test(
        "Dates are read if they are IMF-fixdate",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199),
            ("Mon, 06 Nov 1994 08:49:37 GMT", nil), ("Fri, 30 Feb 2024 00:00:00 GMT", nil),
            ("Sun, 06 Nov 1994 24:49:37 GMT", nil), ("Sun, 06 Nov 1994 08:49:37 UTC", nil),
            ("Sunday, 06-Nov-94 08:49:37 GMT", nil), ("Sun Nov  6 08:49:37 1994", nil), ("", nil),
            ("Sun, 06 Foo 1994 08:49:37 GMT", nil), ("Sun, :6 Nov 1994 08:49:37 GMT", nil),
        ] as [(String, Int?)])
    func dates(text: String, seconds: Int?) {
        #expect(HTTPDate.seconds(FieldValue(text)) == seconds)
        if let seconds { #expect(HTTPDate.text(seconds) == text) }
    }
}
