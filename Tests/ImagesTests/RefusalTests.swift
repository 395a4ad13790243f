// SPDX-License-Identifier: Apache-2.0
import Images
import Testing

@Suite("Pictures that are refused")
struct RefusalTests {
    private static let foreign: [(bytes: [UInt8], name: String)] = [
        ([], "empty"),
        ([UInt8]("just words".utf8), "no picture"),
        ([0xFF], "no picture"),
        ([UInt8]("<svg xmlns='http://www.w3.org/2000/svg'/>".utf8), "an SVG"),
        ([UInt8]("\u{FEFF}<?xml version='1.0'?>\n<!-- x -->\n<SVG/>".utf8), "an SVG"),
        ([UInt8]("\n<!DOCTYPE html><title>x</title>".utf8), "an HTML page"),
        ([UInt8]("<?xml version='1.0'?><rss/>".utf8), "an XML document"),
        ([0, 0, 0, 24] + [UInt8]("ftypheic\0\0\0\0mif1heic".utf8), "a HEIC"),
        ([0, 0, 0, 28] + [UInt8]("ftypmif1\0\0\0\0mif1avifmiaf".utf8), "an AVIF"),
        ([0, 0, 0, 4] + [UInt8]("ftypavif".utf8), "ISO media file"),
        ([0, 0, 0, 20] + [UInt8]("ftypisom\0\0\0\0mp42".utf8), "ISO media file"),
        ([UInt8]("BM".utf8) + [UInt8](repeating: 0, count: 60), "a BMP"),
        ([UInt8]("II*\0\u{8}\0\0\0".utf8), "a TIFF"), ([UInt8]("MM\0*\0\0\0\u{8}".utf8), "a TIFF"),
        ([UInt8]("%PDF-1.7".utf8), "a PDF"), ([UInt8]("GIF86a".utf8), "a GIF of an unknown version"),
        ([UInt8]("RIFF\0\0\0\0WAVE".utf8), "a RIFF file"), ([0xFF, 0x0A, 0, 0], "a JPEG XL"),
    ]

    @Test("What is not read is refused by name", arguments: foreign.indices)
    func named(index: Int) async throws {
        let (bytes, name) = Self.foreign[index]
        guard case .unsupported(let text) = try await failure(bytes) else {
            throw Unexpected(description: "another error for \(name)")
        }
        #expect(text.contains(name), "\(text)")
        #expect(text.hasSuffix("."))
    }

    @Test("An animated WebP is refused, not shown as a still")
    func animatedWebP() async throws {
        let error = try await failure(Picture.bytes("animated.webp"))
        #expect(
            error
                == .unsupported(
                    "This is an animated WebP, which is not read: an animation may be sent as GIF."))
    }

    @Test(
        "A picture cut off at any point is damaged",
        arguments: [
            "progressive.jpg", "wide.jpg", "palette.png", "interlaced.png", "lossy.webp", "lossless.webp",
            "animated.gif",
        ])
    func truncated(name: String) async throws {
        let bytes = try Picture.bytes(name)
        // JPEG and GIF without their last marker alone are complete for some decoders, not here.
        for count in [12, 30, bytes.count / 3, bytes.count / 2, bytes.count - 12] {
            let error = try await failure(Array(bytes.prefix(count)))
            guard case .damaged(let text) = error else {
                throw Unexpected(description: "\(error) for \(count) bytes of \(name)")
            }
            #expect(text.contains("damaged"), "\(text)")
        }
    }

    /// A header alone: whatever would be decoded is not there.
    private static func header(_ name: String, width: Int, height: Int) throws -> [UInt8] {
        let big = [width, height].map { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        let bytes = try Picture.bytes(name)
        switch name {
        case "palette.png": return Array(bytes.replacing(16, [0, 0] + big[0] + [0, 0] + big[1]).prefix(33))
        case "still.gif": return Array(bytes.replacing(6, big[0].reversed() + big[1].reversed()).prefix(13))
        case "lossy.webp":
            return Array(bytes.replacing(24, threeBytes(width) + threeBytes(height)).prefix(60))
        default:
            let frame = try #require(bytes.indices.first { bytes[$0...].starts(with: [0xFF, 0xC2]) })
            return Array(bytes.replacing(frame + 5, big[1] + big[0]).prefix(frame + 20))
        }
    }

    /// As VP8X has it.
    private static func threeBytes(_ size: Int) -> [UInt8] {
        (0..<3).map { UInt8(truncatingIfNeeded: (size - 1) >> ($0 * 8)) }
    }

    private static let formats = ["progressive.jpg", "palette.png", "lossy.webp", "still.gif"]

    @Test("A picture of 30,000 × 30,000 pixels is refused by its header", arguments: formats)
    func side(name: String) async throws {
        let error = try await failure(Self.header(name, width: 30_000, height: 30_000))
        #expect(
            error == .tooLarge("The picture has 30000 × 30000 pixels; a side may have at most 16383."))
    }

    @Test("So is one with too many pixels on short sides", arguments: formats)
    func pixels(name: String) async throws {
        let error = try await failure(Self.header(name, width: 10_000, height: 6_001))
        #expect(
            error == .tooLarge("The picture has 10000 × 6001 pixels; it may have at most 60000000 of them."))
    }

    @Test("A second header of another size does not get around the first")
    func twoHeaders() async throws {
        let bytes = try Picture.bytes("progressive.jpg")
        let frame = try #require(bytes.indices.first { bytes[$0...].starts(with: [0xFF, 0xC2]) })
        let header = Array(bytes[frame..<(frame + 19)])
        // Within what another segment skips, for who follows lengths.
        let hidden = Array(bytes[..<frame]) + header.replacing(5, [0, 1, 0, 1]) + bytes[frame...]
        guard case .damaged = try await failure(hidden) else {
            throw Unexpected(description: "it is not damaged")
        }
    }

    @Test("Too many frames, and too many pixels in all frames, are refused")
    func frames() async throws {
        let bytes = try Picture.bytes("animated.gif")
        #expect(try await process(bytes, by: makeProcessor(ImageLimits(frames: 3))).image.isAnimated)
        #expect(
            try await failure(bytes, by: makeProcessor(ImageLimits(frames: 2)))
                == .tooLarge("The GIF has more than 2 frames."))
        #expect(
            try await failure(bytes, by: makeProcessor(ImageLimits(animationPixels: 48 * 32 * 2)))
                == .tooLarge("The frames of the GIF have more than 3072 pixels together."))
    }

    @Test("A file of too many bytes is refused before it is read")
    func bytes() async throws {
        let error = try await failure(Picture.bytes("wide.jpg"), by: makeProcessor(ImageLimits(bytes: 1_000)))
        #expect(error == .tooLarge("The file has more than 1000 bytes."))
    }
}
