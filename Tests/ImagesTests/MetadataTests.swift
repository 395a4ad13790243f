// SPDX-License-Identifier: Apache-2.0
import Images
import Testing

@Suite("Metadata of pictures")
struct MetadataTests {
    @Test("All eight orientations are applied", arguments: 1...8)
    func orientation(value: Int) async throws {
        let processed = try await process(Picture.bytes("orientation-\(value).jpg"))
        #expect((processed.image.width, processed.image.height) == (48, 32))
        #expect(Quarter.areShown(by: try processed.raster("original")))
    }

    @Test("The orientation of PNG and WebP is applied, too", arguments: ["secrets.png", "lossy.webp"])
    func others(name: String) async throws {
        let processed = try await process(Picture.bytes(name))
        // 6: turned to the right.
        #expect((processed.image.width, processed.image.height) == (32, 48))
        let raster = try processed.raster("original")
        #expect(raster.shows(Quarter.blue, 0, 0) && raster.shows(Quarter.red, 1, 0))
        #expect(raster.shows(Quarter.white, 0, 1) && raster.shows(Quarter.green, 1, 1))
    }

    /// What metadata is recognized by in the files of the four formats.
    private static let traces = [
        "SECRET", "Exif", "EXIF", "eXIf", "xmpmeta", "XMP ", "ICC_PROFILE", "ICCP", "iCCP", "tEXt", "iTXt",
        "zTXt", "html",
        "Photoshop", "GPS",
    ]

    private static func expectNoTrace(in processed: Processed) throws {
        for file in processed.image.files {
            let bytes = try processed.bytes(file.name)
            for trace in traces { #expect(!bytes.mentions(trace), "\(trace) in \(file.name)") }
        }
    }

    @Test(
        "Nothing of it is left: description, place, comment, XMP, profile, thumbnail, bytes after the end",
        arguments: [
            "secrets.jpg", "orientation-6.jpg", "display-p3.jpg", "secrets.png", "display-p3.png",
            "lossy.webp",
            "alpha.webp", "still.gif", "animated.gif",
        ])
    func gone(name: String) async throws {
        let bytes = try Picture.bytes(name)
        #expect(Self.traces.contains { bytes.mentions($0) })
        try Self.expectNoTrace(in: try await process(bytes))
    }

    @Test("A page in a JPEG's comment is in none of its files")
    func polyglot() async throws {
        let page = [UInt8]("<html><script>SECRET</script></html>".utf8)
        let comment = [0xFF, 0xFE, 0x00, UInt8(page.count + 2)] + page
        let bytes = try Picture.bytes("wide.jpg")
        let processed = try await process(Array(bytes[..<2]) + comment + bytes[2...] + page)
        #expect(processed.image.files.count == 9)
        try Self.expectNoTrace(in: processed)
    }

    @Test("An animated GIF keeps its frames, delays, repetitions and ways of disposal")
    func animation() async throws {
        let (before, processed) = (
            try Picture.bytes("animated.gif"), try await process(Picture.bytes("animated.gif"))
        )
        #expect(processed.image.isAnimated)
        let after = try processed.bytes("original")
        #expect(Self.controls(before).count == 3)
        #expect(Self.controls(after) == Self.controls(before))
        #expect(after.mentions("NETSCAPE2.0\u{3}\u{1}\u{3}\u{0}"))
        // Encoded again, every pixel the same: it becomes the same file.
        #expect(try await process(after).bytes("original") == after)
    }

    /// The flags and delays of a GIF's graphic control extensions (GIF89a §23).
    private static func controls(_ bytes: [UInt8]) -> [[UInt8]] {
        bytes.indices.dropLast(7).filter { Array(bytes[$0..<($0 + 3)]) == [0x21, 0xF9, 0x04] }.map {
            Array(bytes[($0 + 3)..<($0 + 6)])
        }
    }
}
