// SPDX-License-Identifier: Apache-2.0
/// Decodes pictures and encodes them anew, so that nothing of what was sent is in the files but the pixels: no metadata, no place, no
/// trailing bytes. Each picture is decoded in a process of its own, the worker, which may do nothing but that.
public struct ImageProcessor: Sendable {
    /// A processor. `executable`: the program whose command `process-image` is the worker, `/proc/self/exe` in the server. At most
    /// `concurrency` workers run at a time, before which at most `waiting` pictures stand in line.
    public init(executable: String, concurrency: Int, waiting: Int, limits: ImageLimits = ImageLimits()) {
    }

    /// Processes the picture that is in this range of a file's bytes, whatever the file's name or type is said to be. Writes into the
    /// folder, which must exist: `original`, and for each of ``ProcessedImage/widths`` that is smaller than the picture `<width>.webp` and
    /// `<width>.jpg`. Files are not synced; none is left if an error is thrown. Ends the worker when the task is cancelled.
    ///
    /// Throws `busy` at once if too many pictures wait already.
    public func process(
        _ descriptor: Int32, _ range: Range<Int>, into folder: String
    ) async throws(ImageError) -> ProcessedImage {
        throw .failed("The image worker is not part of this build.")
    }

    /// Starts a worker without a picture: to learn early whether a library is missing.
    public func check() async throws(ImageError) {
        throw .failed("The image worker is not part of this build.")
    }
}
