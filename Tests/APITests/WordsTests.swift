// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTTP
import JSON
import Stories
import Support
import Testing

@testable import API

/// `Tests/Golden/plurals.json` has what `Intl.PluralRules` says; `words.test.js` holds it against that.
@Suite("Words of our own")
struct WordsTests {
    private static let golden = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Golden/plurals.json")

    @Test("Numbers have the plural categories of CLDR, whole ones and fractions, in every language")
    func plurals() throws {
        let file = try Data(contentsOf: Self.golden)
        let languages = try JSONDecoder().decode([String: [String: String]].self, from: file)
        #expect(languages.count == 13)
        for (language, categories) in languages {
            let rules = PluralRules(language)
            #expect(categories.count > 200)
            for (number, category) in categories {
                #expect(
                    rules.category(of: Self.number(number)).rawValue == category, "\(language): \(number)")
            }
        }
    }

    private static func number(_ text: String) -> PluralRules.Number {
        let parts = text.split(separator: ".")
        let fraction = parts.count > 1 ? String(parts[1]) : ""
        return PluralRules.Number(
            integer: Int(parts[0]) ?? 0, fractionDigits: fraction.count, fraction: Int(fraction) ?? 0)
    }

    @Test("A trailing zero of a fraction counts as it is written")
    func visibleFractions() {
        let one = PluralRules.Number(integer: 1, fractionDigits: 1)
        #expect(PluralRules("de").category(of: one) == .other)
        #expect(PluralRules("es").category(of: one) == .one)
        #expect(PluralRules("pl").category(of: one) == .other)
    }

    @Test("A message has its values and the plural form of its number")
    func messages() {
        #expect(Words.english("byline", ["name": "Ada"]) == "By Ada")
        let polish = Words.inCatalogue("pl")
        #expect(
            [1, 2, 5, 22].map { polish("updateCount", count: $0) } == [
                "1 wpis", "2 wpisy", "5 wpisów", "22 wpisy",
            ])
        #expect(Words.inCatalogue("ar")("updateCount", count: 2) == "تحديثان")
        #expect(Words.english("noSuchKey") == "noSuchKey")
    }

    @Test("Texts are split at their placeholders")
    func pieces() {
        #expect(Words.pieces(of: "{a} by {b}.") == [.value("a"), .text(" by "), .value("b"), .text(".")])
        #expect(Words.pieces(of: "plain") == [.text("plain")] && Words.pieces(of: "").isEmpty)
        #expect(Words.pieces(of: "open {") == [.text("open {")])
    }

    @Test(
        "A language has the catalogue of the most specific tag that there is",
        arguments: [
            ("de", "de"), ("de-AT", "de"), ("pt-BR", "pt"), ("zh", "zh-Hans"), ("zh-CN", "zh-Hans"),
            ("zh-Hans-SG", "zh-Hans"), ("zh-TW", nil), ("zh-Hant", nil), ("sv", nil), ("", nil), ("e", nil),
        ])
    func lookup(tag: String, catalogue: String?) { #expect(Words.match(tag) == catalogue) }

    @Test("Dates have the names of months and the order of the language")
    func dates() throws {
        let time = try #require(Timestamp("2026-03-03T20:27:59.999Z"))
        for (language, text) in [
            ("en", "3 Mar 2026, 20:27 UTC"), ("de", "3. März 2026, 20:27 UTC"),
            ("pl", "3 marca 2026, 20:27 UTC"),
            ("pt", "3 de mar. de 2026, 20:27 UTC"), ("ja", "2026年3月3日 20:27 UTC"),
        ] { #expect(Words.inCatalogue(language).dateTime(time) == text) }
    }

    @Test("The words of the widget are sent in the language that is asked for, and 404 without a catalogue")
    func widget() async throws {
        let desk = try await TestDesk()
        let answer = try await desk.send(Call("GET /words/ar-EG", key: ""))
        let value = try JSONValue(parsing: answer.body)
        #expect(answer.status == .ok && answer.headers[.contentType] == "application/json")
        #expect(value["language"]?.string == "ar" && value["dir"]?.string == "rtl")
        #expect(value["messages"]?["newUpdates"]?["two"]?.string == "تحديثان جديدان")
        #expect(value["messages"]?["indexTitle"] == nil, "the widget does not use it")
        #expect(try await desk.send(Call("GET /words/tlh", key: "")).status == .notFound)
    }

    @Test(
        "The page of the desk names its script in each language, and is in that of the site until one is chosen"
    )
    func desk() async throws {
        let desk = try await TestDesk()
        #expect(try await desk.send(Call("PUT /site", #"{"language": "ar-EG"}"#)).status == .ok)
        let response = try await desk.send(Call("GET /desk", key: ""))
        let page = String(decoding: response.body, as: UTF8.self)
        #expect(
            page.contains(#"<html lang="ar" dir="rtl""#)
                && page.contains("يحتاج مكتب التحرير إلى JavaScript."))
        for (language, word) in [
            ("en", "Wireroom desk"), ("de", "Wireroom Redaktion"), ("zh-Hans", "Wireroom 编辑台"),
        ] {
            let found = page.firstMatch(of: try Regex("/assets/desk-\(language)\\.[0-9a-f]+\\.js"))
            let path = try #require(found, "\(language)").output[0].substring ?? ""
            let script = try await desk.send(Call("GET \(path)", key: ""))
            #expect(String(decoding: script.body, as: UTF8.self).contains(word), "\(language)")
            #expect(
                script.headers[.cacheControl]?.contains("immutable") == true, "its digest is the present one")
        }
    }

    @Test("No script of readers has words of the desk")
    func readers() async throws {
        let desk = try await TestDesk()
        for path in ["/assets/live.0.js", "/assets/front.0.js", "/embed.js", "/words/en", "/push-worker.js"] {
            let answer = try await desk.send(Call("GET \(path)", key: ""))
            #expect(answer.status == .ok)
            #expect(!String(decoding: answer.body, as: UTF8.self).contains("Save as draft"), "\(path)")
        }
    }

    @Test("The script of a page is served in each language, and an outdated digest gets the present one")
    func scripts() async throws {
        let desk = try await TestDesk()
        for (name, word) in [("live.0.js", "Older updates"), ("live-de.0.js", "Ältere Meldungen")] {
            let script = try await desk.send(Call("GET /assets/\(name)", key: ""))
            if name.hasPrefix("live-") {
                #expect(String(decoding: script.body, as: UTF8.self).contains("Bearbeitet"), "\(word)")
            }
            #expect(script.status == .ok && script.headers[.cacheControl] == "no-cache")
        }
        #expect(try await desk.send(Call("GET /assets/live-sv.0.js", key: "")).status == .notFound)
    }
}
