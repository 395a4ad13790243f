// SPDX-License-Identifier: Apache-2.0
internal import Stories
internal import Web

/// The style that the settings of the site add to that of pages: values of its custom properties, fonts, and the site's own rules.
struct SiteStyle {
    let settings: SiteSettings
    /// The fonts that the settings name; whether each is variable.
    let fonts: [Identifier: Bool]

    var bytes: [UInt8] {
        let rules = fontFaces + schemes + shapes + [settings.css ?? ""]
        return (settings.surroundsPages ? Web.siteStyle : [])
            + Self.withLineFeeds(rules.filter { !$0.isEmpty }.map { $0 + "\n" }.joined())
    }

    /// What is added to the style of pages for frames of other sites: the font of texts, if one was uploaded.
    var ofFrames: [UInt8] {
        guard let font = settings.fonts?.body, let reference = FontReference(font) else { return [] }
        return Array((fontFace(reference) + "html{font-family:\(Self.families(font, orElse: .serif))}").utf8)
    }

    /// Returns text with LF for each CR LF and CR, as parsers of HTML read it (HTML Living Standard, "Preprocessing the input stream"): the
    /// hash that allows the style is that of what they have read.
    private static func withLineFeeds(_ text: String) -> [UInt8] {
        let (carriageReturn, lineFeed) = (UInt8(ascii: "\r"), UInt8(ascii: "\n"))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var former: UInt8?
        for byte in text.utf8 {
            if byte == carriageReturn {
                bytes.append(lineFeed)
            } else if byte != lineFeed || former != carriageReturn {
                bytes.append(byte)
            }
            former = byte
        }
        return bytes
    }

    private var schemes: [String] {
        (settings.colors?.schemes ?? []).map { scheme in
            let rule = ":root{\(Self.properties(of: scheme))}"
            return scheme.kind == .dark ? "@media (prefers-color-scheme:dark){\(rule)}" : rule
        }
    }

    private static func properties(of scheme: SiteScheme) -> String {
        let values: [(String, Color)] = [
            ("paper", scheme.background), ("ink", scheme.text), ("soft", scheme.soft), ("line", scheme.line),
            ("wash", scheme.wash), ("accent", scheme.accent), ("on-accent", scheme.onAccent),
            ("link", scheme.link), ("fresh", scheme.fresh),
        ]
        return values.map { "--\($0):\($1)" }.joined(separator: ";")
    }

    // MARK: Fonts

    /// One that is not there yet when the page is painted is left for the next page, so that no text moves.
    private var fontFaces: [String] {
        Set((settings.fonts?.references ?? []).map(\.reference)).sorted { $0.path < $1.path }.map(fontFace)
    }

    private func fontFace(_ font: FontReference) -> String {
        let weights = fonts[font.id] == true ? "font-weight:100 900;" : ""
        return
            "@font-face{font-family:\"\(font.id)\";src:url(\"\(font.path)\") format(\"woff2\");\(weights)font-display:optional}"
    }

    /// The families of a slot; an uploaded font before those of devices.
    private static func families(_ font: String, orElse stack: FontStack) -> String {
        guard let reference = FontReference(font) else {
            return (FontStack(exactly: font) ?? stack).families
        }
        return "\"\(reference.id)\",\(stack.families)"
    }

    // MARK: Shapes

    private var shapes: [String] {
        let fonts = settings.fonts
        let values: [(String, String?)] = [
            ("serif", fonts?.body.map { Self.families($0, orElse: .serif) }),
            ("sans", fonts?.interface.map { Self.families($0, orElse: .sans) }),
            ("head", fonts?.heading.map { Self.families($0, orElse: .serif) }),
            ("radius", settings.radius.map { "\($0)px" }), ("round", settings.radius.map { "\($0)px" }),
            ("space", settings.density?.factor),
        ]
        let given = values.compactMap { name, value in value.map { "--\(name):\($0)" } }
        return given.isEmpty ? [] : [":root{\(given.joined(separator: ";"))}"]
    }
}

extension SiteSettings {
    /// Whether pages have a head or a foot of the site.
    fileprivate var surroundsPages: Bool {
        name != nil || imprint != nil || !navigation.isEmpty || !footer.isEmpty
    }
}

extension SiteDensity {
    /// What the space around updates is multiplied by; `nil`: it is as built in.
    fileprivate var factor: String? {
        switch self {
        case .regular: nil
        case .compact: ".6"
        case .spacious: "1.5"
        }
    }
}
