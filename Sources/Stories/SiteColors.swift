// SPDX-License-Identifier: Apache-2.0
/// The colours of a site, for browsers that are set to light and to dark.
public struct SiteColors: MemberRecord {
    /// On light ground.
    public var light: SitePalette?
    /// On dark ground.
    public var dark: SitePalette?

    /// See ``MemberRecord``.
    public static let members: [Member<SiteColors>] = [
        Member("light", \.light, .object(of: SitePalette.self)),
        Member("dark", \.dark, .object(of: SitePalette.self)),
    ]

    /// See ``MemberRecord``.
    public static let blank = SiteColors()

    /// Nothing is set.
    public init() {}

    /// The palettes with every colour.
    public var schemes: [SiteScheme] {
        let light = SiteScheme(.light, self.light ?? .blank)
        return [light, SiteScheme(.dark, dark ?? .blank, accentElsewhere: self.light?.accent)]
    }

    /// Returns the contrasts that are too low for text.
    func errors(at base: String) -> [ValidationError] {
        let given: [(SiteScheme.Kind, SitePalette?)] = [(.light, light), (.dark, dark)]
        // Of malformed colours other errors are reported.
        guard given.allSatisfy({ $0.1?.isWellFormed ?? true }) else { return [] }
        return zip(given, schemes).flatMap { given, scheme in
            scheme.contrasts.filter { $0.ratio < Color.leastContrast }.compactMap { pair in
                let isOwn = given.1?.value(of: pair.name) != nil
                // A link that is not given is as the accent or the text, of which the error is.
                guard isOwn || !pair.name.hasSameBytes(as: "link") else { return nil }
                let place = "\(base)/\(given.0.rawValue)/\(isOwn ? pair.name : "background")"
                return ValidationError(place, pair.fault)
            }
        }
    }
}

/// The colours of one scheme, each `#rrggbb`.
public struct SitePalette: MemberRecord {
    /// Marks, buttons, key events.
    public var accent: String?
    /// The ground.
    public var background: String?
    /// Text.
    public var text: String?
    /// Links in text; by default as the accent.
    public var link: String?

    /// See ``MemberRecord``.
    public static let members: [Member<SitePalette>] = [
        Member("accent", \.accent, .text(.color)),
        Member("background", \.background, .text(.color)),
        Member("text", \.text, .text(.color)),
        Member("link", \.link, .text(.color)),
    ]

    /// See ``MemberRecord``.
    public static let blank = SitePalette()

    /// Nothing is set.
    public init() {}

    fileprivate func value(of name: String) -> String? {
        let member = Self.members.first { $0.field.name.hasSameBytes(as: name) }
        return member.flatMap { String(memberValue: $0.value(of: self)) }
    }

    fileprivate var isWellFormed: Bool {
        [accent, background, text, link].allSatisfy { $0.map { Color($0) != nil } ?? true }
    }
}

/// All colours of a scheme: those that are set, and the others derived from them so that text is legible.
public struct SiteScheme: Hashable, Sendable {
    /// Light or dark.
    public enum Kind: String, Sendable {
        case light
        case dark
    }

    /// Light or dark.
    public let kind: Kind
    /// Marks, buttons, key events.
    public let accent: Color
    /// The ground.
    public let background: Color
    /// Text.
    public let text: Color
    /// Links in text.
    public let link: Color

    /// The scheme of a palette. `accentElsewhere`: the accent of the other one, from which a missing accent is derived.
    init(_ kind: Kind, _ palette: SitePalette, accentElsewhere: String? = nil) {
        func color(_ text: String?) -> Color? { text.flatMap { Color($0) } }
        let isLight = kind == .light
        let background = color(palette.background) ?? (isLight ? Color(0xFFFDFA) : Color(0x161514))
        self.kind = kind
        self.background = background
        text = color(palette.text) ?? (isLight ? Color(0x1C1B19) : Color(0xECE8E1))
        let derived = color(accentElsewhere)?.legible(on: background, towards: isLight ? .black : .white)
        let accent = color(palette.accent) ?? derived
        self.accent = accent ?? (isLight ? Color(0xA3160D) : Color(0xFF8B7E))
        let usual = isLight ? Color(0x1F4E79) : Color(0x9CC6F0)
        link = color(palette.link) ?? accent ?? (usual.isLegible(on: background) ? usual : text)
    }

    /// What has to be legible on the ground, and its contrast.
    public var contrasts: [SiteContrast] {
        [("text", text), ("accent", accent), ("link", link)].map {
            SiteContrast(name: $0.0, color: $0.1, background: background)
        }
    }

    // MARK: Derived colours

    /// Text on the accent.
    public var onAccent: Color {
        let own = [background, Color.white, .black].first { $0.isLegible(on: accent) }
        return own
            ?? (Color.white.contrast(with: accent) > Color.black.contrast(with: accent) ? .white : .black)
    }

    /// The ground of boxes: as much of the text's colour as leaves text, accent and links legible.
    public var wash: Color {
        let grounds = stride(from: 5, to: 0, by: -1).lazy.map { background.mixed(with: text, $0) }
        return grounds.first { text.isLegible(on: $0) && accent.isLegible(on: $0) && link.isLegible(on: $0) }
            ?? background
    }

    /// Text of less weight: as much of the ground's colour as leaves it legible, also in boxes.
    public var soft: Color {
        let wash = wash
        let colors = stride(from: 35, to: 0, by: -1).lazy.map { text.mixed(with: background, $0) }
        return colors.first { $0.isLegible(on: background, wash) } ?? text
    }

    /// Lines.
    public var line: Color { background.mixed(with: text, 16) }

    /// The ground of what has just come.
    public var fresh: Color {
        let soft = soft
        let grounds = stride(from: 14, to: 0, by: -1).lazy.map { background.mixed(with: accent, $0) }
        return grounds.first { ground in [text, accent, link, soft].allSatisfy { $0.isLegible(on: ground) } }
            ?? wash
    }
}

/// The contrast of a colour with the ground.
public struct SiteContrast: Hashable, Sendable {
    /// The member that has the colour.
    public let name: String
    /// The colour.
    public let color: Color
    /// The ground.
    public let background: Color

    /// By WCAG 2.2, from 1 to 21.
    public var ratio: Double { color.contrast(with: background) }

    /// The ratio in hundredths, rounded down, so that it never seems to be enough.
    public var hundredths: Int { Int(ratio * 100) }

    fileprivate var fault: String {
        let digits = String(hundredths % 100)
        let ratio = "\(hundredths / 100).\(digits.utf8.count < 2 ? "0" : "")\(digits)"
        return "has a contrast of \(ratio):1 (\(color) on \(background)); text needs 4.5:1 (WCAG 2.2 AA)"
    }
}

extension Color {
    /// The colour, changed towards another as far as text in it has to be.
    fileprivate func legible(on ground: Color, towards other: Color) -> Color {
        let steps = stride(from: 0, through: 100, by: 5).lazy.map { mixed(with: other, $0) }
        return steps.first { $0.isLegible(on: ground) } ?? other
    }
}
