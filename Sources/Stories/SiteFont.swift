// SPDX-License-Identifier: Apache-2.0
/// A font that was uploaded for the pages of the site. It never changes: other bytes are another font.
public struct SiteFont: Hashable, Sendable {
    /// Made of the bytes (``Identifier/init(digest:)``), so that the same bytes are the same font.
    public var id: Identifier
    /// What it is called at the desk.
    public var name: String
    /// Its size in bytes.
    public var bytes: Int
    /// Whether it is a variable font, which has all weights.
    public var isVariable: Bool
    /// When it was uploaded.
    public var createdAt: Timestamp

    /// Its address, as settings name it.
    public var path: String { FontReference(id).path }

    /// Memberwise.
    public init(id: Identifier, name: String, bytes: Int, isVariable: Bool, createdAt: Timestamp) {
        (self.id, self.name, self.bytes) = (id, name, bytes)
        (self.isVariable, self.createdAt) = (isVariable, createdAt)
    }

    /// Checks a file and its name; returns whether it is a variable font. Throws `.invalid`.
    public static func check(_ bytes: [UInt8], name: String? = nil) throws(StoryError) -> Bool {
        var validator = Validator()
        if let name { validator.line(name, at: "/name", atMost: Limits.siteNameCharacters) }
        guard validator.errors.isEmpty else { throw .invalid(validator.errors) }
        guard bytes.count <= Limits.fontBytes else {
            let rule = "must be at most \(Limits.fontBytes) bytes long, not \(bytes.count)"
            throw .invalid([ValidationError("", "\(rule): leave out the characters that you do not use")])
        }
        do throws(FontFile.Fault) {
            return try FontFile(bytes).isVariable
        } catch {
            throw .invalid([ValidationError("", "must be a WOFF2 font file, and \(error.text)")])
        }
    }
}

/// The address of a font that was uploaded here: `/fonts/` and the id, and `.woff2`.
public struct FontReference: Hashable, Sendable {
    /// The font's id.
    public let id: Identifier

    /// The reference to a font.
    public init(_ id: Identifier) { self.id = id }

    /// Parses exactly `/fonts/<id>.woff2`; `nil` for anything else.
    public init?(_ path: String) {
        guard path.utf8.starts(with: Self.beginning.utf8) else { return nil }
        self.init(file: String(decoding: path.utf8.dropFirst(Self.beginning.utf8.count), as: UTF8.self))
    }

    /// Parses exactly `<id>.woff2`.
    public init?(file: String) {
        let text = file.utf8.prefix { $0 != UInt8(ascii: ".") }
        guard let id = Identifier(String(decoding: text, as: UTF8.self)),
            (Self.beginning + file).hasSameBytes(as: FontReference(id).path)
        else { return nil }
        self.init(id)
    }

    /// The path.
    public var path: String { "\(Self.beginning)\(id).woff2" }

    private static let beginning = "/fonts/"
}

/// The fonts of a site: each a ``FontReference``, or the name of a ``FontStack``.
public struct SiteFonts: MemberRecord {
    /// Of headlines.
    public var heading: String?
    /// Of texts.
    public var body: String?
    /// Of everything around them.
    public var interface: String?

    /// See ``MemberRecord``.
    public static let members: [Member<SiteFonts>] = [
        Member("heading", \.heading, .text(.font)),
        Member("body", \.body, .text(.font)),
        Member("interface", \.interface, .text(.font)),
    ]

    /// See ``MemberRecord``.
    public static let blank = SiteFonts()

    /// Nothing is set.
    public init() {}

    /// The fonts that were uploaded here, each once, with the members that name them.
    public var references: [(name: String, reference: FontReference)] {
        [("heading", heading), ("body", body), ("interface", interface)].compactMap { name, value in
            value.flatMap { FontReference($0) }.map { (name, $0) }
        }
    }
}

/// Fonts that devices have, by their looks.
public enum FontStack: String, Hashable, Sendable, CaseIterable {
    case serif
    case sans
    case humanist
    case geometric
    case slab
    case mono

    /// The families, as CSS has them.
    public var families: String {
        switch self {
        case .serif: #"Charter,"Bitstream Charter","Sitka Text",Cambria,Georgia,serif"#
        case .sans: #"system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif"#
        case .humanist: #"Seravek,"Gill Sans Nova",Ubuntu,Calibri,"DejaVu Sans",sans-serif"#
        case .geometric: #"Avenir,Montserrat,Corbel,"URW Gothic",source-sans-pro,sans-serif"#
        case .slab: #"Rockwell,"Rockwell Nova","Roboto Slab","DejaVu Serif","Sitka Small",serif"#
        case .mono: #"ui-monospace,"Cascadia Code",Menlo,Consolas,"DejaVu Sans Mono",monospace"#
        }
    }
}

/// How closely pages are set.
public enum SiteDensity: String, Hashable, CaseIterable, MemberConvertible {
    case regular
    case compact
    case spacious
}
