// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Stories

@Suite("Settings of the site")
struct SiteTests {
    @Test(
        "The contrast of colours is that of WCAG",
        arguments: [
            ("#000000", "#ffffff", 2_100), ("#ffffff", "#ffffff", 100), ("#777777", "#ffffff", 447),
            ("#767676", "#ffffff", 454), ("#0b5d3b", "#fffdfa", 782), ("#ff0000", "#0000ff", 214),
        ])
    func contrast(text: String, ground: String, hundredths: Int) throws {
        let (text, ground) = (try #require(Color(text)), try #require(Color(ground)))
        #expect(Int(text.contrast(with: ground) * 100) == hundredths)
        #expect(text.contrast(with: ground) == ground.contrast(with: text))
    }

    @Test(
        "A colour is # and six hexadecimal digits",
        arguments: ["#12ab", "123456", "#12345g", "#+12345", "red", ""])
    func noColors(text: String) { #expect(Color(text) == nil) }

    @Test("Every colour that is not given is derived so that text is legible, whatever accent there is")
    func derived() throws {
        for accent in ["#0b5d3b", "#0033aa", "#a3160d", "#5c0099", "#000000", "#7a4b00"] {
            var colors = SiteColors()
            colors.light = .blank
            colors.light?.accent = accent
            #expect(colors.errors(at: "").isEmpty, "\(accent)")
            for scheme in colors.schemes {
                let grounds = [scheme.background, scheme.wash, scheme.fresh]
                for ground in grounds {
                    for color in [scheme.text, scheme.accent, scheme.link, scheme.soft] {
                        #expect(
                            color.isLegible(on: ground), "\(accent) \(scheme.kind): \(color) on \(ground)")
                    }
                }
                #expect(scheme.onAccent.isLegible(on: scheme.accent), "\(accent) \(scheme.kind)")
            }
        }
    }

    @Test("A contrast that is too low is an error at the member that has the colour, with the ratio")
    func tooLow() throws {
        var colors = SiteColors()
        (colors.light, colors.dark) = (.blank, .blank)
        colors.light?.accent = "#ffcc00"
        colors.dark?.background = "#ece8e1"
        let errors = colors.errors(at: "/colors")
        // Text and accent of the dark scheme are not given, so its ground is at fault, for each of them.
        #expect(
            errors.map(\.pointer) == [
                "/colors/light/accent", "/colors/dark/background", "/colors/dark/background",
            ])
        let detail = errors.first?.detail ?? ""
        #expect(
            detail.hasPrefix("has a contrast of 1.48:1 (#ffcc00 on #fffdfa); text needs 4.5:1"), "\(detail)")
    }

    @Test(
        "Language tags are well formed by BCP 47",
        arguments: [
            ("en", true), ("pt-BR", true), ("zh-Hant-TW", true), ("de-1996", true), ("sl-rozaj-biske", true),
            ("es-419", true), ("en-x-private", true), ("de-DE-u-co-phonebk", true), ("zh-yue-HK", true),
            ("", false), ("e", false), ("en_GB", false), ("en-", false), ("-en", false), ("en-u", false),
            ("english language", false), ("x-private", false), ("en-US-GB", false), ("123", false),
        ])
    func languages(text: String, isTag: Bool) { #expect(LanguageTag.isWellFormed(text) == isTag, "\(text)") }

    @Test(
        "Time zones are those of the IANA database, in its spelling",
        arguments: [
            ("Europe/Lisbon", true), ("UTC", true), ("America/Argentina/Buenos_Aires", true),
            ("Etc/GMT+5", true),
            ("Asia/Kathmandu", true), ("europe/lisbon", false), ("Europe/", false), ("Mars/Olympus", false),
            ("+01:00", false), ("", false),
        ])
    func timeZones(text: String, isZone: Bool) { #expect(TimeZoneName.isKnown(text) == isZone, "\(text)") }

    @Test(
        "The origin of a script is what a policy lists",
        arguments: [
            ("https://a.example/x/y.js", "https://a.example"),
            ("https://a.example:8443", "https://a.example:8443"),
            ("https://a.example?x=/", "https://a.example"), ("https://a.example#/", "https://a.example"),
        ])
    func origins(script: String, origin: String) {
        #expect(SiteSlot(name: "", purpose: .analytics, script: script).origin == origin)
    }

    @Test("A logo needs a name, for those who cannot see it")
    func logoNeedsName() {
        var settings = SiteSettings()
        settings.logo = SiteLogo(light: "https://a.example/logo.png")
        #expect(settings.errors().map(\.pointer) == ["/name"])
        settings.name = "The Courier"
        #expect(settings.errors().isEmpty)
    }
}
