// SPDX-License-Identifier: Apache-2.0
import API
import Foundation
import JSON
import Stories
import Testing

@Suite("The document of a site")
struct SiteDocumentTests {
    private static let font = "/fonts/aeb4e44e-b29d-8b65-8981-0b8b1b143cda.woff2"

    @Test("What is written is what is read, fonts included, and pictures of the server are listed")
    func roundTrip() throws {
        var settings = SiteSettings()
        (settings.name, settings.radius, settings.density) = ("The Courier", 4, .compact)
        settings.fonts = SiteFonts()
        settings.fonts?.heading = Self.font
        settings.icon = SiteIcon(url: "/media/229d1db4-bc2d-857e-b06c-ad521c88b990")
        settings.navigation = [SiteLink(label: "News", url: "/")]
        settings.colors = SiteColors()
        settings.colors?.light = SitePalette()
        settings.colors?.light?.accent = "#0b5d3b"
        let document = SiteDocument(settings: settings, fonts: [("Alder", FontSample.bytes)])
        let read = try SiteDocument(json: document.json())
        #expect(read.settings == settings && read.pictures == [settings.icon?.url ?? ""])
        #expect(read.fonts.map(\.name) == ["Alder"] && read.fonts.map(\.content) == [FontSample.bytes])
        #expect(try SiteFont(name: "Alder", content: read.fonts[0].content).path == Self.font)
    }

    @Test("The samples can be imported", arguments: ["broadsheet", "sport", "charity"])
    func samples(name: String) throws {
        let package = URL(filePath: #filePath).appending(path: "../../..").standardized
        let file = package.appending(path: "Samples/site-\(name).json")
        let document = try SiteDocument(json: Array(try Data(contentsOf: file)))
        #expect(document.settings.errors().isEmpty && document.pictures.isEmpty)
    }

    @Test(
        "What is wrong with a document is named by its place",
        arguments: [
            ("{", ""), ("{}", "/wireroomSite"), (#"{"wireroomSite": 2}"#, "/wireroomSite"),
            (#"{"wireroomSite": 1, "settings": {"nam": 1}}"#, "/settings/nam"),
            (#"{"wireroomSite": 1, "settings": {"language": "?"}}"#, "/settings/language"),
            (#"{"wireroomSite": 1, "fonts": [{"name": "a", "woff2": "?"}]}"#, "/fonts/0/woff2"),
            (#"{"wireroomSite": 1, "setting": {}}"#, "/setting"),
        ])
    func faults(text: String, pointer: String) {
        do throws(StoryError) {
            _ = try SiteDocument(json: Array(text.utf8))
            Issue.record("it was read")
        } catch {
            var pointers: [String] = []
            if case .invalid(let errors) = error { pointers = errors.map(\.pointer) }
            #expect(pointers == [pointer], "\(error)")
        }
    }
}
