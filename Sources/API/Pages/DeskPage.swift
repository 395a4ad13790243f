// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import JSON
internal import Live
internal import Stories
internal import Synchronization
internal import Web

/// The desk page, identical for all editors: its script reads content with the editor's key.
enum DeskPage {
    private static let made = Mutex<[String: Asset]>([:])  // ascii: languages of ours

    /// Returns the page, whose script falls back to the language of these words, that of the site. Made at the first request, as all assets
    /// are: packing scripts would take two fifths of the time to the first answer.
    static func asset(in siteWords: Words) -> Asset {
        let words = siteWords.ofDesk
        return made.withLock { made in
            let asset = made[words.language] ?? Asset("desk.html", format, page(in: words))
            made[words.language] = asset
            return asset
        }
    }

    /// No page may frame it. Script and style are separate files, but for the inline script that chooses the language, which is allowed by
    /// its hash. The page frames sandboxed previews: from `blob:` URLs, which inherit its policy and get their style by its script, and of
    /// what other sites embed. It shows pictures from `blob:` URLs before they are uploaded.
    private static let format = MediaFormat.html(
        policy: """
            default-src 'none'; script-src 'self' 'sha256-\(base64(sha256(Web.deskStart)))'; style-src 'self'; \
            font-src 'self'; frame-src 'self' blob:; img-src blob: http: https:; media-src http: https:; connect-src 'self'; \
            base-uri 'none'; form-action 'none'; frame-ancestors 'none'
            """)

    private static func page(in words: Words) -> [UInt8] {
        let direction = TextDirection(ofLanguage: words.language).rawValue
        let replacements: [(String, [UInt8])] = [
            (Web.DeskMark.language, Array("lang=\"\(words.language)\" dir=\"\(direction)\"".utf8)),
            (Web.DeskMark.scripts, scripts),
            (Web.DeskMark.needsScript, Array(words("needsScript").utf8)),
            (Web.DeskMark.start, Array("<script>".utf8) + Web.deskStart + Array("</script>".utf8)),
        ]
        let files = [Assets.own.deskStyle, Assets.own.icon].map {
            ("\"/assets/\($0.name)\"", Array("\"\($0.path)\"".utf8))
        }
        return (replacements + files).reduce(Web.deskPage) {
            LocalizedAsset.replacing($1.0, with: $1.1, in: $0)
        }
    }

    /// The paths of the script by language, as JSON in an attribute.
    private static let scripts: [UInt8] = {
        var writer = JSONWriter(capacity: 2 * 1_024)
        writer.object { writer in
            for language in Web.languages {
                writer.member(named: language, LocalizedAsset.deskPath(in: .inCatalogue(language)))
            }
        }
        let quote = UInt8(ascii: "\"")
        return writer.bytes.flatMap { $0 == quote ? Array("&quot;".utf8) : [$0] }
    }()
}
