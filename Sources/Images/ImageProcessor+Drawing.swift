// SPDX-License-Identifier: Apache-2.0
internal import CImages
internal import Glibc

extension ImageLimits {
    /// Bounds of a picture that is drawn, and of the logo on it.
    public static let drawing = ImageLimits(
        pixels: 4_000_000, side: 8_000, frames: 1, animationPixels: 4_000_000, bytes: 4 << 20,
        fileBytes: 1 << 20, memory: 256 << 20, seconds: 10)
}

extension ImageProcessor {
    /// Draws a picture. `logo` is the file of a picture in one of the formats that are read; `nil`: there is none. One that cannot be
    /// decoded is left out.
    ///
    /// Throws as ``process(_:_:into:)`` does.
    public func draw(_ picture: SocialPicture, logo: Int32?) async throws(ImageError) -> DrawnPicture {
        try await run { cancellation throws(ImageError) in
            let input = try MemoryFile()
            let output = try MemoryFile()
            let none = try MemoryFile()
            let bytes = picture.bytes
            try input.write(bytes)
            let worker = try WorkerProcess(
                executable, WorkerRequest(0..<bytes.count, limits), command: DrawingWorker.command,
                input: input.descriptor, outputs: [output.descriptor, logo ?? none.descriptor])
            switch try worker.finish(cancellation) {
            case .drawn(let missing):
                return DrawnPicture(bytes: try output.read(atMost: limits.fileBytes), missing: missing)
            case .error(let error): throw error
            case .ready, .image: throw .failed("the image worker gave the wrong reply")
            }
        }
    }

    /// Starts a worker without a picture, to learn early whether there are libraries and fonts to draw with. Throws `failed` if not.
    public func checkDrawing() async throws(ImageError) { try await check(DrawingWorker.command) }
}

/// A file without a name, in memory.
private struct MemoryFile: ~Copyable {
    let descriptor: Int32

    init() throws(ImageError) {
        descriptor = cimages_create_in_memory()
        guard descriptor >= 0 else { throw .storage(errno) }
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8]) throws(ImageError) {
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw .storage(errno) }
    }

    func read(atMost limit: Int) throws(ImageError) -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .storage(errno) }
        guard (1...limit).contains(Int(status.st_size)) else {
            throw .failed("the image worker has drawn \(status.st_size) bytes")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        guard pread(descriptor, &bytes, bytes.count, 0) == bytes.count else { throw .storage(errno) }
        return bytes
    }
}
