// SPDX-License-Identifier: Apache-2.0
import Foundation
import Stories
import Support
import Testing

@Suite("Times")
struct TimestampTests {
    @Test(
        "are written as RFC 3339 in UTC with milliseconds",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1, "1970-01-01T00:00:00.001Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (951_868_799_999, "2000-02-29T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (1_795_466_820_000, "2026-11-23T20:47:00.000Z"),
            (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func writes(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
        #expect(Timestamp(text) == Timestamp(milliseconds: milliseconds))
    }

    @Test("are formatted as gmtime_r does, in every year, and read back")
    func againstTheCLibrary() throws {
        var random = SeededGenerator()
        for _ in 0..<20_000 {
            let milliseconds = Int64.random(in: Timestamp.range, using: &random)
            let text = Timestamp(milliseconds: milliseconds).description
            var seconds = Int(Double(milliseconds) / 1_000)
            while Int64(seconds) * 1_000 > milliseconds { seconds -= 1 }
            var parts = tm()
            gmtime_r(&seconds, &parts)
            let expected = String(
                format: "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900, parts.tm_mon + 1,
                parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                milliseconds - Int64(seconds) * 1_000)
            #expect(text == expected, "seed \(random.seed)")
            #expect(Timestamp(text)?.milliseconds == milliseconds, "seed \(random.seed)")
        }
    }

    @Test("are read as Foundation reads ISO 8601, with any offset")
    func againstFoundation() throws {
        var random = SeededGenerator()
        for _ in 0..<3_000 {
            let seconds = Int64.random(in: -11_676_096_000...253_402_000_000, using: &random)
            let offset = Int.random(in: -17 * 60...17 * 60, using: &random)  // Foundation stops at 18 hours.
            let zone = try #require(TimeZone(secondsFromGMT: offset * 60))
            let style = Date.ISO8601FormatStyle(timeZoneSeparator: .colon, timeZone: zone)
            let text = Date(timeIntervalSince1970: Double(seconds)).formatted(style)
            #expect(Timestamp(text)?.milliseconds == seconds * 1_000, "\(text), seed \(random.seed)")
        }
    }

    @Test(
        "are read with any offset and any number of fraction digits",
        arguments: [
            ("2026-11-23T20:27:00Z", "2026-11-23T20:27:00.000Z"),
            ("2026-11-23t20:27:00z", "2026-11-23T20:27:00.000Z"),
            ("2026-11-23T20:27:00.5Z", "2026-11-23T20:27:00.500Z"),
            ("2026-11-23T20:27:00.12Z", "2026-11-23T20:27:00.120Z"),
            ("2026-11-23T20:27:00.123456789012345678901234567890Z", "2026-11-23T20:27:00.123Z"),
            ("2026-11-23T20:27:00.9999Z", "2026-11-23T20:27:00.999Z"),
            ("2026-11-23T20:27:00+00:00", "2026-11-23T20:27:00.000Z"),
            ("2026-11-23T20:27:00-00:00", "2026-11-23T20:27:00.000Z"),
            ("2026-11-23T20:27:00+05:30", "2026-11-23T14:57:00.000Z"),
            ("2026-11-23T20:27:00-08:00", "2026-11-24T04:27:00.000Z"),
            ("2027-01-01T00:30:00+01:00", "2026-12-31T23:30:00.000Z"),
            ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"),
            ("2000-02-29T12:00:00Z", "2000-02-29T12:00:00.000Z"),
            ("2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
        ])
    func reads(text: String, same: String) {
        #expect(Timestamp(text)?.description == same)
    }

    @Test(
        "are rejected in any other form, or with an invalid date",
        arguments: [
            "", "2026-11-23", "2026-11-23T20:27:00", "2026-11-23 20:27:00Z", "2026-11-23T20:27Z",
            "20261123T202700Z",
            "2026-11-23T20:27:00.Z", "2026-11-23T20:27:00,5Z", "2026-11-23T20:27:00+0530",
            "2026-11-23T20:27:00+05",
            "2026-11-23T20:27:00+24:00", "2026-11-23T20:27:00+05:60", "2026-11-23T20:27:00ZZ",
            " 2026-11-23T20:27:00Z",
            "2026-11-23T20:27:00Z ", "2026-11-23T24:00:00Z", "2026-11-23T20:60:00Z", "2026-11-23T20:27:61Z",
            "2026-00-23T20:27:00Z", "2026-13-23T20:27:00Z", "2026-11-00T20:27:00Z", "2026-11-31T20:27:00Z",
            "2026-02-29T20:27:00Z", "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2000-02-30T00:00:00Z",
            "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "+2026-11-23T20:27:00Z", "-001-01-01T00:00:00Z",
            "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z",
            "２０２６-11-23T20:27:00Z", "2026-11-23T20:27:00\u{2212}08:00", "2026-1-23T20:27:00Z", "now",
            "1795466820",
        ])
    func refuses(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test("outside the years of RFC 3339 are clamped")
    func limits() {
        #expect(Timestamp(milliseconds: .min).description == "0001-01-01T00:00:00.000Z")
        #expect(Timestamp(milliseconds: .max).description == "9999-12-31T23:59:59.999Z")
        #expect(Timestamp(milliseconds: -5) < Timestamp(milliseconds: 3))
    }
}
