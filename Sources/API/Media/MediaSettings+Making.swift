// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import HTTP
internal import Images
internal import MediaFiles
internal import Stories

extension API.MediaSettings {
    /// Makes the files of an asset under a new folder, durable when it returns. `fill` puts them into the folder at a path, and returns the id of
    /// the asset with what is known of the picture.
    func make(
        at time: Timestamp,
        _ fill: @Sendable (_ path: String) async throws -> (Identifier, ProcessedImage)
    ) async throws -> MediaAsset {
        let folder = hexadecimal(randomBytes(Self.folderBytes))
        return try await storage.write(folder) { path in
            let (id, image) = try await fill(path)
            var variants: [MediaVariant] = []
            for file in image.files {
                let (bytes, checksum) = try await FileDigest.facts(ofFile: "\(path)/\(file.name)")
                variants.append(
                    MediaVariant(
                        name: file.name, type: MediaType(file.format), bytes: bytes, checksum: checksum))
            }
            return MediaAsset(
                id: id, type: MediaType(image.format), bytes: variants[0].bytes, width: image.width,
                height: image.height, color: image.color, isAnimated: image.isAnimated, folder: folder,
                variants: variants, createdAt: time)
        }
    }

    /// Random bytes in the name of a folder.
    static let folderBytes = 16
}

extension MediaType {
    /// The type of a file that was written.
    init(_ format: ImageFormat) {
        switch format {
        case .jpeg: self = .jpeg
        case .png: self = .png
        case .webp: self = .webp
        case .gif: self = .gif
        }
    }
}
