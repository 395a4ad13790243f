// SPDX-License-Identifier: Apache-2.0
/// What a house sets of its site: its name, its look, and what stands around every page. All of it is public.
public struct SiteSettings: MemberRecord {
    /// The name of the publication.
    public var name: String?
    /// The logo, shown instead of the name.
    public var logo: SiteLogo?
    /// The picture of tabs, bookmarks and feed readers.
    public var icon: SiteIcon?
    /// The picture of link previews of pages that have none of their own.
    public var defaultImage: StoryImage?
    /// The colours; those that are not given are derived from the others, or the built-in ones.
    public var colors: SiteColors?
    /// The fonts; those that are not given are the built-in ones.
    public var fonts: SiteFonts?
    /// The radius of the corners of boxes, pictures and buttons, in pixels; `nil`: boxes have corners, and buttons are round.
    public var radius: Int?
    /// How closely pages are set.
    public var density: SiteDensity?
    /// The links at the head of every page.
    public var navigation: [SiteLink]
    /// The links at the foot of every page: imprint, privacy, terms.
    public var footer: [SiteLink]
    /// A line at the foot of every page: who is responsible.
    public var imprint: String?
    /// The site's own style, after the built-in one and the other settings.
    public var css: String?
    /// Scripts of third parties, of which nothing is loaded before a reader consents.
    public var slots: [SiteSlot]
    /// The language of the site's own words, by BCP 47.
    public var language: String?
    /// The time zone of times, by its name in the IANA time zone database.
    public var timeZone: String?

    /// See ``MemberRecord``.
    public static let members: [Member<SiteSettings>] = [
        Member("name", \.name, .line(atMost: Limits.siteNameCharacters)),
        Member("logo", \.logo, .object(of: SiteLogo.self)),
        Member("icon", \.icon, .object(of: SiteIcon.self)),
        Member("defaultImage", \.defaultImage, .object(of: StoryImage.self)),
        Member("colors", \.colors, .object(of: SiteColors.self)),
        Member("fonts", \.fonts, .object(of: SiteFonts.self)),
        Member("radius", \.radius, .integer(Limits.radiusPixels, unit: "pixels")),
        Member("density", \.density, .choice(of: SiteDensity.self)),
        Member("navigation", \.navigation, .list(.object(of: SiteLink.self), atMost: Limits.siteLinks)),
        Member("footer", \.footer, .list(.object(of: SiteLink.self), atMost: Limits.siteLinks)),
        Member("imprint", \.imprint, .line(atMost: Limits.imprintCharacters)),
        Member("css", \.css, .text(.css)),
        Member("slots", \.slots, .list(.object(of: SiteSlot.self), atMost: Limits.siteSlots)),
        Member("language", \.language, .text(.language)),
        Member("timeZone", \.timeZone, .text(.timeZone)),
    ]

    /// See ``MemberRecord``.
    public static let blank = SiteSettings()

    /// The settings of a site of which nothing is set.
    public init() { (navigation, footer, slots) = ([], [], []) }

    /// Returns the rules that members break together; pointers are below `base`.
    public func errors(at base: String = "") -> [ValidationError] {
        var validator = Validator()
        validator.require(
            logo == nil || name != nil, at: base + "/name",
            "is required with a logo, for those who cannot see it")
        return validator.errors + (colors ?? .blank).errors(at: base + "/colors")
    }
}

/// The logo of a site.
public struct SiteLogo: MemberRecord {
    /// The picture on light ground: an absolute https URL, or a ``MediaReference``.
    public var light: String
    /// The picture on dark ground; `nil`: the same.
    public var dark: String?
    /// The width in pixels; of an asset of this server, set by the server.
    public var width: Int?
    /// The height in pixels; of an asset of this server, set by the server.
    public var height: Int?

    /// See ``MemberRecord``.
    public static let members: [Member<SiteLogo>] = [
        Member("light", \.light, .text(.sitePicture)),
        Member("dark", \.dark, .text(.sitePicture)),
        Member("width", \.width, .pixels),
        Member("height", \.height, .pixels),
    ]

    /// See ``MemberRecord``.
    public static let blank = SiteLogo(light: "")

    /// Memberwise.
    public init(light: String, dark: String? = nil, width: Int? = nil, height: Int? = nil) {
        (self.light, self.dark, self.width, self.height) = (light, dark, width, height)
    }
}

/// The icon of a site.
public struct SiteIcon: MemberRecord {
    /// An absolute https URL, or a ``MediaReference``.
    public var url: String
    /// The width in pixels of an asset of this server, set by the server.
    public var width: Int?

    /// See ``MemberRecord``.
    public static let members: [Member<SiteIcon>] = [
        Member("url", \.url, .text(.sitePicture)),
        Member("width", \.width, .pixels, isReadOnly: true),
    ]

