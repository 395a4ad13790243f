// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import Glibc
internal import HTTP
internal import Images
internal import MediaFiles
public import Stories

extension API {
    /// Makes media assets of pictures that other sites show of themselves. Of a large picture only a copy is kept, at most
    /// ``mostWidth`` pixels wide, and of one that moves its first frame.
    public struct Thumbnails: Sendable {
        private let settings: MediaSettings
        private let now: @Sendable () -> Timestamp

        /// The width in pixels of the largest file that is kept.
        static let mostWidth = 640
        /// A picture with a shorter side is none that shows anything, such as a pixel that counts visitors.
        static let leastSide = 48

        /// Thumbnails among these media assets.
        public init(_ settings: MediaSettings, now: @escaping @Sendable () -> Timestamp) {
            (self.settings, self.now) = (settings, now)
        }

        /// Makes a media asset of the bytes of a picture; its files are durable then. `nil` if they are none that can be shown. If its row is
        /// not added, the caller discards it. What concerns the operator is reported.
        public func makeThumbnail(of picture: [UInt8]) async -> MediaAsset? {
            do {
                let body = try await BlockingWork.run {
                    [folder = settings.spoolFolder] () throws(FileError) in
                    try SpooledBody(picture, folder: folder)
                }
                return try await settings.make(at: now()) { path in
                    try await fill(path, with: body)
                }
            } catch let error as FileError {
                settings.onTrouble("the files of a thumbnail cannot be written: \(error)")
            } catch ImageError.storage(let code) {
                settings.onTrouble(
                    "the files of a thumbnail cannot be written: \(FileError(call: "write", code: code))")
            } catch ImageError.failed(let why) {
                settings.onTrouble("thumbnails cannot be made: \(why)")
            } catch {
                // It is no picture, or the decoder has enough to do: the card is one of texts.
            }
            return nil
        }

        /// Removes the files of an asset that was not added. If that fails, the sweep finds them.
        public func discardThumbnail(_ asset: MediaAsset) async {
            do throws(FileError) {
                try await settings.storage.remove(asset.folder)
            } catch {
                settings.onTrouble("the files of a thumbnail cannot be removed: \(error)")
            }
        }

        /// Puts the files of the thumbnail into a folder.
        private func fill(
            _ path: String, with body: SpooledBody
        ) async throws -> (Identifier, ProcessedImage) {
            let image = try await settings.images.process(body.descriptor, 0..<body.size, into: path)
            guard min(image.width, image.height) >= Self.leastSide else {
                throw ImageError.unsupported("The picture is too small.")
            }
            guard let name = try image.nameOfSmaller else {
                return (try await id(of: body.descriptor, body.size), image)
            }
            // Held open, so that its name can be removed with those of the other files.
            let smaller = try FileBody(path: "\(path)/\(name)")
            defer { withExtendedLifetime(smaller) {} }
            for file in image.files {
                guard unlink("\(path)/\(file.name)") == 0 else {
                    throw FileError(call: "unlink", code: errno)
                }
            }
            let copy = try await settings.images.process(
                smaller.descriptor, 0..<smaller.size, into: path)
            return (try await id(of: smaller.descriptor, smaller.size), copy)
        }

        private func id(of descriptor: Int32, _ size: Int) async throws -> Identifier {
            let digest = try await FileDigest.sha256(of: descriptor, 0..<size)
            guard let id = Identifier(digest: digest) else { preconditionFailure("a SHA-256 has 32 bytes") }
            return id
        }
    }
}

extension ProcessedImage {
    /// The file of which the thumbnail is made in place of the picture; `nil` for the picture itself.
    fileprivate var nameOfSmaller: String? {
        get throws(ImageError) {
            let most = API.Thumbnails.mostWidth
            if width > most { return MediaVariant.name(width: most, .jpg) }
            guard isAnimated else { return nil }
            guard let widest = MediaAsset.widths(below: width).last else {
                throw .unsupported("The picture is animated, and has no smaller file.")
            }
            return MediaVariant.name(width: widest, .jpg)
        }
    }
}
