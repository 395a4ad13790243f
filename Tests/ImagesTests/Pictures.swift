// SPDX-License-Identifier: Apache-2.0
import CImages
import Foundation
import Images
import Support
import Testing

/// The pictures in `Samples/pictures`, which `make.py` there makes.
enum Picture {
    private static let folder = URL(filePath: #filePath).appending(path: "../../../Samples/pictures")
        .standardized

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    /// The names of all of them.
    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            !$0.hasSuffix(".py") && !$0.hasSuffix(".c")
        }
        .sorted()
    }
}

/// What has become of a picture.
struct Processed {
    let folder: TemporaryFolder
    let image: ProcessedImage

    func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: folder.file(name))))
    }

    /// All files that are in the folder.
    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    func raster(_ name: String) throws -> Raster {
        let format = try #require(image.files.first { $0.name == name }).format
        return try Raster(try bytes(name), format)
    }
}

/// A decoded picture.
struct Raster {
    let width: Int
    let height: Int
    let channels: Int
    let pixels: [UInt8]

    init(_ bytes: [UInt8], _ format: ImageFormat) throws {
        try #require(cimages_load() == nil)
        var (raster, failure) = (cimages_raster(), cimages_failure())
        let result =
            switch format {
            case .jpeg: cimages_decode_jpeg(bytes, bytes.count, &raster, &failure)
            case .png: cimages_decode_png(bytes, bytes.count, &raster, &failure)
            case .webp: cimages_decode_webp(bytes, bytes.count, nil, 0, &raster, &failure)
            case .gif: try Self.decodeGIF(bytes, &raster, &failure)
            }
        try #require(result == 0)
        defer { cimages_free(&raster) }
        (width, height, channels) = (Int(raster.width), Int(raster.height), Int(raster.channels))
        pixels = Array(UnsafeBufferPointer(start: raster.pixels, count: width * height * channels))
    }

    private static func decodeGIF(
        _ bytes: [UInt8], _ raster: inout cimages_raster, _ failure: inout cimages_failure
    ) throws -> Int32 {
        var bounds = cimages_bounds(pixels: 1 << 20, frames: 100, all_pixels: 1 << 24)
        let file = open("/dev/null", O_WRONLY)
        defer { close(file) }
        return cimages_recode_gif(bytes, bytes.count, &bounds, file, &raster, &failure) > 0 ? 0 : -1
    }

    /// Red, green, blue and alpha.
    func pixel(_ x: Int, _ y: Int) -> [Int] {
        let start = (y * width + x) * channels
        return pixels[start..<(start + channels)].map(Int.init) + (channels == 3 ? [255] : [])
    }

    /// Whether the middle of the quarter has the colour, as nearly as a lossy format keeps it.
    func shows(_ color: [Int], _ column: Int, _ row: Int, within tolerance: Int = 12) -> Bool {
        zip(pixel((1 + 2 * column) * width / 4, (1 + 2 * row) * height / 4), color).allSatisfy {
            abs($0 - $1) <= tolerance
        }
    }
}

/// The colours of the samples' quarters.
enum Quarter {
    static let red = [220, 30, 40]
    static let green = [20, 160, 60]
    static let blue = [30, 60, 200]
    static let white = [250, 250, 250]

    /// Whether the picture is upright and has the right colours; of the last quarter only if it is not transparent.
    static func areShown(by raster: Raster, within tolerance: Int = 12) -> Bool {
        raster.shows(red, 0, 0, within: tolerance) && raster.shows(green, 1, 0, within: tolerance)
            && raster.shows(blue, 0, 1, within: tolerance)
            && (raster.channels == 4 || raster.shows(white, 1, 1, within: tolerance))
    }
}

/// The program built with the tests, in the same folder.
let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appendingPathComponent("wireroom").path

/// Two at a time, as many as want to wait.
let processor = ImageProcessor(executable: program, concurrency: 2, waiting: 10_000)

func makeProcessor(_ limits: ImageLimits) -> ImageProcessor {
    ImageProcessor(executable: program, concurrency: 2, waiting: 10_000, limits: limits)
}

/// Processes bytes that stand between others in their file, as a part of a multipart body does.
func process(_ bytes: [UInt8], by processor: ImageProcessor = processor) async throws -> Processed {
    let folder = try TemporaryFolder()
    return Processed(folder: folder, image: try await process(bytes, into: folder.path, by: processor))
}

func process(
    _ bytes: [UInt8], into folder: String, by processor: ImageProcessor = processor
) async throws -> ProcessedImage {
    let source = try TemporaryFolder()
    let around = [UInt8]("around".utf8)
    try Data(around + bytes + around).write(to: URL(filePath: source.file("upload")))
    let descriptor = open(source.file("upload"), O_RDONLY | O_CLOEXEC)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    return try await processor.process(descriptor, around.count..<(around.count + bytes.count), into: folder)
}

/// The error that processing ends with. No file may be left.
func failure(_ bytes: [UInt8], by processor: ImageProcessor = processor) async throws -> ImageError {
    let folder = try TemporaryFolder()
    do {
        let image = try await process(bytes, into: folder.path, by: processor)
        throw Unexpected(description: "it was processed: \(image)")
    } catch let error as ImageError {
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        return error
    }
}

/// Something that should not have happened.
struct Unexpected: Error, CustomStringConvertible {
    let description: String
}

extension [UInt8] {
    /// Whether the text is in it.
    func mentions(_ text: String) -> Bool { Data(self).range(of: Data(text.utf8)) != nil }

    /// The same with a part in another place.
    func replacing(_ offset: Int, _ part: [UInt8]) -> [UInt8] {
        Array(self[..<offset]) + part + self[(offset + part.count)...]
    }
}