    /// See ``MemberRecord``.
    public static let blank = SiteIcon(url: "")

    /// Memberwise.
    public init(url: String) { self.url = url }
}

/// A link of the navigation or of the footer.
public struct SiteLink: MemberRecord {
    /// The words.
    public var label: String
    /// An absolute http or https URL, or a path of this site.
    public var url: String

    /// See ``MemberRecord``.
    public static let members: [Member<SiteLink>] = [
        Member("label", \.label, .line(atMost: Limits.siteLabelCharacters)),
        Member("url", \.url, .text(.address)),
    ]

    /// See ``MemberRecord``.
    public static let blank = SiteLink(label: "", url: "")

    /// Memberwise.
    public init(label: String, url: String) { (self.label, self.url) = (label, url) }
}

/// A script of a third party, for a purpose that readers are told.
public struct SiteSlot: MemberRecord {
    /// Whose it is.
    public var name: String
    /// What it is for.
    public var purpose: SitePurpose
    /// Its address: an absolute https URL.
    public var script: String

    /// See ``MemberRecord``.
    public static let members: [Member<SiteSlot>] = [
        Member("name", \.name, .line(atMost: Limits.siteLabelCharacters)),
        Member("purpose", \.purpose, .choice(of: SitePurpose.self)),
        Member("script", \.script, .text(.script)),
    ]

    /// See ``MemberRecord``.
    public static let blank = SiteSlot(name: "", purpose: .analytics, script: "")

    /// Memberwise.
    public init(name: String, purpose: SitePurpose, script: String) {
        (self.name, self.purpose, self.script) = (name, purpose, script)
    }

    /// The origin of its address: `https://stats.example`.
    public var origin: String {
        let slashes = script.utf8.indices.filter { script.utf8[$0] == UInt8(ascii: "/") }
        let end = script.utf8[(slashes.dropFirst().first ?? script.startIndex)...].dropFirst()
            .firstIndex { [UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#")].contains($0) }
        return String(script[..<(end ?? script.endIndex)])
    }
}

/// What a script of a third party is for.
public enum SitePurpose: String, Hashable, CaseIterable, MemberConvertible {
    /// It measures how pages are read.
    case analytics
    /// It shows advertising.
    case advertising
}

/// A former or present state of the settings.
public struct SiteRevision: Hashable, Sendable {
    /// Its number, from 1; that of the present state is the sequence number of its version.
    public var number: Int64
    /// When it was saved.
    public var at: Timestamp
    /// Who has saved it.
    public var actor: Principal
    /// The settings.
    public var settings: SiteSettings

    /// Memberwise.
    public init(number: Int64, at: Timestamp, actor: Principal, settings: SiteSettings) {
        (self.number, self.at, self.actor, self.settings) = (number, at, actor, settings)
    }
}

// MARK: Pictures

extension SiteSettings {
    /// The ids of the media assets that they use.
    public var assets: Set<Identifier> {
        let addresses = [logo?.light, logo?.dark, icon?.url, defaultImage?.url].compactMap(\.self)
        return Set(addresses.compactMap { MediaReference($0)?.id })
    }

    /// Sets the sizes of pictures that are assets of this server. Returns an error for each that does not exist.
    public mutating func describePictures(_ asset: MediaLookup) throws(StoryError) -> [ValidationError] {
        var errors: [ValidationError] = []
        if let found = try Self.find(logo?.light, at: "/logo/light", &errors, asset) {
            logo?.width = found.width
            logo?.height = found.height
        }
        _ = try Self.find(logo?.dark, at: "/logo/dark", &errors, asset)
        let iconWidth = try Self.find(icon?.url, at: "/icon/url", &errors, asset)?.width
        icon?.width = iconWidth
        guard var image = defaultImage else { return errors }
        if try !image.describe(asset) { errors.append(ValidationError("/defaultImage/url", missingAsset)) }
        defaultImage = image
        return errors
    }

    /// Returns an error for each font that does not exist.
    public func fontErrors(
        isThere: (Identifier) throws(StoryError) -> Bool
    ) throws(StoryError) -> [ValidationError] {
        var errors: [ValidationError] = []
        for (name, reference) in fonts?.references ?? [] where try !isThere(reference.id) {
            errors.append(ValidationError("/fonts/\(name)", "does not name a font that was uploaded here"))
        }
        return errors
    }

    private static func find(
        _ address: String?, at pointer: String, _ errors: inout [ValidationError], _ asset: MediaLookup
    ) throws(StoryError) -> MediaAsset? {
        guard let reference = address.flatMap({ MediaReference($0) }) else { return nil }
        if let found = try asset(reference.id) { return found }
        errors.append(ValidationError(pointer, missingAsset))
        return nil
    }
}
