// SPDX-License-Identifier: Apache-2.0
public import Stories

extension MediaAsset {
    /// A JPEG with all its files, derived from a number; of another upload with another `folder`.
    public static func make(_ number: UInt64, width: Int = 1_000, folder: String? = nil) -> MediaAsset {
        var asset = MediaAsset(
            id: Identifier(high: 0x8000, low: 1 << 63 | number), type: .jpeg, bytes: 50_000, width: width,
            height: 600, color: "#336699", folder: folder ?? "folder-\(number)", variants: [],
            createdAt: Timestamp(milliseconds: 0))
        asset.variants = asset.variantNames.map { name in
            MediaVariant(
                name: name, type: name.hasSuffix("webp") ? .webp : .jpeg,
                bytes: name == MediaVariant.original ? asset.bytes : 1_000,
                checksum: Array(repeating: UInt8(truncatingIfNeeded: number), count: 32))
        }
        return asset
    }
}

extension Media {
    /// An image that shows this asset.
    public static func image(_ asset: MediaAsset, alt: String? = nil) -> Media {
        Media(type: .image, url: asset.reference.path, alt: alt)
    }
}
