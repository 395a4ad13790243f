// SPDX-License-Identifier: Apache-2.0
/// The address of a media asset of this server, as editors write it: `/media/` and the id, in lower case.
public struct MediaReference: Hashable, Sendable {
    /// The asset's id.
    public let id: Identifier

    private static let beginning: StaticString = "/media/"

    /// The reference to an asset.
    public init(_ id: Identifier) { self.id = id }

    /// Parses exactly `/media/<id>`; `nil` for anything else.
    public init?(_ url: String) {
        guard url.utf8.first == UInt8(ascii: "/"), let id = Self.identifiers(in: url).first,
            url.hasSameBytes(as: MediaReference(id).path)
        else { return nil }
        self.init(id)
    }

    /// The path of the original: `/media/<id>`.
    public var path: String { "\(Self.beginning)\(id)" }

    /// The path of the asset as JSON.
    public var metadataPath: String { path + "/metadata" }

    /// The path of a smaller file: `/media/<id>/640.webp`.
    public func path(width: Int, _ format: MediaVariant.Format) -> String {
        "\(path)/\(MediaVariant.name(width: width, format))"
    }

    /// The path of a file.
    public func path(of variant: MediaVariant) -> String {
        variant.name.hasSameBytes(as: MediaVariant.original) ? path : "\(path)/\(variant.name)"
    }

    /// The value of `srcset` (HTML, image candidate strings with width descriptors) for a picture `width` pixels wide: its smaller files of
    /// a format, smallest first, and the original if it is no wider than the widest of them may be. Paths begin with `origin`.
    public func sourceSet(_ format: MediaVariant.Format, width: Int, origin: String = "") -> String {
        let widths = MediaAsset.widths(below: width)
        var candidates = widths.map { "\(origin)\(path(width: $0, format)) \($0)w" }
        if widths.count < MediaAsset.widths.count { candidates.append("\(origin)\(path) \(width)w") }
        return candidates.joined(separator: ", ")
    }
}

extension MediaReference {
    /// The ids of all assets that a text refers to, such as the body of an update: each `/media/` that an id follows, whatever its case.
    /// In the order of the text, repeated if they are.
    ///
    /// Each post is searched, and few have any. A byte that no reference has rules out all that would contain it, so that of ordinary text
    /// about every thirtieth byte is looked at, and none twice.
    public static func identifiers(in text: String) -> [Identifier] {
        var text = text
        return text.withUTF8 { bytes in
            var (found, offset, checked) = ([Identifier](), 0, 0)
            let length = beginning.utf8CodeUnitCount + Identifier.textBytes
            while offset + length <= bytes.count {
                let end = offset + length
                if let other = (max(offset, checked)..<end).last(where: { !isPart(bytes[$0]) }) {
                    offset = other + 1
                } else if let id = identifier(in: bytes, at: offset) {
                    found.append(id)
                    offset += length
                } else {
                    offset += 1
                }
                checked = end
            }
            return found
        }
    }

    /// Whether a reference can have this byte: of `/media/`, a hexadecimal digit, or a hyphen.
    private static func isPart(_ byte: UInt8) -> Bool {
        byte < 128 && (byte < 64 ? lowParts : highParts) >> UInt64(byte & 63) & 1 == 1
    }

    private static let lowParts = bits(of: "-/0123456789")
    private static let highParts = bits(of: "mediabcdefABCDEF")

    private static func bits(of text: StaticString) -> UInt64 {
        text.withUTF8Buffer { $0.reduce(0) { $0 | 1 << UInt64($1 & 63) } }
    }

    /// The id in a reference that begins at an offset; there are as many bytes as a reference has.
    private static func identifier(in bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Identifier? {
        let start = offset + beginning.utf8CodeUnitCount
        let isBegun = beginning.withUTF8Buffer { $0.elementsEqual(bytes[offset..<start]) }
        guard isBegun else { return nil }
        return Identifier(String(decoding: bytes[start..<start + Identifier.textBytes], as: UTF8.self))
    }
}

extension MediaAsset {
    /// All public paths that show something of the asset: the original, its smaller files, and its description.
    public var paths: [String] {
        [reference.path, reference.metadataPath]
            + widths.flatMap { width in
                MediaVariant.Format.allCases.map { reference.path(width: width, $0) }
            }
    }
}
