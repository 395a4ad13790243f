// SPDX-License-Identifier: Apache-2.0
/// The format of a picture.
public enum MediaType: String, Hashable, Sendable, CaseIterable {
    case jpeg = "image/jpeg"
    case png = "image/png"
    case webp = "image/webp"
    case gif = "image/gif"
}

/// One file of a media asset.
public struct MediaVariant: Hashable, Sendable {
    /// The name of the file: ``original``, or the width in pixels and the format, such as `640.webp`.
    public var name: String
    /// Its format.
    public var type: MediaType
    /// Its size in bytes.
    public var bytes: Int
    /// Its SHA-256.
    public var checksum: [UInt8]

    /// The name of the file in full size.
    public static let original = "original"

    /// The format of the smaller files.
    public enum Format: String, Hashable, Sendable, CaseIterable {
        case webp
        case jpg

        /// The media type of these files.
        public var type: MediaType {
            switch self {
            case .webp: .webp
            case .jpg: .jpeg
            }
        }
    }

    /// The name of a smaller file: `640.webp`.
    public static func name(width: Int, _ format: Format) -> String { "\(width).\(format.rawValue)" }

    /// Memberwise.
    public init(name: String, type: MediaType, bytes: Int, checksum: [UInt8]) {
        (self.name, self.type, self.bytes, self.checksum) = (name, type, bytes, checksum)
    }
}

/// A picture that was uploaded to this server. It never changes: other bytes are another asset.
public struct MediaAsset: Hashable, Sendable {
    /// Made of the uploaded bytes (``Identifier/init(digest:)``), so that the same bytes are the same asset.
    public var id: Identifier
    /// The format of the original.
    public var type: MediaType
    /// The size of the original in bytes, as it is stored.
    public var bytes: Int
    /// The width of the original in pixels.
    public var width: Int
    /// The height of the original in pixels.
    public var height: Int
    /// The mean colour as `#rrggbb`, to be shown until the picture is there.
    public var color: String
    /// Whether the original is animated; its smaller files show the first frame.
    public var isAnimated: Bool
    /// The folder that its files lie in, within the storage of media; unique for each upload.
    public var folder: String
    /// Its files, the original among them.
    public var variants: [MediaVariant]
    /// When it was uploaded first.
    public var createdAt: Timestamp

    /// The widths of smaller files in pixels. An asset has those that are smaller than its own width, in each ``MediaVariant/Format``.
    public static let widths = [320, 640, 1_280, 1_920]

    /// The widths of its smaller files in pixels.
    public var widths: [Int] { Self.widths(below: width) }

    /// The widths of the smaller files of an asset that is `width` pixels wide.
    public static func widths(below width: Int) -> [Int] { widths.filter { $0 < width } }

    /// The names of all its files.
    public var variantNames: [String] {
        [MediaVariant.original]
            + widths.flatMap { width in
                MediaVariant.Format.allCases.map { MediaVariant.name(width: width, $0) }
            }
    }

    /// Its address.
    public var reference: MediaReference { MediaReference(id) }

    /// Memberwise.
    public init(
        id: Identifier, type: MediaType, bytes: Int, width: Int, height: Int, color: String,
        isAnimated: Bool = false, folder: String, variants: [MediaVariant], createdAt: Timestamp
    ) {
        (self.id, self.type, self.bytes) = (id, type, bytes)
        (self.width, self.height, self.color, self.isAnimated) = (width, height, color, isAnimated)
        (self.folder, self.variants, self.createdAt) = (folder, variants, createdAt)
    }
}
