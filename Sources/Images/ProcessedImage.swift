// SPDX-License-Identifier: Apache-2.0
/// What has become of a picture: what it is, and the files that were written.
public struct ProcessedImage: Hashable, Sendable {
    /// The format of the picture, and of the file `original`.
    public var format: ImageFormat
    /// Pixels from left to right, upright: after the orientation in its metadata has been applied.
    public var width: Int
    /// Pixels from top to bottom, upright.
    public var height: Int
    /// Whether `original` has more than one frame. The other files show the first.
    public var isAnimated: Bool
    /// The average colour on white, `#rrggbb` in sRGB.
    public var color: String
    /// `original` first, then for each width, ascending, `<width>.webp` and `<width>.jpg`.
    public var files: [ProcessedFile]

    /// The widths, in pixels, of smaller copies. A picture has those that are smaller than its own.
    public static let widths = [320, 640, 1280, 1920]

    /// A processed image.
    public init(
        format: ImageFormat, width: Int, height: Int, isAnimated: Bool, color: String, files: [ProcessedFile]
    ) {
        (self.format, self.width, self.height) = (format, width, height)
        (self.isAnimated, self.color, self.files) = (isAnimated, color, files)
    }
}

/// A file that was written into the folder.
public struct ProcessedFile: Hashable, Sendable {
    /// `original`, `640.webp`, `640.jpg` …
    public var name: String
    /// Its own format.
    public var format: ImageFormat
    /// Its length.
    public var bytes: Int

    /// A processed file.
    public init(name: String, format: ImageFormat, bytes: Int) {
        (self.name, self.format, self.bytes) = (name, format, bytes)
    }
}
