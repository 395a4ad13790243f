// SPDX-License-Identifier: Apache-2.0
public import Images
public import MediaFiles

/// What decodes pictures and encodes them anew; see ``Images/ImageProcessor``.
public protocol ImageProcessing: Sendable {
    /// Processes the picture in a range of a file's bytes, and writes the files of its variants into a folder.
    func process(
        _ descriptor: Int32, _ range: Range<Int>, into folder: String
    ) async throws(ImageError) -> ProcessedImage
}

extension ImageProcessor: ImageProcessing {}

extension API {
    /// How media assets are kept.
    public struct MediaSettings: Sendable {
        /// Where their files are.
        public var storage: any MediaStorage
        /// The folder in which uploads are received, on a local disk: of one at a time, twice ``maximumBytes`` and what is made of it.
        public var spoolFolder: String
        /// What decodes them.
        public var images: any ImageProcessing
        /// Bytes of an upload (413 beyond).
        public var maximumBytes = defaultMaximumBytes
        /// The default of ``maximumBytes``: what the cameras of phones make, several times over.
        public static let defaultMaximumBytes = 25_000_000
        /// Files that are kept open for readers: those of about ten stories with pictures. Each takes a descriptor.
        public static let openFiles = 256
        /// Called with what fails in the storage or the decoder, for the operator; must not block.
        public var onTrouble: @Sendable (String) -> Void = { _ in }

        /// Settings with defaults for the rest.
        public init(storage: any MediaStorage, spoolFolder: String, images: any ImageProcessing) {
            (self.storage, self.spoolFolder, self.images) = (storage, spoolFolder, images)
        }
    }
}
