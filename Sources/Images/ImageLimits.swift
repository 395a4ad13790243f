// SPDX-License-Identifier: Apache-2.0
/// Bounds of one picture. Its dimensions are compared with them by its header, before anything is decoded.
public struct ImageLimits: Hashable, Sendable {
    /// Pixels of a picture, or of the canvas of an animation.
    public var pixels: Int
    /// Pixels of the longer side; 16,383 is the most that WebP can hold.
    public var side: Int
    /// Frames of an animation.
    public var frames: Int
    /// Pixels of all frames of an animation together.
    public var animationPixels: Int
    /// Bytes of the picture as it is sent.
    public var bytes: Int
    /// Bytes of one file that is written.
    public var fileBytes: Int
    /// Bytes that the worker may allocate.
    public var memory: Int
    /// Seconds that the worker may take, of the processor and by the clock.
    public var seconds: Int

    /// Limits; by default what fits the photographs of present cameras and phones.
    public init(
        pixels: Int = 60_000_000, side: Int = 16_383, frames: Int = 1_000, animationPixels: Int = 250_000_000,
        bytes: Int = 64 << 20, fileBytes: Int = 256 << 20, memory: Int = 1 << 30, seconds: Int = 30
    ) {
        (self.pixels, self.side, self.frames, self.animationPixels) = (pixels, side, frames, animationPixels)
        (self.bytes, self.fileBytes, self.memory, self.seconds) = (bytes, fileBytes, memory, seconds)
    }
}
