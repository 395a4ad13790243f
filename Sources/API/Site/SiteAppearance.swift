// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import Live
internal import Stories
internal import Synchronization
internal import Web

/// The settings of the site with what pages need of them, made once when they change.
final class SiteAppearance: Sendable {
    let settings: SiteSettings
    let version: Version
    /// The style of pages: the built-in one, and what the settings add. Inline, to save a round trip before the first paint.
    let style: [UInt8]
    /// The inline style as a source expression of a content security policy: its hash.
    let styleSource: String
    /// The style of pages for frames of other sites: that of the widget, in the font of texts.
    let frameStyle: [UInt8]
    /// That style as a source expression, likewise.
    let frameStyleSource: String
    /// The format of readers' pages, with its policy.
    let page: MediaFormat
    /// The format of pages with cards: its policy allows frames of the providers' origins, too.
    let framing: MediaFormat
    /// The fonts that the settings name.
    let fonts: [Identifier: [UInt8]]
    private let widget = Mutex<Asset?>(nil)
    /// The language of pages that belong to no story.
    let language: PageLanguage

    /// Before anything is set.
    static let standard = SiteAppearance(Versioned(.blank, Version(epoch: 0, seq: 0)))

    init(_ site: Versioned<SiteSettings>, fonts: [Identifier: [UInt8]] = [:]) {
        (settings, version, self.fonts) = (site.value, site.version, fonts)
        let catalogue = site.value.language.flatMap(Words.match)
        language = PageLanguage(words: catalogue.map(Words.inCatalogue) ?? .english)
        let variable = fonts.mapValues { (try? SiteFont.check($0)) ?? false }
        let own = SiteStyle(settings: site.value, fonts: variable)
        style = Web.liveStyle + own.bytes
        frameStyle = EmbedPage.style + own.ofFrames
        frameStyleSource = "'sha256-\(base64(sha256(frameStyle)))'"
        styleSource = "'sha256-\(base64(sha256(style)))'"
        let (source, hasFonts) = (styleSource, !fonts.isEmpty)
        let others = Set(site.value.slots.map(\.origin)).sorted()
        func policy(framing origins: [String]) -> String {
            HTMLPage.policy(
                framing: origins, others: others, style: source, hasFonts: hasFonts, forms: "'self'")
        }
        page = .html(policy: policy(framing: []))
        framing = .html(policy: policy(framing: CardProvider.frameOrigins))
    }

    /// The widget in the colours of the site, for pages of other sites; made at the first request. Its accent is that of light ground, as it
    /// does not know on what ground it stands; its font is that of the page around it.
    func embed(_ policy: EmbedPolicy, _ words: Words) -> Asset {
        let plain = LocalizedAsset.embed(policy)
        guard let schemes = settings.colors?.schemes else { return plain.asset(in: words) }
        return widget.withLock { made in
            let asset = made ?? Asset("embed.js", .javaScript, Self.colored(plain.script(in: words), schemes))
            made = asset
            return asset
        }
    }

    private static func colored(_ script: [UInt8], _ schemes: [SiteScheme]) -> [UInt8] {
        let accents = schemes.map(\.accent.description)
        let marks = [
            (Web.embedAccents, "light-dark(\(accents.joined(separator: ", ")))"),
            (Web.embedAccent, "--wireroom-accent, \(accents[0])"),
            (Web.embedOnAccent, "--wireroom-on-accent, \(schemes[0].onAccent)"),
        ]
        return marks.reduce(script) { LocalizedAsset.replacing($1.0, with: Array($1.1.utf8), in: $0) }
    }
}
